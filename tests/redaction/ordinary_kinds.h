// Kinds of ordinary data (scores, ids, logs, code, ...) and generators of their instances.
#ifndef FLYWHEEL_TESTS_REDACTION_ORDINARY_KINDS_H_
#define FLYWHEEL_TESTS_REDACTION_ORDINARY_KINDS_H_

#include <span>

namespace flywheel::redaction {

// A kind is a shape for Fill (sample_values.h): '#' a digit, '^' a capital, '~' a small letter, '%'
// a hexadecimal digit, '*' a letter or digit.
struct OrdinaryKind {
  const char* name;
  const char* shape;
};

// Numbers that are measured, computed and counted, and code that has them (ordinary_kinds.cc).
std::span<const OrdinaryKind> NumericKinds();
// Names that things have: ids, versions, hashes, numbers of goods and documents (ordinary_ids.cc).
std::span<const OrdinaryKind> IdKinds();

}  // namespace flywheel::redaction

#endif  // FLYWHEEL_TESTS_REDACTION_ORDINARY_KINDS_H_

// Assigned value: what stands behind a name and an operator of any language.
#ifndef FLYWHEEL_REDACTION_ASSIGNED_VALUE_H_
#define FLYWHEEL_REDACTION_ASSIGNED_VALUE_H_

#include <cstddef>
#include <string_view>

namespace flywheel::redaction {

// Bytes [begin, end) of a text, without quotes; empty for none.
struct AssignedValue {
  size_t begin = 0;
  size_t end = 0;
  bool quoted = false;
  bool assigned = false;  // By an operator, a bracket or a word ("is"), and not a space alone.
};

// The value of the name that ends at `name_end`. Goes over operators, opening quotes (escaped ones
// too), types, casts and comments, at most 96 bytes, and stops at the first that may be a value.
AssignedValue ValueOf(std::string_view text, size_t name_end);

}  // namespace flywheel::redaction

#endif  // FLYWHEEL_REDACTION_ASSIGNED_VALUE_H_

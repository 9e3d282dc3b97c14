// Generates made-up personal data that is valid: check digits fit, prefixes are given, days exist.
#ifndef FLYWHEEL_TESTS_REDACTION_SAMPLE_VALUES_H_
#define FLYWHEEL_TESTS_REDACTION_SAMPLE_VALUES_H_

#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>

namespace flywheel::redaction {

// SplitMix64: small, and the same on every machine.
class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}
  uint64_t Next();
  // 0 to n - 1.
  int Below(int n) { return static_cast<int>(Next() % static_cast<uint64_t>(n)); }
  template <typename List>
  auto Pick(const List& list) {
    return list[static_cast<size_t>(Below(static_cast<int>(std::size(list))))];
  }

 private:
  uint64_t state_;
};

// A value for a slot of a template, such as "EMAIL", "CARD", "US_SSN" or "ORDER"; sample_makers.h
// says where they are. Aborts for an unknown one.
std::string SampleValue(std::string_view slot, Random& random);

// `shape` with each '#' as a digit, '^' as a capital, '~' as a small letter, '%' as a hexadecimal
// digit and '*' as a letter or digit.
std::string Fill(std::string_view shape, Random& random);

}  // namespace flywheel::redaction

#endif  // FLYWHEEL_TESTS_REDACTION_SAMPLE_VALUES_H_

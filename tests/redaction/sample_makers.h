// Generators of sample values: a function a slot, in a file a kind of data.
#ifndef FLYWHEEL_TESTS_REDACTION_SAMPLE_MAKERS_H_
#define FLYWHEEL_TESTS_REDACTION_SAMPLE_MAKERS_H_

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "redaction/checks.h"
#include "tests/redaction/sample_values.h"

namespace flywheel::redaction {

using Maker = std::function<std::string(Random&)>;
using MakerMap = std::map<std::string, Maker, std::less<>>;

// Numbers of states and banks (sample_numbers.cc).
MakerMap NumberMakers();
// Names, places, days, and where somebody is reached (sample_persons.cc).
MakerMap PersonMakers();
// Keys, tokens and passwords (sample_secrets.cc).
MakerMap SecretMakers();
// What is no personal data, but looks like it (sample_values.cc).
MakerMap OrdinaryMakers();

template <size_t N>
std::string Any(const char* const (&list)[N], Random& random) {
  return list[static_cast<size_t>(random.Below(N))];
}

// Fills `shape` again and again until the check, which is tested against published numbers, is
// content with all of it.
std::string Valid(std::string_view shape, Check check, Random& random);

// Any of the shapes, filled; with a check, one that it is content with.
Maker Shapes(std::vector<const char*> shapes);
Maker Checked(std::vector<const char*> shapes, Check check);

}  // namespace flywheel::redaction

#endif  // FLYWHEEL_TESTS_REDACTION_SAMPLE_MAKERS_H_

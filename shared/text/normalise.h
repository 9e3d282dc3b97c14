// Text normalisation for comparison: Unicode lower case, single spaces.
#ifndef FLYWHEEL_SHARED_TEXT_NORMALISE_H_
#define FLYWHEEL_SHARED_TEXT_NORMALISE_H_

#include <string>
#include <string_view>

namespace flywheel {

// Lower-case, with every run of white space as one space and none at the ends, both as Unicode
// knows them: character by character, whatever the language. What the firewall, the exact
// duplicates and the exact-match evaluator compare. Idempotent.
std::string NormaliseText(std::string_view text);

}  // namespace flywheel

#endif  // FLYWHEEL_SHARED_TEXT_NORMALISE_H_

// Comparison key of names: what makes two names of a version one and the same.
#ifndef FLYWHEEL_SHARED_TEXT_NAME_KEY_H_
#define FLYWHEEL_SHARED_TEXT_NAME_KEY_H_

#include <string>
#include <string_view>

namespace flywheel {

// Equal for names that a person reads as one: NFKC (Unicode 15.1, annex 15), case folded, white
// space at the ends cut off and one space between words. What is no UTF-8 is only trimmed.
// Idempotent. Letters of other scripts that look alike stay different.
std::string NameKey(std::string_view name);

}  // namespace flywheel

#endif  // FLYWHEEL_SHARED_TEXT_NAME_KEY_H_

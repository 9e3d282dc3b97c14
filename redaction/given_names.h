// Dictionary of common given names, for texts that write them like any other word.
#ifndef FLYWHEEL_REDACTION_GIVEN_NAMES_H_
#define FLYWHEEL_REDACTION_GIVEN_NAMES_H_

#include <string_view>

namespace flywheel::redaction {

// Is `word`, in any case, one of some hundred common given names? A list: most names of the world
// are not in it.
bool IsGivenName(std::string_view word);

// Is it the first word of `text`, up to what is no letter ("anna-maria", "Anna's")? Looks at its
// first bytes only.
bool BeginsWithGivenName(std::string_view text);

}  // namespace flywheel::redaction

#endif  // FLYWHEEL_REDACTION_GIVEN_NAMES_H_

// The words behind what announces a name, of which a check takes what is one.
#ifndef FLYWHEEL_REDACTION_NAME_WORDS_H_
#define FLYWHEEL_REDACTION_NAME_WORDS_H_

#include <cstddef>
#include <string_view>

#include "redaction/recogniser.h"

namespace flywheel::redaction {

// Up to six words of letters from `place` on, of at most 120 bytes, and a title behind a comma
// ("Ann Lee, Jr."). Finders: the second wants a capital first.
ValueSpan FindWords(std::string_view text, size_t place);
ValueSpan FindCapitalWords(std::string_view text, size_t place);

}  // namespace flywheel::redaction

#endif  // FLYWHEEL_REDACTION_NAME_WORDS_H_

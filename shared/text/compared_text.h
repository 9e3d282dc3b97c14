// Compared text: what is left of a text when nothing counts that a careless copy changes.
#ifndef FLYWHEEL_SHARED_TEXT_COMPARED_TEXT_H_
#define FLYWHEEL_SHARED_TEXT_COMPARED_TEXT_H_

#include <string>
#include <string_view>
#include <vector>

namespace flywheel {

// The words of a text, one space between: entities of HTML decoded, Unicode's NFKC with case folded
// and what is not seen left out (zero-width characters, soft hyphens, variation selectors), without
// apostrophes, and with a space in the place of punctuation. What stands between numbers or behind
// a word and means something stays: "3 - 4", "1.5", "C++", "5%", "$5"; a comma that groups digits
// ("80,000") leaves. Empty where the text has neither letter nor digit. Idempotent.
std::string ComparedText(std::string_view text);

// The words of a ComparedText.
std::vector<std::string_view> ComparedWords(std::string_view compared);

}  // namespace flywheel

#endif  // FLYWHEEL_SHARED_TEXT_COMPARED_TEXT_H_

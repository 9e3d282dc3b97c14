// Guards: what a name and an address look like, whatever the weights say of a span.
#ifndef FLYWHEEL_REDACTION_TAGGER_GUARDS_H_
#define FLYWHEEL_REDACTION_TAGGER_GUARDS_H_

#include <cstddef>
#include <string_view>

#include "redaction/tagger/word.h"

namespace flywheel::redaction {

inline bool IsFunctionWord(const Word& word) { return (word.lexicon & kFunctionWord) != 0; }

// May the words [first, last) of a window be a name? One has a letter in lower case, unless all is
// in capitals (`capitals`), and no digit. A single word that somebody writes in lower case is a
// name only where it is known as one.
bool MayBeName(std::string_view text, const Window& window, bool capitals, size_t first,
               size_t last);

// May they be an address? A street or a town has a word of its own, and an address a number or a
// word for streets.
bool MayBeAddress(std::string_view text, const Window& window, bool capitals, size_t first,
                  size_t last);

// Is a name, or an address, possible anywhere in them? False only where those above refuse every
// part, so that nobody needs to ask the weights. A guard that allows more must be allowed here.
bool MayHoldName(const Window& window, bool capitals, size_t first, size_t last);
bool MayHoldAddress(const Window& window, size_t first, size_t last);

}  // namespace flywheel::redaction

#endif  // FLYWHEEL_REDACTION_TAGGER_GUARDS_H_

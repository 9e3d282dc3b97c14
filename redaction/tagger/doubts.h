// Doubts: what stands in and around a span of the tagger that speaks against a person or an
// address.
#ifndef FLYWHEEL_REDACTION_TAGGER_DOUBTS_H_
#define FLYWHEEL_REDACTION_TAGGER_DOUBTS_H_

#include <cstddef>
#include <string_view>

#include "redaction/tagger/word.h"

namespace flywheel::redaction {

// One word, or "Lee-Hunt": as likely a thing, a town or a maker that is called like a person.
bool StandsAlone(const Window& window, size_t first, size_t last);

// How much surer, in logits, the words [first, last) of a window must be to be a name: products,
// places, theorems and code are written like persons ("the Eiffel Tower", "Frame, Button",
// "Async Hooks"). 0 where nothing speaks against it. `alone` says that it is one word.
float NameDoubt(std::string_view text, const Window& window, size_t first, size_t last, bool alone);

// Is it rather data than an address: a quantity, a list of parameters, a line of a table
// ("300 Kelvin", "255, Green", "64-bit SNP insn PASS")?
bool IsNoAddress(std::string_view text, const Window& window, size_t first, size_t last);

}  // namespace flywheel::redaction

#endif  // FLYWHEEL_REDACTION_TAGGER_DOUBTS_H_

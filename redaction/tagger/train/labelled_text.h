// Labelled texts: what generate.py writes and the trainer reads.
#ifndef FLYWHEEL_REDACTION_TAGGER_TRAIN_LABELLED_TEXT_H_
#define FLYWHEEL_REDACTION_TAGGER_TRAIN_LABELLED_TEXT_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "redaction/tagger/word.h"

namespace flywheel::redaction {

// A text and its spans. In a file texts are separated by the byte 3; byte 1 and a letter of
// "NAOPDG" (name, address, organisation, place, date, age) begin a span, which byte 2 ends.
struct LabelledText {
  struct Span {
    size_t begin = 0;
    size_t end = 0;
    size_t type = 0;  // An index of kTaggedTypes.
  };
  std::string text;
  std::vector<Span> spans;
};

std::vector<LabelledText> ParseLabelledTexts(std::string_view file);

// The tag of each word of a window, in the order of model.h.
std::vector<uint8_t> TagsOf(const LabelledText& text, const Window& window);

}  // namespace flywheel::redaction

#endif  // FLYWHEEL_REDACTION_TAGGER_TRAIN_LABELLED_TEXT_H_

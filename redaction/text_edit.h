// Edits of a text: what stands in place of which bytes.
#ifndef FLYWHEEL_REDACTION_TEXT_EDIT_H_
#define FLYWHEEL_REDACTION_TEXT_EDIT_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace flywheel::redaction {

// A replacement of the bytes [begin, end) of a text.
struct TextEdit {
  size_t begin = 0;
  size_t end = 0;
  std::string text;
};

// The text after these edits, which are in ascending order and do not overlap.
std::string ApplyEdits(std::string_view text, const std::vector<TextEdit>& edits);

}  // namespace flywheel::redaction

#endif  // FLYWHEEL_REDACTION_TEXT_EDIT_H_

#include "redaction/text_edit.h"

namespace flywheel::redaction {

std::string ApplyEdits(std::string_view text, const std::vector<TextEdit>& edits) {
  std::string result;
  result.reserve(text.size());
  size_t done = 0;
  for (const TextEdit& edit : edits) {
    result.append(text.substr(done, edit.begin - done)).append(edit.text);
    done = edit.end;
  }
  result.append(text.substr(done));
  return result;
}

}  // namespace flywheel::redaction

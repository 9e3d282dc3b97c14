#include "redaction/tagger/train/labelled_text.h"

namespace flywheel::redaction {
namespace {

constexpr std::string_view kTypeLetters = "NAOPDG";

LabelledText Parse(std::string_view marked) {
  LabelledText parsed;
  for (size_t i = 0; i < marked.size(); ++i) {
    if (marked[i] == '\1' && i + 1 < marked.size()) {
      const size_t type = kTypeLetters.find(marked[++i]);
      parsed.spans.push_back({parsed.text.size(), std::string::npos, type});
    } else if (marked[i] == '\2') {
      if (!parsed.spans.empty()) parsed.spans.back().end = parsed.text.size();
    } else {
      parsed.text += marked[i];
    }
  }
  return parsed;
}

}  // namespace

std::vector<LabelledText> ParseLabelledTexts(std::string_view file) {
  std::vector<LabelledText> texts;
  while (!file.empty()) {
    const size_t end = std::min(file.find('\3'), file.size());
    texts.push_back(Parse(file.substr(0, end)));
    file.remove_prefix(std::min(end + 1, file.size()));
  }
  return texts;
}

std::vector<uint8_t> TagsOf(const LabelledText& text, const Window& window) {
  std::vector<uint8_t> tags(window.size);
  size_t span = 0, begun = std::string::npos;
  for (size_t i = 0; i < window.size; ++i) {
    const Word& word = window.words[i];
    while (span < text.spans.size() && text.spans[span].end <= word.begin) ++span;
    if (span == text.spans.size()) break;
    if (word.end <= text.spans[span].begin || word.technical) continue;
    tags[i] = static_cast<uint8_t>(2 * text.spans[span].type + (begun == span ? 2 : 1));
    begun = span;
  }
  return tags;
}

}  // namespace flywheel::redaction

// Words of a text, for checks: cut at spaces, compared in any case.
#ifndef FLYWHEEL_REDACTION_WORDS_H_
#define FLYWHEEL_REDACTION_WORDS_H_

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string>
#include <string_view>

namespace flywheel::redaction {

// Letters of ASCII in lower case.
inline std::string LowerAscii(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  return lower;
}

// Calls visit(word, end) for each run between spaces and commas; a false ends it.
template <typename Visit>
void ForEachWord(std::string_view text, Visit visit) {
  size_t begin = 0;
  while (begin < text.size()) {
    const size_t end = std::min(text.find_first_of(" \t\r\n,", begin), text.size());
    if (end > begin && !visit(text.substr(begin, end - begin), end)) return;
    begin = end + 1;
  }
}

// Is `word` one of `words`, up to an apostrophe (also the typographic one): "I'll" is "I"?
template <size_t N>
bool Contains(const std::string_view (&words)[N], std::string_view word) {
  const std::string lower = LowerAscii(word.substr(0, word.find_first_of(".!?:;'\xE2")));
  return std::find(std::begin(words), std::end(words), lower) != std::end(words);
}

}  // namespace flywheel::redaction

#endif  // FLYWHEEL_REDACTION_WORDS_H_

#include "redaction/conversation/words.h"

#include <algorithm>

namespace flywheel::redaction {

bool IsAsciiDigit(char c) { return c >= '0' && c <= '9'; }

bool IsWordByte(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x80 || IsAsciiDigit(c) || c == '_' ||
         static_cast<unsigned>((byte | 0x20) - 'a') < 26;
}

char FoldByte(char before, char c) {
  if (c >= 'A' && c <= 'Z') return static_cast<char>(c + 32);
  const auto byte = static_cast<unsigned char>(c);
  const bool latin = static_cast<unsigned char>(before) == 0xC3 && byte >= 0x80 && byte <= 0x9E;
  return latin && byte != 0x97 ? static_cast<char>(byte + 0x20) : c;
}

std::string Folded(std::string_view text) {
  std::string folded;
  folded.reserve(text.size());
  char before = 0;
  for (const char c : text) {
    folded += FoldByte(before, c);
    before = c;
  }
  return folded;
}

bool IsCapitalised(std::string_view word) {
  if (word.empty()) return false;
  if (word[0] >= 'A' && word[0] <= 'Z') return true;
  return word.size() > 1 && FoldByte(word[0], word[1]) != word[1];
}

std::vector<std::string_view> SplitList(std::string_view list, char by) {
  std::vector<std::string_view> words;
  for (size_t begin = 0; begin < list.size();) {
    const size_t end = std::min(list.find(by, begin), list.size());
    if (end > begin) words.push_back(list.substr(begin, end - begin));
    begin = end + 1;
  }
  return words;
}

size_t CountDigits(std::string_view text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), IsAsciiDigit));
}

size_t CountLetters(std::string_view text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return IsWordByte(c) && !IsAsciiDigit(c) && c != '_';
  }));
}

std::string_view Trimmed(std::string_view text) {
  const size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r\n") + 1 - begin);
}

bool LooksLikeName(std::string_view value, size_t max_words) {
  value = Trimmed(value);
  if (value.empty() || value.size() > 80 || SaysNothing(Folded(value))) return false;
  size_t words = 0;
  size_t letters = 0;
  for (size_t place = 0; place < value.size();) {
    if (!IsWordByte(value[place])) {
      // Between words: one space, a dash, an apostrophe, the dot of an initial, "Lee, Ann".
      if (std::string_view(" -'.,").find(value[place]) == std::string_view::npos) return false;
      ++place;
      continue;
    }
    const size_t begin = place;
    while (place < value.size() && IsWordByte(value[place])) ++place;
    const std::string_view word = value.substr(begin, place - begin);
    if (CountLetters(word) != word.size()) return false;
    letters += word.size();
    const bool joined = begin > 0 && (value[begin - 1] == '-' || value[begin - 1] == '\'');
    if (!joined && ++words > max_words) return false;
  }
  return letters > 1;
}

}  // namespace flywheel::redaction

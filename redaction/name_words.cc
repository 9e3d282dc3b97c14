#include "redaction/name_words.h"

#include <algorithm>
#include <iterator>

namespace flywheel::redaction {
namespace {

constexpr size_t kReach = 120;
constexpr int kMaxWords = 6;

bool IsLetter(char c) {
  return static_cast<unsigned char>((c | 0x20) - 'a') < 26 || (c & 0x80) != 0;
}

// Quotes and dashes of U+2000 to U+203F are no letters, nor is the ideographic punctuation.
bool IsMark(std::string_view text, size_t i) {
  const std::string_view lead = text.substr(i, 2);
  return (lead == "\xE2\x80" && text.substr(i, 3) != "’") || lead == "\xE3\x80" ||
         text.substr(i, 2) == "\xEF\xBC" || lead == "\xC2\xA0";
}

bool StartsWord(std::string_view text, size_t i) {
  return i < text.size() && IsLetter(text[i]) && !IsMark(text, i);
}

size_t WordEnd(std::string_view text, size_t i) {
  while (i < text.size() && ((IsLetter(text[i]) && !IsMark(text, i)) || text[i] == '\'' ||
                             text[i] == '.' || text[i] == '-')) {
    ++i;
  }
  return i;
}

// ", Jr." behind a name; 0 for none.
size_t TitleBehind(std::string_view text, size_t i) {
  constexpr std::string_view kTitles[] = {"Jr",  "Sr",   "III", "II",  "IV",  "MD", "M.D",
                                          "PhD", "Ph.D", "Esq", "DDS", "DVM", "RN", "MBA"};
  if (text.substr(i, 1) != ",") return 0;
  const size_t begin = i + (text.substr(i, 2) == ", " ? 2 : 1);
  for (const std::string_view title : kTitles) {
    if (text.substr(begin, title.size()) != title) continue;
    const size_t end = begin + title.size();
    if (end < text.size() && IsLetter(text[end])) continue;
    return end + (text.substr(end, 1) == "." ? 1 : 0);
  }
  return 0;
}

}  // namespace

ValueSpan FindWords(std::string_view text, size_t place) {
  if (!StartsWord(text, place)) return {};
  text = text.substr(0, std::min(text.size(), place + kReach));
  size_t end = WordEnd(text, place);
  for (int words = 1; words < kMaxWords; ++words) {
    size_t next = end;
    while (next < text.size() && next - end < 3 && (text[next] == ' ' || text[next] == '\t')) {
      ++next;
    }
    if (next == end || !StartsWord(text, next)) break;
    end = WordEnd(text, next);
  }
  return {place, std::max(end, TitleBehind(text, end))};
}

ValueSpan FindCapitalWords(std::string_view text, size_t place) {
  if (place >= text.size()) return {};
  // Letters beyond ASCII are taken as they are, but for the small ones of Latin-1.
  const char c = text[place];
  const bool small =
      (c >= 'a' && c <= 'z') || (c == '\xC3' && place + 1 < text.size() &&
                                 static_cast<unsigned char>(text[place + 1]) >= 0x9F);
  return small ? ValueSpan{} : FindWords(text, place);
}

}  // namespace flywheel::redaction

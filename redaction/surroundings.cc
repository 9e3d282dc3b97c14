#include "redaction/surroundings.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <string>
#include <utility>

namespace flywheel::redaction {
namespace {

constexpr size_t kMaxPlaceholder = 64;
constexpr size_t kMaxGroup = 32;  // Of digits that are compared.

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool IsLetter(char c) { return static_cast<unsigned char>((c | 0x20) - 'a') < 26; }
bool IsWordByte(char c) { return IsDigit(c) || IsLetter(c); }
char Lower(char c) { return IsUpper(c) ? static_cast<char>(c + 32) : c; }

// Does a word begin at `place`? Inside camelCase, too: "customerPhone".
bool IsWordStart(std::string_view text, size_t place) {
  return place == 0 || !IsLetter(text[place]) || !IsLetter(text[place - 1]) ||
         (IsUpper(text[place]) && !IsUpper(text[place - 1]));
}

bool EqualFolded(std::string_view text, std::string_view lower) {
  return text.size() == lower.size() &&
         std::equal(text.begin(), text.end(), lower.begin(),
                    [](char a, char b) { return Lower(a) == Lower(b); });
}

// Does `word`, in lower case, stand at `place`, as a word and not inside a placeholder?
bool StandsAt(std::string_view text, size_t place, std::string_view word) {
  if (!EqualFolded(text.substr(place, word.size()), word)) return false;
  const size_t after = place + word.size();
  // Three letters are a whole word ("sin", "tel"); longer ones may go on ("geboren", "phones").
  const bool whole = word.size() > 3 || after == text.size() || !IsLetter(text[after]);
  // A long one may also end a longer word, as in German: "Lieferadresse". No phrase does: "sample
  // portable" is not "le portable".
  const bool starts_word =
      (word.size() > 5 && word.find(' ') == std::string_view::npos) || IsWordStart(text, place);
  return whole && starts_word && !TouchesPlaceholder(text, place, after);
}

// Cuts what may stand between a word and its number.
std::string_view TrimLink(std::string_view text) {
  constexpr std::string_view kLinks[] = {"number", "numbers", "num",    "no",   "nr",  "id", "code",
                                         "is",     "was",     "nummer", "name", "ist", "de", "key"};
  while (true) {
    const size_t last = text.find_last_not_of(" \t:#.=\"'_-(");
    text = text.substr(0, last + 1);
    const bool linked =
        std::any_of(std::begin(kLinks), std::end(kLinks), [&](std::string_view link) {
          if (text.size() <= link.size()) return false;
          const size_t begin = text.size() - link.size();
          if (!IsWordStart(text, begin) || !EqualFolded(text.substr(begin), link)) return false;
          text = text.substr(0, begin);
          return true;
        });
    if (!linked) return text;
  }
}

// Keys that are used for anything.
bool IsNeutral(std::string_view key) {
  constexpr std::string_view kNeutral[] = {"body",    "contact", "content", "data",  "document",
                                           "entry",   "field",   "from",    "input", "item",
                                           "message", "number",  "output",  "query", "result",
                                           "text",    "to",      "val",     "value", "values"};
  const std::string_view rest = TrimLink(key);
  return rest.empty() ||
         std::any_of(std::begin(kNeutral), std::end(kNeutral),
                     [&](std::string_view word) { return EqualFolded(rest, word); });
}

// "socialSecurity_no" as "social security no".
std::string Spaced(std::string_view key) {
  std::string spaced;
  for (size_t i = 0; i < key.size(); ++i) {
    const bool starts = i > 0 && IsUpper(key[i]) && IsWordStart(key, i) && IsLetter(key[i - 1]);
    if (starts) spaced += ' ';
    spaced += key[i] == '_' || key[i] == '-' ? ' ' : Lower(key[i]);
  }
  return spaced;
}

}  // namespace

ContextWords::ContextWords(std::string_view words) {
  for (size_t begin = 0; begin < words.size();) {
    const size_t end = std::min(words.find('|', begin), words.size());
    std::string text(words.substr(begin, end - begin));
    begin = end + 1;
    if (text.empty()) continue;
    std::transform(text.begin(), text.end(), text.begin(), Lower);
    uint32_t slot = kNoSlot;
    if (text.size() >= 3) {
      slot = Slot(Push(Push(Push(0, text[0]), text[1]), text[2]));
      slots_.set(slot);
    }
    words_.push_back({std::move(text), slot});
  }
  std::stable_sort(words_.begin(), words_.end(),
                   [](const Word& a, const Word& b) { return a.slot < b.slot; });
}

bool ContextWords::AnyIn(std::string_view text, size_t begin, size_t end) const {
  const auto first_of = [&](uint32_t slot) {
    return std::lower_bound(words_.begin(), words_.end(), slot,
                            [](const Word& word, uint32_t wanted) { return word.slot < wanted; });
  };
  const auto stands_at = [&](const Word& word, size_t place) {
    return word.text.size() <= end - place && StandsAt(text, place, word.text);
  };
  uint32_t trigram = 0;
  for (size_t i = begin; i < end; ++i) {
    trigram = Push(trigram, text[i]);
    if (i < begin + 2 || !slots_[Slot(trigram)]) continue;
    for (auto word = first_of(Slot(trigram)); word != words_.end(); ++word) {
      if (word->slot != Slot(trigram)) break;
      if (stands_at(*word, i - 2)) return true;
    }
  }
  // The short ones, of which there are few, stand last and are looked for one by one.
  return std::any_of(first_of(kNoSlot), words_.end(), [&](const Word& word) {
    for (size_t place = begin; place < end; ++place) {
      if (Lower(text[place]) == word.text[0] && stands_at(word, place)) return true;
    }
    return false;
  });
}

size_t PlaceholderAt(std::string_view text, size_t place) {
  // Capitals, digits and '_', then '_', a number and ']'.
  if (place + 4 > text.size() || text[place] != '[' || !IsUpper(text[place + 1])) return 0;
  const size_t end = std::min(text.size(), place + kMaxPlaceholder);
  for (size_t i = place + 1; i < end; ++i) {
    if (text[i] == ']') {
      size_t digit = i;
      while (IsDigit(text[digit - 1])) --digit;
      return digit < i && text[digit - 1] == '_' ? i - place + 1 : 0;
    }
    if (!IsUpper(text[i]) && !IsDigit(text[i]) && text[i] != '_') return 0;
  }
  return 0;
}

bool TouchesPlaceholder(std::string_view text, size_t begin, size_t end) {
  // One that begins before and reaches into it, then those that begin inside.
  size_t first = begin;
  while (first > 0 && begin - first < kMaxPlaceholder) {
    const char before = text[first - 1];
    if (before == '[' && PlaceholderAt(text, first - 1) > begin - (first - 1)) return true;
    if (!IsUpper(before) && !IsDigit(before) && before != '_') break;
    --first;
  }
  for (size_t place = begin; place < end; ++place) {
    if (text[place] == '[' && PlaceholderAt(text, place) > 0) return true;
  }
  return false;
}

bool IsWholeToken(std::string_view text, size_t begin, size_t end) {
  if (begin >= end) return false;
  // Before: no letter or digit. Behind: none either, and no ".5" or "-5" of a longer number.
  const bool open = IsWordByte(text[begin]) && begin > 0 && IsWordByte(text[begin - 1]);
  if (open) return false;
  if (end == text.size() || !IsWordByte(text[end - 1])) return true;
  const char next = text[end];
  if (IsWordByte(next) || next == '_') return false;
  const bool goes_on = end + 1 < text.size() && IsDigit(text[end + 1]) && IsDigit(text[end - 1]);
  return !goes_on || (next != '.' && next != '-');
}

bool HasContext(std::string_view text, size_t begin, size_t end, const ContextWords& words) {
  const size_t first = begin - std::min(begin, kContextBefore);
  const size_t last = std::min(text.size(), end + kContextAfter);
  return words.AnyIn(text, first, begin) || words.AnyIn(text, end, last);
}

std::string_view TellingKey(std::string_view text, size_t begin, size_t end) {
  // A value to the closing quote, or a number to the next of JSON's marks; no beginning of a text.
  if (begin == 0 || end >= text.size()) return {};
  const bool quoted = text[begin - 1] == '"' || text[begin - 1] == '\'';
  const bool ends = quoted
                        ? text[end] == text[begin - 1]
                        : std::string_view(",]} \n\r\t").find(text[end]) != std::string_view::npos;
  if (!ends) return {};
  constexpr std::string_view kListBytes = " \t\n\r0123456789\"'[](),.+-";
  const size_t first = begin - std::min(begin, kContextBefore);
  // Back over the opening quote, and over the items of a list that stand before the value.
  size_t place = begin;
  while (place > first && kListBytes.find(text[place - 1]) != std::string_view::npos) --place;
  if (place == first || text[place - 1] != ':') return {};
  std::string_view before = text.substr(first, place - 1 - first);
  before = before.substr(0, before.find_last_not_of(" \t") + 1);
  if (before.empty() || (before.back() != '"' && before.back() != '\'')) return {};
  const char quote = before.back();
  before.remove_suffix(1);
  // A key that is too long to begin here counts from here on: its end is what matters.
  const std::string_view key = before.substr(before.rfind(quote) + 1);
  return IsNeutral(key) ? std::string_view() : key;
}

bool EndsWithWord(std::string_view key, const ContextWords& words) {
  key = key.substr(0, key.find_last_not_of("0123456789_- ") + 1);
  const std::string spaced = Spaced(TrimLink(key));
  const std::string_view text = spaced;
  return words.Any([&](std::string_view word) {
    const size_t place = text.rfind(word);
    if (place == std::string_view::npos) return false;
    // As in a text: short words are whole words, and longer ones may go on ("telefonnummer").
    const std::string_view rest = text.substr(place + word.size());
    const bool starts_word = word.size() > 5 || IsWordStart(text, place);
    return starts_word && (rest.empty() || (word.size() > 3 && rest.find(' ') == rest.npos));
  });
}

namespace {

size_t DigitsBefore(std::string_view text, size_t place) {
  size_t first = place;
  while (first > 0 && place - first < kMaxGroup && IsDigit(text[first - 1])) --first;
  return place - first;
}

size_t DigitsFrom(std::string_view text, size_t place) {
  size_t last = place;
  while (last < text.size() && last - place < kMaxGroup && IsDigit(text[last])) ++last;
  return last - place;
}

// "08h" behind "06 12 34 56 78" is no number of that row, and neither is "12/27" behind a card.
bool IsApart(std::string_view text, size_t place) {
  return place >= text.size() || (!IsWordByte(text[place]) && text[place] != '/' &&
                                  text[place] != ':' && text[place] != '-');
}

}  // namespace

bool ContinuesRow(std::string_view text, size_t begin) {
  if (begin < 2 || text[begin - 1] != ' ' || !IsDigit(text[begin - 2])) return false;
  const size_t size = DigitsBefore(text, begin - 1);
  const size_t first = begin - 1 - size;
  return size == DigitsFrom(text, begin) && (first == 0 || IsApart(text, first - 1));
}

bool StandsInRow(std::string_view text, size_t begin, size_t end) {
  if (ContinuesRow(text, begin)) return true;
  if (end + 1 >= text.size() || text[end] != ' ') return false;
  const size_t size = DigitsFrom(text, end + 1);
  return size > 0 && size == DigitsBefore(text, end) && IsApart(text, end + 1 + size);
}

bool StandsAfter(std::string_view text, size_t begin, const ContextWords& words) {
  const size_t first = begin - std::min(begin, kContextBefore);
  const std::string_view before = TrimLink(text.substr(first, begin - first));
  return words.Any([&](std::string_view word) {
    if (before.size() < word.size()) return false;
    const size_t place = before.size() - word.size();
    return EqualFolded(before.substr(place), word) && IsWordStart(before, place);
  });
}

}  // namespace flywheel::redaction

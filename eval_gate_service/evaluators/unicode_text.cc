#include "eval_gate_service/evaluators/unicode_text.h"

#include <utf8proc.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <optional>
#include <utility>

#include "shared/text/characters.h"
#include "shared/text/unicode_form.h"

namespace flywheel::evalgate::evaluators {
namespace {

// `text` in this form; as it is where it is no UTF-8.
std::string Formed(std::string_view text, int options) {
  std::optional<std::string> formed = UnicodeForm(text, options);
  return formed ? *std::move(formed) : std::string(text);
}

std::string WithSingleSpaces(std::string_view text) {
  std::string single;
  single.reserve(text.size());
  bool space = false;
  for (size_t i = 0; i < text.size();) {
    const Character character = CharacterAt(text, i);
    if (IsSpace(static_cast<char32_t>(character.code))) {
      space = true;
    } else {
      if (space && !single.empty()) single += ' ';
      space = false;
      single.append(text.substr(i, character.size_bytes));
    }
    i += character.size_bytes;
  }
  return single;
}

std::string AsciiSeen(std::string_view text, Letters letters) {
  std::string seen;
  seen.reserve(text.size());
  bool space = false;
  for (char c : text) {
    if (IsSpace(static_cast<unsigned char>(c))) {
      space = true;
      continue;
    }
    if (space && !seen.empty()) seen += ' ';
    space = false;
    if (letters == Letters::kFold && c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    seen += c;
  }
  return seen;
}

bool IsWordPart(int32_t code) {
  if (code < 0x80) {
    return (code >= '0' && code <= '9') || (code >= 'a' && code <= 'z') ||
           (code >= 'A' && code <= 'Z');
  }
  const utf8proc_category_t category = utf8proc_category(code);
  return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_NO;
}

bool IsWordOfItsOwn(int32_t code) {
  struct Range {
    int32_t first;
    int32_t last;
  };
  // Thai and Lao, Myanmar, Khmer, kana, Han with its extensions.
  static constexpr Range kRanges[] = {{0x0E00, 0x0EFF}, {0x1000, 0x109F},  {0x1780, 0x17FF},
                                      {0x3040, 0x30FF}, {0x3400, 0x4DBF},  {0x4E00, 0x9FFF},
                                      {0xF900, 0xFAFF}, {0x20000, 0x3FFFF}};
  return code >= 0x0E00 && std::any_of(std::begin(kRanges), std::end(kRanges), [&](const Range& r) {
           return code >= r.first && code <= r.last;
         });
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

bool IsSpace(char32_t character) {
  if (character < 0x80) return character == ' ' || (character >= '\t' && character <= '\r');
  if (character > 0x10FFFF) return false;
  const utf8proc_category_t category = utf8proc_category(static_cast<int32_t>(character));
  return character == 0x85 ||
         (category >= UTF8PROC_CATEGORY_ZS && category <= UTF8PROC_CATEGORY_ZP);
}

bool IsAscii(std::string_view text) {
  // Eight bytes at once.
  uint64_t any = 0;
  size_t i = 0;
  for (; i + sizeof any <= text.size(); i += sizeof any) {
    uint64_t word = 0;
    std::memcpy(&word, text.data() + i, sizeof word);
    any |= word;
  }
  for (; i < text.size(); ++i) any |= static_cast<unsigned char>(text[i]);
  return (any & 0x8080808080808080) == 0;
}

size_t Find(std::string_view text, std::string_view wanted, size_t from) {
  if (from > text.size()) return std::string_view::npos;
  const std::string_view rest = text.substr(from);
  const void* const found = memmem(rest.data(), rest.size(), wanted.data(), wanted.size());
  if (found == nullptr) return std::string_view::npos;
  return static_cast<size_t>(static_cast<const char*>(found) - text.data());
}

bool IsUtf8(std::string_view text) {
  for (size_t i = 0; i < text.size();) {
    if ((text[i] & 0x80) == 0) {
      ++i;
      continue;
    }
    const Character character = CharacterAt(text, i);
    if (character.code < 0) return false;
    i += character.size_bytes;
  }
  return true;
}

std::string Seen(std::string_view text, Letters letters) {
  if (IsAscii(text)) return AsciiSeen(text, letters);
  int options = UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_COMPOSE | UTF8PROC_IGNORE;
  if (letters == Letters::kFold) options |= UTF8PROC_CASEFOLD;
  return WithSingleSpaces(Formed(text, options));
}

std::string Composed(std::string_view text) {
  if (IsAscii(text)) return std::string(text);
  return Formed(text, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
}

std::string JoinedAtPunctuation(std::string_view seen) {
  std::string joined;
  joined.reserve(seen.size());
  for (size_t i = 0; i < seen.size();) {
    const Character character = CharacterAt(seen, i);
    if (character.code == ' ' || IsWordPart(character.code)) {
      joined.append(seen.substr(i, character.size_bytes));
    }
    i += character.size_bytes;
  }
  return WithSingleSpaces(joined);
}

std::string WithoutPunctuation(std::string_view seen) {
  std::string words;
  words.reserve(seen.size());
  bool space = false;
  for (size_t i = 0; i < seen.size();) {
    const Character character = CharacterAt(seen, i);
    if (IsWordPart(character.code)) {
      if (space && !words.empty()) words += ' ';
      space = false;
      words.append(seen.substr(i, character.size_bytes));
    } else {
      space = true;
    }
    i += character.size_bytes;
  }
  return words;
}

std::string WithoutArticles(std::string_view seen) {
  std::string rest;
  rest.reserve(seen.size());
  for (size_t begin = 0; begin < seen.size();) {
    const size_t end = std::min(seen.find(' ', begin), seen.size());
    const std::string_view word = seen.substr(begin, end - begin);
    if (word != "a" && word != "an" && word != "the") {
      if (!rest.empty()) rest += ' ';
      rest += word;
    }
    begin = end + 1;
  }
  return rest;
}

bool HasWordBorders(std::string_view text, size_t at, size_t size) {
  const size_t end = at + size;
  if (end < text.size() && IsWordPart(CharacterAt(text, end).code)) return false;
  if (at == 0) return true;
  size_t before = at - 1;
  while (before > 0 && (text[before] & 0xC0) == 0x80) --before;
  return !IsWordPart(CharacterAt(text, before).code);
}

std::u32string Scalars(std::string_view text) {
  std::u32string scalars;
  scalars.reserve(text.size());
  for (size_t i = 0; i < text.size();) {
    if ((text[i] & 0x80) == 0) {
      scalars += static_cast<char32_t>(text[i++]);
      continue;
    }
    const Character character = CharacterAt(text, i);
    scalars += static_cast<char32_t>(std::max(character.code, 0));
    i += character.size_bytes;
  }
  return scalars;
}

std::vector<std::string> Words(std::string_view text) {
  const std::string seen = Seen(text, Letters::kFold);
  std::vector<std::string> words;
  std::string word;
  const auto end_word = [&] {
    if (!word.empty()) words.push_back(std::move(word));
    word.clear();
  };
  for (size_t i = 0; i < seen.size();) {
    const Character character = CharacterAt(seen, i);
    const std::string_view bytes = std::string_view(seen).substr(i, character.size_bytes);
    i += character.size_bytes;
    const bool inside = !word.empty() && i < seen.size();
    const bool apostrophe = inside && (bytes == "'" || bytes == "\u2019");
    const bool mark_of_number =
        inside && (bytes == "." || bytes == ",") && IsDigit(word.back()) && IsDigit(seen[i]);
    if (IsWordOfItsOwn(character.code) && IsWordPart(character.code)) {
      end_word();
      words.emplace_back(bytes);
    } else if (IsWordPart(character.code) || mark_of_number) {
      word += bytes;
    } else if (!apostrophe) {
      end_word();
    }
  }
  end_word();
  return words;
}

int64_t CountSpacedWords(std::string_view text) {
  const std::string seen = Seen(text, Letters::kKeep);
  int64_t words = 0;
  // What was read since the last word: whether there is any, a letter or number in it, and a space
  // before it.
  bool run = false, has_word_part = false, after_space = true;
  const auto end_run = [&](bool at_space) {
    if (run && (has_word_part || (after_space && at_space))) ++words;
    run = has_word_part = false;
    after_space = at_space;
  };
  for (size_t i = 0; i < seen.size();) {
    const Character character = CharacterAt(seen, i);
    i += character.size_bytes;
    if (character.code == ' ') {
      end_run(/*at_space=*/true);
    } else if (IsWordOfItsOwn(character.code) && IsWordPart(character.code)) {
      end_run(/*at_space=*/false);
      ++words;
    } else {
      run = true;
      has_word_part = has_word_part || IsWordPart(character.code);
    }
  }
  end_run(/*at_space=*/true);
  return words;
}

}  // namespace flywheel::evalgate::evaluators

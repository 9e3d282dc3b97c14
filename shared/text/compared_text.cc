#include "shared/text/compared_text.h"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

#include "shared/text/characters.h"
#include "shared/text/unicode_form.h"

namespace flywheel {
namespace {

constexpr size_t kMaxEntityBytes = 10;  // "&#1114111;"

constexpr std::array<std::pair<std::string_view, std::string_view>, 14> kEntities = {{
    {"amp", "&"},
    {"lt", "<"},
    {"gt", ">"},
    {"quot", "\""},
    {"apos", "'"},
    {"nbsp", " "},
    {"rsquo", "'"},
    {"lsquo", "'"},
    {"rdquo", "\""},
    {"ldquo", "\""},
    {"ndash", "-"},
    {"mdash", "-"},
    {"hellip", " "},
    {"shy", ""},
}};

void AppendCharacter(int32_t code, std::string& text) {
  utf8proc_uint8_t bytes[4];
  const utf8proc_ssize_t size = utf8proc_encode_char(code, bytes);
  text.append(reinterpret_cast<const char*>(bytes), static_cast<size_t>(size));
}

// The code point of "#39" or "#x27"; nothing for anything else.
std::optional<int32_t> NumberedEntity(std::string_view name) {
  if (name.size() < 2 || name[0] != '#') return std::nullopt;
  const bool hexadecimal = name[1] == 'x' || name[1] == 'X';
  name.remove_prefix(hexadecimal ? 2 : 1);
  int32_t code = 0;
  const auto [end, error] =
      std::from_chars(name.data(), name.data() + name.size(), code, hexadecimal ? 16 : 10);
  const bool whole = error == std::errc() && end == name.data() + name.size();
  if (!whole || code <= 0 || utf8proc_codepoint_valid(code) == 0) return std::nullopt;
  return code;
}

std::string WithoutEntities(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (size_t i = 0; i < text.size();) {
    const size_t end =
        text[i] == '&' ? text.substr(0, i + kMaxEntityBytes).find(';', i) : std::string_view::npos;
    if (end == std::string_view::npos) {
      decoded += text[i++];
      continue;
    }
    const std::string_view name = text.substr(i + 1, end - i - 1);
    const auto* const known =
        std::find_if(kEntities.begin(), kEntities.end(),
                     [&](const auto& entity) { return entity.first == name; });
    if (known != kEntities.end()) {
      decoded += known->second;
    } else if (const auto code = NumberedEntity(name)) {
      AppendCharacter(*code, decoded);
    } else {
      decoded += text[i++];
      continue;
    }
    i = end + 1;
  }
  return decoded;
}

bool IsDigit(std::string_view text, size_t place) {
  return place < text.size() && text[place] >= '0' && text[place] <= '9';
}

bool IsApostrophe(int32_t code) {
  return code == '\'' || code == '`' || code == 0x2018 || code == 0x2019 || code == 0x2BC ||
         code == 0xB4;
}

// Whether the character at `place` says something although it is no letter: operators and
// currencies always, other marks beside a digit, '#' behind a word. `kept` is
// what is kept so far.
bool SaysSomething(std::string_view text, size_t place, const Character& character,
                   std::string_view kept) {
  const utf8proc_category_t category = utf8proc_category(character.code);
  if (category == UTF8PROC_CATEGORY_SM || category == UTF8PROC_CATEGORY_SC) return true;
  const bool starts = kept.empty() || kept.back() == ' ';
  if (character.code == '#') return !starts;
  if (std::string_view("*/%^-.").find(static_cast<char>(character.code)) ==
          std::string_view::npos ||
      character.code > 0x7F) {
    return false;
  }
  const bool before = !starts && IsDigit(kept, kept.size() - 1);
  const bool after = IsDigit(text, place + 1);
  if (character.code == '.') return before && after;
  if (character.code == '-') return after && (before || starts);
  return before || after;
}

// Whether the comma at `place` groups digits: "80,000".
bool GroupsDigits(std::string_view text, size_t place) {
  return place > 0 && IsDigit(text, place - 1) && IsDigit(text, place + 1) &&
         IsDigit(text, place + 2) && IsDigit(text, place + 3) && !IsDigit(text, place + 4);
}

bool IsWordCategory(utf8proc_category_t category) {
  return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_NO;
}

void AppendSpace(std::string& text) {
  if (!text.empty() && text.back() != ' ') text += ' ';
}

// Lower case of ASCII is what the folding of all Unicode makes of it.
std::string Folded(std::string text) {
  const bool ascii = std::all_of(text.begin(), text.end(),
                                 [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  if (!ascii) {
    constexpr int kForm =
        UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE;
    if (auto form = UnicodeForm(text, kForm)) return *std::move(form);
  }
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return text;
}

}  // namespace

std::string ComparedText(std::string_view text) {
  const std::string folded = Folded(WithoutEntities(text));
  std::string compared;
  compared.reserve(folded.size());
  bool any_word = false;
  for (size_t i = 0; i < folded.size();) {
    const Character character = CharacterAt(folded, i);
    const utf8proc_category_t category =
        character.code < 0 ? UTF8PROC_CATEGORY_SO : utf8proc_category(character.code);
    const bool grouping = character.code == ',' && GroupsDigits(folded, i);
    if (IsWordCategory(category)) {
      any_word = any_word || category < UTF8PROC_CATEGORY_MN || category > UTF8PROC_CATEGORY_ME;
      compared.append(folded, i, character.size_bytes);
    } else if (character.code >= 0 && SaysSomething(folded, i, character, compared)) {
      compared.append(folded, i, character.size_bytes);
    } else if (!grouping && !IsApostrophe(character.code) && category != UTF8PROC_CATEGORY_CF) {
      AppendSpace(compared);
    }
    i += character.size_bytes;
  }
  if (!compared.empty() && compared.back() == ' ') compared.pop_back();
  if (!any_word) compared.clear();
  return compared;
}

std::vector<std::string_view> ComparedWords(std::string_view compared) {
  std::vector<std::string_view> words;
  for (size_t i = 0; i < compared.size();) {
    const size_t end = std::min(compared.find(' ', i), compared.size());
    words.push_back(compared.substr(i, end - i));
    i = end + 1;
  }
  return words;
}

}  // namespace flywheel

#include "redaction/address_tokens.h"

#include <algorithm>
#include <array>
#include <string>

#include "redaction/address_words.h"
#include "redaction/words.h"

namespace flywheel::redaction {
namespace {

constexpr size_t kMaxTownWords = 4;
constexpr size_t kMaxStreetWords = 5;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool IsLower(char c) { return c >= 'a' && c <= 'z'; }
bool IsLetter(char c) { return IsUpper(c) || IsLower(c) || (c & 0x80) != 0; }

// Letters of any script, and digits.
constexpr auto kTokenBytes = [] {
  std::array<bool, 256> bytes{};
  for (size_t c = 0; c < bytes.size(); ++c) {
    const bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    bytes[c] = letter || (c >= '0' && c <= '9') || c >= 0x80;
  }
  return bytes;
}();

// Dashes and quotes of U+2000 to U+203F are no letters, but for the apostrophe.
bool IsMark(std::string_view text, size_t i) {
  return text[i] == '\xE2' && text.substr(i, 2) == "\xE2\x80" && text.substr(i, 3) != "’";
}

bool IsTokenByte(std::string_view text, size_t i) {
  return kTokenBytes[static_cast<unsigned char>(text[i])] && !IsMark(text, i);
}

size_t TokenEnd(std::string_view text, size_t begin, size_t end) {
  size_t place = begin + (text[begin] == '#' ? 1 : 0);
  while (place < end) {
    if (IsTokenByte(text, place)) {
      ++place;
      continue;
    }
    const char c = text[place];
    if (c == ' ') break;
    const bool joins = std::string_view("'-/.º°").find(c) != std::string_view::npos;
    if (!joins || place + 1 >= end || !IsTokenByte(text, place + 1)) break;
    ++place;
  }
  return place;
}

// What stands from `place` on before the next token, and where that begins.
Gap ReadGap(std::string_view text, size_t& place, size_t end) {
  int lines = 0;
  bool comma = false;
  const size_t begin = place;
  for (; place < end; ++place) {
    const char c = text[place];
    if (c == '\n') {
      ++lines;
    } else if (c == '\\' && place + 1 < end && text[place + 1] == 'n') {
      ++lines;
      ++place;
    } else if (c == ',' || c == '|' || text.substr(std::max<size_t>(place, 1) - 1, 3) == " - ") {
      comma = true;
    } else if (c != ' ' && c != '\t' && c != '\r') {
      break;
    }
  }
  const bool token = place >= end || IsTokenByte(text, place) ||
                     (text[place] == '#' && place + 1 < end && IsDigit(text[place + 1]));
  if (!token || lines > 2 || place - begin > 12) return Gap::kOther;
  if (lines > 0) return Gap::kLine;
  if (comma) return Gap::kComma;
  return place > begin ? Gap::kBlank : Gap::kNone;
}

bool IsSaint(std::string_view word) {
  constexpr std::string_view kSaints[] = {"st", "ste", "ft", "mt", "sta", "sto", "s"};
  return Contains(kSaints, word);
}

// '9' for a digit, 'A' for a capital; empty where there is something else.
std::string Shape(std::string_view token) {
  std::string shape(token);
  for (char& c : shape) {
    if (IsDigit(c)) {
      c = '9';
    } else if (IsUpper(c)) {
      c = 'A';
    } else if (c != '-' && c != '.') {
      return "";
    }
  }
  return shape;
}

constexpr std::string_view kPostcodes[] = {
    "99999",      "99999-9999", "99999-999", "999999", "9999",    "99-999",
    "99.999-999", "99999999",   "999-9999",  "A9A9A9", "A9A-9A9", "A99AA",
    "A999AA",     "AA99AA",     "AA999AA",   "A9A9AA", "AA9A9AA", "A-9999",
    "A-99999",    "AA-9999",    "AA-99999",  "9999AA"};
constexpr std::string_view kPostcodeHeads[] = {"A9", "A99", "AA9", "AA99", "A9A", "AA9A"};

template <size_t N>
bool IsOneOf(const std::string_view (&all)[N], std::string_view one) {
  return std::find(std::begin(all), std::end(all), one) != std::end(all);
}

}  // namespace

AddressTokens::AddressTokens(std::string_view text, size_t begin, size_t end, size_t most) {
  size_t place = begin;
  while (size_ < std::min(most, kMax)) {
    const Gap gap = ReadGap(text, place, end);
    last_gap_ = gap;
    if (place >= end) return;
    if (!IsTokenByte(text, place) && text[place] != '#') {
      // What is no token ends a part; the words behind it are cut all the same.
      while (place < end && !IsTokenByte(text, place)) ++place;
      if (place >= end) {
        last_gap_ = Gap::kOther;
        return;
      }
    }
    AddressToken& token = tokens_[size_++];
    const size_t token_end = TokenEnd(text, place, end);
    token.begin = place;
    token.gap = gap;
    token.text = text.substr(place, token_end - place);
    place = token_end;
    token.point = place < end && text[place] == '.';
    if (token.point) ++place;
    last_gap_ = Gap::kNone;
  }
  last_gap_ = Gap::kOther;
}

bool AddressTokens::IsHouse(size_t i) const {
  const std::string_view word = tokens_[i].text;
  size_t digits = 0;
  while (digits < word.size() && IsDigit(word[digits])) ++digits;
  if (digits == 0 || digits > 6) return false;
  std::string_view rest = word.substr(digits);
  if (!rest.empty() && (rest[0] == '-' || rest[0] == '/')) {
    rest.remove_prefix(1);
    size_t more = 0;
    while (more < rest.size() && IsDigit(rest[more])) ++more;
    if (more > 4 || (more == 0 && rest.size() > 1)) return false;
    rest.remove_prefix(more);
  }
  return rest.empty() || (rest.size() == 1 && IsLetter(rest[0])) || rest == "bis" || rest == "ter";
}

bool AddressTokens::IsName(size_t i) const {
  const std::string_view word = tokens_[i].text;
  const auto lead = static_cast<unsigned char>(word[0]);
  const bool high_capital =
      word.size() > 1 && ((lead == 0xC3 && static_cast<unsigned char>(word[1]) < 0x9F) ||
                          lead == 0xC4 || lead == 0xC5);
  if (!IsUpper(word[0]) && !high_capital) return false;
  return std::none_of(word.begin(), word.end(), IsDigit);
}

bool AddressTokens::IsParticle(size_t i) const {
  const std::string_view word = tokens_[i].text;
  return (IsLower(word[0]) && IsTownParticle(word)) || word.substr(0, 2) == "d'" ||
         word.substr(0, 2) == "l'" || word == "v.d" || word == "a.d";
}

bool AddressTokens::IsNumbered(size_t i) const {
  return IsNumberedWord(LowerAscii(tokens_[i].text));
}

size_t AddressTokens::Unit(size_t i) const {
  if (i >= size_) return 0;
  const std::string_view word = tokens_[i].text;
  if (word[0] == '#') return 1;
  const std::string lower = LowerAscii(word);
  const bool next = i + 1 < size_ && JoinsBefore(i + 1);
  constexpr std::string_view kFloors[] = {"floor", "andar", "piso", "étage", "etage"};
  if (next && (IsDigit(word[0]) || lower == "upper" || lower == "lower" || lower == "ground") &&
      IsOneOf(kFloors, LowerAscii(tokens_[i + 1].text))) {
    return 2;
  }
  if (!next || !IsUnitWord(lower)) return 0;
  size_t id = i + 1;
  const std::string marker = LowerAscii(tokens_[id].text);
  if ((marker == "no" || marker == "nº" || marker == "n°") && id + 1 < size_) ++id;
  std::string_view value = tokens_[id].text;
  if (value[0] == '#') value.remove_prefix(1);
  if (value.empty() || value.size() > 7) return 0;
  const bool digits = std::any_of(value.begin(), value.end(), IsDigit);
  const bool letter = value.size() == 1 && IsUpper(value[0]);
  return digits || letter ? id - i + 1 : 0;
}

size_t AddressTokens::Box(size_t i) const {
  constexpr std::string_view kBoxes[] = {"postfach", "postbus", "bp", "b.p", "postboks"};
  if (i >= size_) return 0;
  const std::string lower = LowerAscii(tokens_[i].text);
  size_t number = 0;
  if (IsOneOf(kBoxes, lower)) {
    number = i + 1;
  } else if (i + 2 < size_ && (lower == "po" || lower == "p.o" || lower == "gpo") &&
             LowerAscii(tokens_[i + 1].text) == "box") {
    number = i + 2;
  }
  return number > 0 && number < size_ && IsHouse(number) ? number - i + 1 : 0;
}

size_t AddressTokens::Region(size_t i) const {
  if (i >= size_) return 0;
  if (IsStateCode(tokens_[i].text)) return 1;
  if (!IsName(i)) return 0;
  std::string name;
  size_t found = 0;
  for (size_t n = 0; n < 3 && i + n < size_ && (n == 0 || JoinsBefore(i + n)); ++n) {
    if (n > 0) name += ' ';
    name += LowerAscii(tokens_[i + n].text);
    if (IsRegionName(name)) found = n + 1;
  }
  return found;
}

size_t AddressTokens::Country(size_t i) const {
  if (i >= size_ || (!IsName(i) && tokens_[i].text != "the")) return 0;
  std::string name;
  size_t found = 0;
  for (size_t n = 0; n < 4 && i + n < size_ && (n == 0 || JoinsBefore(i + n)); ++n) {
    if (n > 0) name += ' ';
    name += LowerAscii(tokens_[i + n].text);
    // "us" in small letters is no country.
    const bool code = name.size() < 4 && name != "iran" && IsLower(tokens_[i].text.back());
    if (IsCountryName(name) && !code) found = n + 1;
  }
  return found;
}

size_t AddressTokens::Postcode(size_t i) const {
  if (i >= size_ || tokens_[i].text.size() > 10) return 0;
  const std::string shape = Shape(tokens_[i].text);
  if (shape.empty()) return 0;
  const bool next = i + 1 < size_ && JoinsBefore(i + 1) && !tokens_[i].point;
  if (next) {
    const std::string second = Shape(tokens_[i + 1].text);
    if (shape == "999" && (second == "99" || second == "999")) return 2;
    if (shape == "9999" && second == "AA" && !IsStateCode(tokens_[i + 1].text)) return 2;
    if (shape == "A9A" && second == "9A9") return 2;
    if (second == "9AA" && IsOneOf(kPostcodeHeads, shape)) return 2;
    // Ireland: "A99 96KV"
    if (shape == "A99" && second.size() == 4 && second.find('A') != std::string::npos &&
        second.find('9') != std::string::npos) {
      return 2;
    }
  }
  if (shape.size() == 7 && shape.substr(0, 3) == "A99" && shape.find_first_of("-.") == shape.npos &&
      shape.find('A', 3) != std::string::npos) {
    return 1;
  }
  return IsOneOf(kPostcodes, shape) ? 1 : 0;
}

size_t AddressTokens::Town(size_t i) const {
  size_t words = 0;
  size_t end = i;
  for (size_t at = i; at < size_ && words < kMaxTownWords; ++at) {
    if (at > i && tokens_[at].gap != Gap::kBlank) break;
    if (at > i && IsParticle(at)) continue;
    if (tokens_[at].text == "&" || !IsName(at)) break;
    if (IsNoTownWord(LowerAscii(tokens_[at].text))) break;
    // "Lake Joyceview TX 75534": the region is one by itself.
    if (words > 0) {
      const size_t region = Region(at);
      if (region > 0 && (IsStateCode(tokens_[at].text) || Postcode(at + region) > 0)) break;
    }
    ++words;
    end = at + 1;
    if (tokens_[at].point && !IsSaint(tokens_[at].text)) break;
  }
  return end - i;
}

size_t AddressTokens::UnitBefore(size_t end) const {
  for (size_t n = 3; n >= 1; --n) {
    if (n <= end && Unit(end - n) == n) return n;
  }
  return 0;
}

size_t AddressTokens::RegionBefore(size_t end) const {
  for (size_t n = 3; n >= 1; --n) {
    if (n <= end && Region(end - n) == n) return n;
  }
  return 0;
}

size_t AddressTokens::TownBefore(size_t end) const {
  size_t words = 0;
  size_t begin = end;
  for (size_t at = end; at > 0 && words < kMaxTownWords; --at) {
    const AddressToken& token = tokens_[at - 1];
    const bool last = at == end;
    if (!last && (tokens_[at].gap != Gap::kBlank || (token.point && !IsSaint(token.text)))) break;
    if (!last && IsParticle(at - 1)) continue;
    if (!IsName(at - 1) || IsNoTownWord(LowerAscii(token.text))) break;
    if (last && token.point) break;
    ++words;
    begin = at - 1;
  }
  return end - begin;
}

size_t AddressTokens::StreetBefore(size_t end) const {
  if (end < 2) return 0;
  // "Lipowa 12/3", "Rua Xavier, 45": the number is last.
  if (IsHouse(end - 1) && tokens_[end - 1].gap <= Gap::kComma && tokens_[end - 1].text.size() < 8) {
    size_t words = 0;
    size_t begin = end;
    for (size_t at = end - 1; at > 0 && words < kMaxStreetWords; --at) {
      const AddressToken& word = tokens_[at - 1];
      const bool last = at == end - 1;
      if (!last && tokens_[at].gap != Gap::kBlank) break;
      const std::string lower = LowerAscii(word.text);
      if (last && (IsNumbered(at - 1) || IsNoTownWord(lower))) break;
      if (IsName(at - 1) && !IsNoTownWord(lower)) {
        ++words;
        begin = at - 1;
      } else if (!last && IsStreetWord(lower)) {
        ++words;
        begin = at - 1;
        break;
      } else if (last || !IsParticle(at - 1)) {
        break;
      }
    }
    return words > 0 ? end - begin : 0;
  }
  // "6450 Elm Knolls", "12, rue de la Paix": it is first.
  size_t words = 0;
  for (size_t at = end; at > 0 && words <= kMaxStreetWords; --at) {
    const size_t i = at - 1;
    const bool last = at == end;
    if (!last && tokens_[at].gap != Gap::kBlank &&
        !(IsHouse(i) && tokens_[at].gap == Gap::kComma)) {
      break;
    }
    if (IsHouse(i)) {
      if (words == 0 || tokens_[i].point) return 0;
      // "order 12 Elm", "1 168 445 Zeilen"
      const bool joined = i > 0 && tokens_[i].gap == Gap::kBlank;
      if (joined && (IsNumbered(i - 1) || IsDigit(tokens_[i - 1].text[0]))) return 0;
      return end - i;
    }
    const std::string lower = LowerAscii(tokens_[i].text);
    const bool ordinal = IsDigit(tokens_[i].text[0]) && tokens_[i].text.size() < 6;
    if (ordinal || (IsName(i) && !IsNoTownWord(lower)) || IsStreetWord(lower)) {
      ++words;
    } else if (!IsParticle(i)) {
      break;
    }
  }
  return 0;
}

size_t AddressTokens::CareOfBefore(size_t end) const {
  for (size_t n = 2; n <= 5 && n <= end; ++n) {
    const std::string lower = LowerAscii(tokens_[end - n].text);
    if (lower == "c/o") return n;
    if (!IsName(end - n + 1) || tokens_[end - n + 1].gap > Gap::kComma) return 0;
  }
  return 0;
}

}  // namespace flywheel::redaction

#include "redaction/tagger/word.h"

#include <algorithm>

namespace flywheel::redaction {
namespace {

constexpr uint64_t kSeed = 0x9e3779b97f4a7c15;
constexpr uint64_t kFactor = 0xff51afd7ed558ccd;

enum class ByteClass : uint8_t { kLower, kUpper, kDigit, kSpace, kLine, kMark };

bool IsAsciiLetter(unsigned char c) { return static_cast<unsigned char>((c | 0x20) - 'a') < 26; }

// The character at `place`: its class and size. Of what is not ASCII, letters with two cases are
// known in Latin, Greek and Cyrillic; other scripts count as lower case.
struct Character {
  ByteClass kind = ByteClass::kMark;
  size_t size = 1;
};

Character TwoBytes(unsigned char lead, unsigned char next) {
  if (lead == 0xC2) return {next == 0xA0 ? ByteClass::kSpace : ByteClass::kMark, 2};
  bool upper = false;
  if (lead == 0xC3) upper = next < 0x9F && next != 0x97;
  if (lead == 0xC4 || lead == 0xC5) upper = (next & 1) == 0;
  if (lead == 0xCE) upper = next >= 0x86 && next <= 0xAB;
  if (lead == 0xD0) upper = next < 0xB0;
  return {upper ? ByteClass::kUpper : ByteClass::kLower, 2};
}

Character CharacterAt(std::string_view text, size_t place) {
  const auto c = static_cast<unsigned char>(text[place]);
  if (c < 0x80) {
    if (IsAsciiLetter(c)) return {(c & 0x20) != 0 ? ByteClass::kLower : ByteClass::kUpper, 1};
    if (c >= '0' && c <= '9') return {ByteClass::kDigit, 1};
    if (c == '\n') return {ByteClass::kLine, 1};
    if (c == ' ' || c == '\t' || c == '\r') return {ByteClass::kSpace, 1};
    return {};
  }
  const auto byte = [&](size_t i) {
    return place + i < text.size() ? static_cast<unsigned char>(text[place + i]) : 0U;
  };
  const auto left = text.size() - place;
  if (c < 0xE0) return left < 2 ? Character{} : TwoBytes(c, static_cast<unsigned char>(byte(1)));
  const size_t size = std::min<size_t>(left, c < 0xF0 ? 3 : 4);
  // General punctuation, symbols, marks of East Asia, full-width forms, pictures.
  const bool mark = (c == 0xE2 && byte(1) < 0xB0) || (c == 0xE3 && byte(1) == 0x80) ||
                    (c == 0xEF && byte(1) >= 0xBC) || (c == 0xF0 && byte(1) == 0x9F);
  return {mark ? ByteClass::kMark : ByteClass::kLower, size};
}

// "'" or its typographic twin at `place`: its size, 0 for none.
size_t ApostropheAt(std::string_view text, size_t place) {
  if (place < text.size() && text[place] == '\'') return 1;
  return text.substr(place, 3) == "\xE2\x80\x99" ? 3 : 0;
}

bool IsEnglishSuffix(std::string_view letters) {
  constexpr std::string_view kSuffixes[] = {"s", "m", "ll", "re", "ve", "d", "t", "S"};
  return std::find(std::begin(kSuffixes), std::end(kSuffixes), letters) != std::end(kSuffixes);
}

size_t EndOfLetters(std::string_view text, size_t place) {
  while (place < text.size()) {
    const Character next = CharacterAt(text, place);
    if (next.kind != ByteClass::kLower && next.kind != ByteClass::kUpper) break;
    place += next.size;
  }
  return place;
}

Shape MarkShape(std::string_view mark) {
  switch (mark[0]) {
    case ',':
    case ';':
      return Shape::kComma;
    case '.':
    case '!':
    case '?':
      return Shape::kPeriod;
    case ':':
      return Shape::kColon;
    case '-':
      return Shape::kDash;
    case '"':
    case '\'':
    case '`':
      return Shape::kQuote;
    case '(':
    case ')':
    case '[':
    case ']':
    case '{':
    case '}':
      return Shape::kBracket;
    case '/':
    case '\\':
      return Shape::kSlash;
    default:
      break;
  }
  if (mark.substr(0, 2) == "\xE2\x80" && mark.size() == 3) {
    const auto last = static_cast<unsigned char>(mark[2]);
    if (last >= 0x90 && last <= 0x95) return Shape::kDash;
    if (last >= 0x98 && last <= 0x9F) return Shape::kQuote;
  }
  return Shape::kOther;
}

struct Letters {
  size_t lower = 0, upper = 0, digits = 0;
  bool first_upper = false, first_digit = false, upper_behind_lower = false;
};

Shape WordShape(const Letters& seen) {
  if (seen.digits > 0 && seen.lower + seen.upper == 0) {
    return static_cast<Shape>(static_cast<size_t>(Shape::kDigits1) +
                              std::min<size_t>(seen.digits, 7) - 1);
  }
  if (seen.digits > 0) return seen.first_digit ? Shape::kNumberWord : Shape::kWordNumber;
  if (seen.upper == 0) return Shape::kLower;
  if (seen.lower == 0) return seen.upper == 1 ? Shape::kInitial : Shape::kCapitals;
  return seen.first_upper && seen.upper == 1 ? Shape::kCapital : Shape::kMixed;
}

// Marks that tie what they stand between into one identifier, path or address.
bool Ties(char c) { return std::string_view("./\\@#_=&$~+<>").find(c) != std::string_view::npos; }

}  // namespace

uint64_t LowerHash(std::string_view word) {
  uint64_t hash = kSeed;
  for (size_t i = 0; i < word.size(); ++i) {
    auto c = static_cast<unsigned char>(word[i]);
    if (c < 0x80) {
      if (c >= 'A' && c <= 'Z') c = static_cast<unsigned char>(c | 0x20);
    } else if (i > 0) {
      const auto lead = static_cast<unsigned char>(word[i - 1]);
      if (lead == 0xC3 && c < 0x9F) c = static_cast<unsigned char>(c | 0x20);
      if (lead == 0xC4 || lead == 0xC5) c = static_cast<unsigned char>(c | 1);
      if (lead == 0xD0 && c >= 0x90 && c < 0xA0) c = static_cast<unsigned char>(c + 0x20);
    }
    hash = (hash ^ c) * kFactor;
  }
  return hash ^ (hash >> 32);
}

// A word of letters and digits: with the apostrophe of O'Brien, without that of Ann's and l'amie.
bool WordReader::ReadLetters(Word& word) {
  Letters seen;
  bool tied = false;
  while (place_ < text_.size()) {
    const Character next = CharacterAt(text_, place_);
    if (next.kind == ByteClass::kLower) {
      ++seen.lower;
    } else if (next.kind == ByteClass::kUpper) {
      if (place_ == word.begin) seen.first_upper = true;
      if (seen.lower > 0) seen.upper_behind_lower = true;
      ++seen.upper;
    } else if (next.kind == ByteClass::kDigit) {
      if (place_ == word.begin) seen.first_digit = true;
      ++seen.digits;
    } else if (text_[place_] == '_' && place_ > word.begin) {
      tied = true;
    } else {
      const size_t mark = ApostropheAt(text_, place_);
      const size_t behind = mark == 0 ? 0 : EndOfLetters(text_, place_ + mark);
      if (mark == 0 || behind == place_ + mark || place_ == word.begin) break;
      if (IsEnglishSuffix(text_.substr(place_ + mark, behind - place_ - mark))) break;
      // "l'amie": the article is a word of its own.
      if (seen.upper == 0 && seen.lower <= 2) {
        place_ += mark;
        break;
      }
      place_ += mark;
      continue;
    }
    place_ += next.size;
  }
  word.end = place_;
  word.shape = WordShape(seen);
  // "camelCase" and "snake_case" are code; "McKay" and "DiCaprio" are not.
  word.technical = tied || (word.shape == Shape::kMixed && !seen.first_upper) ||
                   (word.shape == Shape::kMixed && seen.upper > 2);
  return true;
}

bool WordReader::Next(Word& word) {
  word = {};
  while (place_ < text_.size()) {
    const Character next = CharacterAt(text_, place_);
    if (next.kind != ByteClass::kSpace) break;
    word.spaced = true;
    place_ += next.size;
  }
  if (place_ >= text_.size()) return false;
  word.begin = place_;
  const Character first = CharacterAt(text_, place_);
  const size_t mark = ApostropheAt(text_, place_);
  const size_t behind = mark == 0 ? 0 : EndOfLetters(text_, place_ + mark);
  if (first.kind == ByteClass::kLine) {
    word.end = ++place_;
    word.shape = Shape::kLineEnd;
  } else if (first.kind != ByteClass::kMark) {
    ReadLetters(word);
  } else if (behind > place_ + mark && !word.spaced && place_ > 0 &&
             IsEnglishSuffix(text_.substr(place_ + mark, behind - place_ - mark))) {
    word.end = place_ = behind;
    word.shape = Shape::kSuffix;
  } else {
    word.end = place_ += first.size;
    word.shape = MarkShape(text_.substr(word.begin, first.size));
  }
  // "java.util", "a/b", "@ann", "x=Ann": tied to what stands directly beside it.
  if (IsWordShape(word.shape)) {
    const size_t begin = word.begin, end = word.end;
    const bool before = begin > 1 && Ties(text_[begin - 1]) && text_[begin - 2] != ' ' &&
                        text_[begin - 2] != '\n' && text_[begin - 2] != '.' &&
                        CharacterAt(text_, begin - 2).kind != ByteClass::kUpper;
    const bool marked = begin > 0 && (text_[begin - 1] == '@' || text_[begin - 1] == '#' ||
                                      text_[begin - 1] == '$' || text_[begin - 1] == '/' ||
                                      text_[begin - 1] == '<' || text_[begin - 1] == '\\');
    const bool after = end + 1 < text_.size() && Ties(text_[end]) &&
                       word.shape != Shape::kInitial && IsAsciiLetter(text_[end + 1]) &&
                       !(text_[end] == '.' && end - begin <= 3);
    const bool version = end + 1 < text_.size() && text_[end] == '/' && text_[end + 1] != ' ';
    const bool called = end < text_.size() && (text_[end] == '(' || text_[end] == '@');
    const bool dashed = begin > 1 && text_[begin - 1] == '-' && text_[begin - 2] == '-';
    word.technical = word.technical || before || marked || after || version || called || dashed;
  }
  word.lower = LowerHash(text_.substr(word.begin, word.end - word.begin));
  return true;
}

}  // namespace flywheel::redaction

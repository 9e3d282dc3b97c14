#include "redaction/tagger/word.h"

#include <algorithm>
#include <array>

namespace flywheel::redaction {
namespace {

constexpr uint64_t kSeed = 0x9e3779b97f4a7c15;
constexpr uint64_t kFactor = 0xff51afd7ed558ccd;

enum class ByteClass : uint8_t { kLower, kUpper, kDigit, kSpace, kLine, kMark };

bool IsAsciiLetter(unsigned char c) { return static_cast<unsigned char>((c | 0x20) - 'a') < 26; }
bool IsAsciiDigit(unsigned char c) { return static_cast<unsigned char>(c - '0') < 10; }

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

Shape WordShape(const LetterCounts& seen) {
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
bool Ties(char c) {
  constexpr auto kTies = [] {
    std::array<bool, 256> ties{};
    for (const char mark : std::string_view("./\\@#_=&$~+<>")) {
      ties[static_cast<unsigned char>(mark)] = true;
    }
    return ties;
  }();
  return kTies[static_cast<unsigned char>(c)];
}

// May what is no letter or digit of ASCII belong to the word before it? Letters of others do.
bool MayGoOn(char c) { return c == '_' || c == '\'' || (c & 0x80) != 0; }

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

// Letters and digits of ASCII, which most words are made of, hashed on the way.
void WordReader::ReadAscii(Word& word, LetterCounts& seen) {
  uint64_t hash = kSeed;
  while (place_ < text_.size()) {
    const auto c = static_cast<unsigned char>(text_[place_]);
    if (IsAsciiLetter(c)) {
      const bool lower = (c & 0x20) != 0;
      ++(lower ? seen.lower : seen.upper);
    } else if (IsAsciiDigit(c)) {
      ++seen.digits;
    } else {
      break;
    }
    // Digits have that bit already.
    hash = (hash ^ (c | 0x20U)) * kFactor;
    ++place_;
  }
  word.lower = hash ^ (hash >> 32);
  if (place_ == word.begin) return;
  const auto first = static_cast<unsigned char>(text_[word.begin]);
  seen.first_digit = IsAsciiDigit(first);
  seen.first_upper = !seen.first_digit && (first & 0x20) == 0;
}

// The rest of a word that goes on with something else; true where it is code.
bool WordReader::ReadOthers(const Word& word, LetterCounts& seen) {
  bool tied = false;
  while (place_ < text_.size()) {
    const Character next = CharacterAt(text_, place_);
    if (next.kind == ByteClass::kLower) {
      ++seen.lower;
    } else if (next.kind == ByteClass::kUpper) {
      if (place_ == word.begin) seen.first_upper = true;
      ++seen.upper;
    } else if (next.kind == ByteClass::kDigit) {
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
  return tied;
}

// A word of letters and digits: with the apostrophe of O'Brien, without that of Ann's and l'amie.
void WordReader::ReadLetters(Word& word) {
  LetterCounts seen;
  ReadAscii(word, seen);
  const size_t hashed = place_;
  const bool goes_on = place_ < text_.size() && MayGoOn(text_[place_]);
  const bool tied = goes_on && ReadOthers(word, seen);
  word.end = place_;
  if (place_ > hashed) word.lower = LowerHash(text_.substr(word.begin, place_ - word.begin));
  word.shape = WordShape(seen);
  // "camelCase" and "snake_case" are code; "McKay" and "DiCaprio" are not.
  word.technical = tied || (word.shape == Shape::kMixed && !seen.first_upper) ||
                   (word.shape == Shape::kMixed && seen.upper > 2);
}

// A mark, or the "'s" behind a word.
void WordReader::ReadMark(Word& word, size_t size) {
  const size_t mark = ApostropheAt(text_, place_);
  const size_t behind = mark == 0 ? 0 : EndOfLetters(text_, place_ + mark);
  if (behind > place_ + mark && !word.spaced && place_ > 0 &&
      IsEnglishSuffix(text_.substr(place_ + mark, behind - place_ - mark))) {
    word.end = place_ = behind;
    word.shape = Shape::kSuffix;
  } else {
    word.end = place_ += size;
    word.shape = MarkShape(text_.substr(word.begin, size));
  }
}

bool WordReader::Next(Word& word) {
  word = {};
  Character first;
  while (place_ < text_.size()) {
    first = CharacterAt(text_, place_);
    if (first.kind != ByteClass::kSpace) break;
    word.spaced = true;
    place_ += first.size;
  }
  if (place_ >= text_.size()) return false;
  word.begin = place_;
  if (first.kind != ByteClass::kLine && first.kind != ByteClass::kMark) {
    ReadLetters(word);
    if (IsWordShape(word.shape)) word.technical = word.technical || IsTied(word);
    return true;
  }
  if (first.kind == ByteClass::kLine) {
    word.end = ++place_;
    word.shape = Shape::kLineEnd;
  } else {
    ReadMark(word, first.size);
  }
  word.lower = LowerHash(text_.substr(word.begin, word.end - word.begin));
  return true;
}

// "java.util", "a/b", "@ann", "x=Ann": tied to what stands directly beside it.
bool WordReader::IsTied(const Word& word) const {
  const size_t begin = word.begin, end = word.end;
  const char previous = begin > 0 ? text_[begin - 1] : ' ';
  if (previous != ' ') {
    const bool before = begin > 1 && Ties(previous) && text_[begin - 2] != ' ' &&
                        text_[begin - 2] != '\n' && text_[begin - 2] != '.' &&
                        CharacterAt(text_, begin - 2).kind != ByteClass::kUpper;
    const bool marked = previous == '@' || previous == '#' || previous == '$' || previous == '/' ||
                        previous == '<' || previous == '\\';
    const bool dashed = begin > 1 && previous == '-' && text_[begin - 2] == '-';
    if (before || marked || dashed) return true;
  }
  const char next = end < text_.size() ? text_[end] : ' ';
  if (next == ' ') return false;
  if (next == '(' || next == '@') return true;
  if (end + 1 >= text_.size() || !Ties(next)) return false;
  if (next == '/' && text_[end + 1] != ' ') return true;
  return word.shape != Shape::kInitial &&
         IsAsciiLetter(static_cast<unsigned char>(text_[end + 1])) &&
         !(next == '.' && end - begin <= 3);
}

}  // namespace flywheel::redaction

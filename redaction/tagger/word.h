// Words: how the tagger reads a text, word by word, in windows of bounded length.
#ifndef FLYWHEEL_REDACTION_TAGGER_WORD_H_
#define FLYWHEEL_REDACTION_TAGGER_WORD_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace flywheel::redaction {

// What a word looks like. Digits are told by their number, up to 7.
enum class Shape : uint8_t {
  kLower,
  kCapital,     // "Anna"
  kCapitals,    // "ANNA"
  kInitial,     // "A"
  kMixed,       // "McKay", "iPhone"
  kNumberWord,  // "22b"
  kWordNumber,  // "B12"
  kSuffix,      // "'s", "'ll"
  kLineEnd,
  kComma,
  kPeriod,
  kColon,
  kDash,
  kQuote,
  kBracket,
  kSlash,
  kOther,
  kDigits1,
  kDigits7 = kDigits1 + 6,
};
inline constexpr bool IsCapital(Shape shape) {
  return shape == Shape::kCapital || shape == Shape::kCapitals || shape == Shape::kMixed;
}
inline constexpr bool IsWordShape(Shape shape) { return shape <= Shape::kMixed; }
inline constexpr bool IsDigits(Shape shape) {
  return shape >= Shape::kDigits1 && shape <= Shape::kDigits7;
}

// What the lexicon of the model says of a word, in bits.
enum Lexicon : uint32_t {
  kGivenName = 1U << 0,
  kSurname = 1U << 1,
  kTown = 1U << 2,
  kCountry = 1U << 3,  // Or its people.
  kStreetWord = 1U << 4,
  kCompanyWord = 1U << 5,
  kCalendarWord = 1U << 6,
  kTitle = 1U << 7,
  kFirstLanguage = 1U << 8,  // A function word of language 0; seven bits.
  kUnitWord = 1U << 15,
  kOrdinary = 1U << 16,  // Somebody writes it in lower case.
};
inline constexpr int kLanguages = 7;
inline constexpr uint32_t kFunctionWord = 0x7FU * kFirstLanguage;  // Of any language.

struct Word {
  size_t begin = 0;  // In the text.
  size_t end = 0;
  uint64_t lower = 0;  // Hash of its letters in lower case.
  uint32_t lexicon = 0;
  Shape shape = Shape::kOther;
  bool spaced = false;     // White space stands before it.
  bool starts = false;     // It begins a sentence, a line or a quotation.
  bool technical = false;  // A part of an identifier, path or address of the net: never tagged.
};

// Longer sentences are cut.
inline constexpr size_t kMaxWindow = 72;

// A sentence, or some lines of one block.
struct Window {
  std::array<Word, kMaxWindow> words;
  size_t size = 0;
};

// Hash of a word in lower case.
uint64_t LowerHash(std::string_view word);

// The letters of a word, while it is read.
struct LetterCounts {
  size_t lower = 0, upper = 0, digits = 0;
  bool first_upper = false, first_digit = false;
};

// Reads the words of a text one by one, without the lexicon's bits.
class WordReader {
 public:
  explicit WordReader(std::string_view text) : text_(text) {}
  // False at the end of the text.
  bool Next(Word& word);

 private:
  void ReadAscii(Word& word, LetterCounts& seen);
  bool ReadOthers(const Word& word, LetterCounts& seen);
  void ReadLetters(Word& word);
  void ReadMark(Word& word, size_t size);
  bool IsTied(const Word& word) const;

  std::string_view text_;
  size_t place_ = 0;
};

}  // namespace flywheel::redaction

#endif  // FLYWHEEL_REDACTION_TAGGER_WORD_H_

// Unicode normalisation forms, case folding, scalars and words of UTF-8 texts, for comparing them.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_UNICODE_TEXT_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_UNICODE_TEXT_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace flywheel::evalgate::evaluators {

// Well-formed: shortest forms, no surrogates, nothing above U+10FFFF.
bool IsUtf8(std::string_view text);

enum class Letters { kKeep, kFold };

// What a reader sees: NFKC (ligatures, full width and the like become plain letters; composed),
// without characters that are ignorable by default (zero-width spaces, soft hyphens), each run of
// Unicode white space as one space and none at the ends. kFold: and after full case folding
// ("STRASSE" and "straße" are equal). `text` is UTF-8. Idempotent.
std::string Seen(std::string_view text, Letters letters);

// NFC, which changes what no reader can tell apart, and nothing else.
std::string Composed(std::string_view text);

bool IsAscii(std::string_view text);

// Where `wanted` begins, at `from` or behind; npos where it does not. In a time that grows with the
// sum of the lengths, where std::string_view::find's grows with the product.
size_t Find(std::string_view text, std::string_view wanted, size_t from = 0);

// White space as Unicode knows it.
bool IsSpace(char32_t character);

// Of Seen text, what is no letter, mark, number or space taken out: "don't" is "dont".
std::string JoinedAtPunctuation(std::string_view seen);

// Of Seen text, each run of what is no letter, mark or number as one space, none at the ends.
std::string WithoutPunctuation(std::string_view seen);

// Of Seen and folded text, without the words a, an and the.
std::string WithoutArticles(std::string_view seen);

// Whether no letter, mark or number stands directly before or behind the `size` bytes at `at`.
bool HasWordBorders(std::string_view text, size_t at, size_t size);

// Code points of UTF-8.
std::u32string Scalars(std::string_view text);

// Runs of letters, marks and numbers of Seen(text, kFold); apostrophes inside a word are left out
// ("don't" is "dont"), points and commas between digits stay ("1.5", "1,000"). Han, Hiragana,
// Katakana, Thai, Lao, Khmer and Myanmar letters are words of their own, since those scripts put no
// spaces.
std::vector<std::string> Words(std::string_view text);

// Runs of what is no white space, as most counters count: "state-of-the-art" is one, and so is a
// "-" that stands alone. Letters of the scripts that put no spaces (as Words has them) are words of
// their own, and the punctuation between them is none.
int64_t CountSpacedWords(std::string_view text);

}  // namespace flywheel::evalgate::evaluators

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_UNICODE_TEXT_H_

#include "redaction/tagger/guards.h"

namespace flywheel::redaction {
namespace {

// Somebody may be called so, and no word for something else is a name by itself.
constexpr uint32_t kName = kGivenName | kSurname;
constexpr uint32_t kNoName = kOrdinary | kCompanyWord | kCountry | kCalendarWord;

bool IsLowerAt(std::string_view text, size_t place) {
  return place < text.size() && text[place] >= 'a' && text[place] <= 'z';
}

bool IsYear(std::string_view text) {
  return (text.substr(0, 2) == "19" || text.substr(0, 2) == "20") &&
         text.find_first_not_of("0123456789") == std::string_view::npos;
}

// Surnames begin with them.
bool IsParticle(std::string_view text, const Word& word) {
  constexpr std::string_view kParticles =
      " de da di del du la le van von den der el al bin ben ibn dos das zu ter ten ";
  const std::string_view own = text.substr(word.begin, word.end - word.begin);
  const size_t place = kParticles.find(own);
  return place != std::string_view::npos && place > 0 && kParticles[place - 1] == ' ' &&
         kParticles[place + own.size()] == ' ';
}

// What stands before a postcode with its country: "CH-8000 Zürich".
bool IsCountryMark(std::string_view text, const Word& word) {
  constexpr std::string_view kMarks =
      " AT BE BG CH CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL NO PL PT RO SE SI SK UA ";
  const std::string_view mark = text.substr(word.begin, word.end - word.begin);
  return mark.size() == 2 && kMarks.find(mark) != std::string_view::npos;
}

// Numbers with a point, amounts and marks of formulas: data, and no part of an address.
bool HasData(std::string_view text, const Window& window, size_t first, size_t last) {
  for (size_t i = first; i < last; ++i) {
    const Word& word = window.words[i];
    const char c = text[word.begin];
    if (std::string_view("=%$+*<>{}[]@_|~^\"").find(c) != std::string_view::npos) return true;
    const bool joined = c == '.' && i > first && i + 1 < last && !window.words[i + 1].spaced &&
                        IsDigits(window.words[i - 1].shape) && IsDigits(window.words[i + 1].shape);
    if (joined) return true;
    // "RE-2024", but not "CH-8000".
    const bool code = c == '-' && i > first && i + 1 < last && !window.words[i + 1].spaced &&
                      !word.spaced && window.words[i - 1].shape == Shape::kCapitals &&
                      IsDigits(window.words[i + 1].shape);
    if (code && !IsCountryMark(text, window.words[i - 1])) return true;
  }
  // A path, or the middle of a code.
  const Word& start = window.words[first];
  return start.begin > 0 && text[start.begin - 1] == '/';
}

}  // namespace

bool MayBeAddress(std::string_view text, const Window& window, bool capitals, size_t first,
                  size_t last) {
  size_t words = 0, names = 0, street_words = 0, units = 0;
  size_t numbers = 0, short_numbers = 0, years = 0;
  for (size_t i = first; i < last; ++i) {
    const Word& word = window.words[i];
    const size_t size = word.end - word.begin;
    // "Platz 38" behind a comma is a seat: a street has a name.
    const bool named = i > first && IsWordShape(window.words[i - 1].shape);
    const bool counted = i + 1 < last && IsDigits(window.words[i + 1].shape);
    const bool street = (word.lexicon & kStreetWord) != 0 && (named || !counted);
    const bool unit = (word.lexicon & kUnitWord) != 0;
    if (street || unit) ++street_words;
    if (unit && !street) ++units;
    if (word.shape >= Shape::kDigits1 || word.shape == Shape::kNumberWord) ++numbers;
    if (IsDigits(word.shape) && size < 4) ++short_numbers;
    if (size == 4 && IsYear(text.substr(word.begin, size))) ++years;
    // The number of an article, a book or a telephone.
    if (word.shape == Shape::kDigits7) return false;
    const bool own = word.shape == Shape::kCapital ||
                     (word.shape == Shape::kMixed && IsLowerAt(text, word.begin + 1)) ||
                     (word.shape == Shape::kCapitals && (capitals || street_words > 0));
    if (!own || size < 4 || (word.lexicon & kCalendarWord) != 0) continue;
    ++words;
    if ((word.lexicon & kOrdinary) == 0 || (word.lexicon & (kTown | kSurname)) != 0) ++names;
  }
  if (words == 0) return street_words > 0 && numbers == 1 && last - first <= 3;
  if (street_words == 0 && (numbers == 0 || names == 0)) return false;
  // "Publishing Suite": a unit has a number, or a street beside it.
  if (street_words == units && units > 0 && numbers == 0) return false;
  // "Solaris 2"
  if (street_words == 0 && words == 1 && numbers == 1 && short_numbers == 1 && last - first == 2) {
    return false;
  }
  // "ICE 497, Wagen 69, Platz 38"
  if (street_words == 0 && numbers > 2 && short_numbers == numbers) return false;
  // "In 2019 Silicon Valley grew"; "Levi's 501, Boots 1460"
  if (street_words == 0 && years == numbers) return false;
  const bool listed = first + 1 < last && IsDigits(window.words[first].shape) &&
                      text[window.words[first + 1].begin] == ',';
  if (street_words == 0 && listed) return false;
  // "Lieferung von 5000 Stück, 10000 Euro".
  const bool sentence = first + 1 < last && window.words[first + 1].shape == Shape::kLower;
  if (street_words == 0 && sentence) return false;
  return !HasData(text, window, first, last);
}

bool MayBeName(std::string_view text, const Window& window, bool capitals, size_t first,
               size_t last) {
  size_t words = 0, known = 0, ordinary = 0, short_capitals = 0;
  size_t makers = 0, months = 0, lower = 0, given = 0, towns = 0, street_words = 0;
  // "Meine Steuer-Nummer", "mi DNI": no name begins with such a word, but "de la Cruz" does.
  const Word& start = window.words[first];
  if (IsFunctionWord(start) && (start.lexicon & kName) == 0 && !IsParticle(text, start)) {
    return false;
  }
  for (size_t i = first; i < last; ++i) {
    const Word& word = window.words[i];
    if (word.shape >= Shape::kDigits1 || word.shape == Shape::kColon ||
        word.shape == Shape::kNumberWord || word.shape == Shape::kWordNumber) {
      return false;
    }
    if (!IsWordShape(word.shape)) continue;
    ++words;
    if ((word.lexicon & kName) != 0) ++known;
    if ((word.lexicon & kGivenName) != 0) ++given;
    if ((word.lexicon & kNoName) != 0) ++ordinary;
    if ((word.lexicon & kCompanyWord) != 0) ++makers;
    if ((word.lexicon & kTown) != 0) ++towns;
    if ((word.lexicon & kStreetWord) != 0) ++street_words;
    if ((word.lexicon & kCalendarWord) != 0) ++months;
    if (word.shape == Shape::kLower) ++lower;
    if (word.shape == Shape::kCapitals && word.end - word.begin <= 5) ++short_capitals;
  }
  if (words == 0 || makers > 0 || (words == ordinary && known == 0)) return false;
  // "Grand Plaza"
  if ((known == 0 && towns > 0) || (given == 0 && street_words > 0 && words > 1)) return false;
  // "mi DNI"
  if (start.shape == Shape::kLower && lower < words && !IsParticle(text, start)) return false;
  // "sim, Pike"
  if (start.shape == Shape::kLower && first + 1 < last && !window.words[first + 1].spaced &&
      !IsWordShape(window.words[first + 1].shape)) {
    return false;
  }
  // "1. Mai", and what one word in lower case means, nobody knows.
  if (words == 1 && (months > 0 || lower > 0)) return false;
  // In capitals everything looks like a name.
  return capitals ? given > 0 : short_capitals < words || (known == words && words > 1);
}

bool MayHoldName(const Window& window, bool capitals, size_t first, size_t last) {
  const uint32_t names = capitals ? uint32_t{kGivenName} : kName;
  for (size_t i = first; i < last; ++i) {
    const Word& word = window.words[i];
    if (word.technical || !IsWordShape(word.shape) || (word.lexicon & kCompanyWord) != 0) continue;
    if ((word.lexicon & names) != 0 || (!capitals && (word.lexicon & kNoName) == 0)) return true;
  }
  return false;
}

bool MayHoldAddress(const Window& window, size_t first, size_t last) {
  bool number = false, name = false;
  for (size_t i = first; i < last; ++i) {
    const Word& word = window.words[i];
    if (word.technical) continue;
    if ((word.lexicon & (kStreetWord | kUnitWord)) != 0) return true;
    number = number || word.shape >= Shape::kDigits1 || word.shape == Shape::kNumberWord;
    name = name || (IsCapital(word.shape) &&
                    ((word.lexicon & kOrdinary) == 0 || (word.lexicon & (kTown | kSurname)) != 0));
  }
  return number && name;
}

}  // namespace flywheel::redaction

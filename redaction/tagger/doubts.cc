#include "redaction/tagger/doubts.h"

#include <string>

#include "redaction/full_name_words.h"
#include "redaction/name_lists.h"
#include "redaction/words.h"

namespace flywheel::redaction {
namespace {

// More than any confidence that a float holds.
constexpr float kNever = 100;
// Measured on templates that may be looked at (README.md).
constexpr float kLittle = 1;
constexpr float kMuch = 3;
// Without a given name: on the half of the labelled set that is for tuning, it costs nothing.
constexpr float kNoGivenName = 0.75F;

bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool IsLower(char c) { return c >= 'a' && c <= 'z'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

std::string_view TextOf(std::string_view text, const Word& word) {
  return text.substr(word.begin, word.end - word.begin);
}

bool IsKnown(const Word& word) { return (word.lexicon & (kGivenName | kSurname)) != 0; }

bool IsFunctionWord(const Word& word) { return (word.lexicon & 0x7FU * kFirstLanguage) != 0; }

// "NetApp", "StringRef": two words in one, as names of things are written, but not "McKay".
bool IsCamel(std::string_view word) {
  for (size_t i = 1; i + 1 < word.size(); ++i) {
    if (!IsUpper(word[i]) || !IsLower(word[i - 1])) continue;
    const std::string_view lead = word.substr(0, i);
    constexpr std::string_view kLeads[] = {"al",  "ben", "bin", "d",    "da", "de",  "del",
                                           "di",  "du",  "el",  "fitz", "la", "le",  "lo",
                                           "mac", "mc",  "o",   "san",  "st", "van", "von"};
    return !Contains(kLeads, lead);
  }
  return false;
}

// May the span be a part of something longer, a path or a name in code? A colon is one of code, or
// of a label.
bool TouchesCode(std::string_view text, size_t begin, size_t end, bool labelled) {
  if (begin > 1) {
    const char before = text[begin - 1];
    const char first = text[begin - 2];
    if (std::string_view("$@/\\#_&").find(before) != std::string_view::npos) return true;
    const bool joins = before == '.' || before == ':' || before == '-' || before == '+';
    const bool known = IsLower(first) || IsUpper(first) || IsDigit(first) || first == ':' ||
                       first == ')' || first == ']';
    // "Address:12 Elm Grove"
    const bool label = labelled && before == ':' && first != ':';
    if (joins && known && !label && !(before == '.' && IsUpper(first))) return true;
  }
  const std::string_view behind = text.substr(end, 2);
  if (behind.empty()) return false;
  if (std::string_view("([_=@\\+").find(behind[0]) != std::string_view::npos) return true;
  return behind == "::" || behind == "->" || behind == "<T";
}

struct Names {
  size_t words = 0, given = 0, known = 0, sure = 0, ordinary = 0, lower = 0, countries = 0,
         capitals = 0;
  bool camel = false;
};

Names Count(std::string_view text, const Window& window, size_t first, size_t last) {
  Names names;
  for (size_t i = first; i < last; ++i) {
    const Word& word = window.words[i];
    if (!IsWordShape(word.shape) || word.shape == Shape::kInitial) continue;
    if (IsCamel(TextOf(text, word)) && !IsKnown(word)) names.camel = true;
    if (word.shape == Shape::kLower && IsFunctionWord(word)) continue;
    ++names.words;
    if ((word.lexicon & kGivenName) != 0) ++names.given;
    if (IsKnown(word)) {
      ++names.known;
      if ((word.lexicon & (kOrdinary | kCountry)) == 0) ++names.sure;
    } else if ((word.lexicon & kOrdinary) != 0 && word.end - word.begin > 3) {
      ++names.ordinary;
    }
    if (word.shape == Shape::kLower) ++names.lower;
    if (word.shape == Shape::kCapitals) ++names.capitals;
    if ((word.lexicon & kCountry) != 0) ++names.countries;
  }
  return names;
}

bool HasComma(std::string_view text, const Window& window, size_t first, size_t last) {
  for (size_t i = first; i < last; ++i) {
    if (text[window.words[i].begin] == ',') return true;
  }
  return false;
}

// "Perl, [Ruby], Haskell": the one word between two commas beside it is no name.
bool IsAmongThings(std::string_view text, const Window& window, size_t first, size_t last) {
  const auto is_comma = [&](size_t i) { return text[window.words[i].begin] == ','; };
  const auto is_thing = [&](size_t i) {
    const Word& word = window.words[i];
    return IsCapital(word.shape) && !IsKnown(word) && word.end - word.begin > 2;
  };
  const bool before =
      first > 2 && is_comma(first - 1) && is_thing(first - 2) && is_comma(first - 3);
  const bool behind =
      last + 2 < window.size && is_comma(last) && is_thing(last + 1) && is_comma(last + 2);
  return before || behind;
}

// "Frame, Button", "Rome, Italy": what stands beside a comma are two names, or it is none.
bool ListsThings(std::string_view text, const Window& window, size_t first, size_t last) {
  for (size_t i = first + 1; i + 1 < last; ++i) {
    if (text[window.words[i].begin] != ',') continue;
    const Word& before = window.words[i - 1];
    const Word& behind = window.words[i + 1];
    if (!IsKnown(before) || (behind.lexicon & kCountry) != 0) return true;
    if (!IsKnown(behind) && behind.end - behind.begin > 3) return true;
  }
  return false;
}

bool IsVersus(std::string_view word) { return word == "v" || word == "vs"; }

// What the words directly before and behind say.
float DoubtAround(std::string_view text, const Window& window, size_t first, size_t last,
                  bool doubtful) {
  float doubt = 0;
  // "in C Major"
  if (first > 0 && window.words[first - 1].shape == Shape::kInitial && doubtful) doubt += kMuch;
  if (first > 0 && window.words[first].spaced) {
    const std::string_view before = TextOf(text, window.words[first - 1]);
    // "Roe v. Wade", "Dolce & Gabbana", "le centre Georges Pompidou"
    if (IsVersus(before) || (before == "&" && doubtful)) return kNever;
    if (first > 1 && before == "." && IsVersus(TextOf(text, window.words[first - 2])))
      return kNever;
    if (IsInstitution(LowerAscii(before))) return kNever;
    if (before == "the" || before == "The" || before == "a" || before == "an") {
      doubt += doubtful ? kMuch : kLittle;
    }
  }
  size_t next = last;
  const bool owns = next < window.size && window.words[next].shape == Shape::kSuffix;
  if (owns) ++next;
  if (next >= window.size || !window.words[next].spaced) return doubt;
  const Word& behind = window.words[next];
  const std::string lower = LowerAscii(TextOf(text, behind));
  if (!owns && (IsVersus(lower) || (lower == "&" && doubtful))) return kNever;
  if (IsWordShape(behind.shape) && IsProduct(lower)) return doubt + kMuch;
  // "Charles de Gaulle Airport", "Ann Taylor Inc."
  const bool named = behind.shape == Shape::kCapital && !IsKnown(behind) && MakesNoName(lower);
  if (!owns && named && !IsFunctionWord(behind)) return doubt + kMuch;
  if (!doubtful) return doubt;
  // "Luigi's Mansion", "the Hardy Weinberg Principle", "Boots 1460".
  const bool titled = behind.shape == Shape::kCapital && !IsKnown(behind) &&
                      (behind.lexicon & kOrdinary) != 0 && !IsFunctionWord(behind);
  const bool numbered = !owns && (IsDigits(behind.shape) || behind.shape == Shape::kWordNumber);
  return titled || numbered ? doubt + kMuch : doubt;
}

}  // namespace

bool StandsAlone(const Window& window, size_t first, size_t last) {
  size_t words = 0;
  bool spaced = false;
  for (size_t i = first; i < last; ++i) {
    if (!IsWordShape(window.words[i].shape) || window.words[i].shape == Shape::kInitial) continue;
    spaced = spaced || (words > 0 && window.words[i].spaced);
    ++words;
  }
  return words < 2 || !spaced;
}

float NameDoubt(std::string_view text, const Window& window, size_t first, size_t last,
                bool alone) {
  if (first >= last) return 0;
  if (TouchesCode(text, window.words[first].begin, window.words[last - 1].end, false))
    return kNever;
  const Names names = Count(text, window, first, last);
  if (CalledLikePerson(text.substr(window.words[first].begin,
                                   window.words[last - 1].end - window.words[first].begin))) {
    return kNever;
  }
  // "South Michael", "Lake Samantha"
  const std::string start = LowerAscii(TextOf(text, window.words[first]));
  if (names.words > 1 && IsNoNameBefore(start) && (window.words[first].lexicon & kGivenName) == 0) {
    return kNever;
  }
  if (IsFirmBehind(text.substr(window.words[last - 1].end))) return kNever;
  // "Alexander von Humboldt-Stiftung", "Maria DB"
  const std::string_view back = TextOf(text, window.words[last - 1]);
  const bool joined =
      window.words[last - 1].begin > 0 && text[window.words[last - 1].begin - 1] == '-';
  const size_t tail = back.rfind('-');
  if ((joined || tail != std::string_view::npos) &&
      IsInstitution(LowerAscii(back.substr(tail + 1)))) {
    return kNever;
  }
  if (names.words > 1 && names.capitals == 1 && back.size() <= 3 &&
      window.words[last - 1].shape == Shape::kCapitals && !IsKnown(window.words[last - 1])) {
    return kNever;
  }
  // "Anne Frank House"
  const Word& end = window.words[last - 1];
  if (end.shape == Shape::kCapital && !IsKnown(end) && MakesNoName(LowerAscii(TextOf(text, end)))) {
    return kNever;
  }
  // "Jade green"
  if (names.words == 2 && names.lower == 1 && window.words[last - 1].shape == Shape::kLower) {
    return kNever;
  }
  if (names.camel || ListsThings(text, window, first, last)) return kNever;
  // "elif kwargs"
  if (names.lower == names.words && names.words > 0 && names.known < names.words) return kNever;
  float doubt = 0;
  if (names.given == 0) {
    doubt += kNoGivenName;
    if (names.countries > 0) doubt += kMuch;
    if (names.ordinary > 0) doubt += kMuch;
    // "Zebulon Pikeworth" has no word that says something else.
    if (names.known == 0 && (alone || names.ordinary > 0)) doubt += kLittle;
  } else if (names.ordinary > 0 && names.ordinary + 1 >= names.words) {
    doubt += kLittle;
  }
  // "Cloud SCC", "Charset Normalizer"
  if (names.sure == 0 && names.known > 0 && names.given == 0) doubt += kLittle;
  if (alone && names.known == 0) doubt += kLittle;
  if (alone && names.capitals > 0) doubt += kLittle;
  // "Frank discussion"
  const Word& front = window.words[first];
  const bool word_too = front.starts && (front.lexicon & kOrdinary) != 0;
  if (alone && word_too && last < window.size && window.words[last].shape == Shape::kLower) {
    doubt += kLittle;
  }
  // "Norris-Williams" is a firm, "Anna-Maria" nobody else.
  const std::string_view name = TextOf(text, window.words[first]);
  const size_t dash = name.find('-');
  if (alone && dash != std::string_view::npos && !LookUpName(name.substr(dash + 1)).given) {
    doubt += kLittle;
  }
  const bool doubtful = alone || names.given == 0;
  const bool comma = HasComma(text, window, first, last);
  // "Frame, Button"
  if (comma && names.given == 0) doubt += kLittle;
  if (doubtful || comma) {
    if (IsAmongThings(text, window, first, last)) doubt += kMuch;
  }
  return doubt + DoubtAround(text, window, first, last, doubtful);
}

namespace {

// Words of where people live, and no rooms of an office or seats of a train.
bool IsOfHome(std::string_view word) {
  constexpr std::string_view kHomes[] = {"apartment", "appartement", "appt", "apt",     "depto",
                                         "flat",      "lot",         "piso", "puerta",  "ste",
                                         "suite",     "unit",        "whg",  "wohnung", "zip"};
  return Contains(kHomes, word);
}

}  // namespace

bool IsNoAddress(std::string_view text, const Window& window, size_t first, size_t last) {
  if (first >= last) return true;
  const size_t begin = window.words[first].begin, end = window.words[last - 1].end;
  size_t streets = 0, towns = 0, words = 0, numbers = 0;
  bool data = false, lower = false, country = false, given = false, listed = false, in_house = true;
  for (size_t i = first; i < last; ++i) {
    const Word& word = window.words[i];
    const std::string_view own = TextOf(text, word);
    if ((word.lexicon & (kStreetWord | kUnitWord)) != 0) ++streets;
    const bool place = (word.lexicon & kUnitWord) != 0 || (word.lexicon & kOrdinary) != 0;
    if (IsWordShape(word.shape) && (!place || IsOfHome(LowerAscii(own)))) in_house = false;
    if ((word.lexicon & kTown) != 0) ++towns;
    if (IsDigits(word.shape) || word.shape == Shape::kNumberWord) ++numbers;
    // "0x5b", "#99641"
    if (own.starts_with("0x") || own.starts_with("0X")) return true;
    const bool counted = i + 1 < last && window.words[i + 1].end - window.words[i + 1].begin > 3;
    if (own == "#" && counted) return true;
    // But "Roma (RM)".
    if (own[0] == '(' && counted) data = true;
    if (std::string_view("\"`!?").find(own[0]) != std::string_view::npos) data = true;
    if (word.shape == Shape::kComma || word.shape == Shape::kLineEnd) listed = true;
    if (!IsWordShape(word.shape)) continue;
    ++words;
    if ((word.lexicon & kCountry) != 0) country = true;
    if ((word.lexicon & (kGivenName | kTown)) == kGivenName) given = true;
    const bool strange = (word.lexicon & (kTown | kSurname | kGivenName)) == 0;
    if (word.shape == Shape::kLower && own.size() > 3 && strange && !IsFunctionWord(word)) {
      lower = true;
      if (listed && (word.lexicon & kOrdinary) != 0) data = true;
    }
    if (word.shape == Shape::kMixed && IsCamel(own)) data = true;
  }
  // "Red: 255, Green: 160"
  const std::string_view behind = text.substr(end, 3);
  const bool labels = behind.size() == 3 && behind[0] == ':' && behind[1] == ' ' &&
                      IsDigit(behind[2]) && words == 1;
  if (labels) return true;
  // "Room 204, Building 7"
  if (in_house && numbers > 1) return true;
  if (streets > 0) return false;
  // "12,000 Ford Transit", "7 Pro, Sony Xperia 1"
  const bool cut =
      begin > 1 && IsDigit(text[begin - 2]) && (text[begin - 1] == ',' || text[begin - 1] == '.');
  const auto is_short = [&](const Word& word) {
    return IsDigits(word.shape) && word.end - word.begin < 4;
  };
  const bool models = listed && is_short(window.words[first]) && is_short(window.words[last - 1]);
  if (cut || models) return true;
  if (data || (lower && !listed) || TouchesCode(text, begin, end, true)) return true;
  if (country && numbers == 1 && words <= 2 && !listed && IsDigits(window.words[first].shape)) {
    return true;
  }
  // "300 Kelvin", "20000 Japanese Yen", "Tensorboard 12345"
  if (words != 1 || numbers != 1 || last - first > 2) return false;
  const Word& front = window.words[first];
  const Word& back = window.words[last - 1];
  const bool long_number = (IsDigits(back.shape) && back.end - back.begin > 3) ||
                           (IsDigits(front.shape) && front.end - front.begin > 4);
  // "to Thompsonview 67878", but not "a Tensorboard 12345".
  const std::string_view before = first > 0 ? TextOf(text, window.words[first - 1]) : "";
  const bool inside = first > 0 && window.words[first - 1].shape == Shape::kLower &&
                      (before == "a" || before == "an" || before == "the" ||
                       !IsFunctionWord(window.words[first - 1]));
  return country || given || (towns == 0 && long_number && inside);
}

}  // namespace flywheel::redaction

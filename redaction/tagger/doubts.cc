#include "redaction/tagger/doubts.h"

#include <string>

#include "redaction/word_set.h"
#include "redaction/words.h"

namespace flywheel::redaction {
namespace {

// More than any confidence that a float holds.
constexpr float kNever = 100;
// Measured on templates that may be looked at (README.md).
constexpr float kLittle = 1;
constexpr float kMuch = 3;

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

// What is no person if it stands behind a name: "DejaVu fonts", "a Gibson guitar".
bool IsThing(std::string_view word) {
  static const WordSet& words = *new WordSet(
      "algorithm|algorithms|amplifier|api|apis|app|apps|bar|beer|bicycle|bike|brand|bridge|camera|"
      "car|cards|charts|cheese|class|classes|cli|clock|cluster|clusters|coefficient|command|"
      "commands|compiler|constant|container|cream|criterion|currency|curve|dataset|datasets|device|"
      "devices|disease|distribution|driver|drivers|edition|editor|effect|engine|engines|equation|"
      "equations|extension|file|files|filter|fonts|font|format|formats|formula|framework|function|"
      "functions|generator|generators|graph|guitar|guitars|hotel|image|index|instance|instances|"
      "integration|interface|jeans|kernel|kernels|keyboard|languages|laptop|law|laws|libraries|"
      "library|license|locomotive|machine|machines|matrix|metal|method|methods|mobile|mode|model|"
      "models|module|modules|monitor|motor|motors|node|nodes|number|numbers|operating|operator|"
      "package|packages|paradox|phone|phones|piano|plugin|plugins|polynomial|polynomials|principle|"
      "principles|printer|printers|process|processor|processors|product|products|project|protocol|"
      "protocols|query|resolvents|restaurant|sauce|scale|schema|script|scripts|sensor|sequence|"
      "sequences|series|server|servers|service|services|shampoo|shell|shoes|software|space|stack|"
      "standard|store|street|support|switch|syndrome|system|systems|table|tables|tea|template|"
      "templates|test|tests|theorem|tool|toolchain|toolkit|tools|trail|transform|tree|truck|"
      "utility|variable|variables|vehicle|version|versions|volume|volumes|wallet|watch|watches|"
      "whisky|whiskey|wine|windows|yen|zone|zones");
  return words.Has(word);
}

// May the span be a part of something longer, a path or a name in code?
bool TouchesCode(std::string_view text, size_t begin, size_t end) {
  if (begin > 1) {
    const char before = text[begin - 1];
    const char first = text[begin - 2];
    if (std::string_view("$@/\\#_&").find(before) != std::string_view::npos) return true;
    const bool joins = before == '.' || before == ':' || before == '-' || before == '+';
    const bool known = IsLower(first) || IsUpper(first) || IsDigit(first) || first == ':' ||
                       first == ')' || first == ']';
    if (joins && known && !(before == '.' && IsUpper(first))) return true;
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

// What the words directly before and behind say.
float DoubtAround(std::string_view text, const Window& window, size_t first, size_t last,
                  bool doubtful) {
  float doubt = 0;
  // "in C Major"
  if (first > 0 && window.words[first - 1].shape == Shape::kInitial && doubtful) doubt += kMuch;
  if (first > 0 && window.words[first].spaced) {
    const std::string_view before = TextOf(text, window.words[first - 1]);
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
  if (!owns && IsWordShape(behind.shape) && IsThing(lower)) return doubt + kMuch;
  if (!doubtful) return doubt;
  // "Luigi's Mansion", "the Hardy Weinberg Principle", "Boots 1460".
  const bool titled = behind.shape == Shape::kCapital && !IsKnown(behind) &&
                      (behind.lexicon & kOrdinary) != 0 && !IsFunctionWord(behind);
  const bool numbered = !owns && (IsDigits(behind.shape) || behind.shape == Shape::kWordNumber);
  return titled || numbered ? doubt + kMuch : doubt;
}

}  // namespace

float NameDoubt(std::string_view text, const Window& window, size_t first, size_t last,
                bool alone) {
  if (first >= last) return 0;
  if (TouchesCode(text, window.words[first].begin, window.words[last - 1].end)) return kNever;
  const Names names = Count(text, window, first, last);
  if (names.camel || ListsThings(text, window, first, last)) return kNever;
  // "elif kwargs"
  if (names.lower == names.words && names.words > 0 && names.known < names.words) return kNever;
  float doubt = 0;
  if (names.given == 0) {
    if (names.countries > 0) doubt += kMuch;
    if (names.ordinary > 0) doubt += kMuch;
    if (names.known == 0) doubt += kLittle;
  } else if (names.ordinary > 0 && names.ordinary + 1 >= names.words) {
    doubt += kLittle;
  }
  // "Cloud SCC", "Charset Normalizer"
  if (names.sure == 0 && names.given == 0) doubt += kLittle;
  if (alone && names.known == 0) doubt += kLittle;
  if (alone && names.capitals > 0) doubt += kLittle;
  const bool doubtful = alone || names.given == 0;
  return doubt + DoubtAround(text, window, first, last, doubtful);
}

bool IsNoAddress(std::string_view text, const Window& window, size_t first, size_t last) {
  if (first >= last) return true;
  const size_t begin = window.words[first].begin, end = window.words[last - 1].end;
  size_t streets = 0, towns = 0, words = 0, numbers = 0;
  bool data = false, lower = false, country = false, given = false, listed = false;
  for (size_t i = first; i < last; ++i) {
    const Word& word = window.words[i];
    const std::string_view own = TextOf(text, word);
    if ((word.lexicon & (kStreetWord | kUnitWord)) != 0) ++streets;
    if ((word.lexicon & kTown) != 0) ++towns;
    if (IsDigits(word.shape) || word.shape == Shape::kNumberWord) ++numbers;
    // "0x5b", "#99641"
    if (own.starts_with("0x") || own.starts_with("0X")) return true;
    const bool counted = i + 1 < last && window.words[i + 1].end - window.words[i + 1].begin > 3;
    if (own == "#" && counted) return true;
    if (std::string_view("()\"`!?").find(own[0]) != std::string_view::npos) data = true;
    if (word.shape == Shape::kComma || word.shape == Shape::kLineEnd) listed = true;
    if (!IsWordShape(word.shape)) continue;
    ++words;
    if ((word.lexicon & kCountry) != 0) country = true;
    if ((word.lexicon & (kGivenName | kTown)) == kGivenName) given = true;
    const bool strange = (word.lexicon & (kTown | kSurname | kGivenName)) == 0;
    if (word.shape == Shape::kLower && own.size() > 3 && strange && !IsFunctionWord(word)) {
      lower = true;
    }
    if (word.shape == Shape::kMixed && IsCamel(own)) data = true;
  }
  if (streets > 0) return false;
  // "Red: 255, Green: 160"
  const std::string_view behind = text.substr(end, 3);
  const bool labels = behind.size() == 3 && behind[0] == ':' && behind[1] == ' ' &&
                      IsDigit(behind[2]) && words == 1;
  if (data || labels || (lower && !listed) || TouchesCode(text, begin, end)) return true;
  // "300 Kelvin", "20000 Japanese", "Tensorboard 12345"
  if (words != 1 || numbers != 1 || last - first > 2) return false;
  const Word& front = window.words[first];
  const Word& back = window.words[last - 1];
  const bool long_number = (IsDigits(back.shape) && back.end - back.begin > 3) ||
                           (IsDigits(front.shape) && front.end - front.begin > 4);
  // A town and its postcode do not stand in the middle of a sentence.
  const bool inside = first > 0 && window.words[first - 1].shape == Shape::kLower;
  return country || given || (towns == 0 && long_number && inside);
}

}  // namespace flywheel::redaction

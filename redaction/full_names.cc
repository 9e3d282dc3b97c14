// Names that nothing announces: a given name, and behind it a word that is written like a surname.
#include <algorithm>
#include <cstdint>
#include <string>

#include "redaction/name_lists.h"
#include "redaction/scans.h"
#include "redaction/words.h"

namespace flywheel::redaction {
namespace {

constexpr size_t kSentenceBytes = 96;  // How far a headline is looked at, to either side.

// What stands behind a given name and makes a place, a firm, a product or a sentence of the two.
constexpr std::string_view kNoSurname[] = {"academy",    "act",
                                           "air",        "airlines",
                                           "airport",    "algorithm",
                                           "and",        "api",
                                           "arena",      "at",
                                           "avenue",     "award",
                                           "awards",     "bank",
                                           "bar",        "bay",
                                           "beach",      "books",
                                           "boulevard",  "bridge",
                                           "brothers",   "building",
                                           "cafe",       "campus",
                                           "castle",     "cathedral",
                                           "center",     "centre",
                                           "chapel",     "church",
                                           "city",       "cloud",
                                           "club",       "code",
                                           "college",    "collection",
                                           "company",    "conference",
                                           "corp",       "corporation",
                                           "country",    "county",
                                           "court",      "creek",
                                           "cup",        "day",
                                           "desert",     "disease",
                                           "district",   "drive",
                                           "edition",    "effect",
                                           "equation",   "estate",
                                           "express",    "falls",
                                           "farm",       "festival",
                                           "films",      "forest",
                                           "formula",    "foundation",
                                           "framework",  "gallery",
                                           "gardens",    "gmbh",
                                           "group",      "hall",
                                           "harbor",     "harbour",
                                           "heights",    "high",
                                           "hills",      "home",
                                           "hospital",   "hotel",
                                           "house",      "in",
                                           "inc",        "inn",
                                           "institute",  "international",
                                           "is",         "island",
                                           "islands",    "jeans",
                                           "junction",   "kingdom",
                                           "lab",        "labs",
                                           "lake",       "language",
                                           "law",        "library",
                                           "lite",       "llc",
                                           "ltd",        "mall",
                                           "market",     "max",
                                           "media",      "memorial",
                                           "method",     "mini",
                                           "model",      "monday",
                                           "motors",     "mount",
                                           "mountain",   "mountains",
                                           "museum",     "news",
                                           "of",         "office",
                                           "on",         "park",
                                           "parkway",    "partners",
                                           "peninsula",  "place",
                                           "plan",       "plaza",
                                           "plus",       "point",
                                           "port",       "press",
                                           "prize",      "pro",
                                           "product",    "products",
                                           "project",    "province",
                                           "python",     "railway",
                                           "ranch",      "records",
                                           "region",     "republic",
                                           "resort",     "restaurant",
                                           "ridge",      "river",
                                           "road",       "sauce",
                                           "school",     "sdk",
                                           "sea",        "series",
                                           "server",     "service",
                                           "services",   "shop",
                                           "shore",      "show",
                                           "software",   "springs",
                                           "square",     "stadium",
                                           "state",      "station",
                                           "store",      "stores",
                                           "street",     "studio",
                                           "studios",    "style",
                                           "syndrome",   "systems",
                                           "tea",        "technologies",
                                           "temple",     "terminal",
                                           "test",       "theater",
                                           "theatre",    "theorem",
                                           "times",      "tower",
                                           "town",       "trail",
                                           "university", "valley",
                                           "version",    "view",
                                           "village",    "vineyard",
                                           "was",        "way",
                                           "week",       "wine",
                                           "zoo",        "the",
                                           "tuesday",    "wednesday",
                                           "thursday",   "friday",
                                           "saturday",   "sunday",
                                           "january",    "february",
                                           "april",      "june",
                                           "july",       "august",
                                           "september",  "october",
                                           "november",   "december",
                                           "texas",      "ohio",
                                           "florida",    "germany",
                                           "france",     "italy",
                                           "spain",      "england",
                                           "airways",    "insurance",
                                           "bible",      "gospel",
                                           "chapter",    "season",
                                           "episode",    "size",
                                           "from",       "to",
                                           "for",        "with",
                                           "has",        "had",
                                           "will",       "can",
                                           "please",     "you",
                                           "your",       "he",
                                           "she",        "they",
                                           "we",         "it",
                                           "i",          "my",
                                           "his",        "her",
                                           "but",        "or",
                                           "if",         "when",
                                           "what",       "how",
                                           "why",        "where",
                                           "who",        "that",
                                           "this",       "mr",
                                           "mrs",        "ms",
                                           "dr",         "ai",
                                           "app",        "phone",
                                           "email",      "address",
                                           "dob",        "age",
                                           "account",    "id",
                                           "number",     "customer",
                                           "support",    "team"};

// Firms and their goods that are called like a person. By both words.
constexpr std::string_view kBrands[] = {
    "alfa romeo",     "aston martin",    "calvin klein",   "charles schwab", "christian dior",
    "estee lauder",   "ernst young",     "george foreman", "hugo boss",      "jack daniel",
    "jack daniels",   "jim beam",        "jimmy choo",     "johnnie walker", "johnny walker",
    "louis vuitton",  "mary kay",        "merrill lynch",  "michael kors",   "morgan stanley",
    "paul mitchell",  "ralph lauren",    "ray ban",        "stella artois",  "tim hortons",
    "tommy hilfiger", "trader joe",      "wells fargo",    "kate spade",     "tory burch",
    "marc jacobs",    "mia khalifa",     "edgar allan",    "anna karenina",  "charles de",
    "ben jerry",      "victoria secret", "captain morgan", "don julio",      "jose cuervo",
    "saint laurent",  "martin luther",   "doris kearns",   "visual studio",  "victor hugo"};

bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool IsLower(char c) { return c >= 'a' && c <= 'z'; }
bool IsHigh(char c) { return (c & 0x80) != 0; }
bool IsLetter(char c) { return IsUpper(c) || IsLower(c) || IsHigh(c); }

// A capital of Latin beyond ASCII ("É", "Ł", "Ş") at `place`.
bool IsHighUpper(std::string_view text, size_t place) {
  if (place + 1 >= text.size()) return false;
  const auto lead = static_cast<unsigned char>(text[place]);
  const auto next = static_cast<unsigned char>(text[place + 1]);
  if (lead == 0xC3) return next >= 0x80 && next <= 0x9E;
  return lead == 0xC4 || lead == 0xC5;
}

bool IsCapital(std::string_view text, size_t place) {
  return place < text.size() && (IsUpper(text[place]) || IsHighUpper(text, place));
}

// Behind the word at `place`: letters, with an apostrophe or a hyphen before further ones.
size_t WordEnd(std::string_view text, size_t place) {
  constexpr size_t kMaxWord = 40;
  const size_t last = std::min(text.size(), place + kMaxWord);
  while (place < last) {
    const bool high_mark = text.substr(place, 2) == "\xE2\x80";
    const bool mark = text[place] == '\'' || text[place] == '-' || high_mark;
    const size_t size = high_mark ? 3 : 1;
    if (mark && place + size < last && IsLetter(text[place + size]) &&
        (!high_mark || text.substr(place, 3) == "’") && text.substr(place + size, 2) != "s " &&
        !(place + size + 1 >= text.size())) {
      place += size;
    } else if (!IsLetter(text[place]) || high_mark) {
      break;
    } else {
      ++place;
    }
  }
  return place;
}

// "Ann", "O'Brien", "McKay", "Łukasz"; no "NASA", no "getName".
bool IsNameShaped(std::string_view word) {
  if (word.size() < 2 || !IsCapital(word, 0)) return false;
  const bool small_follows =
      std::any_of(word.begin() + 1, word.end(), [](char c) { return IsLower(c) || IsHigh(c); });
  int uppers = 0;
  for (const char c : word) uppers += IsUpper(c) ? 1 : 0;
  return small_follows && uppers <= 3;
}

// Behind particles ("van der", "de la", "al-") and one initial, where a word with a capital begins.
size_t SkipParticles(std::string_view text, size_t place) {
  constexpr std::string_view kParticles[] = {"van ", "von ", "der ", "den ", "de ",  "la ",  "di ",
                                             "da ",  "del ", "dos ", "bin ", "ben ", "ibn ", "al ",
                                             "el ",  "al-",  "el-",  "ter ", "ten ", "zu ",  "y "};
  if (place + 2 < text.size() && IsUpper(text[place]) && text[place + 1] == '.' &&
      text[place + 2] == ' ') {
    return place + 3;
  }
  if (place + 1 < text.size() && IsUpper(text[place]) && text[place + 1] == ' ') return place + 2;
  for (int i = 0; i < 2; ++i) {
    for (const std::string_view particle : kParticles) {
      if (text.substr(place, particle.size()) == particle) {
        place += particle.size();
        break;
      }
    }
  }
  return place;
}

// Behind the one or two blanks at `place`; npos for none.
size_t SkipBlanks(std::string_view text, size_t place) {
  size_t end = place;
  while (end < text.size() && end - place < 2 && text[end] == ' ') ++end;
  return end > place ? end : std::string_view::npos;
}

// Are all the longer words around [begin, end), up to the sentence's ends, written with a capital,
// and some of them? Then a capital says nothing.
bool IsInHeadline(std::string_view text, size_t begin, size_t end) {
  constexpr std::string_view kEnds = ".!?\n\t\"()[]{}:;,|=<>";
  size_t first = begin;
  while (first > 0 && begin - first < kSentenceBytes &&
         kEnds.find(text[first - 1]) == std::string_view::npos) {
    --first;
  }
  size_t last = end;
  while (last < text.size() && last - end < kSentenceBytes &&
         kEnds.find(text[last]) == std::string_view::npos) {
    ++last;
  }
  int capitals = 0;
  int small = 0;
  for (const std::string_view part :
       {text.substr(first, begin - first), text.substr(end, last - end)}) {
    ForEachWord(part, [&](std::string_view word, size_t) {
      if (word.size() >= 4 && IsLower(word[0])) ++small;
      if (word.size() >= 3 && IsUpper(word[0])) ++capitals;
      return true;
    });
  }
  return small == 0 && capitals >= 2;
}

// The end of the name that begins at `begin`; 0 for none.
size_t NameEnd(std::string_view text, size_t begin) {
  const size_t first_end = WordEnd(text, begin);
  const size_t gap = SkipBlanks(text, first_end);
  if (gap == std::string_view::npos) return 0;
  size_t next = SkipParticles(text, gap);
  if (!IsCapital(text, next)) return 0;
  const std::string_view first = text.substr(begin, first_end - begin);
  if (!IsNameShaped(first)) return 0;
  const NameWord given = LookUpName(first);
  if (!given.given && !given.doubtful) return 0;
  size_t end = WordEnd(text, next);
  std::string_view surname = text.substr(next, end - next);
  NameWord known = LookUpName(surname);
  if (!IsNameShaped(surname) || (!given.given && !known.surname)) return 0;
  if (Contains(kNoSurname, surname)) return 0;
  const std::string pair = LowerAscii(first) + ' ' + LowerAscii(surname);
  if (std::find(std::begin(kBrands), std::end(kBrands), pair) != std::end(kBrands)) return 0;
  // A second given name, or a second surname: "Anna Maria Keller", "Carlos García López".
  for (int i = 0; i < 2; ++i) {
    const size_t third_gap = SkipBlanks(text, end);
    if (third_gap == std::string_view::npos) break;
    next = SkipParticles(text, third_gap);
    const size_t third_end = WordEnd(text, next);
    const std::string_view third = text.substr(next, third_end - next);
    const NameWord third_known = LookUpName(third);
    if (!IsNameShaped(third) || Contains(kNoSurname, third)) break;
    if (!third_known.surname && !(known.given && !known.surname)) break;
    known = third_known;
    end = third_end;
  }
  // "Anna Lee Road" is one, and "Ann Taylor Inc." a firm.
  const size_t behind = SkipBlanks(text, end);
  if (behind != std::string_view::npos && IsCapital(text, behind)) {
    const size_t behind_end = WordEnd(text, behind);
    const std::string_view word = text.substr(behind, behind_end - behind);
    if (IsNameShaped(word) && !LookUpName(word).known() && Contains(kNoSurname, word)) return 0;
  }
  return end;
}

}  // namespace

void ScanFullNames(std::string_view text, Found found) {
  char before = ' ';
  for (size_t i = 0; i + 3 < text.size(); ++i) {
    const char c = text[i];
    const bool starts =
        (IsUpper(c) || IsHigh(c)) && !IsLetter(before) &&
        std::string_view("0123456789_-@./\\#$&").find(before) == std::string_view::npos;
    before = c;
    if (!starts || (!IsUpper(c) && !IsHighUpper(text, i))) continue;
    const size_t end = NameEnd(text, i);
    if (end == 0 || IsInHeadline(text, i, end)) continue;
    found(i, end);
    i = end - 1;
    before = text[i];
  }
}

}  // namespace flywheel::redaction

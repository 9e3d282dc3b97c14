#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <nlohmann/json.hpp>

#include "redaction/checks.h"
#include "redaction/words.h"

namespace flywheel::redaction {
namespace {

// Words between a number and "street" that make no address: "5 minutes down the road".
constexpr std::string_view kNoStreets[] = {
    "a",       "all",    "along",  "and",     "any",     "are",        "as",    "at",     "away",
    "below",   "block",  "blocks", "by",      "cards",   "cars",       "cents", "days",   "dollars",
    "down",    "each",   "euros",  "feet",    "for",     "from",       "hours", "houses", "how",
    "in",      "into",   "is",     "it",      "its",     "kilometers", "km",    "lanes",  "m",
    "meters",  "metres", "miles",  "minutes", "months",  "more",       "my",    "of",     "off",
    "on",      "one",    "or",     "other",   "our",     "out",        "over",  "people", "per",
    "percent", "pm",     "pounds", "same",    "seconds", "some",       "than",  "that",   "the",
    "their",   "them",   "these",  "this",    "those",   "times",      "to",    "up",     "ways",
    "we",      "weeks",  "when",   "which",   "with",    "years",      "yards", "your"};

// Words behind an amount, with a capital in German or in a title.
constexpr std::string_view kUnits[] = {
    "artikel", "boxes",  "cards",  "dollar",   "dollars", "einheiten", "euro",   "euros",
    "franken", "gramm",  "items",  "kilo",     "kunden",  "liter",     "meter",  "minuten",
    "orders",  "pakete", "people", "personen", "pieces",  "points",    "punkte", "seiten",
    "stunden", "stück",  "tage",   "teile",    "teilen",  "tokens",    "tonnen", "units",
    "users",   "wörter", "words",  "zeichen",  "zeilen"};

int Base64UrlValue(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  return c == '-' ? 62 : c == '_' ? 63 : -1;
}

std::string DecodeBase64Url(std::string_view text) {
  std::string bytes;
  uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    bits = (bits << 6 | static_cast<uint32_t>(Base64UrlValue(c))) & 0xFFFFFF;
    count += 6;
    if (count >= 8) bytes += static_cast<char>(bits >> (count -= 8) & 0xFF);
  }
  return bytes;
}

bool HasDigit(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool HasLetter(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](unsigned char c) { return std::isalpha(c) != 0; });
}

// What a number counts or orders, and months.
constexpr std::string_view kNumbered[] = {
    "article",  "artikel",  "bestellung", "chapter",  "column",    "exercise",   "figure",
    "invoice",  "item",     "kapitel",    "line",     "order",     "page",       "part",
    "question", "rechnung", "section",    "seite",    "step",      "table",      "task",
    "ticket",   "version",  "volume",     "january",  "february",  "march",      "april",
    "may",      "june",     "july",       "august",   "september", "october",    "november",
    "december", "jan",      "feb",        "mar",      "apr",       "jun",        "jul",
    "aug",      "sep",      "sept",       "oct",      "nov",       "dec",        "januar",
    "februar",  "märz",     "mai",        "juni",     "juli",      "oktober",    "dezember",
    "monday",   "tuesday",  "wednesday",  "thursday", "friday",    "saturday",   "sunday",
    "usd",      "eur",      "gbp",        "am",       "pm",        "mb",         "gb",
    "kb",       "kg",       "rows",       "bytes",    "days",      "hours",      "minutes",
    "seconds",  "times",    "results",    "records",  "customers", "passengers", "tickets",
    "bags",     "adults",   "children",   "nights",   "business",  "select",     "from",
    "where",    "values",   "insert",     "http",     "status",    "error",      "code",
    "port",     "cup",      "cups",       "tbsp",     "tsp",       "grams",      "points",
    "goals",    "wins",     "losses",     "runs",     "season",    "game",       "round"};

}  // namespace

size_t JwtCheck(std::string_view match) {
  // RFC 7515: the header is an object that names its algorithm.
  const std::string header = DecodeBase64Url(match.substr(0, match.find('.')));
  const auto json = nlohmann::json::parse(header, nullptr, /*allow_exceptions=*/false);
  return json.is_object() && json.contains("alg") ? match.size() : 0;
}

size_t HighEntropyCheck(std::string_view match) {
  // Random keys of 16 characters have more than 3 bits a character; words have no digits.
  while (!match.empty() && match.back() == '.') match.remove_suffix(1);
  return match.size() >= 16 && HasDigit(match) && HasLetter(match) && EntropyBits(match) >= 3.0
             ? match.size()
             : 0;
}

size_t PasswordCheck(std::string_view match) {
  // "Password=s3cret;Encrypt=true", "password=s3cret&user=x": a connection string goes on.
  for (size_t mark = match.find_first_of(";&"); mark != std::string_view::npos;
       mark = match.find_first_of(";&", mark + 1)) {
    const size_t name_end =
        match.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_ ", mark + 1);
    if (name_end != std::string_view::npos && name_end > mark + 1 && match[name_end] == '=') {
      match = match.substr(0, mark);
    }
  }
  while (!match.empty() &&
         std::string_view(".,;:?\"')}]>").find(match.back()) != std::string_view::npos) {
    match.remove_suffix(1);
  }
  // "${DB_PASSWORD}" says where it is, and "get_password(" is code.
  const bool symbol = match.find_first_of("!@#$%^&*+=?~") != std::string_view::npos;
  return match.size() >= 5 && HasLetter(match) && (HasDigit(match) || symbol) && !IsCode(match) &&
                 !IsPlaceholderValue(match)
             ? match.size()
             : 0;
}

size_t PassportCheck(std::string_view match) {
  return Digits(match).size() >= 5 ? match.size() : 0;
}

size_t PostcodeTownCheck(std::string_view match) {
  // "the 2024 Report", "5000 Units", "10000 Euro": a year, or an amount of something.
  const std::string_view number = match.substr(0, match.find(' '));
  const bool year =
      number.size() == 4 && (number.substr(0, 2) == "19" || number.substr(0, 2) == "20");
  const std::string_view word = match.substr(std::min(match.find(' ') + 1, match.size()));
  return year || Contains(kUnits, word) ? 0 : StreetCheck(match);
}

size_t BlockCheck(std::string_view match) {
  // "Section 12, 10000 Words": what a number belongs to.
  const std::string_view first =
      match.substr(0, std::min(match.find_first_of(" ,\n"), match.size()));
  if (Contains(kNumbered, first)) return 0;
  bool block = true;
  ForEachWord(match, [&](std::string_view word, size_t) {
    return block = !Contains(kUnits, word) && !Contains(kNumbered, word);
  });
  return block ? match.size() : 0;
}

size_t StreetBehindWordCheck(std::string_view match) {
  // "moved to 12 March", "sent to 5 People": up to a word that ends a street.
  size_t size = 0;
  int words = 0;
  bool street = true;
  ForEachWord(match, [&](std::string_view word, size_t end) {
    if (Contains(kUnits, word) || Contains(kNumbered, word)) {
      if (words < 2) street = false;
      return false;
    }
    // A word in small letters is the sentence's, but for "the street" that is written so.
    if (words > 0 && word[0] >= 'a' && word[0] <= 'z' && Contains(kNoStreets, word)) {
      return false;
    }
    ++words;
    const bool small = word[0] >= 'a' && word[0] <= 'z';
    if (!small) size = end;
    return true;
  });
  return street && words >= 2 ? size : 0;
}

size_t StreetCheck(std::string_view match) {
  // "5 minutes down the road": a preposition or a unit makes it none.
  bool street = true;
  ForEachWord(match,
              [&](std::string_view word, size_t) { return street = !Contains(kNoStreets, word); });
  return street ? match.size() : 0;
}

}  // namespace flywheel::redaction

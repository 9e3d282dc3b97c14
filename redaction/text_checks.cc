#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <nlohmann/json.hpp>

#include "redaction/checks.h"
#include "redaction/given_names.h"

namespace flywheel::redaction {
namespace {

// Words that stand, with a capital, where a name could: "Dear Customer", "I am Interested".
constexpr std::string_view kNoNames[] = {
    "a",           "about",      "account",    "admin",     "afraid",     "again",
    "agent",       "airlines",   "all",        "also",      "am",         "american",
    "amigo",       "amigos",     "amis",       "an",        "and",        "april",
    "asap",        "assistant",  "at",         "august",    "aus",        "australian",
    "back",        "baie",       "bank",       "because",   "best",       "bien",
    "bot",         "british",    "broken",     "bueno",     "but",        "by",
    "calling",     "canadian",   "chatbot",    "chinese",   "claude",     "client",
    "cliente",     "colleague",  "colleagues", "committee", "company",    "confused",
    "correct",     "correctly",  "correcto",   "currently", "customer",   "customers",
    "damen",       "das",        "de",         "december",  "der",        "desk",
    "die",         "different",  "dr",         "dutch",     "editor",     "ein",
    "eine",        "el",         "en",         "english",   "equipo",     "equipe",
    "everyone",    "facing",     "february",   "folks",     "for",        "french",
    "friday",      "friend",     "friends",    "from",      "german",     "getting",
    "going",       "gone",       "good",       "google",    "government", "gpt",
    "guest",       "have",       "having",     "head",      "hello",      "help",
    "hello",       "her",        "herren",     "hi",        "hiring",     "his",
    "how",         "i",          "if",         "in",        "inc",        "incorrect",
    "incorrectly", "indian",     "interested", "invalid",   "irish",      "is",
    "italian",     "it",         "its",        "january",   "japanese",   "july",
    "june",        "just",       "later",      "kunde",     "kundin",     "la",
    "le",          "les",        "listed",     "live",      "llc",        "looking",
    "lord",        "ltd",        "madam",      "manager",   "march",      "may",
    "members",     "misspelled", "misspelt",   "missing",   "mixed",      "monday",
    "month",       "mr",         "mrs",        "ms",        "my",         "na",
    "name",        "new",        "nicht",      "no",        "none",       "not",
    "november",    "now",        "null",       "october",   "of",         "on",
    "only",        "or",         "our",        "pas",       "please",     "prof",
    "really",      "recruiter",  "registered", "regarding", "right",      "same",
    "saturday",    "saying",     "september",  "service",   "shown",      "sir",
    "sirs",        "so",         "sorry",      "spanish",   "spelled",    "spelt",
    "still",       "sunday",     "support",    "sure",      "team",       "teams",
    "thanks",      "that",       "the",        "their",     "there",      "they",
    "this",        "thursday",   "to",         "today",     "tomorrow",   "too",
    "true",        "trying",     "tuesday",    "undefined", "unknown",    "unable",
    "user",        "valued",     "very",       "visible",   "was",        "wednesday",
    "what",        "when",       "where",      "which",     "why",        "with",
    "world",       "writing",    "wrong",      "wrongly",   "yes",        "you",
    "your",        "zu",         "zusammen",   "sehr",      "auf",        "noch",
    "not",         "falsch",     "mal",        "señor",     "señores",    "monsieur",
    "madame",      "mesdames",   "messieurs",  "collègues", "kollegen",   "kolleginnen",
    "que",         "muy",        "mi",         "su",        "un",         "une",
    "ce",          "kein"};

// What a person's name may hold between its words, and what goes on after "this is anna".
constexpr std::string_view kParticles[] = {"al", "da",  "de", "del", "den", "der", "di",
                                           "do", "dos", "la", "ten", "van", "von"};
constexpr std::string_view kNoSurnames[] = {
    "are",   "asking", "back",     "booked", "bought", "can",  "cannot",  "canceled", "cancelled",
    "could", "did",    "does",     "doing",  "done",   "got",  "had",     "has",      "here",
    "hier",  "ici",    "lost",     "need",   "needs",  "once", "ordered", "paid",     "pls",
    "qui",   "sent",   "speaking", "spoke",  "tried",  "und",  "et",      "ed",       "want",
    "wants", "who",    "will",     "would",  "y",      "aquí", "née",     "geb"};

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

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  return lower;
}

// Calls visit(word, begin, end) for each run between spaces; a false ends it.
template <typename Visit>
void ForEachWord(std::string_view text, Visit visit) {
  size_t begin = 0;
  while (begin < text.size()) {
    const size_t end = std::min(text.find_first_of(" \t\n,", begin), text.size());
    if (end > begin && !visit(text.substr(begin, end - begin), end)) return;
    begin = end + 1;
  }
}

// Up to an apostrophe (also the typographic one): "I'll" is "I".
template <size_t N>
bool Contains(const std::string_view (&words)[N], std::string_view word) {
  const std::string lower = Lower(word.substr(0, word.find_first_of(".!?:;'\xE2")));
  return std::find(std::begin(words), std::end(words), lower) != std::end(words);
}

// The words at the beginning that can be a name, and how many.
size_t NamePart(std::string_view match, int& words) {
  size_t size = 0;
  words = 0;
  ForEachWord(match, [&](std::string_view word, size_t end) {
    // "van", "de la" and the like count only with what follows.
    const bool particle = word[0] >= 'a' && word[0] <= 'z' && words > 0 && word.size() < 4;
    if (!particle && Contains(kNoNames, word)) return false;
    if (particle) return true;
    ++words;
    size = end;
    return true;
  });
  // "Anna's" is Anna, and so is "Anna’s".
  for (const std::string_view ending : {"'s", "’s"}) {
    if (size > ending.size() && match.substr(size - ending.size(), ending.size()) == ending) {
      size -= ending.size();
    }
  }
  // "Anna." at the end of a sentence, but "John Q." inside it.
  while (size > 0 && (match[size - 1] == '.' || match[size - 1] == '\'')) --size;
  return size;
}

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

size_t NameCheck(std::string_view match) {
  int words = 0;
  return NamePart(match, words);
}

size_t FullNameCheck(std::string_view match) {
  int words = 0;
  const size_t size = NamePart(match, words);
  return words >= 2 ? size : 0;
}

size_t GivenNameCheck(std::string_view match) {
  // The first word is the given name; the next may be a second one, or the surname, or neither.
  int words = 0;
  size_t size = 0;
  ForEachWord(match, [&](std::string_view word, size_t end) {
    // "anna-maria" and "anna's" begin with Anna.
    const size_t stem = std::min(word.find_first_of("'-\xE2"), word.size());
    const bool given = IsGivenName(word.substr(0, stem));
    if (words == 0 && !given) return false;
    if (words > 0) {
      if (Contains(kParticles, word)) return true;
      if (Contains(kNoNames, word) || Contains(kNoSurnames, word)) return false;
    }
    ++words;
    const bool whole = stem == word.size() || word[stem] == '-' || words > 1;
    size = whole ? end : end - (word.size() - stem);
    // "anna maria keller", but not what anna keller did.
    return whole && (words == 1 || (words == 2 && given));
  });
  return size;
}

size_t PostcodeTownCheck(std::string_view match) {
  // "the 2024 Report", "5000 Units", "10000 Euro": a year, or an amount of something.
  const std::string_view number = match.substr(0, match.find(' '));
  const bool year =
      number.size() == 4 && (number.substr(0, 2) == "19" || number.substr(0, 2) == "20");
  const std::string_view word = match.substr(std::min(match.find(' ') + 1, match.size()));
  return year || Contains(kUnits, word) ? 0 : StreetCheck(match);
}

size_t StreetCheck(std::string_view match) {
  // "5 minutes down the road": a preposition or a unit makes it none.
  bool street = true;
  ForEachWord(match,
              [&](std::string_view word, size_t) { return street = !Contains(kNoStreets, word); });
  return street ? match.size() : 0;
}

}  // namespace flywheel::redaction

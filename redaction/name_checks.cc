#include <string>

#include "redaction/checks.h"
#include "redaction/given_names.h"
#include "redaction/name_lists.h"
#include "redaction/words.h"

namespace flywheel::redaction {
namespace {

// Words that stand, with a capital, where a name could: "Dear Customer", "I am Interested".
constexpr std::string_view kNoNames[] = {
    "a",          "about",      "account",   "admin",      "afraid",      "again",
    "accounts",   "department", "finance",   "human",      "logistics",   "agent",
    "marketing",  "operations", "platform",  "reception",  "sales",       "warehouse",
    "airlines",   "all",        "also",      "am",         "american",    "amigo",
    "amigos",     "amis",       "an",        "and",        "april",       "asap",
    "assistant",  "at",         "august",    "aus",        "australian",  "back",
    "baie",       "bank",       "because",   "best",       "bien",        "bot",
    "british",    "broken",     "bueno",     "but",        "by",          "calling",
    "canadian",   "chatbot",    "chinese",   "claude",     "client",      "cliente",
    "colleague",  "colleagues", "committee", "company",    "confused",    "correct",
    "correctly",  "correcto",   "currently", "customer",   "customers",   "damen",
    "das",        "de",         "december",  "der",        "desk",        "die",
    "different",  "dr",         "dutch",     "editor",     "ein",         "eine",
    "el",         "en",         "english",   "equipo",     "equipe",      "everyone",
    "facing",     "february",   "folks",     "for",        "french",      "friday",
    "friend",     "friends",    "from",      "german",     "getting",     "going",
    "gone",       "good",       "google",    "government", "gpt",         "guest",
    "have",       "having",     "head",      "hello",      "help",        "hello",
    "her",        "herren",     "hi",        "hiring",     "his",         "how",
    "i",          "if",         "in",        "inc",        "incorrect",   "incorrectly",
    "indian",     "interested", "invalid",   "irish",      "is",          "italian",
    "it",         "its",        "january",   "japanese",   "july",        "june",
    "just",       "later",      "kunde",     "kundin",     "la",          "le",
    "les",        "listed",     "live",      "llc",        "looking",     "lord",
    "ltd",        "madam",      "manager",   "march",      "may",         "members",
    "misspelled", "misspelt",   "missing",   "mixed",      "monday",      "month",
    "mr",         "mrs",        "ms",        "my",         "na",          "name",
    "new",        "nicht",      "no",        "none",       "not",         "november",
    "now",        "null",       "october",   "of",         "on",          "only",
    "or",         "our",        "pas",       "please",     "prof",        "really",
    "recruiter",  "registered", "regarding", "right",      "same",        "saturday",
    "saying",     "september",  "service",   "shown",      "sir",         "sirs",
    "so",         "sorry",      "spanish",   "spelled",    "spelt",       "still",
    "sunday",     "support",    "sure",      "team",       "teams",       "thanks",
    "that",       "the",        "their",     "there",      "they",        "this",
    "thursday",   "to",         "today",     "tomorrow",   "too",         "true",
    "trying",     "tuesday",    "undefined", "unknown",    "unable",      "user",
    "valued",     "very",       "visible",   "was",        "wednesday",   "what",
    "when",       "where",      "which",     "why",        "with",        "world",
    "writing",    "wrong",      "wrongly",   "yes",        "you",         "your",
    "zu",         "zusammen",   "sehr",      "auf",        "noch",        "not",
    "falsch",     "mal",        "señor",     "señores",    "monsieur",    "madame",
    "mesdames",   "messieurs",  "collègues", "kollegen",   "kolleginnen", "que",
    "muy",        "mi",         "su",        "un",         "une",         "ce",
    "kein"};

// What a person's name may hold between its words, and what goes on after "this is anna".
constexpr std::string_view kParticles[] = {"al", "da",  "de", "del", "den", "der", "di",
                                           "do", "dos", "la", "ten", "van", "von"};
constexpr std::string_view kNoSurnames[] = {
    "are",   "asking", "back",     "booked", "bought", "can",  "cannot",  "canceled", "cancelled",
    "could", "did",    "does",     "doing",  "done",   "got",  "had",     "has",      "here",
    "hier",  "ici",    "lost",     "need",   "needs",  "once", "ordered", "paid",     "pls",
    "qui",   "sent",   "speaking", "spoke",  "tried",  "und",  "et",      "ed",       "want",
    "wants", "who",    "will",     "would",  "y",      "aquí", "née",     "geb"};

// Words that follow a name in a sentence, in any case: "ANN LEE GOES HOME", "mr. lee called".
constexpr std::string_view kVerbs[] = {
    "appointment", "asked",        "asks",       "bought",      "called",   "calls",     "came",
    "comes",       "confirmed",    "denied",     "explained",   "gave",     "gets",      "gives",
    "goes",        "has",          "helped",     "knows",       "left",     "lives",     "makes",
    "office",      "ordered",      "prescribed", "reported",    "said",     "says",      "seen",
    "sent",        "sees",         "signed",     "started",     "stuck",    "takes",     "talked",
    "thinks",      "told",         "took",       "used",        "visit",    "visited",   "wants",
    "went",        "were",         "works",      "wrote",       "a",        "am",        "as",
    "be",          "been",         "before",     "after",       "call",     "contact",   "details",
    "dob",         "do",           "don",        "email",       "get",      "give",      "had",
    "he",          "she",          "here",       "phone",       "address",  "order",     "since",
    "then",        "thank",        "until",      "us",          "we",       "while",     "will",
    "work",        "age",          "born",       "date",        "gender",   "male",      "female",
    "ssn",         "zip",          "city",       "state",       "country",  "number",    "id",
    "card",        "title",        "job",        "wants",       "needs",    "sometime",  "happy",
    "glad",        "tired",        "late",       "locked",      "ready",    "able",      "also",
    "always",      "almost",       "already",    "angry",       "awaiting", "based",     "being",
    "done",        "even",         "ever",       "every",       "first",    "last",      "lost",
    "married",     "never",        "nobody",     "one",         "out",      "over",      "two",
    "under",       "up",           "waiting",    "worried",     "sick",     "old",       "years",
    "fine",        "okay",         "ok",         "well",        "home",     "hungry",    "inside",
    "outside",     "down",         "upset",      "charged",     "sending",  "using",     "thinking",
    "unhappy",     "disappointed", "frustrated", "traveling",   "string",   "str",       "varchar",
    "text",        "value",        "int",        "required",    "optional", "self",      "self",
    "default",     "test",         "field",      "column",      "n/a",      "anonymous", "admin",
    "root",        "example",      "sample",     "placeholder", "data",     "input",     "output",
    "const",       "let",          "var",        "return",      "function", "class",     "type",
    "object",      "array",        "list",       "dict",        "char",     "nvarchar",  "bool",
    "number",      "select"};

// Letters in capitals, and more than one.
bool IsCapitals(std::string_view word) {
  int upper = 0;
  for (size_t i = 0; i < word.size(); ++i) {
    const auto byte = static_cast<unsigned char>(word[i]);
    if (byte >= 'a' && byte <= 'z') return false;
    const bool after_c3 = i > 0 && static_cast<unsigned char>(word[i - 1]) == 0xC3;
    if (after_c3 && byte >= 0xA0) return false;
    upper += byte >= 'A' && byte <= 'Z' ? 1 : 0;
  }
  return upper > 1;
}

bool IsSmall(std::string_view word) { return word[0] >= 'a' && word[0] <= 'z'; }

// "J." or "Q"
bool IsInitial(std::string_view word) {
  return word[0] >= 'A' && word[0] <= 'Z' &&
         (word.size() == 1 || (word.size() == 2 && word[1] == '.'));
}

bool IsSuffix(std::string_view word) {
  constexpr std::string_view kSuffixes[] = {"jr", "sr",  "ii",  "iii", "iv", "phd", "ph",
                                            "md", "esq", "dds", "dvm", "rn", "mba", "cpa"};
  return !IsSmall(word) && Contains(kSuffixes, word);
}

std::string_view WithoutPoint(std::string_view word) {
  while (!word.empty() && (word.back() == '.' || word.back() == '\'' || word.back() == '-')) {
    word.remove_suffix(1);
  }
  for (const std::string_view ending : {"'s", "’s", "'S"}) {
    if (word.size() > ending.size() && word.substr(word.size() - ending.size()) == ending) {
      word.remove_suffix(ending.size());
    }
  }
  return word;
}

// A name at the beginning of a match, and what is known of it.
struct TakenName {
  size_t size = 0;
  int words = 0;
  bool known = false;     // A given name, or a surname behind another word.
  bool given = false;     // The first word is a given name.
  bool capitals = false;  // All in capitals.
  bool small = false;     // In small letters.
};

// Takes words as long as they can be a name: in a text of capitals or small letters, where a verb
// looks like a surname, one word, or two where one of them is known.
TakenName TakeName(std::string_view match) {
  TakenName name;
  bool ended = false;
  ForEachWord(match, [&](std::string_view raw, size_t end) {
    const std::string_view word = WithoutPoint(raw);
    if (word.empty()) return false;
    const NameWord known = LookUpName(word);
    const bool first = name.words == 0;
    if (first) {
      name.capitals = IsCapitals(word);
      name.small = IsSmall(word);
      name.given = known.given;
    }
    if (!first && IsSuffix(raw) && !name.small) {
      name.size = end - (raw.back() == '.' ? 1 : 0);
      ended = true;
      return false;
    }
    if (ended) return false;
    if (!first && IsInitial(raw)) return name.words < 4;
    if (!first && Contains(kParticles, word)) return name.words < 4;
    const bool capital_surname =
        !first && !name.small && !name.capitals && !IsSmall(word) && known.surname;
    if (!capital_surname && (Contains(kNoNames, word) || Contains(kVerbs, word))) return false;
    if (!first && !capital_surname && Contains(kNoSurnames, word)) return false;
    if (!first && !name.small && IsSmall(word)) return false;
    // "MY NAME IS Ann Lee": capitals and small letters are two texts.
    if (!first && name.capitals && !IsCapitals(word)) return false;
    if (!first && !name.capitals && IsCapitals(word) && !known.surname) return false;
    if (!first && (name.capitals || name.small)) {
      const bool goes_on = name.words == 1 && (name.given || known.surname || known.given);
      const bool all = name.words == 1 && end == match.size();
      const bool third = name.words == 2 && known.surname;
      if (!goes_on && !all && !third) return false;
    }
    name.known = name.known || known.given || (!first && (known.surname || known.doubtful));
    ++name.words;
    name.size = end - (raw.size() - word.size());
    // "Anna's" ends a name; so does a point behind a whole word, but not that of "St.".
    return raw.size() == word.size() && name.words < 5;
  });
  return name;
}

}  // namespace

size_t NameCheck(std::string_view match) { return TakeName(match).size; }

size_t FullNameCheck(std::string_view match) {
  const TakenName name = TakeName(match);
  if (name.capitals || name.small) return name.given && name.words >= 2 ? name.size : 0;
  return name.words >= 2 || name.given ? name.size : 0;
}

size_t KnownNameCheck(std::string_view match) {
  const TakenName name = TakeName(match);
  if (name.small) return 0;
  if (name.capitals) return name.given && name.words >= 2 ? name.size : 0;
  return name.known ? name.size : 0;
}

size_t FieldNameCheck(std::string_view match) {
  const TakenName name = TakeName(match);
  return !name.small || LookUpName(match.substr(0, match.find(' '))).known() ? name.size : 0;
}

size_t TellingNameCheck(std::string_view match) {
  const TakenName name = TakeName(match);
  const bool known = LookUpName(match.substr(0, match.find_first_of(" .,;"))).known();
  return known || !(name.small || (name.capitals && name.words == 1)) ? name.size : 0;
}

size_t TitledNameCheck(std::string_view match) {
  const TakenName name = TakeName(match);
  if (name.size < 2) return 0;
  // "Dr. Pepper", "Captain America" are no persons.
  constexpr std::string_view kBrands[] = {"america", "clean",  "crunch", "martens", "oetker",
                                          "pepper",  "scholl", "softee", "universe"};
  if (Contains(kBrands, match.substr(0, match.find_first_of(" '")))) return 0;
  // "Mr and Mrs who booked"
  if (name.small && Contains(kNoSurnames, match.substr(0, match.find(' ')))) return 0;
  // Behind a title stands a surname; what follows it in capitals is a verb or an object.
  if (name.capitals && name.words > 1 && !name.given) return match.find(' ');
  return name.size;
}

size_t ReversedNameCheck(std::string_view match) {
  const size_t comma = match.find(',');
  const std::string_view given =
      match.substr(std::min(match.find_first_not_of(", ", comma), match.size()));
  return LookUpName(given).given ? match.size() : 0;
}

size_t GivenNameCheck(std::string_view match) {
  // The first word is the given name; the next may be a second one, or the surname, or neither.
  int words = 0;
  size_t size = 0;
  ForEachWord(match, [&](std::string_view word, size_t end) {
    // "anna-maria", "anna's" and "anna. hello" begin with Anna.
    const size_t stem = std::min(word.find_first_of("'-.\xE2"), word.size());
    const bool given = IsGivenName(word.substr(0, stem));
    if (words == 0 && !given) return false;
    if (words > 0) {
      if (Contains(kParticles, word)) return true;
      if (Contains(kNoNames, word) || Contains(kNoSurnames, word) || Contains(kVerbs, word)) {
        return false;
      }
    }
    ++words;
    const bool whole = stem == word.size() || word[stem] == '-' || words > 1;
    size = whole ? end : end - (word.size() - stem);
    // "anna maria keller", but not what anna keller did.
    return whole && (words == 1 || (words == 2 && given));
  });
  for (const std::string_view ending : {"'s", "’s"}) {
    if (size > ending.size() && match.substr(size - ending.size(), ending.size()) == ending) {
      size -= ending.size();
    }
  }
  return size;
}

}  // namespace flywheel::redaction

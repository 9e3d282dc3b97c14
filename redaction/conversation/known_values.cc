#include "redaction/conversation/known_values.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "redaction/conversation/words.h"
#include "redaction/given_names.h"
#include "redaction/surroundings.h"

namespace flywheel::redaction {
namespace {

// A longer value is found by what found it first, or not at all.
constexpr size_t kMaxWords = 16;
constexpr size_t kMaxValueBytes = 200;
constexpr size_t kMaxGap = 4;
constexpr size_t kMinSpreadBytes = 6;
constexpr size_t kMinPostcodeBytes = 5;

// The end of the word that begins at `place`.
size_t WordEnd(std::string_view text, size_t place) {
  while (place < text.size() && IsWordByte(text[place])) ++place;
  return place;
}

// Appends what stands between two words: any white space is one space.
void AppendGap(std::string_view gap, std::string& key) {
  const bool space = gap.find_first_not_of(" \t\r\n") == std::string_view::npos;
  key.append(space ? " " : gap);
}

// The key of a value: its words, and what is between them; empty where it is too long.
std::string KeyOf(std::string_view value, size_t& words, std::string& first) {
  words = 0;
  std::string key;
  if (value.size() > kMaxValueBytes) return key;
  const auto next_word = [&](size_t place) {
    while (place < value.size() && !IsWordByte(value[place])) ++place;
    return place;
  };
  for (size_t place = next_word(0); place < value.size();) {
    const size_t end = WordEnd(value, place);
    key += Folded(value.substr(place, end - place));
    if (words++ == 0) first = key;
    place = next_word(end);
    if (place == value.size()) break;
    if (place - end > kMaxGap || words == kMaxWords) return {};
    AppendGap(value.substr(end, place - end), key);
  }
  return key;
}

// Does a sentence begin at `place`, or a line, or the text?
bool BeginsSentence(std::string_view text, size_t place) {
  while (place > 0 && std::string_view(" \t\"'(*_-").find(text[place - 1]) != text.npos) --place;
  return place == 0 || std::string_view(".!?:\n\r").find(text[place - 1]) != std::string_view::npos;
}

// Does what stands behind a word that begins a sentence say that a person is meant: "Will, there
// are two items", "Grace here"?
bool IsSpokenTo(std::string_view text, size_t end) {
  if (text.substr(end, 1) == "," || text.substr(end, 1) == "!") return true;
  return text.substr(end, 5) == " here" && (end + 5 == text.size() || !IsWordByte(text[end + 5]));
}

// Words of two letters that are no name with a capital either.
bool IsShortWord(std::string_view word) {
  constexpr std::string_view kWords[] = {
      "am", "an", "as", "at", "be", "by", "da", "de", "di", "do", "du", "el", "en", "er",
      "es", "he", "id", "if", "il", "in", "is", "it", "je", "la", "le", "me", "my", "no",
      "of", "ok", "on", "or", "pm", "so", "to", "un", "up", "us", "we", "zu"};
  return std::binary_search(std::begin(kWords), std::end(kWords), word);
}

// May this value be looked for elsewhere?
bool IsTelling(DataType type, std::string_view value) {
  const size_t digits = CountDigits(value);
  const size_t letters = CountLetters(value);
  switch (type) {
    case DataType::kName:
      return letters >= 2;
    case DataType::kUserId:
      // "42" and "admin" are other things, too.
      if (SaysNothing(Folded(value)) || IsSentenceWord(Folded(value))) return false;
      return letters == 0 ? digits >= kMinSpreadBytes : value.size() >= 4;
    case DataType::kAddress:
      return digits > 0 && value.size() >= (letters == 0 ? kMinPostcodeBytes : kMinSpreadBytes);
    case DataType::kBirthDate:
      return digits >= 5 && value.size() >= kMinSpreadBytes;
    case DataType::kPassword:
      return value.size() >= kMinSpreadBytes && (digits > 0 || letters < value.size());
    default:
      return value.size() >= kMinSpreadBytes;
  }
}

}  // namespace

std::string NormalisedValue(DataType type, std::string_view value) {
  const bool number = type == DataType::kPhone || type == DataType::kCard ||
                      type == DataType::kIban || type == DataType::kNationalId ||
                      type == DataType::kPassport || type == DataType::kDriverLicense;
  std::string normalised;
  char before = 0;
  for (const char c : value) {
    if (number && std::string_view(" -./()").find(c) != std::string_view::npos) continue;
    normalised += FoldByte(before, c);
    before = c;
  }
  return normalised;
}

size_t KnownValues::Root(size_t person) const {
  while (persons_[person].same_as != person) person = persons_[person].same_as;
  return person;
}

size_t KnownValues::PersonOf(DataType type, std::string_view label, std::string_view value) {
  const auto [known, is_new] = by_value_.try_emplace(NormalisedValue(type, value), persons_.size());
  if (is_new) persons_.push_back({type, label, persons_.size(), {}});
  return known->second;
}

void KnownValues::Look(std::string_view text, Place place) {
  size_t words = 0;
  std::string first;
  const std::string key = KeyOf(text, words, first);
  if (key.empty()) return;
  begins_[static_cast<unsigned char>(first[0])] = true;
  // The first byte of "É" is the same in either case.
  if (first[0] >= 'a' && first[0] <= 'z') begins_[static_cast<unsigned char>(first[0] - 32)] = true;
  size_t& most = max_words_[first];
  most = std::max(most, words);
  places_.try_emplace(key, place);
}

void KnownValues::Add(DataType type, std::string_view label, std::string_view value,
                      Spread spread) {
  value = Trimmed(value);
  if (value.empty()) return;
  const size_t person = PersonOf(type, label, value);
  if (spread == Spread::kNone || !IsTelling(type, value)) return;
  const bool is_name = type == DataType::kName;
  size_t words = 0;
  std::string first;
  const std::string key = KeyOf(value, words, first);
  const auto place = places_.find(key);
  if (place == places_.end() || place->second.is_part) {
    if (place != places_.end()) places_.erase(place);
    Look(value, {person, is_name, is_name && words == 1});
    if (type == DataType::kAddress) LookForParts(value, person);
  }
  // What was known as a whole may be told to be a person's name later.
  if (!is_name || spread != Spread::kParts || words < 2) return;
  if (!spread_by_parts_.insert(key).second) return;
  // First and last word; "Lee, Ann" has the same two.
  FullName name{person, {first}};
  const size_t last = key.find_last_of(" ,.-'");
  name.parts.push_back(last == std::string::npos ? key : key.substr(last + 1));
  full_names_.push_back(std::move(name));
}

void KnownValues::LookForParts(std::string_view address, size_t person) {
  // "12 Elm Grove, Apt. 4, 10115 Berlin" is spoken of as "12 Elm Grove".
  size_t begin = 0;
  for (size_t i = 0; i <= address.size(); ++i) {
    if (i < address.size() && address[i] != ',' && address[i] != '\n') continue;
    const std::string_view part = Trimmed(address.substr(begin, i - begin));
    begin = i + 1;
    if (part.size() == address.size()) return;
    const size_t letters = CountLetters(part);
    if (letters >= 3 && CountDigits(part) > 0 && part.size() >= kMinSpreadBytes) {
      Look(part, {person, false, false});
    }
  }
}

void KnownValues::Resolve() {
  if (resolved_ == full_names_.size()) return;
  resolved_ = full_names_.size();
  // A part of one full name is its person; of two, a person of its own.
  absl::flat_hash_map<std::string_view, std::vector<size_t>> owners;
  for (const FullName& name : full_names_) {
    for (const std::string& part : name.parts) {
      std::vector<size_t>& of = owners[part];
      if (of.size() < 2 && (of.empty() || of[0] != name.person)) of.push_back(name.person);
    }
  }
  for (const FullName& name : full_names_) {
    for (const std::string& part : name.parts) {
      if (CountLetters(part) < 2 || IsShortWord(part)) continue;
      const size_t person = PersonOf(DataType::kName, persons_[name.person].label, part);
      // One that has its number already keeps it, and the full name takes it over.
      if (owners[part].size() == 1 && persons_[person].type == DataType::kName) {
        const size_t one = Root(person), other = Root(name.person);
        const bool free = persons_[other].placeholder.empty() || persons_[one].placeholder.empty();
        if (one != other && free) {
          const bool keeps_one = !persons_[one].placeholder.empty();
          persons_[keeps_one ? other : one].same_as = keeps_one ? one : other;
        }
      }
      Look(part, {person, true, true});
    }
  }
  // "ann.lee", as in an address of hers.
  for (const FullName& name : full_names_) {
    if (name.parts.size() < 2 || name.parts[0].size() < 2) continue;
    for (const char* gap : {".", "_", "-", ""}) {
      const std::string joined = name.parts[0] + gap + name.parts[1];
      if (joined.size() >= kMinSpreadBytes) Look(joined, {name.person, false, false});
    }
  }
}

bool KnownValues::Counts(std::string_view text, size_t begin, size_t end, const Place& place,
                         bool in_text) const {
  const std::string_view value = text.substr(begin, end - begin);
  if (!IsWholeToken(text, begin, end) || TouchesPlaceholder(text, begin, end)) return false;
  if (CountDigits(value) == value.size() && value.size() < kMinSpreadBytes) {
    // A postcode, and no price or number of an order; in JSON neither an item nor a value.
    if (begin == 0) return in_text;
    if (std::string_view("$#.,/-").find(text[begin - 1]) != std::string_view::npos) return false;
    return in_text || (text[begin - 1] == ' ' && begin > 1 &&
                       std::string_view(":,[").find(text[begin - 2]) == std::string_view::npos);
  }
  if (!place.is_name) return true;
  const std::string folded = Folded(value);
  const bool capital = IsCapitalised(value);
  if (!place.is_part) {
    // "will may": two words that are no name without their capitals.
    const size_t gap = folded.find(' ');
    return capital || gap == std::string::npos || !IsWordAndName(folded.substr(0, gap)) ||
           !IsWordAndName(folded.substr(gap + 1));
  }
  // "MIA" is an airport, and "WILL" a word in capitals.
  const bool given = IsGivenName(folded);
  const bool shouts = value.size() > 1 && value.back() >= 'A' && value.back() <= 'Z';
  const bool common =
      IsWordAndName(folded) || (IsSentenceWord(folded) && !given) || folded.size() == 2;
  if (common) {
    return capital && !shouts && (!BeginsSentence(text, begin) || IsSpokenTo(text, end));
  }
  return folded.size() > 3 || (capital && !shouts) || (given && !capital);
}

void KnownValues::FindIn(std::string_view text, bool in_text,
                         std::vector<PersonalSpan>& spans) const {
  if (places_.empty()) return;
  std::string key;
  for (size_t place = 0; place < text.size();) {
    if (!IsWordByte(text[place])) {
      ++place;
      continue;
    }
    size_t end = WordEnd(text, place);
    const size_t next = end;
    if (!begins_[static_cast<unsigned char>(text[place])] || end - place > kMaxValueBytes) {
      place = next;
      continue;
    }
    key = Folded(text.substr(place, end - place));
    const auto most = max_words_.find(key);
    size_t found = 0;
    const Place* what = nullptr;
    // The longest that is known: a word more each time.
    for (size_t words = 1; most != max_words_.end() && words <= most->second; ++words) {
      const auto known = places_.find(key);
      if (known != places_.end() && Counts(text, place, end, known->second, in_text)) {
        found = end;
        what = &known->second;
      }
      size_t begin = end;
      while (begin < text.size() && begin - end <= kMaxGap && !IsWordByte(text[begin])) ++begin;
      if (begin == text.size() || begin - end > kMaxGap || key.size() > kMaxValueBytes) break;
      AppendGap(text.substr(end, begin - end), key);
      end = std::min(WordEnd(text, begin), begin + kMaxValueBytes);
      key += Folded(text.substr(begin, end - begin));
    }
    if (what == nullptr) {
      place = next;
      continue;
    }
    const Person& person = persons_[Root(what->person)];
    spans.push_back({place, found, person.type, person.label, Spread::kNone, false});
    place = found;
  }
}

std::string KnownValues::Placeholder(DataType type, std::string_view label,
                                     std::string_view value) {
  // Where a known value was found the way to its person leads over its words.
  size_t words = 0;
  std::string first;
  size_t person = persons_.size();
  if (const auto known = by_value_.find(NormalisedValue(type, Trimmed(value)));
      known != by_value_.end()) {
    person = known->second;
  } else if (const auto place = places_.find(KeyOf(value, words, first)); place != places_.end()) {
    person = place->second.person;
  } else {
    person = PersonOf(type, label, Trimmed(value));
  }
  Person& root = persons_[Root(person)];
  if (root.placeholder.empty()) {
    root.placeholder = fmt::format("[{}_{}]", root.label, ++last_numbers_[std::string(root.label)]);
  }
  return root.placeholder;
}

void KnownValues::SkipNumbers(std::string_view text) {
  for (size_t place = text.find('['); place != std::string_view::npos;
       place = text.find('[', place + 1)) {
    const size_t size = PlaceholderAt(text, place);
    if (size == 0) continue;
    const std::string_view inside = text.substr(place + 1, size - 2);
    const size_t split = inside.rfind('_');
    // A number of more digits is none that we would reach.
    if (inside.size() - split > 10) continue;
    int64_t number = 0;
    for (const char c : inside.substr(split + 1)) number = number * 10 + (c - '0');
    int64_t& last = last_numbers_[std::string(inside.substr(0, split))];
    last = std::max(last, number);
  }
}

}  // namespace flywheel::redaction

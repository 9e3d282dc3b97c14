// Names that nothing announces: a given name, and behind it a word that is written like a surname.
#include <algorithm>
#include <cstdint>
#include <string>

#include "redaction/full_name_words.h"
#include "redaction/name_lists.h"
#include "redaction/scans.h"
#include "redaction/words.h"

namespace flywheel::redaction {
namespace {

constexpr size_t kSentenceBytes = 96;  // How far a headline is looked at, to either side.

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
    if (IsUpper(text[place]) || IsLower(text[place])) {
      ++place;
      continue;
    }
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

// "Konrad-Adenauer-Stiftung", "Heinrich-Heine-Universität": a house that is called by a person.
bool IsCompound(std::string_view word) {
  const size_t dash = word.rfind('-');
  return dash != std::string_view::npos && IsInstitution(LowerAscii(word.substr(dash + 1)));
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
  constexpr std::string_view kBeginnings = "vdlbietzay";
  for (int i = 0; i < 2; ++i) {
    if (place >= text.size() || kBeginnings.find(text[place]) == std::string_view::npos) break;
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
bool IsInHeadline(std::string_view text, size_t begin, size_t end, size_t& headline_end) {
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
  headline_end = last;
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

// "Lee Cooper jeans", "Addison's disease", "Will Smith & Sons", "Roe v. Wade": words beside a name
// that make a thing, a firm or a case of it.
bool BelongsToThing(std::string_view text, size_t begin, size_t end) {
  const std::string_view before =
      text.substr(begin - std::min<size_t>(begin, 4), std::min<size_t>(begin, 4));
  if (before.ends_with(" v. ") || before.ends_with("vs. ")) return true;
  size_t place = end;
  if (text.substr(place, 2) == "'s") place += 2;
  const std::string_view rest = text.substr(place);
  if (rest.substr(0, 4) == " v. " || rest.substr(0, 4) == " vs.") return true;
  if (IsFirmBehind(rest)) return true;
  if (rest.substr(0, 1) != " ") return false;
  return IsProduct(text.substr(place + 1, WordEnd(text, place + 1) - place - 1));
}

// The end of the name that begins at `begin`; 0 for none.
size_t NameEnd(std::string_view text, size_t begin) {
  const size_t first_end = WordEnd(text, begin);
  const size_t gap = SkipBlanks(text, first_end);
  if (gap == std::string_view::npos) return 0;
  const std::string_view first = text.substr(begin, first_end - begin);
  if (!IsNameShaped(first) || IsCompound(first)) return 0;
  size_t next = SkipParticles(text, gap);
  if (!IsCapital(text, next)) return 0;
  const NameWord given = LookUpName(first);
  if (!given.given && !given.doubtful) return 0;
  size_t end = WordEnd(text, next);
  std::string_view surname = text.substr(next, end - next);
  NameWord known = LookUpName(surname);
  if (!IsNameShaped(surname) || (!given.given && !known.surname)) return 0;
  // "Michael Hall" is a person, "98 Michael Hall" a street.
  const bool behind_number =
      begin > 1 && text[begin - 1] == ' ' && text[begin - 2] >= '0' && text[begin - 2] <= '9';
  if (MakesNoName(LowerAscii(surname)) && (!known.surname || !given.given || behind_number)) {
    return 0;
  }
  if (CalledLikePerson(text.substr(begin, end - begin)) || BelongsToThing(text, begin, end)) {
    return 0;
  }
  // A second given name, or a second surname: "Anna Maria Keller", "Carlos García López".
  for (int i = 0; i < 2; ++i) {
    const size_t third_gap = SkipBlanks(text, end);
    if (third_gap == std::string_view::npos) break;
    next = SkipParticles(text, third_gap);
    const size_t third_end = WordEnd(text, next);
    const std::string_view third = text.substr(next, third_end - next);
    const NameWord third_known = LookUpName(third);
    if (!IsNameShaped(third) || MakesNoName(LowerAscii(third))) break;
    if (!third_known.surname && !(known.given && !known.surname)) break;
    known = third_known;
    end = third_end;
  }
  if (BelongsToThing(text, begin, end)) return 0;
  // "Anna Lee Road" is one, and "Ann Taylor Inc." a firm.
  const size_t behind = SkipBlanks(text, end);
  if (behind != std::string_view::npos && IsCapital(text, behind)) {
    const size_t behind_end = WordEnd(text, behind);
    const std::string_view word = text.substr(behind, behind_end - behind);
    if (IsNameShaped(word) && !LookUpName(word).known() && MakesNoName(LowerAscii(word))) return 0;
  }
  return end;
}

// The word that ends at `end`, up to a blank; empty where something else stands there.
std::string_view WordBefore(std::string_view text, size_t begin) {
  size_t end = begin;
  if (end > 0 && text[end - 1] == ' ') --end;
  if (end > 0 && end < begin && text[end - 1] == '.') --end;
  size_t first = end;
  while (first > 0 && end - first < 16 && IsLetter(text[first - 1])) --first;
  return end == begin ? std::string_view() : text.substr(first, end - first);
}

// The end of a name whose first word no list has: a surname of the list behind it, in a sentence
// about a person; 0 for none.
size_t StrangeNameEnd(std::string_view text, size_t begin, std::string_view before) {
  const size_t first_end = WordEnd(text, begin);
  const std::string_view first = text.substr(begin, first_end - begin);
  if (first.size() < 3 || !IsNameShaped(first) || text.substr(first_end, 1) != " ") return 0;
  const size_t next = SkipParticles(text, first_end + 1);
  if (!IsCapital(text, next)) return 0;
  const size_t end = WordEnd(text, next);
  const std::string_view surname = text.substr(next, end - next);
  if (!IsNameShaped(surname) || MakesNoName(LowerAscii(surname))) return 0;
  if (end + 1 < text.size() && text[end] == ' ' && IsCapital(text, end + 1)) return 0;
  const bool told = !before.empty() && IsLower(before[0]) && IsPersonBefore(before);
  const std::string_view behind =
      text.substr(end, 1) == " " ? text.substr(end + 1, WordEnd(text, end + 1) - end - 1) : "";
  const bool tells =
      !behind.empty() && IsPersonBehind(behind) && !before.empty() && IsLower(before[0]);
  if ((!told && !tells) || IsNoNameBefore(LowerAscii(first)) || MakesNoName(LowerAscii(first))) {
    return 0;
  }
  return LookUpName(surname).surname ? end : 0;
}

// "Hertz, Pascal and Henry", "Logan or Dulles": what "and" joins to a word with a capital that is
// no given name is none either.
bool EndsListOfThings(std::string_view text, size_t begin, std::string_view before) {
  if (before != "and" && before != "or" && before != "und" && before != "et" && before != "y") {
    return false;
  }
  const auto joint = static_cast<size_t>(before.data() - text.data());
  const std::string_view item = WordBefore(text.substr(0, begin), joint);
  if (item.size() < 2 || !IsUpper(item[0])) return false;
  const NameWord known = LookUpName(item);
  return !known.given && !known.doubtful;
}

// "Davis, Howard and Black": three surnames, of which one is no given name, are a firm.
bool IsOfFirm(std::string_view text, size_t begin, size_t end) {
  constexpr size_t kMostBytes = 48;
  size_t first = begin, last = end;
  const auto in_list = [&](char c) { return IsLetter(c) || c == ',' || c == ' ' || c == '-'; };
  while (first > 0 && begin - first < kMostBytes && in_list(text[first - 1])) --first;
  while (last < text.size() && last - end < kMostBytes && in_list(text[last])) ++last;
  // The words with a capital up to the next one without, but for "and".
  size_t words = 0, surnames = 0, only = 0;
  bool commas = false, joined = false, own = false;
  const auto is_firm = [&] {
    return own && commas && joined && words == 3 && surnames == 3 && only > 0;
  };
  bool firm = false;
  const std::string_view part = text.substr(first, last - first);
  ForEachWord(part, [&](std::string_view word, size_t word_end) {
    if (IsCapital(word, 0)) {
      const NameWord known = LookUpName(word);
      ++words;
      surnames += known.surname ? 1U : 0U;
      only += known.surname && !known.given ? 1U : 0U;
      own = own || first + word_end == end;
      commas = commas || (word_end < part.size() && part[word_end] == ',');
      return true;
    }
    const bool joins = word == "and" || word == "und" || word == "et" || word == "y";
    if (joins && words == 2 && commas) {
      joined = true;
      return true;
    }
    firm = firm || is_firm();
    words = surnames = only = 0;
    commas = joined = own = false;
    return true;
  });
  return firm || is_firm();
}

// The end of a given name that stands alone at `begin`, in a sentence about a person; 0 for none.
size_t LoneNameEnd(std::string_view text, size_t begin, std::string_view before) {
  const size_t end = WordEnd(text, begin);
  const std::string_view word = text.substr(begin, end - begin);
  if (end - begin < 3 || !IsNameShaped(word) || IsCompound(word)) return 0;
  const std::string_view rest = text.substr(end, 2);
  // No code, file or path, and no first part of a longer name.
  if (!rest.empty() && std::string_view(" ,.!?;\n'\xE2").find(rest[0]) == rest.npos) return 0;
  if (rest.size() == 2 && rest[0] == '.' && IsLetter(rest[1])) return 0;
  if (rest.size() == 2 && rest[0] == ' ' && !IsLower(rest[1])) return 0;
  // "Luigi's Mansion" is a thing.
  if (text.substr(end, 3) == "'s " && IsCapital(text, end + 3)) return 0;
  const bool told = !before.empty() && IsLower(before[0]) && IsPersonBefore(before) &&
                    !EndsListOfThings(text, begin, before);
  const std::string_view behind = rest.starts_with(' ')
                                      ? text.substr(end + 1, WordEnd(text, end + 1) - end - 1)
                                      : std::string_view();
  const bool tells = !behind.empty() && IsPersonBehind(behind) &&
                     (before.empty() || IsLower(before[0])) &&
                     !EndsListOfThings(text, begin, before);
  if ((!told && !tells) || BelongsToThing(text, begin, end)) return 0;
  if (IsOfFirm(text, begin, end)) return 0;
  // "Anna-Maria" is one, and "Johnson-Garcia" a firm as likely.
  const size_t dash = word.find('-');
  if (dash != std::string_view::npos && !LookUpName(word.substr(dash + 1)).given) return 0;
  // Both are wanted of a name that is a surname or a word as well.
  const NameWord known = LookUpName(word);
  return known.given && !known.doubtful ? end : 0;
}

size_t EndOfName(std::string_view text, size_t begin, bool listed) {
  const std::string_view before = WordBefore(text, begin);
  if (IsNoNameBefore(LowerAscii(before)) || IsInstitution(before)) return 0;
  if (!listed) return StrangeNameEnd(text, begin, before);
  // "West George" is a town.
  const std::string_view word = text.substr(begin, WordEnd(text, begin) - begin);
  if (IsNoNameBefore(LowerAscii(word)) && !LookUpName(word).given) return 0;
  const size_t end = NameEnd(text, begin);
  return end > 0 ? end : LoneNameEnd(text, begin, before);
}

}  // namespace

void ScanFullNames(std::string_view text, Found found) {
  for (size_t i = 0; i + 3 < text.size(); ++i) {
    const char c = text[i];
    if (!IsUpper(c) && !IsHigh(c)) continue;
    const char before = i == 0 ? ' ' : text[i - 1];
    const bool starts =
        !IsLetter(before) &&
        std::string_view("0123456789_-@./\\#$&").find(before) == std::string_view::npos;
    if (!starts || (!IsUpper(c) && !IsHighUpper(text, i))) continue;
    // Most words with a capital only begin a sentence.
    const size_t word_end = WordEnd(text, i);
    const std::string_view word = text.substr(i, word_end - i);
    size_t end = 0;
    if (IsNameShaped(word)) {
      const NameWord known = LookUpName(word);
      const bool goes_on = word_end + 1 < text.size() && text[word_end] == ' ';
      const bool listed = known.given || known.doubtful;
      if (listed || (goes_on && IsCapital(text, word_end + 1))) end = EndOfName(text, i, listed);
    }
    if (end == 0) {
      i = std::max(i, word_end - 1);
      continue;
    }
    size_t headline_end = 0;
    if (IsInHeadline(text, i, end, headline_end)) {
      i = std::max(i, headline_end - 1);
      continue;
    }
    found(i, end);
    i = end - 1;
  }
}

}  // namespace flywheel::redaction

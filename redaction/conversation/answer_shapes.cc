#include "redaction/conversation/answer_shapes.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <string>

#include "redaction/conversation/words.h"

namespace flywheel::redaction {
namespace {

// Beginnings of months, in lower case.
constexpr std::string_view kMonths[] = {
    "jan", "feb", "mar", "mär", "apr", "may", "mai", "jun", "jul", "aug", "sep", "oct", "okt",
    "nov", "dec", "dez", "fév", "fev", "avr", "jui", "aoû", "aou", "déc", "ene", "abr", "ago",
    "set", "dic", "gen", "mag", "giu", "lug", "ott", "out", "maa", "mei", "mrt"};

bool IsMonth(std::string_view word) {
  const std::string folded = Folded(word);
  if (word.size() > 12 || CountDigits(word) > 0) return false;
  return std::any_of(std::begin(kMonths), std::end(kMonths), [&](std::string_view month) {
    return folded.compare(0, month.size(), month) == 0;
  });
}

bool IsDateLink(std::string_view word) {
  constexpr std::string_view kLinks[] = {"of", "the", "de", "del", "di", "do", "van"};
  const std::string folded = Folded(word);
  return std::find(std::begin(kLinks), std::end(kLinks), folded) != std::end(kLinks);
}

// "3", "3rd", "1er", "12", "1987".
bool IsDateNumber(std::string_view word) {
  const size_t digits = CountDigits(word);
  if (digits == 0 || digits > 4 || digits == 3 || !IsAsciiDigit(word[0])) return false;
  const std::string rest = Folded(word.substr(digits));
  constexpr std::string_view kEnds[] = {"", "st", "nd", "rd", "th", "er", "º", "ª", "e", "°"};
  return std::find(std::begin(kEnds), std::end(kEnds), rest) != std::end(kEnds);
}

std::vector<Piece> WordsIn(std::string_view text) {
  std::vector<Piece> words;
  for (size_t place = 0; place < text.size();) {
    if (!IsWordByte(text[place])) {
      ++place;
      continue;
    }
    const size_t begin = place;
    while (place < text.size() && IsWordByte(text[place])) ++place;
    words.push_back({begin, place});
  }
  return words;
}

std::string_view Cut(std::string_view text, Piece piece) {
  return text.substr(piece.begin, piece.end - piece.begin);
}

bool AllOf(std::string_view text, std::string_view bytes) {
  return text.find_first_not_of(bytes) == std::string_view::npos;
}

// The end of the mailbox whose local part is words[i]; 0 for none.
size_t MailboxEnd(std::string_view text, const std::vector<Piece>& words, size_t i) {
  const auto between = [&](size_t j) {
    return text.substr(words[j].end, words[j + 1].begin - words[j].end);
  };
  // Local part: words with dots, or "dot", between.
  size_t at = i;
  while (at + 1 < words.size() && (between(at) == "." || between(at) == "-")) ++at;
  while (at + 2 < words.size() && Folded(Cut(text, words[at + 1])) == "dot") at += 2;
  if (at + 2 >= words.size()) return 0;
  size_t domain = at + 1;
  const std::string link = Folded(Cut(text, words[domain]));
  constexpr std::string_view kAts[] = {"at",          "arobase", "arroba",      "chiocciola",
                                       "klammeraffe", "ät",      "apenstaartje"};
  if (std::find(std::begin(kAts), std::end(kAts), link) != std::end(kAts)) {
    if (!AllOf(between(at), " ([<{") || !AllOf(between(domain), " )]>}")) return 0;
    ++domain;
  } else if (between(at) != "@") {
    return 0;
  }
  // Domain: at least one dot.
  size_t last = domain;
  constexpr std::string_view kDots[] = {"dot", "punkt", "point", "punto", "ponto", "punt"};
  while (last + 1 < words.size()) {
    const std::string next = Folded(Cut(text, words[last + 1]));
    if (between(last) == "." || between(last) == "-") {
      ++last;
    } else if (last + 2 < words.size() &&
               std::find(std::begin(kDots), std::end(kDots), next) != std::end(kDots) &&
               AllOf(between(last), " ([") && AllOf(between(last + 1), " )]")) {
      last += 2;
    } else {
      break;
    }
  }
  return last > domain ? words[last].end : 0;
}

}  // namespace

std::vector<Piece> DatesIn(std::string_view text) {
  std::vector<Piece> dates;
  const std::vector<Piece> words = WordsIn(text);
  for (size_t i = 0; i < words.size();) {
    size_t numbers = 0, months = 0, last = i, digits = 0;
    for (size_t j = i; j < words.size() && j < i + 7; ++j) {
      const std::string_view word = Cut(text, words[j]);
      if (j > i &&
          !AllOf(text.substr(words[j - 1].end, words[j].begin - words[j - 1].end), " .,/-")) {
        break;
      }
      if (IsDateNumber(word) && numbers < 3) {
        ++numbers;
        digits += CountDigits(word);
      } else if (IsMonth(word) && months == 0) {
        ++months;
      } else if (j > i && IsDateLink(word)) {
        continue;
      } else {
        break;
      }
      last = j;
    }
    const bool is_date = months == 1 ? numbers > 0 : numbers == 3 && digits >= 5;
    if (is_date) dates.push_back({words[i].begin, words[last].end});
    i = is_date ? last + 1 : i + 1;
  }
  return dates;
}

std::vector<Piece> MailboxesIn(std::string_view text) {
  std::vector<Piece> mailboxes;
  const std::vector<Piece> words = WordsIn(text);
  for (size_t i = 0; i < words.size(); ++i) {
    if (!mailboxes.empty() && words[i].begin < mailboxes.back().end) continue;
    const size_t end = MailboxEnd(text, words, i);
    if (end > 0) mailboxes.push_back({words[i].begin, end});
  }
  return mailboxes;
}

std::vector<Piece> CodesIn(std::string_view text) {
  std::vector<Piece> codes;
  bool last_is_code = false;
  const std::vector<Piece> words = WordsIn(text);
  for (const Piece word : words) {
    const std::string_view letters = Cut(text, word);
    const bool has_digit = CountDigits(letters) > 0;
    // "SW1A 1AA", "AB 12 34 56 C": short capitals belong to the code beside them.
    const bool is_short =
        letters.size() <= 3 && Folded(letters) != letters &&
        std::none_of(letters.begin(), letters.end(), [](char c) { return c >= 'a' && c <= 'z'; });
    const bool joins =
        !codes.empty() && codes.back().begin < codes.back().end &&
        AllOf(text.substr(codes.back().end, word.begin - codes.back().end), " -./()") &&
        word.begin - codes.back().end <= 2;
    if ((has_digit || is_short) && joins && (last_is_code || has_digit)) {
      codes.back().end = word.end;
      last_is_code = last_is_code || has_digit;
    } else if (has_digit || is_short) {
      codes.push_back(word);
      last_is_code = has_digit;
    } else {
      // A letter alone, as "I", begins nothing by itself.
      if (!codes.empty() && !last_is_code) codes.pop_back();
      codes.push_back({word.end, word.end});
      last_is_code = false;
    }
  }
  codes.erase(std::remove_if(codes.begin(), codes.end(),
                             [&](Piece code) { return CountDigits(Cut(text, code)) == 0; }),
              codes.end());
  for (Piece& code : codes) {
    // "(415) 555" and "+49 30" begin with what stands before the digit.
    while (code.begin > 0 && (text[code.begin - 1] == '(' || text[code.begin - 1] == '+')) {
      --code.begin;
    }
  }
  return codes;
}

std::vector<Piece> IdsIn(std::string_view text) {
  std::vector<Piece> ids;
  for (const Piece word : WordsIn(text)) {
    const bool joins = !ids.empty() && word.begin - ids.back().end == 1 &&
                       std::string_view(".-@").find(text[word.begin - 1]) != text.npos;
    if (joins) {
      ids.back().end = word.end;
    } else {
      ids.push_back(word);
    }
  }
  ids.erase(std::remove_if(ids.begin(), ids.end(),
                           [&](Piece id) {
                             return CountDigits(Cut(text, id)) == 0 &&
                                    Cut(text, id).find('_') == std::string_view::npos;
                           }),
            ids.end());
  return ids;
}

Piece AddressIn(std::string_view text, size_t from) {
  for (const Piece number : WordsIn(text)) {
    if (number.begin < from || !IsAsciiDigit(text[number.begin])) continue;
    if (CountDigits(Cut(text, number)) > 5) continue;
    // Up to the end of the sentence or line.
    size_t end = number.end;
    while (end < text.size() && text[end] != '\n' && text[end] != '!' && text[end] != '?' &&
           text[end] != ';' &&
           (text[end] != '.' || (end + 1 < text.size() && text[end + 1] != ' ') ||
            end - text.rfind(' ', end) <= 4)) {
      ++end;
    }
    // A street before the number: "Hauptstraße 12", "Calle Mayor 15", "via Roma 10".
    size_t begin = number.begin;
    size_t words = 0;
    while (begin > from && words < 6) {
      size_t word = begin;
      while (word > from && !IsWordByte(text[word - 1])) --word;
      if (text.substr(word, begin - word).find_first_of(".:;!?\n") != std::string_view::npos) break;
      const size_t word_end = word;
      while (word > from && IsWordByte(text[word - 1])) --word;
      const std::string_view one = text.substr(word, word_end - word);
      const std::string folded = Folded(one);
      const bool particle = folded.size() <= 3 && words > 0 && !IsCapitalised(one);
      if (one.empty() || (IsSentenceWord(folded) && !particle)) break;
      begin = word;
      ++words;
    }
    while (begin < number.begin && words > 0 && !IsCapitalised(text.substr(begin)) &&
           IsSentenceWord(Folded(text.substr(begin, text.find(' ', begin) - begin)))) {
      begin = std::min(text.find(' ', begin) + 1, number.begin);
    }
    // It has a word besides the number, and none of a sentence.
    size_t letters = 0;
    bool said = false;
    for (const Piece word : WordsIn(text.substr(begin, end - begin))) {
      const std::string_view one = Cut(text.substr(begin), word);
      const std::string folded = Folded(one);
      if (CountDigits(one) > 0) continue;
      if (IsSentenceWord(folded) && !IsCapitalised(one) && folded.size() > 3) said = true;
      if (CountLetters(one) >= 3) ++letters;
    }
    if (letters > 0 && !said) return {begin, end};
  }
  return {};
}

namespace {

bool IsInCapitals(std::string_view code) {
  return std::all_of(code.begin(), code.end(),
                     [](char c) { return IsAsciiDigit(c) || (c >= 'A' && c <= 'Z'); });
}

}  // namespace

bool HasShape(AskedFor kind, std::string_view code) {
  const size_t digits = CountDigits(code);
  const size_t letters = CountLetters(code);
  const bool one_word = std::all_of(code.begin(), code.end(), IsWordByte);
  switch (kind) {
    case AskedFor::kOrder:
      return one_word && code.size() >= 4;
    case AskedFor::kUserId:
      // Six capitals and digits name a booking, whatever was asked for: "HXDUB7".
      return code.size() >= 3 && code.find(' ') == std::string_view::npos &&
             (code.size() != 6 || letters == 0 || !IsInCapitals(code));
    case AskedFor::kPostcode:
      return digits >= 2 && digits + letters >= 3 && digits + letters <= 9 && code.size() <= 11;
    case AskedFor::kPassport:
      return digits >= 4 && digits + letters >= 6 && digits + letters <= 12;
    case AskedFor::kLicense:
      return digits >= 3 && digits + letters >= 5 && digits + letters <= 22;
    case AskedFor::kNationalId:
      return digits >= 5 && digits + letters >= 7 && digits + letters <= 20;
    case AskedFor::kPhone:
      return letters == 0 && digits >= 6 && digits <= 15;
    default:
      return false;
  }
}

}  // namespace flywheel::redaction

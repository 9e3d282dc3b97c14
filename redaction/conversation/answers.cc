#include "redaction/conversation/answers.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <iterator>
#include <optional>
#include <string>

#include "redaction/conversation/answer_shapes.h"
#include "redaction/conversation/answer_words.h"
#include "redaction/conversation/words.h"
#include "redaction/given_names.h"
#include "redaction/surroundings.h"

namespace flywheel::redaction {
namespace {

constexpr size_t kMaxAnswerBytes = 200;

// A turn that is being read: what of it is taken, and by what.
class Answer {
 public:
  Answer(std::string_view text, std::vector<PersonalSpan>& spans)
      : text_(text), folded_(Folded(text)), spans_(spans) {}

  // Takes the first piece from `from` on that is free and has the shape; false for none.
  template <typename HasShape>
  bool TakeFirst(const std::vector<Piece>& pieces, size_t from, DataType type, Spread spread,
                 HasShape has_shape) {
    for (const Piece piece : pieces) {
      if (piece.begin < from || !IsFree(piece)) continue;
      if (!has_shape(text_.substr(piece.begin, piece.end - piece.begin))) continue;
      // "my reservation is 1N99U6": what it is called decides.
      if (BelongsToOrder(piece)) continue;
      Take(piece, type, spread);
      return true;
    }
    return false;
  }

  void Take(Piece piece, DataType type, Spread spread) {
    taken_.push_back(piece);
    spans_.push_back({piece.begin, piece.end, type, DataTypeName(type), spread, false});
  }
  void Hold(Piece piece) { taken_.push_back(piece); }

  bool IsFree(Piece piece) const {
    return !TouchesPlaceholder(text_, piece.begin, piece.end) &&
           std::none_of(taken_.begin(), taken_.end(), [&](Piece taken) {
             return piece.begin < taken.end && taken.begin < piece.end;
           });
  }

  bool BelongsToOrder(Piece piece) const {
    const size_t first = piece.begin - std::min<size_t>(piece.begin, 32);
    size_t begin = first;
    // Up to what the number before it belongs to.
    for (size_t i = first; i < piece.begin; ++i) {
      if (std::string_view(",;.\n").find(text_[i]) != std::string_view::npos) begin = i + 1;
    }
    for (const Piece taken : taken_) {
      if (taken.end <= piece.begin) begin = std::max(begin, taken.end);
    }
    return NamesOrder(std::string_view(folded_).substr(begin, piece.begin - begin)) ||
           (piece.begin > 0 && text_[piece.begin - 1] == '#');
  }

  // The earliest year wins: a birth lies before a flight.
  void TakeBirth(const std::vector<Piece>& dates, size_t from) {
    std::optional<Piece> best;
    int best_year = 10'000;
    for (const Piece date : dates) {
      if (date.begin < from || !IsFree(date) || BelongsToOrder(date)) continue;
      int year = 9'999, digits = 0, number = 0;
      for (size_t i = date.begin; i <= date.end; ++i) {
        const bool digit = i < date.end && IsAsciiDigit(text_[i]);
        if (digit) number = number * 10 + (text_[i] - '0'), ++digits;
        if (!digit && digits == 4) year = std::min(year, number);
        if (!digit) digits = 0, number = 0;
      }
      if (year < best_year) best = date, best_year = year;
    }
    if (best) Take(*best, DataType::kBirthDate, Spread::kWhole);
  }

  void TakeCard(size_t from, bool card, bool expiry) {
    for (size_t i = from; i < text_.size();) {
      if (!IsAsciiDigit(text_[i])) {
        ++i;
        continue;
      }
      const size_t begin = i;
      while (i < text_.size() && IsAsciiDigit(text_[i])) ++i;
      const size_t size = i - begin;
      const bool date = size <= 2 && i + 2 < text_.size() && (text_[i] == '/' || text_[i] == '-') &&
                        IsAsciiDigit(text_[i + 1]);
      size_t end = i;
      if (date) {
        ++end;
        while (end < text_.size() && IsAsciiDigit(text_[end])) ++end;
      }
      const bool is_expiry = date && (end - i == 3 || end - i == 5);
      const bool is_card = !date && (size == 4 || size == 3 || (size >= 12 && size <= 19));
      // "$200" and "200 dollars" are amounts.
      const bool amount = begin > 0 && (text_[begin - 1] == '$' || text_[begin - 1] == '.');
      if (((is_expiry && expiry) || (is_card && card)) && !amount && IsFree({begin, end}) &&
          IsWholeToken(text_, begin, end) && !BelongsToOrder({begin, end})) {
        Take({begin, end}, DataType::kCard, size >= 12 ? Spread::kWhole : Spread::kNone);
        if (is_card) card = false;
      }
      i = std::max(end, i);
    }
  }

  // The pieces between commas and "and" that look like a name.
  void TakeNames(size_t from) {
    for (size_t begin = from; begin < text_.size();) {
      size_t end = begin;
      while (end < text_.size() && !Parts(end)) ++end;
      TakeName(begin, end);
      begin = end + 1;
    }
  }

  // A single word that could be an id, where it is all that is said.
  void TakeSoleWord(size_t from, DataType type) {
    size_t begin = SkipLeads(from, text_.size());
    size_t end = begin;
    while (end < text_.size() &&
           (IsWordByte(text_[end]) || (std::string_view(".-@").find(text_[end]) != text_.npos &&
                                       end + 1 < text_.size() && IsWordByte(text_[end + 1])))) {
      ++end;
    }
    const bool sole = text_.substr(end).find_first_not_of(" .!\n") == std::string_view::npos;
    const std::string_view word = std::string_view(folded_).substr(begin, end - begin);
    const bool is_id = HasShape(AskedFor::kUserId, text_.substr(begin, end - begin));
    if (sole && is_id && word.size() >= 4 && !IsSentenceWord(word) && !SaysNothing(word) &&
        IsFree({begin, end})) {
      Take({begin, end}, type, Spread::kWhole);
    }
  }

  // Two to six words with capitals, which are all that is said.
  void TakeSoleStreet(size_t from) {
    const size_t begin = SkipLeads(from, text_.size());
    const size_t end = text_.find_last_not_of(" .!\n") + 1;
    if (begin >= end || !IsCapitalised(text_.substr(begin)) || !IsFree({begin, end})) return;
    size_t words = 0;
    for (size_t place = begin; place < end;) {
      size_t word_end = place;
      while (word_end < end && IsWordByte(text_[word_end])) ++word_end;
      const std::string_view word = text_.substr(place, word_end - place);
      const std::string_view folded = std::string_view(folded_).substr(place, word.size());
      if (word.empty() || (!IsCapitalised(word) && folded.size() > 3)) return;
      if (IsSentenceWord(folded) && folded.size() > 3) return;
      ++words;
      place = word_end;
      while (place < end && std::string_view(" ,.'-").find(text_[place]) != text_.npos) ++place;
      if (place < end && place == word_end) return;
    }
    if (words >= 2 && words <= 6) Take({begin, end}, DataType::kAddress, Spread::kWhole);
  }

 private:
  bool Parts(size_t place) const {
    const char c = text_[place];
    if (std::string_view(",;\n!?:/()").find(c) != std::string_view::npos) return true;
    if (c == '.') {
      // Of an initial, or a title, no end.
      const size_t space = text_.rfind(' ', place);
      const size_t begin = space == std::string_view::npos ? 0 : space + 1;
      return place - begin > 3 || place - begin == 0 || place + 1 == text_.size() ||
             std::islower(static_cast<unsigned char>(text_[begin])) != 0;
    }
    if (c != ' ') return false;
    constexpr std::string_view kAnds[] = {" and ", " und ", " et ", " y ", " e ", " en ", " - "};
    return std::any_of(std::begin(kAnds), std::end(kAnds), [&](std::string_view one) {
      return folded_.compare(place, one.size(), one) == 0;
    });
  }

  size_t SkipLeads(size_t begin, size_t end) const {
    while (begin < end) {
      while (begin < end && !IsWordByte(text_[begin])) ++begin;
      // "1. Ann Lee"
      const size_t lead = LeadAt(folded_, begin);
      if (lead == 0 || begin + lead > end) break;
      begin += lead;
    }
    return begin;
  }

  void TakeName(size_t begin, size_t end) {
    begin = SkipLeads(begin, end);
    // Words up to the first that no name has.
    size_t words = 0, last = begin, given = 0, capitals = 0;
    bool cut = false;
    for (size_t place = begin; place < end && !cut;) {
      if (!IsWordByte(text_[place])) {
        cut = std::string_view(" -'.").find(text_[place]) == text_.npos &&
              static_cast<unsigned char>(text_[place]) < 0x80;
        ++place;
        continue;
      }
      size_t word_end = place;
      while (word_end < end && IsWordByte(text_[word_end])) ++word_end;
      const std::string_view word = text_.substr(place, word_end - place);
      const std::string_view folded = std::string_view(folded_).substr(place, word_end - place);
      const bool particle = words > 0 && folded.size() <= 3 && word_end < end && IsParticle(folded);
      const bool capital = IsCapitalised(word);
      const bool sentence = IsSentenceWord(folded) && !(capital && IsWordAndName(folded));
      if (CountLetters(word) != word.size() || (sentence && !particle)) {
        cut = true;
        break;
      }
      ++words;
      given += IsGivenName(folded) ? 1 : 0;
      capitals += capital ? 1 : 0;
      last = word_end;
      place = word_end;
    }
    if (words == 0 || words > 6 || !IsFree({begin, last})) return;
    const std::string_view value = text_.substr(begin, last - begin);
    if (SaysNothing(Folded(value)) || CountLetters(value) < 2) return;
    // In lower case three unknown words are a sentence, and so is what goes on.
    const bool known = given > 0 || capitals == words;
    if (!known && (words > 3 || cut)) return;
    if (cut && capitals == 0 && given == 0) return;
    Take({begin, last}, DataType::kName, Spread::kParts);
  }

  static bool IsParticle(std::string_view word) {
    constexpr std::string_view kParticles[] = {"de",  "da",  "di",  "do",  "du",  "la",  "le",
                                               "van", "von", "der", "den", "del", "dos", "das",
                                               "el",  "bin", "zu",  "al",  "y",   "e"};
    return std::find(std::begin(kParticles), std::end(kParticles), word) != std::end(kParticles);
  }

  std::string_view text_;
  std::string folded_;
  std::vector<PersonalSpan>& spans_;
  std::vector<Piece> taken_;
};

DataType TypeOf(AskedFor kind) {
  switch (kind) {
    case AskedFor::kUserId:
      return DataType::kUserId;
    case AskedFor::kName:
      return DataType::kName;
    case AskedFor::kEmail:
      return DataType::kEmail;
    case AskedFor::kBirthDate:
      return DataType::kBirthDate;
    case AskedFor::kCard:
    case AskedFor::kExpiry:
      return DataType::kCard;
    case AskedFor::kOrder:
      return DataType::kCustom;
    case AskedFor::kPassport:
      return DataType::kPassport;
    case AskedFor::kLicense:
      return DataType::kDriverLicense;
    case AskedFor::kNationalId:
      return DataType::kNationalId;
    case AskedFor::kPhone:
      return DataType::kPhone;
    default:
      return DataType::kAddress;
  }
}

// The kinds of which `text` has no placeholder yet: what was answered is not looked for again.
std::vector<AskedFor> Unanswered(std::string_view text, const std::vector<AskedFor>& kinds) {
  std::vector<AskedFor> left;
  for (const AskedFor kind : kinds) {
    const std::string label = fmt::format("[{}_", DataTypeName(TypeOf(kind)));
    const auto of_label = static_cast<size_t>(std::count_if(
        kinds.begin(), kinds.end(), [&](AskedFor other) { return TypeOf(other) == TypeOf(kind); }));
    size_t answered = 0;
    for (size_t place = text.find(label); place != std::string_view::npos;
         place = text.find(label, place + 1)) {
      ++answered;
    }
    if (kind == AskedFor::kOrder || answered < of_label) left.push_back(kind);
  }
  return left;
}

std::string_view FirstSentence(std::string_view text) {
  for (size_t i = 0; i < text.size() && i < kMaxAnswerBytes; ++i) {
    const bool stop = text[i] == '\n' || text[i] == '?' || text[i] == '!' ||
                      (text[i] == '.' && i > 3 && i + 1 < text.size() && text[i + 1] == ' ');
    // "Yes." and "Sure!" are no answer yet.
    if (stop && i > 12) return text.substr(0, i + 1);
  }
  return {};
}

}  // namespace

void FindAnswers(std::string_view text, const std::vector<AskedFor>& all_kinds,
                 std::vector<PersonalSpan>& spans) {
  if (all_kinds.empty()) return;
  if (text.size() > kMaxAnswerBytes) text = FirstSentence(text);
  if (Trimmed(text).empty()) return;
  const std::vector<AskedFor> kinds = Unanswered(text, all_kinds);
  if (kinds.empty()) return;
  Answer answer(text, spans);
  const size_t from = AnswerBegin(Folded(text));
  if (from == std::string_view::npos) return;
  const auto asked = [&](AskedFor kind) {
    return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
  };
  // What has a form of its own first.
  if (asked(AskedFor::kEmail)) {
    answer.TakeFirst(MailboxesIn(text), from, DataType::kEmail, Spread::kWhole,
                     [](std::string_view) { return true; });
  }
  if (asked(AskedFor::kBirthDate)) answer.TakeBirth(DatesIn(text), from);
  if (asked(AskedFor::kCard) || asked(AskedFor::kExpiry)) {
    answer.TakeCard(from, asked(AskedFor::kCard), asked(AskedFor::kExpiry));
  }
  // An address before the codes, where its number is no code that was asked for before it.
  const bool codes_first = !kinds.empty() && kinds.front() != AskedFor::kAddress;
  const auto take_address = [&] {
    if (!asked(AskedFor::kAddress)) return;
    const Piece piece = AddressIn(text, from);
    if (piece.begin < piece.end && answer.IsFree(piece)) {
      answer.Take(piece, DataType::kAddress, Spread::kWhole);
    }
  };
  if (!codes_first) take_address();
  // Then numbers, in the order in which they were asked for.
  const std::vector<Piece> codes = CodesIn(text);
  bool found_id = false;
  for (const AskedFor kind : kinds) {
    if (kind == AskedFor::kOrder) {
      for (const Piece code : codes) {
        if (code.begin < from || !answer.IsFree(code)) continue;
        if (!HasShape(kind, text.substr(code.begin, code.end - code.begin))) continue;
        answer.Hold(code);
        break;
      }
      continue;
    }
    const bool is_code = kind == AskedFor::kUserId || kind == AskedFor::kPostcode ||
                         kind == AskedFor::kPassport || kind == AskedFor::kLicense ||
                         kind == AskedFor::kNationalId || kind == AskedFor::kPhone;
    if (!is_code) continue;
    const bool found = answer.TakeFirst(
        kind == AskedFor::kUserId ? IdsIn(text) : codes, from, TypeOf(kind), Spread::kWhole,
        [&](std::string_view code) { return HasShape(kind, code); });
    found_id = found_id || (kind == AskedFor::kUserId && found);
  }
  if (codes_first) take_address();
  // "Parque de Jesus": a street without a number is one where nothing else was asked for.
  if (kinds.size() == 1 && asked(AskedFor::kAddress)) answer.TakeSoleStreet(from);
  if (asked(AskedFor::kUserId) && !found_id) answer.TakeSoleWord(from, DataType::kUserId);
  if (asked(AskedFor::kName)) answer.TakeNames(from);
}

}  // namespace flywheel::redaction

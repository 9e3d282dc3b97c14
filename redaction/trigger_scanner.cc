#include "redaction/trigger_scanner.h"

#include <algorithm>
#include <cstring>

#include "redaction/byte_masks.h"
#include "redaction/given_names.h"
#include "redaction/mail_bounds.h"

namespace flywheel::redaction {
namespace {

constexpr size_t kMaxNumberBytes = 96;
constexpr size_t kMaxTokenLetters = 16;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLetter(char c) { return static_cast<unsigned char>((c | 0x20) - 'a') < 26; }
bool IsAlnum(char c) { return IsDigit(c) || IsLetter(c); }
bool IsHex(char c) { return IsDigit(c) || static_cast<unsigned char>((c | 0x20) - 'a') < 6; }

// Case folding that never branches. It maps some other bytes onto each other too; a false hit
// costs one try of a pattern.
char Fold(char c) { return static_cast<char>(c | 0x20); }
constexpr uint32_t kFold = 0x20202020;
constexpr uint32_t kThreeBytes = 0x00FFFFFF;

// Four bytes, with zeros beyond the end of the text. The first byte is the lowest.
uint32_t Load(std::string_view text, size_t place) {
  uint32_t bytes = 0;
  std::memcpy(&bytes, text.data() + place, std::min<size_t>(4, text.size() - place));
  return bytes;
}

uint32_t LoadFolded(std::string_view text, size_t place) {
  if (place + 4 > text.size()) return Load(text, place) | kFold;
  uint32_t bytes;
  std::memcpy(&bytes, text.data() + place, 4);
  return bytes | kFold;
}

uint32_t Hash13(uint32_t key) { return key * 0x9E3779B1u >> 19; }
uint32_t Hash15(uint32_t key) { return key * 0x9E3779B1u >> 17; }

template <size_t N>
bool TestBit(const std::array<uint64_t, N>& bits, uint32_t bit) {
  return (bits[bit / 64] >> (bit % 64) & 1) != 0;
}

template <size_t N>
void SetBit(std::array<uint64_t, N>& bits, uint32_t bit) {
  bits[bit / 64] |= uint64_t{1} << (bit % 64);
}

std::string Folded(std::string_view text) {
  std::string folded(text);
  std::transform(folded.begin(), folded.end(), folded.begin(), Fold);
  return folded;
}

bool HasFolded(std::string_view text, size_t place, const std::string& folded) {
  if (place + folded.size() > text.size()) return false;
  for (size_t i = 0; i < folded.size(); ++i) {
    if (Fold(text[place + i]) != folded[i]) return false;
  }
  return true;
}

// Is the number at `place` a part of a longer token, such as a date, a version or a UUID?
bool ContinuesToken(std::string_view text, size_t place) {
  if (place == 0) return false;
  const char before = text[place - 1];
  if (IsAlnum(before) || before == '_') return true;
  if (place == 1) return false;
  const char second = text[place - 2];
  if (before == '-') return IsAlnum(second);
  return (before == '.' || before == '/' || before == ':' || before == ',') && IsDigit(second);
}

// How many digits stand side by side from `place` on; as many as a group may be asked for.
int GroupSize(std::string_view text, size_t place) {
  constexpr int kMost = 8;
  int size = 0;
  while (size < kMost && place < text.size() && IsDigit(text[place])) ++size, ++place;
  return size;
}

}  // namespace

// What the bytes of a block are, one bit a byte.
struct TriggerScanner::Masks : ByteMasks {
  uint64_t word_starts;
  uint64_t number_starts;
};

void TriggerScanner::AddEnding(size_t recogniser, std::string_view word) {
  // Found by its last bytes: where a number begins, what stands before it is at hand.
  const std::string folded = Folded(word);
  uint32_t key = Load(folded, folded.size() < 4 ? 0 : folded.size() - 4);
  if (folded.size() == 3) key <<= 8;
  endings_[key].push_back({folded, 0, recogniser, false});
}

void TriggerScanner::AddWord(size_t recogniser, std::string_view word, bool before_given_name) {
  // What stands before the first letter ("-----begin") is compared once the letters are found.
  const std::string folded = Folded(word);
  const size_t lead = std::find_if(folded.begin(), folded.end(), IsLetter) - folded.begin();
  const uint32_t key = Load(folded, lead);
  if (folded.size() - lead == 3) {
    SetBit(three_bytes_, Hash13(key));
  } else {
    SetBit(four_bytes_, Hash15(key));
  }
  words_[key].push_back({folded, lead, recogniser, before_given_name});
}

void TriggerScanner::Add(size_t recogniser, const Trigger& trigger) {
  // A number asks for its count of digits once, and gets the rows that may be tried.
  const auto add_numbers = [&](auto& by_digits) {
    for (int n = trigger.min_digits; n <= std::min(trigger.max_digits, kMaxDigits); ++n) {
      by_digits[n].push_back({recogniser, trigger.min_group});
    }
  };
  switch (trigger.kind) {
    case TriggerKind::kWord:
    case TriggerKind::kWordBeforeNumber: {
      for (size_t begin = 0; begin <= trigger.words.size();) {
        const size_t end = std::min(trigger.words.find('|', begin), trigger.words.size());
        const auto word = std::string_view(trigger.words).substr(begin, end - begin);
        if (trigger.kind == TriggerKind::kWord) {
          AddWord(recogniser, word, trigger.before_given_name);
        } else {
          AddEnding(recogniser, word);
        }
        begin = end + 1;
      }
      break;
    }
    case TriggerKind::kAt:
      at_.push_back(recogniser);
      break;
    case TriggerKind::kScheme:
      scheme_.push_back(recogniser);
      break;
    case TriggerKind::kColon:
      colon_.push_back(recogniser);
      break;
    case TriggerKind::kHexDash:
      hex_dash_.push_back(recogniser);
      break;
    case TriggerKind::kToken:
      token_.push_back({recogniser, trigger.min_letters, trigger.max_letters});
      break;
    case TriggerKind::kDigits:
      add_numbers(digits_);
      break;
    case TriggerKind::kDial:
      add_numbers(dial_);
      break;
  }
}

void TriggerScanner::Scan(std::string_view text, Visit visit) const {
  // What the last byte of the block before was, in the lowest bit.
  uint64_t letter = 0, lower = 0, digit = 0;
  DigitRun run;
  for (size_t base = 0; base < text.size(); base += 64) {
    alignas(64) char padded[64] = {};
    const char* block = text.data() + base;
    if (text.size() - base < 64) {
      std::memcpy(padded, block, text.size() - base);
      block = padded;
    }
    // Classify the block, then find where words and numbers begin by shifting.
    Masks masks;
    static_cast<ByteMasks&>(masks) = ClassifyBytes(block);
    const uint64_t lower_letters = masks.letters & ~masks.upper;
    // A word begins after what is no letter, and inside camelCase.
    masks.word_starts = masks.letters & (~(masks.letters << 1 | letter) |
                                         (masks.upper & (lower_letters << 1 | lower)));
    masks.number_starts = masks.digits & ~(masks.digits << 1 | digit);
    letter = masks.letters >> 63;
    lower = lower_letters >> 63;
    digit = masks.digits >> 63;
    ScanBlock(text, base, masks, run, visit);
  }
}

void TriggerScanner::ScanBlock(std::string_view text, size_t base, const Masks& masks,
                               DigitRun& run, Visit visit) const {
  // Of the beginnings of words, few pass the bitmaps.
  for (uint64_t starts = masks.word_starts; starts != 0; starts &= starts - 1) {
    const size_t place = base + static_cast<size_t>(__builtin_ctzll(starts));
    // Words of three bytes stand in the map by three, all others by four.
    const uint32_t key = LoadFolded(text, place);
    if (TestBit(four_bytes_, Hash15(key))) VisitWord(text, place, key, visit);
    if (TestBit(three_bytes_, Hash13(key & kThreeBytes))) {
      VisitWord(text, place, key & kThreeBytes, visit);
    }
  }
  for (uint64_t starts = masks.number_starts; starts != 0; starts &= starts - 1) {
    VisitNumber(text, base + static_cast<size_t>(__builtin_ctzll(starts)), run, visit);
  }
  for (uint64_t ats = masks.ats; ats != 0; ats &= ats - 1) {
    VisitAt(text, base + static_cast<size_t>(__builtin_ctzll(ats)), visit);
  }
  for (uint64_t colons = masks.colons; colons != 0; colons &= colons - 1) {
    VisitColon(text, base + static_cast<size_t>(__builtin_ctzll(colons)), visit);
  }
}

void TriggerScanner::VisitWord(std::string_view text, size_t place, uint32_t key,
                               Visit visit) const {
  const auto found = words_.find(key);
  if (found == words_.end()) return;
  for (const Word& word : found->second) {
    if (place < word.lead) continue;
    const size_t begin = place - word.lead;
    if (!HasFolded(text, begin, word.folded)) continue;
    const std::string_view next = text.substr(begin + word.folded.size());
    if (!word.before_given_name || BeginsWithGivenName(next)) visit(word.recogniser, begin);
  }
}

// How many digits follow, over separators of at most two bytes.
int TriggerScanner::CountDigits(std::string_view text, size_t place, DigitRun& run) {
  constexpr std::string_view kSeparators = " .-/()";
  if (place >= run.end || place < run.place) {
    run = {.place = place, .end = place, .digits = 0, .separators = 0, .broken = false};
  }
  // What the last number counted and this one does not.
  for (; run.place < place; ++run.place) run.digits -= IsDigit(text[run.place]) ? 1 : 0;
  const size_t end = std::min(text.size(), place + kMaxNumberBytes);
  while (!run.broken && run.end < end && run.digits < kMaxDigits) {
    const char c = text[run.end];
    if (IsDigit(c)) {
      ++run.digits;
      run.separators = 0;
    } else if (++run.separators > 2 || kSeparators.find(c) == std::string_view::npos) {
      run.broken = true;
      break;
    }
    ++run.end;
  }
  return run.digits;
}

void TriggerScanner::VisitNumber(std::string_view text, size_t place, DigitRun& run,
                                 Visit visit) const {
  VisitHexDash(text, place, visit);
  if (place > 0 && IsLetter(text[place - 1])) return VisitTokenOf(text, place, visit);
  // "X-1234567-L": the letters may be set off.
  if (place > 1 && text[place - 1] == '-' && IsLetter(text[place - 2])) {
    return VisitTokenOf(text, place - 1, visit);
  }
  // A number by itself: first the rows that begin with a digit, then those with "+" or "(".
  if (ContinuesToken(text, place)) return;
  const int digits = CountDigits(text, place, run);
  const int group = GroupSize(text, place);
  for (const NumberRow& row : digits_[digits]) {
    if (group >= row.min_group) visit(row.recogniser, place);
  }
  if (!dial_[digits].empty()) {
    size_t begin = place;
    while (begin > 0 && place - begin < 2 && (text[begin - 1] == '+' || text[begin - 1] == '(')) {
      --begin;
    }
    // The bracket may be the number's own, or the sentence's: "(0161) 496 0601", "(0161 496 0601)".
    for (bool again = true; again; ++begin) {
      for (const NumberRow& row : dial_[digits]) {
        if (group >= row.min_group) visit(row.recogniser, begin);
      }
      again = text[begin] == '(';
    }
  }
  VisitWordBefore(text, place, visit);
}

void TriggerScanner::VisitTokenOf(std::string_view text, size_t digit, Visit visit) const {
  size_t begin = digit;
  while (begin > 0 && IsLetter(text[begin - 1])) --begin;
  // Only at the first number of the token, so that each token is tried once.
  if (digit - begin > kMaxTokenLetters || (begin > 0 && (IsDigit(text[begin - 1])))) return;
  const int letters = static_cast<int>(digit - begin);
  for (const TokenRow& row : token_) {
    if (letters >= row.min_letters && letters <= row.max_letters) visit(row.recogniser, begin);
  }
}

void TriggerScanner::VisitWordBefore(std::string_view text, size_t number, Visit visit) const {
  // "straße 12", or "straße, 12".
  if (number < 6 || text[number - 1] != ' ') return;
  const size_t end = text[number - 2] == ',' ? number - 2 : number - 1;
  const uint32_t key = LoadFolded(text, end - 4);
  for (const uint32_t bytes : {key, key & ~uint32_t{0xFF}}) {
    const auto found = endings_.find(bytes);
    if (found == endings_.end()) continue;
    for (const Word& word : found->second) {
      if (end >= word.folded.size() && HasFolded(text, end - word.folded.size(), word.folded)) {
        visit(word.recogniser, end - word.folded.size());
      }
    }
  }
}

void TriggerScanner::VisitHexDash(std::string_view text, size_t digit, Visit visit) const {
  // The number may begin in any of the six pairs.
  size_t begin = digit;
  while (begin > 0 && digit - begin < 17 && (IsHex(text[begin - 1]) || text[begin - 1] == '-')) {
    --begin;
  }
  // A longer row of pairs is something else, and would be tried at each of them.
  const bool longer =
      digit - begin == 17 && begin > 0 && (IsHex(text[begin - 1]) || text[begin - 1] == '-');
  if (longer || begin + 5 >= text.size() || text[begin + 2] != '-' || text[begin + 5] != '-')
    return;
  for (const size_t recogniser : hex_dash_) visit(recogniser, begin);
}

void TriggerScanner::VisitAt(std::string_view text, size_t at, Visit visit) const {
  // Back to where the local part can begin; a password of a URL is another row's.
  const size_t begin = LocalPartBegin(text, at);
  if (begin == at || !BeginsHost(text, at + 1) || IsUserInfo(text, begin)) return;
  for (const size_t recogniser : at_) visit(recogniser, begin);
}

void TriggerScanner::VisitColon(std::string_view text, size_t colon, Visit visit) const {
  if (text.substr(colon + 1, 2) == "//") {
    for (const size_t recogniser : scheme_) visit(recogniser, colon);
    return;
  }
  // "12:34" and "fe80::": only the first colon of a group is tried, with its digits.
  const char next = colon + 1 < text.size() ? text[colon + 1] : ' ';
  if (!IsHex(next) && next != ':') return;
  size_t begin = colon;
  while (begin > 0 && colon - begin < 5 && IsHex(text[begin - 1])) --begin;
  const bool first = begin == 0 || (!IsAlnum(text[begin - 1]) && text[begin - 1] != ':');
  if (!first || colon - begin > 4) return;
  for (const size_t recogniser : colon_) visit(recogniser, begin);
}

}  // namespace flywheel::redaction

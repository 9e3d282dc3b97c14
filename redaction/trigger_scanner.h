// Multi-pattern prefilter: one pass over a text says where which recogniser is worth trying.
#ifndef FLYWHEEL_REDACTION_TRIGGER_SCANNER_H_
#define FLYWHEEL_REDACTION_TRIGGER_SCANNER_H_

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "redaction/recogniser.h"

namespace flywheel::redaction {

// Finds the triggers of a table of recognisers. It classifies 64 bytes at a time into bit masks
// (letters, digits, '@', ':') and looks only where a word or a number begins: at the first three
// and four bytes of a word, through two bitmaps that fit into the first-level cache. A text without
// triggers costs that and nothing more. Immutable after Add, so thread-safe.
class TriggerScanner {
 public:
  // Called with the index of a recogniser and the place where it is to be tried.
  using Visit = absl::FunctionRef<void(size_t recogniser, size_t place)>;

  void Add(size_t recogniser, const Trigger& trigger);

  // Visits all triggers in `text`, roughly from left to right; the same place may come more than
  // once. Linear: each place looks at most 64 bytes back and 96 ahead.
  void Scan(std::string_view text, Visit visit) const;

 private:
  struct Word {
    std::string folded;
    size_t lead;  // Bytes before the first letter, such as the dashes of "-----BEGIN".
    size_t recogniser;
    bool before_given_name;
  };
  using Words = absl::flat_hash_map<uint32_t, std::vector<Word>>;
  struct Masks;
  struct NumberRow {
    size_t recogniser;
    int min_group;
  };
  struct TokenRow {
    size_t recogniser;
    int min_letters;
    int max_letters;
  };
  // How far digits and their separators go on, counted once although many numbers ask for it.
  struct DigitRun {
    size_t place = 0;    // From here...
    size_t end = 0;      // ...to here, which is where the run breaks, or where counting stopped.
    int digits = 0;      // Between the two.
    int separators = 0;  // Directly before `end`.
    bool broken = true;
  };

  void AddWord(size_t recogniser, std::string_view word, bool before_given_name);
  void AddEnding(size_t recogniser, std::string_view word);
  void ScanBlock(std::string_view text, size_t base, const Masks& masks, DigitRun& run,
                 Visit visit) const;
  // `key` is what the word at `place` stands by in the map.
  void VisitWord(std::string_view text, size_t place, uint32_t key, Visit visit) const;
  void VisitNumber(std::string_view text, size_t place, DigitRun& run, Visit visit) const;
  static int CountDigits(std::string_view text, size_t place, DigitRun& run);
  void VisitTokenOf(std::string_view text, size_t digit, Visit visit) const;
  void VisitWordBefore(std::string_view text, size_t number, Visit visit) const;
  void VisitHexDash(std::string_view text, size_t digit, Visit visit) const;
  void VisitAt(std::string_view text, size_t at, Visit visit) const;
  void VisitColon(std::string_view text, size_t colon, Visit visit) const;

  // One bit for each hash of a word's first bytes: is it worth asking the map?
  std::array<uint64_t, 128> three_bytes_{};
  std::array<uint64_t, 512> four_bytes_{};
  Words words_;    // By the hash's input: the first three or four bytes, folded.
  Words endings_;  // By the last four bytes, folded.
  // By how many digits follow.
  std::array<std::vector<NumberRow>, kMaxDigits + 1> digits_;
  std::array<std::vector<NumberRow>, kMaxDigits + 1> dial_;
  std::vector<size_t> at_, scheme_, colon_, hex_dash_;
  std::vector<TokenRow> token_;
};

}  // namespace flywheel::redaction

#endif  // FLYWHEEL_REDACTION_TRIGGER_SCANNER_H_

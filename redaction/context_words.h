// Context words: the list that a recogniser asks for around a match, and the search for its words.
#ifndef FLYWHEEL_REDACTION_CONTEXT_WORDS_H_
#define FLYWHEEL_REDACTION_CONTEXT_WORDS_H_

#include <algorithm>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace flywheel::redaction {

// Immutable.
class ContextWords {
 public:
  // `words` have '|' between, in any case. Empty ones are left out.
  explicit ContextWords(std::string_view words);

  bool empty() const { return words_.empty(); }

  // Calls visit(word) for each, letters of ASCII in lower case; stops, and returns true, where it
  // does.
  template <typename Visit>
  bool Any(Visit visit) const {
    return std::any_of(words_.begin(), words_.end(),
                       [&](const Word& word) { return visit(std::string_view(word.text)); });
  }

  // Does one of the words, in any case, stand whole in text[begin, end), as a word and not inside a
  // placeholder?
  bool AnyIn(std::string_view text, size_t begin, size_t end) const;

 private:
  struct Word {
    std::string text;
    uint32_t slot;  // Slot of its first three bytes; kNoSlot where it is shorter.
  };

  static constexpr int kLogSlots = 15;
  static constexpr uint32_t kNoSlot = 1 << kLogSlots;

  // Three bytes of a text, one more behind two others.
  static uint32_t Push(uint32_t trigram, char c) {
    return (trigram << 8 | static_cast<unsigned char>(c) | 0x20) & 0xffffff;
  }
  // A hash of three bytes in which letters of ASCII in either case are the same.
  static uint32_t Slot(uint32_t trigram) { return (trigram * 2654435761U) >> (32 - kLogSlots); }

  // By slot, so that those of one slot stand together.
  std::vector<Word> words_;
  // The slots with a word: a text is looked through once, however many words are asked for.
  std::bitset<size_t{1} << kLogSlots> slots_;
};

}  // namespace flywheel::redaction

#endif  // FLYWHEEL_REDACTION_CONTEXT_WORDS_H_

// Context words: the list that a recogniser asks for around a match, with a filter for the search.
#ifndef FLYWHEEL_REDACTION_CONTEXT_WORDS_H_
#define FLYWHEEL_REDACTION_CONTEXT_WORDS_H_

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace flywheel::redaction {

// Which three bytes in a row a text may hold, letters of ASCII folded: a Bloom filter with one
// hash. A list of a hundred words costs a look at a bit each, where most texts hold none of them.
class TrigramFilter {
 public:
  // All of text[begin, end).
  void Add(std::string_view text, size_t begin, size_t end) {
    for (size_t i = begin; i + 3 <= end; ++i) bits_.set(Slot(text.data() + i));
  }
  bool MayHold(uint16_t slot) const { return bits_[slot]; }

  // The bit of the three bytes at `bytes`.
  static uint16_t Slot(const char* bytes) {
    const auto folded = [&](int i) {
      const auto byte = static_cast<uint32_t>(static_cast<unsigned char>(bytes[i]));
      return byte - 'A' < 26 ? byte + 32 : byte;
    };
    return static_cast<uint16_t>(((folded(0) * 961 + folded(1) * 31 + folded(2)) * 2654435761U) >>
                                 (32 - kLogSlots));
  }

  static constexpr int kLogSlots = 11;

 private:
  std::bitset<size_t{1} << kLogSlots> bits_;
};

// Immutable.
class ContextWords {
 public:
  struct Word {
    std::string text;  // Letters of ASCII in lower case.
    uint16_t slot;     // TrigramFilter::Slot of its beginning; unused below three bytes.
  };

  // `words` have '|' between, in any case. Empty ones are left out.
  explicit ContextWords(std::string_view words);

  bool empty() const { return words_.empty(); }

  // Calls visit(Word) for each; stops, and returns true, where it does.
  template <typename Visit>
  bool Any(Visit visit) const {
    for (const Word& word : words_) {
      if (visit(word)) return true;
    }
    return false;
  }

 private:
  std::vector<Word> words_;
};

}  // namespace flywheel::redaction

#endif  // FLYWHEEL_REDACTION_CONTEXT_WORDS_H_

// Features: what the tagger knows of a word in its window, as hashes that select rows of weights.
#ifndef FLYWHEEL_REDACTION_TAGGER_FEATURES_H_
#define FLYWHEEL_REDACTION_TAGGER_FEATURES_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "redaction/tagger/word.h"

namespace flywheel::redaction {

inline constexpr size_t kFeatures = 44;
// The first of these tell the word itself; training leaves them out at random, so that a name that
// was never seen is decided by the others.
inline constexpr size_t kIdentityFeatures = 8;

using WordFeatures = std::array<uint64_t, kFeatures>;

// What all words of a window share.
struct WindowKind {
  uint32_t language = 0;  // 0 for none, else 1 + the Lexicon's.
  uint32_t capitals = 0;  // 0 none, 1 as usual, 2 most words, 3 all letters.
};
// `language_counts` carries the function words of earlier windows over: a form or a list has none.
WindowKind KindOf(const Window& window, std::array<uint32_t, kLanguages>& language_counts);

// The features of word `i`.
void FeaturesOf(std::string_view text, const Window& window, const WindowKind& kind, size_t i,
                WordFeatures& features);

}  // namespace flywheel::redaction

#endif  // FLYWHEEL_REDACTION_TAGGER_FEATURES_H_

// Lattice: the best tags of a window, and how sure they are.
#ifndef FLYWHEEL_REDACTION_TAGGER_LATTICE_H_
#define FLYWHEEL_REDACTION_TAGGER_LATTICE_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "redaction/tagger/model.h"

namespace flywheel::redaction {

// Scores of the tags of each word of a window, in logits.
struct Lattice {
  std::array<std::array<float, kLanes>, kMaxWindow> scores{};
  size_t size = 0;
};

// What the transitions of a model come to: rows by the tag before, padded to whole loads.
struct Steps {
  using Row = std::array<float, kLanes>;
  Row first{};                       // As in the model.
  std::array<Row, kTags> logits{};   // Hopeless into the padding.
  Row begin{};                       // exp() of `first`.
  std::array<Row, kTags> forward{};  // exp() of the transitions.
  std::array<Row, kTags> back{};     // The same by the tag behind.
};
Steps StepsOf(const ModelHeader& model);

// The likeliest sequence of tags: Viterbi, of which every word costs the same. False, and nothing
// in `tags`, where all words are outside, as most are.
bool BestTags(const Steps& steps, const Lattice& lattice, std::array<uint8_t, kMaxWindow>& tags);

// How likely each tag of each word is, given the whole window: forward and backward sums. `pairs`,
// unless null, takes the expected number of transitions, for training. Returns the logarithm of
// the sum over all sequences.
using Marginals = std::array<std::array<float, kLanes>, kMaxWindow>;
using PairCounts = std::array<std::array<float, kTags>, kTags>;
float MarginalsOf(const Steps& steps, const Lattice& lattice, Marginals& marginals,
                  PairCounts* pairs = nullptr);

}  // namespace flywheel::redaction

#endif  // FLYWHEEL_REDACTION_TAGGER_LATTICE_H_

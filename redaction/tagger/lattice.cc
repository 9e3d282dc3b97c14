#include "redaction/tagger/lattice.h"

#include <algorithm>
#include <cmath>

namespace flywheel::redaction {
namespace {

constexpr float kLeast = 1e-20F;

using Row = std::array<float, kTags>;

// exp() of scores less the largest, so that nothing overflows; returns that largest.
float Exponentials(const std::array<float, kLanes>& scores, Row& result) {
  const float most = *std::max_element(scores.begin(), scores.begin() + kTags);
  for (size_t t = 0; t < kTags; ++t) result[t] = std::exp(scores[t] - most);
  // Outside is always possible, so that no sum is zero.
  result[0] = std::max(result[0], kLeast);
  return most;
}

float Normalise(Row& row) {
  float sum = 0;
  for (const float value : row) sum += value;
  for (float& value : row) value /= sum;
  return sum;
}

}  // namespace

void BestTags(const ModelHeader& model, const Lattice& lattice,
              std::array<uint8_t, kMaxWindow>& tags) {
  if (lattice.size == 0) return;
  std::array<std::array<uint8_t, kTags>, kMaxWindow> from{};
  Row best{};
  for (size_t t = 0; t < kTags; ++t) best[t] = model.first[t] + lattice.scores[0][t];
  for (size_t i = 1; i < lattice.size; ++i) {
    Row next = best;
    for (size_t t = 0; t < kTags; ++t) next[t] = best[0] + model.transitions[0][t];
    for (size_t s = 1; s < kTags; ++s) {
      for (size_t t = 0; t < kTags; ++t) {
        const float score = best[s] + model.transitions[s][t];
        const bool better = score > next[t];
        next[t] = better ? score : next[t];
        from[i][t] = better ? static_cast<uint8_t>(s) : from[i][t];
      }
    }
    for (size_t t = 0; t < kTags; ++t) best[t] = next[t] + lattice.scores[i][t];
  }
  auto tag = static_cast<uint8_t>(std::max_element(best.begin(), best.end()) - best.begin());
  for (size_t i = lattice.size; i-- > 0;) {
    tags[i] = tag;
    tag = from[i][tag];
  }
}

float MarginalsOf(const ModelHeader& model, const Lattice& lattice, Marginals& marginals,
                  PairCounts* pairs) {
  if (lattice.size == 0) return 0;
  PairCounts step{};
  for (size_t s = 0; s < kTags; ++s) {
    for (size_t t = 0; t < kTags; ++t) step[s][t] = std::exp(model.transitions[s][t]);
  }
  // Forward, each word's row scaled to 1.
  std::array<Row, kMaxWindow> forward{}, emission{};
  float total = 0;
  for (size_t i = 0; i < lattice.size; ++i) {
    total += Exponentials(lattice.scores[i], emission[i]);
    for (size_t t = 0; t < kTags; ++t) {
      if (i == 0) forward[i][t] = std::exp(model.first[t]) * emission[i][t];
    }
    for (size_t s = 0; i > 0 && s < kTags; ++s) {
      for (size_t t = 0; t < kTags; ++t) {
        forward[i][t] += forward[i - 1][s] * step[s][t] * emission[i][t];
      }
    }
    total += std::log(Normalise(forward[i]));
  }
  // Backward, and the two together.
  Row backward{};
  backward.fill(1);
  for (size_t i = lattice.size; i-- > 0;) {
    Row& marginal = marginals[i];
    for (size_t t = 0; t < kTags; ++t) marginal[t] = forward[i][t] * backward[t];
    Normalise(marginal);
    if (i == 0) break;
    Row before{};
    PairCounts joint{};
    float sum = 0;
    for (size_t s = 0; s < kTags; ++s) {
      for (size_t t = 0; t < kTags; ++t) {
        const float way = step[s][t] * emission[i][t] * backward[t];
        before[s] += way;
        joint[s][t] = forward[i - 1][s] * way;
        sum += joint[s][t];
      }
    }
    if (pairs != nullptr) {
      for (size_t s = 0; s < kTags; ++s) {
        for (size_t t = 0; t < kTags; ++t) (*pairs)[s][t] += joint[s][t] / sum;
      }
    }
    backward = before;
    Normalise(backward);
  }
  return total;
}

}  // namespace flywheel::redaction

#include "redaction/tagger/lattice.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace flywheel::redaction {
namespace {

constexpr float kLeast = 1e-20F;
constexpr float kNothing = -80;  // exp() of less is as good as 0.

// Padded to kLanes, so that the loops below become a few wide instructions each.
using Row = std::array<float, kLanes>;

// Of what does not exist: the padding.
constexpr float kNever = -1e4F;

// A row in registers, which a loop over an array would store after each step.
struct Quads {
  using Quad = float __attribute__((vector_size(16)));
  Quad a, b, c, d;

  static Quads Of(const Row& row) {
    Quads quads;
    std::memcpy(&quads, row.data(), sizeof(quads));
    return quads;
  }
  void Store(Row& row) const { std::memcpy(row.data(), this, sizeof(*this)); }
  Quads Plus(float one) const { return {a + one, b + one, c + one, d + one}; }
  Quads OrMore(const Quads& other) const {
    return {other.a > a ? other.a : a, other.b > b ? other.b : b, other.c > c ? other.c : c,
            other.d > d ? other.d : d};
  }
};
static_assert(sizeof(Quads) == sizeof(Row));

// exp() of scores less the largest, so that nothing overflows; returns that largest.
float Exponentials(const Row& scores, Row& result) {
  const float most = *std::max_element(scores.begin(), scores.begin() + kTags);
  for (size_t t = 0; t < kTags; ++t) {
    const float below = scores[t] - most;
    result[t] = below < kNothing ? 0 : std::exp(below);
  }
  // Outside is always possible, so that no sum is zero.
  result[0] = std::max(result[0], kLeast);
  return most;
}

float Normalise(Row& row) {
  float sum = 0;
  for (const float value : row) sum += value;
  const float factor = 1 / sum;
  for (float& value : row) value *= factor;
  return sum;
}

}  // namespace

Steps StepsOf(const ModelHeader& model) {
  Steps steps;
  steps.first.fill(kNever);
  std::copy(model.first.begin(), model.first.end(), steps.first.begin());
  for (size_t s = 0; s < kTags; ++s) {
    steps.logits[s].fill(kNever);
    std::copy(model.transitions[s].begin(), model.transitions[s].end(), steps.logits[s].begin());
    steps.begin[s] = std::exp(model.first[s]);
    for (size_t t = 0; t < kTags; ++t) {
      const float logit = model.transitions[s][t];
      steps.forward[s][t] = steps.back[t][s] = logit < kNothing ? 0 : std::exp(logit);
    }
  }
  return steps;
}

bool BestTags(const Steps& steps, const Lattice& lattice, std::array<uint8_t, kMaxWindow>& tags) {
  if (lattice.size == 0) return false;
  // The best way to each tag of each word: its score there, and only later where it came from.
  std::array<Row, kMaxWindow> best;
  std::array<bool, kMaxWindow> stays_outside;
  for (size_t t = 0; t < kLanes; ++t) best[0][t] = steps.first[t] + lattice.scores[0][t];
  bool all_outside = true;
  for (size_t i = 1; i < lattice.size; ++i) {
    const Row& before = best[i - 1];
    Quads next = Quads::Of(steps.logits[0]).Plus(before[0]);
    for (size_t s = 1; s < kTags; ++s) {
      next = next.OrMore(Quads::Of(steps.logits[s]).Plus(before[s]));
    }
    next.Store(best[i]);
    stays_outside[i] = best[i][0] == before[0] + steps.logits[0][0];
    all_outside = all_outside && stays_outside[i];
    for (size_t t = 0; t < kLanes; ++t) best[i][t] += lattice.scores[i][t];
  }
  const Row& last = best[lattice.size - 1];
  auto tag =
      static_cast<size_t>(std::max_element(last.begin(), last.begin() + kTags) - last.begin());
  if (tag == 0 && all_outside) return false;
  bool found = false;
  for (size_t i = lattice.size; i-- > 0;) {
    tags[i] = static_cast<uint8_t>(tag);
    found = found || tag != 0;
    if (i == 0) break;
    if (tag == 0 && stays_outside[i]) continue;
    // The first of the best, as it was added up above.
    size_t origin = 0;
    float most = best[i - 1][0] + steps.logits[0][tag];
    for (size_t s = 1; s < kTags; ++s) {
      const float score = best[i - 1][s] + steps.logits[s][tag];
      if (score > most) origin = s;
      most = std::max(most, score);
    }
    tag = origin;
  }
  return found;
}

float MarginalsOf(const Steps& steps, const Lattice& lattice, Marginals& marginals,
                  PairCounts* pairs) {
  if (lattice.size == 0) return 0;
  // Forward, each word's row scaled to 1.
  std::array<Row, kMaxWindow> forward;
  std::array<Row, kMaxWindow> emission;
  float total = 0;
  for (size_t i = 0; i < lattice.size; ++i) {
    emission[i] = {};
    total += Exponentials(lattice.scores[i], emission[i]);
    Row sums{};
    if (i == 0) {
      for (size_t t = 0; t < kTags; ++t) sums[t] = steps.begin[t];
    } else {
      for (size_t s = 0; s < kTags; ++s) {
        const float before = forward[i - 1][s];
        for (size_t t = 0; t < kLanes; ++t) sums[t] += before * steps.forward[s][t];
      }
    }
    for (size_t t = 0; t < kLanes; ++t) forward[i][t] = sums[t] * emission[i][t];
    total += std::log(Normalise(forward[i]));
  }
  // Backward, and the two together.
  Row backward{};
  backward.fill(1);
  for (size_t i = lattice.size; i-- > 0;) {
    Row& marginal = marginals[i];
    for (size_t t = 0; t < kLanes; ++t) marginal[t] = forward[i][t] * backward[t];
    Normalise(marginal);
    if (i == 0) break;
    Row behind;
    for (size_t t = 0; t < kLanes; ++t) behind[t] = emission[i][t] * backward[t];
    if (pairs != nullptr) {
      PairCounts joint{};
      float sum = 0;
      for (size_t s = 0; s < kTags; ++s) {
        for (size_t t = 0; t < kTags; ++t) {
          joint[s][t] = forward[i - 1][s] * steps.forward[s][t] * behind[t];
          sum += joint[s][t];
        }
      }
      for (size_t s = 0; s < kTags; ++s) {
        for (size_t t = 0; t < kTags; ++t) (*pairs)[s][t] += joint[s][t] / sum;
      }
    }
    Row before{};
    for (size_t t = 0; t < kTags; ++t) {
      for (size_t s = 0; s < kLanes; ++s) before[s] += behind[t] * steps.back[t][s];
    }
    backward = before;
    Normalise(backward);
  }
  return total;
}

}  // namespace flywheel::redaction

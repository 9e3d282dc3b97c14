#include "statistics/sign_flip.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "statistics/distributions.h"
#include "statistics/refusal.h"

namespace flywheel::statistics {
namespace {

constexpr size_t kMostCounted = 1'000;
// Of the weights together.
constexpr double kGrid = 20'000.0;
// Of the least weight, of which all may be multiples: 1 of 32 tries at each of 32.
constexpr int kMostParts = 32;
// Of a weight that is a whole multiple: sums of fractions are not exact.
constexpr double kRounding = 1e-6;

// Clusters that differ: how much, as a share of the largest difference, and how much of that was
// lost.
struct Weights {
  std::vector<double> all;  // with their signs
  double lost = 0.0;
  int64_t losses = 0;
  double least = 0.0;
  double most = 0.0;
  double total = 0.0;
  double squares = 0.0;
};

Weights WeightsOf(std::span<const double> differences) {
  Weights weights;
  double largest = 0.0;
  for (const double difference : differences) largest = std::max(largest, std::abs(difference));
  if (largest == 0.0) return weights;
  for (const double difference : differences) {
    const double weight = std::abs(difference / largest);
    if (weight == 0.0) continue;
    weights.least = weights.all.empty() ? weight : std::min(weights.least, weight);
    weights.most = std::max(weights.most, weight);
    weights.all.push_back(difference / largest);
    weights.total += weight;
    weights.squares += weight * weight;
    if (difference > 0.0) continue;
    weights.lost += weight;
    ++weights.losses;
  }
  return weights;
}

// Steps of the grid for one unit of weight.
double ScaleOf(const Weights& weights) {
  for (int parts = 1; parts <= kMostParts; ++parts) {
    const double scale = parts / weights.least;
    if (weights.total * scale > kGrid) break;
    const bool whole = std::all_of(weights.all.begin(), weights.all.end(), [&](double share) {
      const double steps = std::abs(share) * scale;
      return std::abs(steps - std::round(steps)) <= kRounding * steps;
    });
    if (whole) return scale;
  }
  return kGrid / weights.total;
}

// The share of all choices in which at least as much is lost.
double CountChoices(const Weights& weights) {
  const double scale = ScaleOf(weights);
  // Element i: the share of choices, of the clusters so far, in which i steps are lost.
  std::vector<double> shares = {1.0};
  size_t lost = 0;
  for (const double share : weights.all) {
    const auto steps = static_cast<size_t>(std::llround(std::abs(share) * scale));
    if (steps == 0) continue;
    if (share < 0.0) lost += steps;
    shares.resize(shares.size() + steps);
    for (size_t i = shares.size(); i-- > 0;) {
      shares[i] = 0.5 * (shares[i] + (i < steps ? 0.0 : shares[i - steps]));
    }
  }
  // From the small ones on, which would vanish beside the large.
  double sum = 0.0;
  for (size_t i = shares.size(); i-- > lost;) sum += shares[i];
  return std::min(1.0, sum);
}

}  // namespace

absl::StatusOr<double> SignFlipTestWorse(std::span<const double> cluster_differences) {
  for (const double difference : cluster_differences) {
    if (!std::isfinite(difference)) {
      return Refuse(Refusal::kArgumentOutOfRange, "a difference is not finite");
    }
  }
  const Weights weights = WeightsOf(cluster_differences);
  const auto count = static_cast<int64_t>(weights.all.size());
  if (count == 0) return 1.0;
  if (weights.most - weights.least <= kRounding * weights.least) {
    return BinomialUpperTail(weights.losses, count, 0.5);
  }
  if (weights.all.size() <= kMostCounted) return CountChoices(weights);
  const double above = weights.lost - weights.total / 2.0 - weights.least / 2.0;
  return NormalSf(2.0 * above / std::sqrt(weights.squares));
}

}  // namespace flywheel::statistics

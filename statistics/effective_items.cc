#include "statistics/effective_items.h"

#include <algorithm>
#include <cmath>

#include "statistics/distributions.h"
#include "statistics/refusal.h"

namespace flywheel::statistics {
namespace {

// What bounds can be inverted for.
constexpr double kMostItems = 1e15;

absl::Status CheckArguments(std::span<const ClusterSum> clusters,
                            const EffectiveItemsOptions& options) {
  const bool options_ok = options.alpha > 0.0 && options.alpha < 0.5 &&
                          std::abs(options.unseen_value) <= 1.0 && options.most_per_item >= 1.0 &&
                          std::isfinite(options.most_per_item);
  const bool clusters_ok = std::all_of(clusters.begin(), clusters.end(), [](const ClusterSum& one) {
    return one.items > 0.0 && std::isfinite(one.items) && std::isfinite(one.sum) &&
           std::isfinite(one.sizes);
  });
  double items = 0.0;
  for (const ClusterSum& one : clusters) items += one.items;
  if (!options_ok || !clusters_ok || !(items * options.most_per_item <= kMostItems)) {
    return Refuse(Refusal::kArgumentOutOfRange,
                  "want 0 < alpha < 1/2, -1 <= unseen_value <= 1, most_per_item >= 1, and clusters "
                  "with items, 1e15 tries at most, and finite sums");
  }
  if (clusters.size() < 2) {
    return Refuse(Refusal::kTooFewClusters, "want at least 2 clusters to show a variance");
  }
  return absl::OkStatus();
}

void Add(const ClusterSum& one, ClusterSum& total) {
  total.items += one.items;
  total.sum += one.sum;
  total.sizes += one.sizes;
}

double SquaredDeviation(const ClusterSum& one, double mean) {
  const double deviation = one.sum - one.items * mean;
  return deviation * deviation;
}

// How many times the variance of independent items the sample's is; `fallback` where it has none.
double DesignEffect(std::span<const ClusterSum> clusters, const ClusterSum& unseen,
                    double fallback) {
  ClusterSum total = unseen;
  for (const ClusterSum& one : clusters) Add(one, total);
  const double mean = total.sum / total.items;
  double squares = SquaredDeviation(unseen, mean);
  for (const ClusterSum& one : clusters) squares += SquaredDeviation(one, mean);
  const auto seen = static_cast<double>(clusters.size());
  const double clustered = (seen + 1.0) / seen * squares / total.items;
  const double independent = total.sizes / total.items - mean * mean;
  // Sums of fractions leave a rest where there is no variance.
  constexpr double kNothing = 1e-12;
  return clustered > kNothing && independent > kNothing ? clustered / independent : fallback;
}

}  // namespace

absl::StatusOr<double> EffectiveItems(std::span<const ClusterSum> clusters,
                                      const EffectiveItemsOptions& options) {
  if (absl::Status status = CheckArguments(clusters, options); !status.ok()) return status;
  double items = 0.0;
  double squares = 0.0;
  for (const ClusterSum& one : clusters) {
    items += one.items;
    squares += one.items * one.items;
  }
  const double typical = squares / items;
  const ClusterSum unseen = {typical, typical * options.unseen_value,
                             typical * std::abs(options.unseen_value)};
  const double independent = items / DesignEffect(clusters, unseen, typical);
  const double freedom = static_cast<double>(clusters.size()) - 1.0;
  const double ratio = NormalQuantile(options.alpha) / StudentTQuantile(options.alpha, freedom);
  return std::min(independent * ratio * ratio, items * options.most_per_item);
}

}  // namespace flywheel::statistics

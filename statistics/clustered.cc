#include "statistics/clustered.h"

#include <cmath>

#include "statistics/distributions.h"
#include "statistics/refusal.h"

namespace flywheel::statistics {

absl::StatusOr<ClusteredEstimate> ClusteredMean(std::span<const Moments> clusters, double alpha) {
  if (absl::Status status = RequireOpenProbability("alpha", alpha); !status.ok()) return status;
  ClusteredEstimate result;
  Moments all;
  for (const Moments& cluster : clusters) {
    if (cluster.count() == 0) continue;
    all.Merge(cluster);
    ++result.clusters;
  }
  if (result.clusters < 2) {
    return Refuse(Refusal::kTooFewClusters, "want at least 2 clusters to show a variance");
  }

  double sum_of_squares = 0.0;
  for (const Moments& cluster : clusters) {
    // The sum of a cluster's deviations from the overall mean.
    const double deviation = static_cast<double>(cluster.count()) * (cluster.mean() - all.mean());
    sum_of_squares += deviation * deviation;
  }
  result.items = all.count();
  result.naive_standard_error = std::sqrt(all.variance_of_mean());
  const double cluster_count = static_cast<double>(result.clusters);
  const double standard_error = std::sqrt(cluster_count / (cluster_count - 1.0) * sum_of_squares) /
                                static_cast<double>(all.count());
  if (!std::isfinite(all.mean()) || !std::isfinite(standard_error)) {
    return Refuse(Refusal::kArgumentOutOfRange, "a value is not finite");
  }
  if (!(standard_error > 0.0)) {
    return Refuse(Refusal::kZeroVariance, "all clusters have the same mean");
  }
  const double half_width = -standard_error * StudentTQuantile(alpha / 2.0, cluster_count - 1.0);
  result.mean = all.mean();
  result.standard_error = standard_error;
  result.interval = {all.mean() - half_width, all.mean() + half_width};
  return result;
}

}  // namespace flywheel::statistics

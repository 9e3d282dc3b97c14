// Cluster-robust standard error and t interval of a mean.
#ifndef FLYWHEEL_STATISTICS_CLUSTERED_H_
#define FLYWHEEL_STATISTICS_CLUSTERED_H_

#include <cstdint>
#include <span>

#include "absl/status/statusor.h"
#include "statistics/interval.h"
#include "statistics/moments.h"

namespace flywheel::statistics {

// The mean over all items when items come in groups that resemble each other: trials of one task,
// turns of one conversation, ratings of one user.
struct ClusteredEstimate {
  double mean = 0;
  double standard_error = 0;        // clustered, > 0
  double naive_standard_error = 0;  // as if the items were independent: usually far too small
  Interval interval;                // of the mean, two-sided, coverage 1 - alpha
  std::int64_t items = 0;
  std::int64_t clusters = 0;  // those that have items
};

// With C clusters, N items, item i of cluster c called s_ic and their overall mean m:
//
//   SE = sqrt( C/(C-1) sum_c ( sum_i (s_ic - m) )^2 ) / N
//
// and the interval m -+ SE * t quantile(1 - alpha/2) with C-1 degrees of freedom. Source: Miller
// 2024, arXiv 2411.00640. On 50 real agent tasks of 4 trials each it is 1.49 times the naive one.
// Takes the moments of each cluster; empty ones do not count. For a paired comparison pass the
// moments of the differences; for independent items let each be a cluster, which gives the usual
// standard error.
//
// Refuses with kTooFewClusters below two clusters (the error is undefined, not 0), kZeroVariance
// when the clusters do not differ, kArgumentOutOfRange unless 0 < alpha < 1 or when a value is not
// finite.
absl::StatusOr<ClusteredEstimate> ClusteredMean(std::span<const Moments> clusters, double alpha);

}  // namespace flywheel::statistics

#endif  // FLYWHEEL_STATISTICS_CLUSTERED_H_

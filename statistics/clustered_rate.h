// Exact bounds of a rate whose items come in clusters.
#ifndef FLYWHEEL_STATISTICS_CLUSTERED_RATE_H_
#define FLYWHEEL_STATISTICS_CLUSTERED_RATE_H_

#include <span>

#include "absl/status/statusor.h"
#include "statistics/effective_items.h"

namespace flywheel::statistics {

// A rate of clustered items beside a floor. Both bounds are one-sided.
struct ClusteredRate {
  double rate = 0;
  double lower = 0;
  double upper = 1;
  // Of the floor: so high a rate, or so low a one, is seen with this chance where it is true.
  double p_value_above = 1;
  double p_value_below = 1;
  // What the lower bound counts the items as.
  double effective_items = 0;
};

// What is asked about a rate.
struct RateQuestion {
  double floor = 0.5;        // in [0, 1]
  double alpha = 0.05;       // of each bound, in (0, 1/2)
  double most_per_item = 1;  // see EffectiveItemsOptions
};

// Bounds and tails of Clopper and Pearson (proportion.h) at n effective items, of which n times the
// rate have it: for the lower bound, and the chance of so high a rate, with one more cluster that
// fails as a whole, for the others with one that passes (effective_items.h). Neither number need be
// whole. Each cluster's `sum` is of the values of its items, 0 to 1, and its `sizes` the same.
// Refuses as EffectiveItems, and with kArgumentOutOfRange for another floor, or a rate outside 0 to
// 1.
absl::StatusOr<ClusteredRate> EstimateClusteredRate(std::span<const ClusterSum> clusters,
                                                    const RateQuestion& question);

}  // namespace flywheel::statistics

#endif  // FLYWHEEL_STATISTICS_CLUSTERED_RATE_H_

// How many independent items a clustered sample is worth, for bounds that hold near 0 and 1.
#ifndef FLYWHEEL_STATISTICS_EFFECTIVE_ITEMS_H_
#define FLYWHEEL_STATISTICS_EFFECTIVE_ITEMS_H_

#include <span>

#include "absl/status/statusor.h"

namespace flywheel::statistics {

// Items of one cluster, each with a value that would come out at -1, 0 or 1 if it were tried once,
// or is the mean of such tries.
struct ClusterSum {
  double items = 0;  // above 0
  double sum = 0;    // of the values
  double sizes = 0;  // of the values without their signs
};

// What bounds ask of EffectiveItems.
struct EffectiveItemsOptions {
  // -1, 0 or 1: what every item of the unseen cluster has. A lower bound asks for the least value
  // that there can be, an upper bound for the largest.
  double unseen_value = 0;
  // The one-sided level of the bound, below 1/2.
  double alpha = 0.05;
  // The answer is at most so many times the items: the tries that a value is the mean of.
  double most_per_item = 1;
};

// The number of independent items whose mean varies as much as that of the sample:
//
//   n / deff * (z / t)^2,   deff = V / V0
//   V  = C/(C-1) sum_c ( sum_i (s_ic - m) )^2 / n^2   the clustered variance (clustered.h)
//   V0 = (sum |s| / n - m^2) / n                      that of independent items
//
// with z and t the quantiles of the normal and of Student's t distribution with C-1 degrees of
// freedom. A bound for independent trials (Clopper-Pearson, Tango) at this size is one for the
// sample: Korn and Graubard, Survey Methodology 24, 1998.
//
// What they leave out: where failures are rare, a sample shows few clusters that fail, often each
// with one failure, and then looks as if its items were independent. At a floor of .92 with 8 items
// a cluster that fail together, their bound says PASS in up to 25 % of samples at alpha .05. So the
// design effect is that of the sample with one more cluster, of the size that the cluster of a
// typical item has (sum n_c^2 / n), all of whose items have `unseen_value`. Found by simulation,
// over 2 to 8 items a cluster, correlations of 0 to .8, rates of .8 to .99 and 40 to 3,200 items:
// at most .053 for rates, and .056 for differences of pairs. A sample without variance counts by
// its clusters.
//
// Refuses with kTooFewClusters below two clusters (their variance is undefined, not 0), and with
// kArgumentOutOfRange for a cluster without items, values that are not finite, more than 1e15
// tries, or options outside their ranges.
absl::StatusOr<double> EffectiveItems(std::span<const ClusterSum> clusters,
                                      const EffectiveItemsOptions& options);

}  // namespace flywheel::statistics

#endif  // FLYWHEEL_STATISTICS_EFFECTIVE_ITEMS_H_

// Randomisation test of paired differences that come in clusters: McNemar's, for weights.
#ifndef FLYWHEEL_STATISTICS_SIGN_FLIP_H_
#define FLYWHEEL_STATISTICS_SIGN_FLIP_H_

#include <span>

#include "absl/status/statusor.h"

namespace flywheel::statistics {

// The one-sided p-value of "the candidate is worse", given what it gained or lost against a
// baseline in each cluster of items that resemble each other (trials of one task, turns of one
// conversation). If both are equally good, each cluster might as well have gone the other way
// round, so that of all 2^k ways of choosing signs of the k clusters that differ
//
//   p = the share of those whose sum is at most the observed one
//
// is never at or below alpha with a chance above alpha, however alike the items of a cluster are
// and however few clusters there are (Fisher 1935). Where all clusters weigh the same it is the
// exact McNemar test (mcnemar.h); a clustered t-test, unlike it, calls three losses in three
// clusters significant. 1 where no cluster differs.
//
// Counted exactly where the differences are multiples of the least one or of a 2nd to 32nd of it,
// and sum up to 20,000 such steps at most; else each is rounded to a 20,000th of their sum, which
// is a test as valid, of a statistic that is a little coarser. Above 1,000 clusters that differ and
// not all alike it is the normal approximation, corrected for continuity. Refuses with
// kArgumentOutOfRange where a difference is not finite.
absl::StatusOr<double> SignFlipTestWorse(std::span<const double> cluster_differences);

}  // namespace flywheel::statistics

#endif  // FLYWHEEL_STATISTICS_SIGN_FLIP_H_

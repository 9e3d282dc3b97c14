// Power analysis of a comparison of pass rates: the detectable difference.
#ifndef FLYWHEEL_STATISTICS_DETECTABLE_DROP_H_
#define FLYWHEEL_STATISTICS_DETECTABLE_DROP_H_

#include <cstdint>

#include "absl/status/statusor.h"

namespace flywheel::statistics {

// What a gate of a given size can see at all. A verdict without it hides that "no regression
// found" may only mean "too few cases".
//
// `alpha` is the two-sided level of the test (its one-sided level is alpha/2), `power` the wanted
// probability of finding the drop; both in (0, 1) with power > alpha/2. `discordant_share` in
// (0, 1] is the share of cases on which exactly one of the two systems passes. With
// k = normal quantile(1 - alpha/2) + normal quantile(power):

// The smallest drop that n paired cases find: k sqrt( share / (n + k^2) ), which solves
// n = k^2 (share - drop^2) / drop^2 for the drop. Refuses with kTooFewUnits when it exceeds
// `discordant_share`, because no drop that large can exist, and with kArgumentOutOfRange outside
// the ranges above.
absl::StatusOr<double> MinimumDetectableDrop(std::int64_t cases, double discordant_share,
                                             double alpha, double power);

}  // namespace flywheel::statistics

#endif  // FLYWHEEL_STATISTICS_DETECTABLE_DROP_H_

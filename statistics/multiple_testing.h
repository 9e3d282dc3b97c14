// Holm's correction of p-values for multiple testing.
#ifndef FLYWHEEL_STATISTICS_MULTIPLE_TESTING_H_
#define FLYWHEEL_STATISTICS_MULTIPLE_TESTING_H_

#include <span>
#include <vector>

#include "absl/status/statusor.h"

namespace flywheel::statistics {

// Holm step-down, for looking at many cohorts, metrics or segments at once: adjusted p_(k) = max
// over j <= k of p_(j) (m-j+1), at most 1. Controls the probability of any false alarm (family-wise
// error rate) under every dependence. Source: Holm 1979.
//
// The adjusted p-values come in the order given, so that a caller rejects where `adjusted <= level`
// and can store the number that decided. An empty input gives an empty answer. Refuses with
// kArgumentOutOfRange when a p-value is NaN or outside [0, 1].
absl::StatusOr<std::vector<double>> Holm(std::span<const double> p_values);

}  // namespace flywheel::statistics

#endif  // FLYWHEEL_STATISTICS_MULTIPLE_TESTING_H_

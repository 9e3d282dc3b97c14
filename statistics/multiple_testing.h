// Adjusted p-values for multiple testing.
#ifndef FLYWHEEL_STATISTICS_MULTIPLE_TESTING_H_
#define FLYWHEEL_STATISTICS_MULTIPLE_TESTING_H_

#include <span>
#include <vector>

#include "absl/status/statusor.h"

namespace flywheel::statistics {

// Corrections for looking at many cohorts, metrics or segments at once. Both return adjusted
// p-values in the order given, so that a caller rejects where `adjusted <= level` and can store
// the number that decided. An empty input gives an empty answer.
// Both refuse with kArgumentOutOfRange when a p-value is NaN or outside [0, 1].

// Benjamini-Hochberg step-up: adjusted p_(k) = min over j >= k of p_(j) m/j. Controls the expected
// share of false alarms among the alarms (FDR), for independent or positively dependent tests.
// Meant for regressions of cohorts. Source: Benjamini and Hochberg 1995.
absl::StatusOr<std::vector<double>> BenjaminiHochberg(std::span<const double> p_values);

// Holm step-down: adjusted p_(k) = max over j <= k of p_(j) (m-j+1), at most 1. Controls the
// probability of any false alarm (FWER) under every dependence. Meant for hard safety rules.
// Source: Holm 1979.
absl::StatusOr<std::vector<double>> Holm(std::span<const double> p_values);

}  // namespace flywheel::statistics

#endif  // FLYWHEEL_STATISTICS_MULTIPLE_TESTING_H_

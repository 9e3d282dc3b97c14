// Holm's correction of p-values for multiple testing, and which tests it counts.
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

// The tests of a family that are worth their share of `level`: those whose p-value can come out at
// level / k or below, for the smallest k that at most k tests can. A test of three cases never
// rejects beside a thousand others, and costs them nothing where it is left out. `smallest` has the
// smallest p-value that each test can give, known before any result is: by the number of its cases,
// not by their results. Source: Tarone 1990, "A modified Bonferroni method for discrete data".
std::vector<bool> AttainableTests(std::span<const double> smallest, double level);

// Holm's correction over the attainable tests of a family; one that is left out is not done, and
// its adjusted p-value is 1. Refuses as Holm does, and where the two do not have the same size.
struct AttainableHolm {
  std::vector<double> adjusted;
  // By test: the level that its own p-value is held against as long as nothing is rejected; 0 where
  // it is left out.
  std::vector<double> first_level;
};
absl::StatusOr<AttainableHolm> HolmOfAttainable(std::span<const double> p_values,
                                                std::span<const double> smallest, double level);

}  // namespace flywheel::statistics

#endif  // FLYWHEEL_STATISTICS_MULTIPLE_TESTING_H_

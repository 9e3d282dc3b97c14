// Chi-square test of independence: whether two samples have the same mix of kinds.
#ifndef FLYWHEEL_STATISTICS_CONTINGENCY_H_
#define FLYWHEEL_STATISTICS_CONTINGENCY_H_

#include <cstdint>
#include <span>

#include "absl/status/statusor.h"

namespace flywheel::statistics {

// The p-value of Pearson's chi-square of a table with two rows, `first` and `second`, and a column
// for each kind: sum of (observed - expected)^2 / expected, where a column is expected to be dealt
// to the rows as all columns together are. Columns without any are left out, and have no degree of
// freedom. For ONE look, and not to be relied on where a cell expects fewer than 5. Pure.
//
// Refuses with kSizeMismatch where the rows differ in length, with kArgumentOutOfRange for a
// negative count, and with kTooFewUnits where a row is empty or fewer than two columns are not.
// Source: Pearson 1900.
absl::StatusOr<double> IndependencePValue(std::span<const std::int64_t> first,
                                          std::span<const std::int64_t> second);

}  // namespace flywheel::statistics

#endif  // FLYWHEEL_STATISTICS_CONTINGENCY_H_

#include "statistics/contingency.h"

#include <cstddef>

#include "statistics/distributions.h"
#include "statistics/refusal.h"

namespace flywheel::statistics {

absl::StatusOr<double> IndependencePValue(std::span<const std::int64_t> first,
                                          std::span<const std::int64_t> second) {
  if (first.size() != second.size()) {
    return Refuse(Refusal::kSizeMismatch, "want two rows of the same length");
  }
  double first_sum = 0.0;
  double second_sum = 0.0;
  int columns = 0;
  for (std::size_t i = 0; i < first.size(); ++i) {
    if (first[i] < 0 || second[i] < 0) {
      return Refuse(Refusal::kArgumentOutOfRange, "want counts of at least 0");
    }
    first_sum += static_cast<double>(first[i]);
    second_sum += static_cast<double>(second[i]);
    if (first[i] > 0 || second[i] > 0) ++columns;
  }
  if (!(first_sum > 0.0) || !(second_sum > 0.0) || columns < 2) {
    return Refuse(Refusal::kTooFewUnits, "want two rows and two columns that are not empty");
  }
  const double sum = first_sum + second_sum;
  double chi_square = 0.0;
  for (std::size_t i = 0; i < first.size(); ++i) {
    const double column = static_cast<double>(first[i]) + static_cast<double>(second[i]);
    if (!(column > 0.0)) continue;
    // Both cells of a column are off by as much.
    const double off = static_cast<double>(first[i]) - column * (first_sum / sum);
    chi_square += off * off * sum / column * (1.0 / first_sum + 1.0 / second_sum);
  }
  return ChiSquareSf(chi_square, columns - 1);
}

}  // namespace flywheel::statistics

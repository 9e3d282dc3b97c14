#include "statistics/multiple_testing.h"

#include <algorithm>
#include <cstddef>
#include <numeric>

#include "statistics/refusal.h"

namespace flywheel::statistics {

absl::StatusOr<std::vector<double>> Holm(std::span<const double> p_values) {
  for (const double p : p_values) {
    if (!(p >= 0.0 && p <= 1.0)) {
      return Refuse(Refusal::kArgumentOutOfRange, "want p-values between 0 and 1");
    }
  }
  std::vector<std::size_t> ascending(p_values.size());
  std::iota(ascending.begin(), ascending.end(), std::size_t{0});
  std::stable_sort(ascending.begin(), ascending.end(),
                   [&](std::size_t a, std::size_t b) { return p_values[a] < p_values[b]; });
  std::vector<double> adjusted(p_values.size());
  double largest = 0.0;
  for (std::size_t rank = 0; rank < ascending.size(); ++rank) {
    const std::size_t i = ascending[rank];
    const double remaining = static_cast<double>(p_values.size() - rank);
    largest = std::max(largest, std::min(1.0, p_values[i] * remaining));
    adjusted[i] = largest;
  }
  return adjusted;
}

}  // namespace flywheel::statistics

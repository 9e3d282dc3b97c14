#include "statistics/multiple_testing.h"

#include <algorithm>
#include <cstddef>
#include <numeric>

#include "statistics/refusal.h"

namespace flywheel::statistics {
namespace {

// The indices of `p_values` from the smallest to the largest.
absl::StatusOr<std::vector<std::size_t>> AscendingOrder(std::span<const double> p_values) {
  for (const double p : p_values) {
    if (!(p >= 0.0 && p <= 1.0)) {
      return Refuse(Refusal::kArgumentOutOfRange, "want p-values between 0 and 1");
    }
  }
  std::vector<std::size_t> order(p_values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return p_values[a] < p_values[b]; });
  return order;
}

}  // namespace

absl::StatusOr<std::vector<double>> BenjaminiHochberg(std::span<const double> p_values) {
  absl::StatusOr<std::vector<std::size_t>> order = AscendingOrder(p_values);
  if (!order.ok()) return order.status();
  std::vector<double> adjusted(p_values.size());
  const double m = static_cast<double>(p_values.size());
  double smallest = 1.0;
  for (std::size_t rank = p_values.size(); rank > 0; --rank) {
    const std::size_t i = (*order)[rank - 1];
    smallest = std::min(smallest, p_values[i] * m / static_cast<double>(rank));
    adjusted[i] = smallest;
  }
  return adjusted;
}

absl::StatusOr<std::vector<double>> Holm(std::span<const double> p_values) {
  absl::StatusOr<std::vector<std::size_t>> order = AscendingOrder(p_values);
  if (!order.ok()) return order.status();
  std::vector<double> adjusted(p_values.size());
  double largest = 0.0;
  for (std::size_t rank = 0; rank < p_values.size(); ++rank) {
    const std::size_t i = (*order)[rank];
    const double remaining = static_cast<double>(p_values.size() - rank);
    largest = std::max(largest, std::min(1.0, p_values[i] * remaining));
    adjusted[i] = largest;
  }
  return adjusted;
}

}  // namespace flywheel::statistics

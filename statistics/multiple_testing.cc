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

std::vector<bool> AttainableTests(std::span<const double> smallest, double level) {
  std::vector<double> ascending(smallest.begin(), smallest.end());
  std::sort(ascending.begin(), ascending.end());
  double bound = level;
  for (std::size_t k = 1; k <= ascending.size(); ++k) {
    bound = level / static_cast<double>(k);
    // At most k are within the bound where the one after the k-th is not.
    if (k == ascending.size() || ascending[k] > bound) break;
  }
  std::vector<bool> attainable;
  attainable.reserve(smallest.size());
  for (const double p : smallest) attainable.push_back(p <= bound);
  return attainable;
}

absl::StatusOr<AttainableHolm> HolmOfAttainable(std::span<const double> p_values,
                                                std::span<const double> smallest, double level) {
  if (p_values.size() != smallest.size()) {
    return Refuse(Refusal::kArgumentOutOfRange, "want a smallest p-value of each test");
  }
  const std::vector<bool> attainable = AttainableTests(smallest, level);
  std::vector<double> done;
  for (std::size_t i = 0; i < p_values.size(); ++i) {
    if (attainable[i]) done.push_back(p_values[i]);
  }
  const absl::StatusOr<std::vector<double>> adjusted = Holm(done);
  if (!adjusted.ok()) return adjusted.status();
  AttainableHolm holm;
  std::size_t next = 0;
  for (const bool is_done : attainable) {
    holm.adjusted.push_back(is_done ? (*adjusted)[next++] : 1.0);
    holm.first_level.push_back(is_done ? level / static_cast<double>(done.size()) : 0.0);
  }
  return holm;
}

}  // namespace flywheel::statistics

#include "statistics/heterogeneity.h"

#include <array>
#include <cmath>
#include <cstddef>

#include "statistics/distributions.h"
#include "statistics/mixture_boundary.h"
#include "statistics/refusal.h"
#include "statistics/special_functions.h"

namespace flywheel::statistics {
namespace {

// Only tunes the e-value.
constexpr double kAlpha = 0.05;

struct Weighted {
  double weights = 0.0;      // Their sum.
  double log_weights = 0.0;  // The sum of their logarithms.
  double q = 0.0;
};

// Where effects vary by `variance` around their mean.
Weighted WithVariance(std::span<const GroupEffect> groups, double variance) {
  Weighted sums;
  double mean = 0.0;
  for (const GroupEffect& group : groups) {
    const double weight = 1.0 / (group.standard_error * group.standard_error + variance);
    const double step = weight * (group.estimate - mean);
    sums.weights += weight;
    sums.log_weights += std::log(weight);
    // Around the mean as it moves, so that effects that are nearly equal keep their digits.
    const double before = mean;
    mean += step / sums.weights;
    sums.q += weight * (group.estimate - before) * (group.estimate - mean);
  }
  return sums;
}

double VarianceOfUnit(std::span<const GroupEffect> groups) {
  double variance = 0.0;
  double units = 0.0;
  for (const GroupEffect& group : groups) {
    const double spread = group.standard_error * group.units;
    variance += spread * spread;
    units += group.units;
  }
  return variance / units;
}

bool IsPositive(double value) { return value > 0.0 && std::isfinite(value); }

}  // namespace

absl::StatusOr<Heterogeneity> EstimateHeterogeneity(std::span<const GroupEffect> groups) {
  if (groups.size() < 2) return Refuse(Refusal::kTooFewUnits, "want at least two groups");
  for (const GroupEffect& group : groups) {
    if (!std::isfinite(group.estimate) || !IsPositive(group.standard_error) ||
        !IsPositive(group.units)) {
      return Refuse(Refusal::kArgumentOutOfRange,
                    "want finite effects with standard errors and units above 0");
    }
  }
  const Weighted one_effect = WithVariance(groups, 0.0);
  const double unit = VarianceOfUnit(groups);
  const double log_term = -2.0 * std::log(kAlpha);
  std::array<double, MixtureBoundary::kPlans.size()> log_e_values;
  for (std::size_t i = 0; i < log_e_values.size(); ++i) {
    const double tau_squared =
        (log_term + std::log1p(log_term)) / MixtureBoundary::kPlans[i] * unit;
    const Weighted varied = WithVariance(groups, tau_squared);
    log_e_values[i] =
        0.5 * (varied.log_weights - one_effect.log_weights -
               std::log(varied.weights / one_effect.weights) + one_effect.q - varied.q);
  }
  Heterogeneity heterogeneity;
  heterogeneity.q = one_effect.q;
  heterogeneity.degrees_of_freedom = static_cast<double>(groups.size() - 1);
  heterogeneity.p_value = ChiSquareSf(one_effect.q, heterogeneity.degrees_of_freedom);
  heterogeneity.log_e_value = LogMeanExp(log_e_values);
  return heterogeneity;
}

}  // namespace flywheel::statistics

#include "experiment_service/domain/mean_difference.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "statistics/distributions.h"
#include "statistics/effect.h"
#include "statistics/special_functions.h"

namespace flywheel::experiment {
namespace {

using statistics::Interval;
using statistics::Moments;

// Tail probabilities below this one are taken as it: 37 standard errors.
constexpr double kSmallestTail = 1e-300;
// Means of equal values differ by less than this part of them, which is rounding.
constexpr double kRounding = 0x1.0p-40;
// A magnitude whose square an ExactSum still has digits of.
constexpr double kLeastMagnitude = 1e-15;

double Count(const Moments& moments) { return static_cast<double>(moments.count()); }

// The same moments with a variance of at least `variance`.
Moments WithVarianceOfAtLeast(double variance, const Moments& moments) {
  const double m2 = variance * (Count(moments) - 1);
  return Moments(moments.count(), moments.mean(), std::max(moments.m2(), m2));
}

}  // namespace

std::optional<MeanDifference> MeanDifference::Estimate(const Moments& control,
                                                       const Moments& treatment) {
  if (control.count() < 2 || treatment.count() < 2) return std::nullopt;
  const double degrees = Count(control) + Count(treatment) - 2;
  const double pooled_variance = (control.m2() + treatment.m2()) / degrees;
  return MeanDifference(WithVarianceOfAtLeast(pooled_variance, control),
                        WithVarianceOfAtLeast(pooled_variance, treatment));
}

double MeanDifference::units() const { return Count(control_) + Count(treatment_); }

double MeanDifference::StandardError() const {
  return std::sqrt(treatment_.variance_of_mean() + control_.variance_of_mean());
}

double MeanDifference::WelchDegreesOfFreedom() const {
  const auto effect =
      statistics::EstimateEffect(control_, treatment_, statistics::EffectScale::kAbsolute);
  return effect.ok() ? effect->degrees_of_freedom : 1;
}

double MeanDifference::ZOf(double t) const {
  if (!std::isfinite(t)) return 0;
  const double tail = statistics::StudentTSf(std::fabs(t), WelchDegreesOfFreedom());
  return std::copysign(-statistics::NormalQuantile(std::max(tail, kSmallestTail)), t);
}

double MeanDifference::StudentMultiplier(double multiplier) const {
  return -statistics::StudentTQuantile(statistics::NormalSf(multiplier), WelchDegreesOfFreedom());
}

Interval MeanDifference::WithinStudent(double t) const {
  if (!varies()) return Interval();
  const double half_width = t * StandardError();
  if (!std::isfinite(half_width)) return Interval();
  return {estimate() - half_width, estimate() + half_width};
}

std::optional<double> MeanDifference::SeparationLogPValue() const {
  if (varies()) return std::nullopt;
  const double magnitude = std::max(std::fabs(control_.mean()), std::fabs(treatment_.mean()));
  // Of values so near 0 the squares are not kept, and nobody knows whether they vary.
  if (magnitude < kLeastMagnitude) return std::nullopt;
  if (!(std::fabs(estimate()) > kRounding * magnitude)) return std::nullopt;
  const double log_ways = statistics::LogGamma(units() + 1) -
                          statistics::LogGamma(Count(control_) + 1) -
                          statistics::LogGamma(Count(treatment_) + 1);
  return std::min(0.0, std::numbers::ln2 - log_ways);
}

}  // namespace flywheel::experiment

#include "statistics/effect.h"

#include <cmath>

#include "statistics/refusal.h"

namespace flywheel::statistics {
namespace {

double Square(double x) { return x * x; }

}  // namespace

absl::StatusOr<Effect> EstimateEffect(const Moments& control, const Moments& treatment,
                                      EffectScale scale) {
  if (control.count() < 2 || treatment.count() < 2) {
    return Refuse(Refusal::kTooFewUnits, "each arm needs at least 2 units to show a variance");
  }
  const double control_variance = control.variance_of_mean();
  const double treatment_variance = treatment.variance_of_mean();
  const double variance = control_variance + treatment_variance;
  const double difference = treatment.mean() - control.mean();
  if (!std::isfinite(variance) || !std::isfinite(difference)) {
    return Refuse(Refusal::kArgumentOutOfRange, "the moments of an arm are not finite");
  }
  if (!(variance > 0.0)) {
    return Refuse(Refusal::kZeroVariance, "no unit of either arm differs from its arm's mean");
  }

  Effect effect;
  effect.units = static_cast<double>(control.count()) + static_cast<double>(treatment.count());
  // Shares instead of squares of variances, so that tiny variances do not underflow.
  const double control_share = control_variance / variance;
  effect.degrees_of_freedom =
      1.0 / (Square(1.0 - control_share) / static_cast<double>(treatment.count() - 1) +
             Square(control_share) / static_cast<double>(control.count() - 1));
  if (scale == EffectScale::kAbsolute) {
    effect.estimate = difference;
    effect.standard_error = std::sqrt(variance);
    return effect;
  }

  if (control.mean() == 0.0) {
    return Refuse(Refusal::kZeroControlMean, "a relative effect needs a control mean other than 0");
  }
  const double ratio = treatment.mean() / control.mean();
  effect.estimate = difference / std::fabs(control.mean());
  effect.standard_error =
      std::sqrt(treatment_variance + control_variance * Square(ratio)) / std::fabs(control.mean());
  // A treatment mean of 0 hides the variance of the control, and a constant treatment its own.
  if (!(effect.standard_error > 0.0)) {
    return Refuse(Refusal::kZeroVariance, "the relative effect has no standard error");
  }
  if (!std::isfinite(effect.estimate) || !std::isfinite(effect.standard_error)) {
    return Refuse(Refusal::kZeroControlMean, "the control mean is too close to 0 to divide by");
  }
  return effect;
}

}  // namespace flywheel::statistics

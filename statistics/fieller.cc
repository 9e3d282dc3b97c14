#include "statistics/fieller.h"

#include <cmath>

#include "statistics/distributions.h"
#include "statistics/refusal.h"

namespace flywheel::statistics {

absl::StatusOr<FiellerLift> FiellerInterval(const Moments& control, const Moments& treatment,
                                            double alpha) {
  if (absl::Status status = RequireOpenProbability("alpha", alpha); !status.ok()) return status;
  if (control.count() < 2 || treatment.count() < 2) {
    return Refuse(Refusal::kTooFewUnits, "each arm needs at least 2 units to show a variance");
  }
  const double control_mean = control.mean();
  const double control_variance = control.variance_of_mean();
  const double treatment_variance = treatment.variance_of_mean();
  if (!std::isfinite(control_variance + treatment_variance + control_mean + treatment.mean())) {
    return Refuse(Refusal::kArgumentOutOfRange, "the moments of an arm are not finite");
  }
  if (control_mean == 0.0) {
    return Refuse(Refusal::kZeroControlMean, "a relative lift needs a control mean other than 0");
  }
  if (!(control_variance + treatment_variance > 0.0)) {
    return Refuse(Refusal::kZeroVariance, "no unit of either arm differs from its arm's mean");
  }

  FiellerLift lift;
  const double z = -NormalQuantile(alpha / 2.0);
  const double relative_error = z * std::sqrt(control_variance) / std::fabs(control_mean);
  lift.estimate = (treatment.mean() - control_mean) / std::fabs(control_mean);
  if (!std::isfinite(lift.estimate)) {
    return Refuse(Refusal::kZeroControlMean, "the control mean is too close to 0 to divide by");
  }
  lift.g = relative_error * relative_error;
  lift.bounded = lift.g < 1.0;
  if (!lift.bounded) return lift;

  const double ratio = treatment.mean() / control_mean;
  const double half_width =
      z / std::fabs(control_mean) *
      std::sqrt(ratio * ratio * control_variance + (1.0 - lift.g) * treatment_variance);
  if (!(half_width > 0.0)) {
    return Refuse(Refusal::kZeroVariance, "the lift has no standard error");
  }
  const double lower = (ratio - half_width) / (1.0 - lift.g);
  const double upper = (ratio + half_width) / (1.0 - lift.g);
  // The lift is ratio - 1 for a positive control mean and 1 - ratio for a negative one.
  lift.interval =
      control_mean > 0.0 ? Interval{lower - 1.0, upper - 1.0} : Interval{1.0 - upper, 1.0 - lower};
  return lift;
}

}  // namespace flywheel::statistics

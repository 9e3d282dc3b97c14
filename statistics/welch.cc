#include "statistics/welch.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "statistics/distributions.h"
#include "statistics/refusal.h"

namespace flywheel::statistics {

absl::StatusOr<WelchTestResult> WelchTest(const Moments& control, const Moments& treatment,
                                          EffectScale scale, double alpha) {
  if (absl::Status status = RequireOpenProbability("alpha", alpha); !status.ok()) return status;
  absl::StatusOr<Effect> effect = EstimateEffect(control, treatment, scale);
  if (!effect.ok()) return effect.status();

  WelchTestResult result;
  result.effect = *effect;
  result.t = effect->estimate / effect->standard_error;
  const double log_tail = StudentTLogSf(std::fabs(result.t), effect->degrees_of_freedom);
  result.log_p_value = std::min(0.0, std::numbers::ln2 + log_tail);
  result.p_value = std::exp(result.log_p_value);
  const double half_width =
      -effect->standard_error * StudentTQuantile(alpha / 2.0, effect->degrees_of_freedom);
  result.interval = {effect->estimate - half_width, effect->estimate + half_width};
  return result;
}

}  // namespace flywheel::statistics

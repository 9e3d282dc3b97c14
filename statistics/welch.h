// Welch's t test of two means.
#ifndef FLYWHEEL_STATISTICS_WELCH_H_
#define FLYWHEEL_STATISTICS_WELCH_H_

#include "absl/status/statusor.h"
#include "statistics/effect.h"
#include "statistics/interval.h"
#include "statistics/moments.h"

namespace flywheel::statistics {

// The result of a Welch test of "no difference between the arms".
struct WelchTestResult {
  Effect effect;
  double t = 0.0;            // estimate / standard error
  double p_value = 1.0;      // two-sided; 0 only below about 1e-308
  double log_p_value = 0.0;  // natural logarithm, finite where p_value underflows
  Interval interval;         // two-sided, coverage 1 - alpha, on the scale of the effect
};

// Welch's unequal-variance t test: p = 2 P(T > |estimate|/SE) with T Student's t of the effect's
// degrees of freedom; interval = estimate -+ SE * t quantile(1 - alpha/2). See effect.h for the
// effect and its source.
//
// Valid for ONE look that was fixed beforehand; for repeated looks use sequential.h. For
// conversions, and for small or unequal arms, use the pooled score test of proportion.h: with 30
// against 270 units at 2 % Welch's false alarm rate is 43 % at a nominal 5 %.
//
// Refuses as EstimateEffect does, and with kArgumentOutOfRange unless 0 < alpha < 1.
absl::StatusOr<WelchTestResult> WelchTest(const Moments& control, const Moments& treatment,
                                          EffectScale scale, double alpha);

}  // namespace flywheel::statistics

#endif  // FLYWHEEL_STATISTICS_WELCH_H_

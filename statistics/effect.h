// Difference of two means, absolute or relative (delta method), with its standard error.
#ifndef FLYWHEEL_STATISTICS_EFFECT_H_
#define FLYWHEEL_STATISTICS_EFFECT_H_

#include "absl/status/statusor.h"
#include "statistics/moments.h"

namespace flywheel::statistics {

// What "difference between the arms" means.
enum class EffectScale {
  kAbsolute,  // mean of treatment - mean of control, in the unit of the metric
  kRelative,  // that difference divided by |mean of control|; 0.05 is a lift of 5 %
};

// An estimated difference between two arms.
struct Effect {
  double estimate = 0.0;
  double standard_error = 0.0;      // > 0
  double degrees_of_freedom = 0.0;  // Welch-Satterthwaite, of the absolute difference
  double units = 0.0;               // units in both arms together
};

// Estimates treatment against control from per-unit moments (one value per randomised unit).
//
//   absolute: D = mT - mC,          V = vT/nT + vC/nC
//   relative: L = (mT - mC)/|mC|,   V = vT/(nT mC^2) + vC mT^2/(nC mC^4)      (delta method)
//   dof = (vT/nT + vC/nC)^2 / [ (vT/nT)^2/(nT-1) + (vC/nC)^2/(nC-1) ]         (both scales)
//
// Source: GrowthBook gbstats, models/tests.py and frequentist/tests.py, which also takes the
// degrees of freedom of the absolute difference for the relative one. The delta method needs a
// control mean several standard errors away from 0: use fieller.h when it may not be.
//
// Refuses with kTooFewUnits when an arm has fewer than two units, with kZeroVariance when no arm
// varies, with kZeroControlMean for a relative effect of a control whose mean is 0, and with
// kArgumentOutOfRange when a moment is not finite.
absl::StatusOr<Effect> EstimateEffect(const Moments& control, const Moments& treatment,
                                      EffectScale scale);

}  // namespace flywheel::statistics

#endif  // FLYWHEEL_STATISTICS_EFFECT_H_

// Fieller's confidence interval of a ratio of two means, as a relative lift.
#ifndef FLYWHEEL_STATISTICS_FIELLER_H_
#define FLYWHEEL_STATISTICS_FIELLER_H_

#include "absl/status/statusor.h"
#include "statistics/interval.h"
#include "statistics/moments.h"

namespace flywheel::statistics {

// A relative lift with the interval of Fieller's theorem.
struct FiellerLift {
  double estimate = 0.0;  // (mT - mC)/|mC|
  double g = 0.0;         // z^2 var(mC)/mC^2: below 1 when the control mean is significantly not 0
  bool bounded = false;   // g < 1; otherwise the data exclude no finite interval of lifts
  Interval interval;      // coverage 1 - alpha; the whole line when not bounded
};

// Fieller's interval for the relative lift of treatment over control:
//
//   q = mT/mC, g = z^2 var(mC)/mC^2, z = normal quantile(1 - alpha/2), var = variance of the mean
//   1 + lift = ( q -+ (z/|mC|) sqrt(q^2 var(mC) + (1-g) var(mT)) ) / (1-g)      when g < 1
//
// Source: Fieller 1954; Statsig's fieller-intervals. Prefer it to the delta method of effect.h for
// small arms: with 30 units per arm at 20 % it covers 96.4 % where the delta method covers 90.9 %
// with all misses on one side; at 1e5 units both agree. For a negative control mean the interval
// is that of (mT - mC)/|mC|, so that a larger treatment mean always is a larger lift.
//
// Refuses with kTooFewUnits (an arm below two units), kZeroVariance (no arm
// varies, or the treatment is constantly 0, so that the interval would have no width),
// kZeroControlMean, and kArgumentOutOfRange (alpha outside (0, 1), moments not finite).
absl::StatusOr<FiellerLift> FiellerInterval(const Moments& control, const Moments& treatment,
                                            double alpha);

}  // namespace flywheel::statistics

#endif  // FLYWHEEL_STATISTICS_FIELLER_H_

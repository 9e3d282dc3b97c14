// Relative lift of a treatment over its control (Fieller; Miettinen-Nurminen for 0/1 outcomes).
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_RELATIVE_LIFT_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_RELATIVE_LIFT_H_

#include <optional>

#include "experiment_service/domain/mean_difference.h"
#include "experiment_service/domain/outcome_counts.h"
#include "statistics/interval.h"
#include "statistics/moments.h"

namespace flywheel::experiment {

// The relative lift (mT - mC)/|mC| of a treatment over its control, and how far other lifts are
// from the data. Every statement comes from one statistic, so that intervals and p-values never
// contradict each other: for a hypothetical ratio r of the means,
//
//   Z(r) = (mT - r mC) / sqrt(V(r)),   an interval holds the r with |Z(r)| within a multiplier.
//
// Where all units of both arms are 0 or 1, V(r) is the variance of the two rates that are most
// likely under pT = r pC (Miettinen and Nurminen 1985): at r = 1 the pooled variance. It is not 0
// in an arm that happens to hold only zeros, and holds its level in small arms, where the arm's own
// variance does not.
//
// Otherwise V(r) = vT + r^2 vC (Fieller 1954) with the variances of the means, and Z passes through
// Student's t, both as MeanDifference has them: Z(1) is the Z of that difference.
//
// Immutable, so thread-safe.
class RelativeLift {
 public:
  // Nothing where no lift can be computed: fewer than two units in an arm, a control mean of 0, or
  // no arm that varies.
  static std::optional<RelativeLift> Estimate(const OutcomeCounts& control,
                                              const OutcomeCounts& treatment);

  double absolute() const { return treatment_.mean() - control_.mean(); }
  double relative() const;
  // Units of both arms together.
  double units() const;

  // Z(1), as a standard normal value: how far "no lift" is from the data, positive for a better
  // treatment.
  double ZOfNoLift() const;

  // The relative lifts whose Z is within `multiplier` standard errors; the whole line where the
  // control's mean is not that far from 0 itself. REQUIRES: multiplier >= 0.
  statistics::Interval Within(double multiplier) const;

  // Whether both arms are proportions; then the counts that a normal approximation needs: the least
  // of the expected ones and zeros of either arm, were both arms alike.
  bool binary() const { return binary_; }
  double SmallestExpectedCount() const;

 private:
  RelativeLift(const OutcomeCounts& control, const OutcomeCounts& treatment,
               const MeanDifference& difference);

  double ScoreZ(double ratio) const;
  statistics::Interval ScoreRatios(double multiplier) const;
  statistics::Interval FiellerRatios(double multiplier) const;
  // The ratio between 0 and infinity, on one side of the estimate, at which ScoreZ is `z`.
  double RatioAtScore(double z, bool upwards) const;

  MeanDifference difference_;
  bool binary_;
  // Proportions as they are, other values with the variances of the difference.
  statistics::Moments control_;
  statistics::Moments treatment_;
};

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_RELATIVE_LIFT_H_

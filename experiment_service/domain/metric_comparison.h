// Comparison of a treatment with the control in one metric: figures, and what they prove.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_METRIC_COMPARISON_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_METRIC_COMPARISON_H_

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string>

#include "experiment_service/domain/decision_boundary.h"
#include "experiment_service/domain/experiment.h"
#include "experiment_service/domain/outcome_counts.h"
#include "statistics/interval.h"

namespace flywheel::experiment {

// Harm is believed from so many units in both arms on; waiting for more would only hurt more
// people.
inline constexpr int64_t kMinUnitsForHarm = 10;
// With 0/1 outcomes, so many ones and zeros must be expected in either arm under the hypothesis:
// below, the normal approximation is none,
inline constexpr double kMinExpectedCount = 1;
// but for data so many standard errors away: that a likelihood ratio goes as far as z has a
// probability of hardly more than exp(-z^2/2), whatever is expected (Chernoff 1952). So a version
// that fails always is found out at once where the control hardly ever does, and one that never
// fails is shown to be good.
inline constexpr double kFarAway = 4;

// Of a ratio, so many standard errors above 0 must lie the mean that is divided by, in both arms:
// below, the delta method is none. Without it a few users who come very often give wrong answers in
// 7 % of experiments (tests/simulations/experiment_ratios.cc), nearly all within the first 60
// units.
inline constexpr double kMinDenominatorZ = 5;
// And of a quantile nu: so many in either arm, of which 4 are expected beyond it. Below, a quantile
// is hardly more than the largest value.
inline int64_t MinUnitsForQuantile(double nu) {
  const double rarer = std::min(nu, 1 - nu);
  constexpr double kRounding = 1e-9;
  const double units = std::ceil(4 * (1 - rarer) / rarer - kRounding);
  return std::max(kMinUnitsForHarm, static_cast<int64_t>(units));
}

// What a metric's numbers prove.
enum class Proof {
  kTooFewUnits,    // Nothing can be said yet.
  kNotComputable,  // No unit differs from the others of its arm, and neither harm nor gain is sure.
  kHarm,           // Worse than it may be: than the control, or than the margin allows.
  kSeparatedHarm,  // All units of either arm are alike, and the treatment's are worse.
  kGoal,           // What the goal asks for.
  kGain,           // Better than the control, but not by the smallest lift worth shipping.
  kFutile,         // The smallest lift worth shipping is out of reach.
  kNothing,        // The data allow either answer.
};

// One metric of one treatment. Lifts are treatment against control as they are measured, whichever
// direction is better.
struct MetricComparison {
  std::string metric;
  MetricRole role = MetricRole::kPrimary;
  int64_t control_units = 0;
  int64_t treatment_units = 0;
  double absolute_lift = 0;
  statistics::Interval absolute_interval;
  // Of the absolute lift; 0 where nothing varies.
  double standard_error = 0;
  // Nothing where the control's mean is 0.
  std::optional<double> relative_lift;
  statistics::Interval relative_interval;
  // The relative lift, drawn towards 0 by what lifts of agents usually are (a normal prior with a
  // standard deviation of .1): less of the winner's curse than the estimate at the moment of SHIP.
  std::optional<double> shrunk_relative_lift;
  // Of "no difference": natural logarithm, always valid, for all treatments together; 0 where
  // nothing can be said.
  double log_p_value = 0;
  // What the goal asks about, in the plan's scale, and the bound that is held against it: the goal
  // is reached where the bound lies beyond. Nothing without a finite one. Where a relative gain of
  // that size does not exist, because the control's rate is so near 1, min_lift is the share of the
  // control's zeros that must be saved; both numbers are what that makes of the lift.
  double goal_lift = 0;
  std::optional<double> goal_bound;
  Proof proof = Proof::kTooFewUnits;
  // For people: the figures that decide, or what is wanting.
  std::string message;
};

// The boundaries that a metric is held against. Not thread-safe: it keeps what it was last asked.
struct MetricBoundaries {
  // How many standard errors are enough at a number of units.
  struct Multipliers {
    double units = -1;
    double gain = 0;
    double harm = 0;
    double gain_alone = 0;
  };

  // Of the metric that is asked for a gain, and reported.
  DecisionBoundary goal;
  // Of harm: the guardrails and the primary share it.
  DecisionBoundary harm;
  // Of the plan, over how many treatments it is divided, and that of harm over how many metrics
  // (Bonferroni).
  double alpha = 0.05;
  int treatments = 1;
  int metrics = 1;
  mutable Multipliers last = {};

  // Those of goal.Gain, harm.Harm and goal.GainAlone. They cost more than most of a comparison, and
  // the metrics of a plan are mostly of as many units.
  const Multipliers& At(double units) const {
    if (last.units != units) {
      last = {units, goal.Gain(units), harm.Harm(units), goal.GainAlone(units)};
    }
    return last;
  }
};

// Compares by what counts of either arm.
MetricComparison CompareMetric(const Metric& metric, const MetricBoundaries& boundaries,
                               const OutcomeCounts& control, const OutcomeCounts& treatment);

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_METRIC_COMPARISON_H_

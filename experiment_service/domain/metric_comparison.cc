#include "experiment_service/domain/metric_comparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "experiment_service/domain/contrast.h"
#include "experiment_service/domain/largest_unit.h"

namespace flywheel::experiment {
namespace {

using statistics::Interval;

// Of the lifts that changes of agents have.
constexpr double kPriorDeviation = 0.1;
constexpr double kInfinity = std::numeric_limits<double>::infinity();

std::string Percent(double ratio) {
  if (std::isinf(ratio)) return ratio > 0 ? "+infinity" : "-infinity";
  return fmt::format("{:+.2f} %", 100 * ratio);
}

std::string Lift(Scale scale, double lift) {
  return scale == Scale::kRelative ? Percent(lift) : fmt::format("{:+.4g}", lift);
}

// One metric at work: lifts are gains here, positive where they are better.
class Judge {
 public:
  Judge(const Metric& metric, const MetricBoundaries& boundaries, const Contrast& contrast)
      : metric_(metric),
        boundaries_(boundaries),
        contrast_(contrast),
        gain_(boundaries.At(contrast.units()).gain),
        harm_(boundaries.At(contrast.units()).harm),
        goal_(metric.goal == Goal::kNotInferior ? boundaries.At(contrast.units()).gain_alone
                                                : gain_) {}

  // Z of the hypothesis that the gain is `gain`, positive where the data are better than that.
  double Z(double gain) const { return Sign() * contrast_.Z(metric_.scale, Sign() * gain); }
  // Whether such a Z can be taken for a normal value.
  bool Enough(double gain, double z) const {
    return std::fabs(z) >= kFarAway ||
           contrast_.SmallestExpected(metric_.scale, Sign() * gain) >= kMinExpectedCount;
  }
  double units() const { return contrast_.units(); }

  // What the data prove, by their Z of no gain and of the goal.
  Proof ProofOf(double z_of_none, double z_of_goal) const {
    const bool asks_margin = metric_.goal == Goal::kNotInferior;
    const double worst = asks_margin ? -metric_.margin : 0;
    const double z_of_worst = asks_margin ? z_of_goal : z_of_none;
    if (z_of_worst <= -harm_ && Enough(worst, z_of_worst)) return Proof::kHarm;
    if (z_of_goal >= goal_ && GoalEnough(z_of_goal)) return Proof::kGoal;
    if (IsFutile(z_of_goal)) return Proof::kFutile;
    return z_of_none >= gain_ && Enough(0, z_of_none) ? Proof::kGain : Proof::kNothing;
  }
  double GoalZ() const {
    return IsOutOfRange() ? contrast_.ZOfComplement(ComplementOfGoal()) : Z(GoalGain());
  }

  // A rate so near 1 that no lift of the wanted size is left.
  bool IsOutOfRange() const {
    return metric_.goal == Goal::kSuperior && metric_.scale == Scale::kRelative && Sign() > 0 &&
           contrast_.binary() && contrast_.control_mean() * (1 + metric_.min_lift) > 1;
  }

  double GoalGain() const {
    return metric_.goal == Goal::kNotInferior ? -metric_.margin : metric_.min_lift;
  }

  // Reaches `harm` standard errors to the better side, and `gain` to the worse one.
  Reach ReachOf(double gain, double harm) const {
    return Sign() > 0 ? Reach{gain, harm} : Reach{harm, gain};
  }
  Contrast::Intervals Within() const { return contrast_.WithinBoth(ReachOf(gain_, harm_)); }
  // What the goal asks for, as it is measured,
  double GoalLift() const {
    return IsOutOfRange() ? LiftAtComplement(ComplementOfGoal()) : Sign() * GoalGain();
  }
  // and the worse end of what its own boundary leaves.
  std::optional<double> GoalBound() const {
    const double bound =
        IsOutOfRange() ? LiftAtComplement(contrast_.ComplementAbove(goal_)) : WorseEnd();
    return std::isfinite(bound) ? std::optional(bound) : std::nullopt;
  }

 private:
  int Sign() const { return metric_.gain_sign(); }

  bool IsFutile(double z_of_goal) const {
    if (metric_.goal != Goal::kSuperior || !(metric_.min_lift > 0)) return false;
    return z_of_goal <= -boundaries_.goal.Harm(units()) && GoalEnough(z_of_goal);
  }

  double WorseEnd() const {
    const Interval interval = contrast_.Within(metric_.scale, ReachOf(goal_, kInfinity));
    return Sign() > 0 ? interval.lower : interval.upper;
  }

  bool GoalEnough(double z) const { return Enough(IsOutOfRange() ? 0 : GoalGain(), z); }

  // How often the treatment may have zeros, to the control's.
  double ComplementOfGoal() const { return std::max(0.0, 1 - GoalGain()); }
  // The lift of a treatment whose zeros are `ratio` times the control's.
  double LiftAtComplement(double ratio) const {
    const double control = contrast_.control_mean();
    return (1 - ratio) * (1 - control) / control;
  }

  const Metric& metric_;
  const MetricBoundaries& boundaries_;
  const Contrast& contrast_;
  // How many standard errors a gain, a harm and the goal need.
  double gain_;
  double harm_;
  double goal_;
};

// "latency_ms", or "p95 of latency_ms".
std::string Subject(const Metric& metric) {
  if (!metric.quantile) return metric.name;
  return fmt::format("p{:g} of {}", 100 * *metric.quantile, metric.name);
}

// "lift +3.10 %, always-valid interval +1.00 % to +5.20 %, 900 units against 1000 of the control"
std::string Figures(const Metric& metric, const MetricComparison& comparison) {
  const bool relative = metric.scale == Scale::kRelative && comparison.relative_lift.has_value();
  const Scale scale = relative ? Scale::kRelative : Scale::kAbsolute;
  const Interval& interval = relative ? comparison.relative_interval : comparison.absolute_interval;
  return fmt::format("{} {}{}, always-valid interval {} to {}, {} units against {} of the control",
                     Subject(metric),
                     relative            ? ""
                     : metric.quantile   ? "apart by "
                     : metric.is_ratio() ? "ratios apart by "
                                         : "means apart by ",
                     Lift(scale, relative ? *comparison.relative_lift : comparison.absolute_lift),
                     Lift(scale, interval.lower), Lift(scale, interval.upper),
                     comparison.treatment_units, comparison.control_units);
}

void Shrink(double control_mean, MetricComparison& comparison) {
  if (!comparison.relative_lift) return;
  const double variance = std::pow(comparison.standard_error / control_mean, 2);
  const double prior = kPriorDeviation * kPriorDeviation;
  comparison.shrunk_relative_lift = *comparison.relative_lift * prior / (prior + variance);
}

// Whether a loss that is sure is more than the margin.
bool IsLoss(const Metric& metric, const MetricComparison& comparison) {
  if (!(metric.gain_sign() * comparison.absolute_lift < 0)) return false;
  if (metric.goal != Goal::kNotInferior) return true;
  if (metric.scale == Scale::kAbsolute) return std::fabs(comparison.absolute_lift) > metric.margin;
  return !comparison.relative_lift || std::fabs(*comparison.relative_lift) > metric.margin;
}

// Whether a gain that is sure is all that the goal asks for.
bool IsGoalGain(const Metric& metric, const MetricComparison& comparison) {
  const bool relative = metric.scale == Scale::kRelative && comparison.relative_lift.has_value();
  const double gain =
      metric.gain_sign() * (relative ? *comparison.relative_lift : comparison.absolute_lift);
  const bool has_size =
      metric.goal == Goal::kSuperior && (relative || metric.scale == Scale::kAbsolute);
  return gain > 0 && gain >= (has_size ? metric.min_lift : 0);
}

// "7.4e-07", also where it is too small for a double.
std::string Probability(double log_p_value) {
  const double value = std::exp(log_p_value);
  if (value > 0) return fmt::format("{:.2g}", value);
  return fmt::format("1e{:.0f}", std::ceil(log_p_value / std::numbers::ln10));
}

void JudgeSeparation(const Metric& metric, const MetricBoundaries& boundaries,
                     const Contrast& contrast, MetricComparison& comparison) {
  comparison.proof = Proof::kNotComputable;
  comparison.message = fmt::format("{}: no unit differs from the others of its arm", metric.name);
  const std::optional<double> log_p_value = contrast.SeparationLogPValue();
  if (!log_p_value) return;
  // Either side shares its error with others, as in LogPValue.
  const bool loss = metric.gain_sign() * comparison.absolute_lift < 0;
  const double tests = static_cast<double>(boundaries.treatments) * (loss ? boundaries.metrics : 1);
  comparison.log_p_value = std::min(0.0, *log_p_value + std::log(tests));
  if (comparison.log_p_value > std::log(boundaries.alpha)) return;
  if (IsLoss(metric, comparison)) comparison.proof = Proof::kSeparatedHarm;
  if (IsGoalGain(metric, comparison)) comparison.proof = Proof::kGoal;
  comparison.message = fmt::format(
      "{}: all {} units have one value, all {} of the control another one, means {:+.4g} apart; "
      "arms that are alike fall apart like this with a probability of at most {}",
      metric.name, comparison.treatment_units, comparison.control_units, comparison.absolute_lift,
      Probability(comparison.log_p_value));
}

// At most ln(alpha) exactly where z is beyond a boundary.
double LogPValue(const MetricBoundaries& boundaries, double z, double units) {
  const double log_p = z > 0 ? boundaries.goal.LogPValue(z, units)
                             : boundaries.harm.LogPValue(z, units) +
                                   std::log(static_cast<double>(boundaries.metrics));
  return std::min(0.0, log_p + std::log(static_cast<double>(boundaries.treatments)));
}

}  // namespace

MetricComparison CompareMetric(const Metric& metric, const MetricBoundaries& boundaries,
                               const OutcomeCounts& control, const OutcomeCounts& treatment) {
  MetricComparison comparison;
  comparison.metric = metric.name;
  comparison.control_units = control.units();
  comparison.treatment_units = treatment.units();
  const int64_t smaller = std::min(control.units(), treatment.units());
  const int64_t least = metric.quantile ? MinUnitsForQuantile(*metric.quantile) : kMinUnitsForHarm;
  comparison.message =
      fmt::format("{}: the smaller arm has {} units, want {} to call anything harm",
                  Subject(metric), smaller, least);
  const std::optional<Contrast> contrast = Contrast::Of(metric, control, treatment);
  if (!contrast) return comparison;
  const Judge judge(metric, boundaries, *contrast);
  comparison.absolute_lift = contrast->absolute();
  comparison.relative_lift = contrast->relative();
  comparison.standard_error = contrast->computable() ? contrast->StandardError() : 0;
  comparison.goal_lift = judge.GoalLift();
  Shrink(contrast->control_mean(), comparison);
  if (smaller < least) return comparison;
  if (metric.is_ratio()) {
    const double steady = std::min(control.DenominatorZ(), treatment.DenominatorZ());
    if (steady < kMinDenominatorZ) {
      comparison.message = fmt::format(
          "{}: the mean of {} lies {:.2g} standard errors above 0 in an arm, want {}; more units "
          "would show it",
          metric.name, metric.denominator, steady, kMinDenominatorZ);
      return comparison;
    }
  }
  if (!contrast->computable()) {
    JudgeSeparation(metric, boundaries, *contrast, comparison);
    return comparison;
  }
  const Contrast::Intervals intervals = judge.Within();
  comparison.absolute_interval = intervals.absolute;
  if (comparison.relative_lift) comparison.relative_interval = intervals.relative;
  comparison.goal_bound = judge.GoalBound();
  const double z_of_none = judge.Z(0);
  comparison.log_p_value = LogPValue(boundaries, z_of_none, judge.units());
  comparison.proof = judge.ProofOf(z_of_none, judge.GoalZ());
  comparison.message = Figures(metric, comparison);
  if (!metric.quantile) comparison.message += OneUnitNote(metric, control, treatment);
  if (metric.quantile && metric.scale == Scale::kRelative && !comparison.relative_lift) {
    comparison.message +=
        "; the control's quantile is not above 0, so that no lift is relative to "
        "it: plan with SCALE_ABSOLUTE";
  }
  return comparison;
}

}  // namespace flywheel::experiment

#include "experiment_service/domain/segment_lifts.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "experiment_service/domain/contrast.h"
#include "experiment_service/domain/decision_boundary.h"
#include "statistics/contingency.h"
#include "statistics/heterogeneity.h"
#include "statistics/sample_ratio.h"

namespace flywheel::experiment {
namespace {

bool HasBoth(const ArmPair& pair) { return pair.control.units() > 0 && pair.treatment.units() > 0; }

// Of means, for those of a quantile are not asked; REQUIRES: HasBoth.
double MeanLift(const ArmPair& pair) {
  return pair.treatment.moments().mean() - pair.control.moments().mean();
}

// Nothing where too little is known for a standard error.
std::optional<Contrast> ContrastOf(const Metric& metric, const ArmPair& pair) {
  return Contrast::Of(metric, pair.control, pair.treatment);
}

double Units(const ArmPair& pair) {
  return static_cast<double>(pair.control.units() + pair.treatment.units());
}

// Whether a p-value of rates may be believed: see kMinExpectedCount.
bool Enough(const Metric& metric, const Contrast& contrast) {
  return std::fabs(contrast.Z(metric.scale, 0)) >= kFarAway ||
         contrast.SmallestExpected(metric.scale, 0) >= kMinExpectedCount;
}

MetricComparison CompareValue(const Metric& metric, const MetricBoundaries& boundaries,
                              const ArmPair& pair) {
  MetricComparison comparison = CompareMetric(metric, boundaries, pair.control, pair.treatment);
  const std::optional<Contrast> contrast = ContrastOf(metric, pair);
  if (contrast && contrast->computable() && !Enough(metric, *contrast)) comparison.log_p_value = 0;
  return comparison;
}

bool IsDivisible(const OutcomeCounts& counts) {
  return !counts.is_ratio() || counts.DenominatorZ() >= kMinDenominatorZ;
}

bool IsKnown(const Metric& metric, const ArmPair& pair, const Contrast& contrast) {
  const int64_t least =
      metric.quantile ? MinUnitsForQuantile(*metric.quantile) : kMinUnitsForHeterogeneity;
  return std::min(pair.control.units(), pair.treatment.units()) >= least && contrast.computable() &&
         contrast.StandardError() > 0 && IsDivisible(pair.control) && IsDivisible(pair.treatment) &&
         contrast.SmallestExpected(Scale::kAbsolute, 0) >= kMinExpectedForHeterogeneity;
}

LiftHeterogeneity HeterogeneityOf(const Metric& metric, const std::vector<ArmPair>& values,
                                  double tests) {
  std::vector<statistics::GroupEffect> effects;
  for (const ArmPair& pair : values) {
    const std::optional<Contrast> contrast = ContrastOf(metric, pair);
    if (!contrast || !IsKnown(metric, pair, *contrast)) continue;
    effects.push_back({contrast->absolute(), contrast->StandardError(), contrast->units()});
  }
  LiftHeterogeneity result;
  result.values = static_cast<int>(effects.size());
  const auto found = statistics::EstimateHeterogeneity(effects);
  if (!found.ok()) return result;
  result.q = found->q;
  result.one_look_p_value = found->p_value;
  result.p_value = std::fmin(1, tests * statistics::PValueOfLogEValue(found->log_e_value));
  return result;
}

std::optional<double> PostStratified(const std::vector<ArmPair>& values) {
  double sum = 0;
  double units = 0;
  for (const ArmPair& pair : values) {
    if (!HasBoth(pair)) continue;
    sum += Units(pair) * MeanLift(pair);
    units += Units(pair);
  }
  if (units == 0) return std::nullopt;
  return sum / units;
}

double ArmMixPValue(const std::vector<ArmPair>& values) {
  std::vector<int64_t> control, treatment;
  for (const ArmPair& pair : values) {
    control.push_back(pair.control.units());
    treatment.push_back(pair.treatment.units());
  }
  return statistics::IndependencePValue(control, treatment).value_or(1);
}

bool IsSimpson(const SegmentLifts& lifts, const std::vector<ArmPair>& values) {
  if (!lifts.post_stratified_lift) return false;
  if (!(lifts.pooled_lift * *lifts.post_stratified_lift < 0)) return false;
  if (lifts.arm_mix_p_value < kArmMixDiffers) return true;
  return std::all_of(values.begin(), values.end(), [&](const ArmPair& pair) {
    return !HasBoth(pair) || lifts.pooled_lift * MeanLift(pair) < 0;
  });
}

// "'de': -0.031 (adjusted always-valid p 0.0042)"
std::string Shown(const Segment& segment, const SegmentLifts& lifts, size_t value) {
  return fmt::format("'{}': {:+.3g} (adjusted always-valid p {:.2g})", segment.ValueName(value),
                     lifts.values[value].absolute_lift, std::exp(lifts.values[value].log_p_value));
}

// The values of which a lift is shown, on the worse side or on the better one.
std::string ShownValues(const Metric& metric, const Segment& segment, double alpha, bool worse,
                        const SegmentLifts& lifts) {
  std::string text;
  for (size_t i = 0; i < lifts.values.size(); ++i) {
    const MetricComparison& value = lifts.values[i];
    const bool is_worse = metric.gain_sign() * value.absolute_lift < 0;
    if (!(value.log_p_value <= std::log(alpha)) || is_worse != worse) continue;
    if (!text.empty()) text += ", ";
    text += Shown(segment, lifts, i);
  }
  return text;
}

std::string MessageOf(const Metric& metric, const Segment& segment, double alpha,
                      const SegmentLifts& lifts) {
  std::string text;
  if (lifts.simpson) {
    text += fmt::format(
        "the lift over all units, {:+.3g}, has the other sign than that of the same mix of values "
        "in both arms, {:+.3g} (chi-square p of the mixes {:.2g}, of one look): believe the lifts "
        "by value, and find out why the arms have different units before anything ships; ",
        lifts.pooled_lift, *lifts.post_stratified_lift, lifts.arm_mix_p_value);
  }
  if (lifts.heterogeneity.p_value <= alpha) {
    text += fmt::format(
        "the lift depends on {} (always-valid p {:.2g}): the one over all units is nobody's, read "
        "those of the values; ",
        segment.name, lifts.heterogeneity.p_value);
  }
  const std::string worse = ShownValues(metric, segment, alpha, /*worse=*/true, lifts);
  const std::string better = ShownValues(metric, segment, alpha, /*worse=*/false, lifts);
  if (!worse.empty()) {
    text += fmt::format(
        "worse than the control for {}: the decision is about all units and does not see this, so "
        "stop, or keep these units with the control in an experiment of their own; ",
        worse);
  }
  if (!better.empty()) text += fmt::format("better than the control for {}; ", better);
  if (text.empty()) {
    return fmt::format(
        "{}: no value of {} is shown to differ from the control, nor the lift to "
        "depend on it: go on",
        metric.name, segment.name);
  }
  text.resize(text.size() - 2);
  return fmt::format("{}: {}", metric.name, text);
}

}  // namespace

SegmentLifts CompareValues(const Metric& metric, const Segment& segment,
                           const SegmentFamily& family, const ArmPair& all,
                           const std::vector<ArmPair>& values) {
  // Bonferroni, so that no interval contradicts its p-value. Without the plan, which is one of all
  // units, and without a share for other metrics, each of which is a question of its own.
  const int tests = family.treatments * family.values;
  const DecisionBoundary boundary(family.alpha / tests, /*planned_units=*/0);
  const MetricBoundaries boundaries{boundary, boundary, family.alpha, tests, /*metrics=*/1};
  SegmentLifts lifts;
  for (const ArmPair& pair : values) {
    lifts.values.push_back(CompareValue(metric, boundaries, pair));
  }
  if (metric.quantile) {
    // Quantiles of values do not average to one of all units: there is nothing to hold it against.
    const std::optional<Contrast> contrast = ContrastOf(metric, all);
    if (contrast) lifts.pooled_lift = contrast->absolute();
  } else {
    if (HasBoth(all)) lifts.pooled_lift = MeanLift(all);
    lifts.post_stratified_lift = PostStratified(values);
  }
  lifts.heterogeneity =
      HeterogeneityOf(metric, values, static_cast<double>(family.treatments) * family.segments);
  lifts.arm_mix_p_value = ArmMixPValue(values);
  lifts.simpson = IsSimpson(lifts, values);
  lifts.message = MessageOf(metric, segment, family.alpha, lifts);
  return lifts;
}

}  // namespace flywheel::experiment

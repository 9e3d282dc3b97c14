#include "experiment_service/domain/decision.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace flywheel::experiment {
namespace {

std::string Percent(double ratio) {
  if (std::isinf(ratio)) return ratio > 0 ? "+infinity" : "-infinity";
  return fmt::format("{:+.2f} %", 100 * ratio);
}

// "lift +3.10 %, always-valid interval +1.00 % to +5.20 %, 900 against 1000 units"
std::string Figures(const Evidence& evidence) {
  return fmt::format("lift {}, always-valid interval {} to {}, {} units against {} of the control",
                     Percent(evidence.relative_lift), Percent(evidence.interval.lower),
                     Percent(evidence.interval.upper), evidence.treatment_units,
                     evidence.control_units);
}

Decision Continue(RecommendationReason reason, std::string message) {
  return {Recommendation::kContinue, reason, std::move(message)};
}

// What says that there are not enough units yet to believe in an effect at all; empty where there
// are.
std::string TooFewForAnything(const Evidence& evidence) {
  const int64_t smaller = std::min(evidence.control_units, evidence.treatment_units);
  if (smaller < kMinUnitsForRollback) {
    return fmt::format("the smaller arm has {} units, want {} to call anything harm", smaller,
                       kMinUnitsForRollback);
  }
  if (evidence.smallest_expected_count && *evidence.smallest_expected_count < kMinExpectedCount) {
    return fmt::format("{:.1f} of the rarer outcome are expected in the smaller arm, want {}",
                       *evidence.smallest_expected_count, kMinExpectedCount);
  }
  return "";
}

// "means -0.5 apart, always-valid interval -0.7 to -0.3, 900 units against 1000 of the control"
std::string AbsoluteFigures(const Evidence& evidence) {
  return fmt::format(
      "means {:+.4g} apart, always-valid interval {:.4g} to {:.4g}, {} units "
      "against {} of the control",
      evidence.absolute_lift, evidence.absolute_interval.lower, evidence.absolute_interval.upper,
      evidence.treatment_units, evidence.control_units);
}

// A ROLLBACK, or nothing.
std::optional<Decision> FindHarm(const AnalysisPlan& plan, const Evidence& evidence) {
  if (evidence.computable && evidence.interval.upper < 0) {
    return Decision{Recommendation::kRollback, RecommendationReason::kHarm,
                    fmt::format("worse than the control: {}", Figures(evidence))};
  }
  if (evidence.absolute_interval.upper < 0) {
    return Decision{Recommendation::kRollback, RecommendationReason::kAbsoluteHarm,
                    fmt::format("worse than the control, by the means, since the relative lift has "
                                "no bounds: {}",
                                AbsoluteFigures(evidence))};
  }
  const bool separated = evidence.separation_p_value && *evidence.separation_p_value <= plan.alpha;
  if (!separated || !(evidence.absolute_lift < 0)) return std::nullopt;
  return Decision{
      Recommendation::kRollback, RecommendationReason::kAbsoluteHarm,
      fmt::format("worse than the control: all {} units have one value, all {} of the control "
                  "another one, means {:+.4g} apart; arms that are alike fall apart like this with "
                  "a probability of at most {:.2g}",
                  evidence.treatment_units, evidence.control_units, evidence.absolute_lift,
                  *evidence.separation_p_value)};
}

// Why the data cannot be trusted, or nothing.
std::optional<Decision> FindMistrust(const Evidence& evidence) {
  const auto hold = [](RecommendationReason reason, std::string message) {
    return Decision{Recommendation::kHold, reason, std::move(message)};
  };
  if (evidence.sample_ratio_always_valid_p_value < kSampleRatioAlert) {
    return hold(RecommendationReason::kSampleRatioMismatch,
                fmt::format("the arms' sizes do not fit their weights (always-valid p {:.2g}, "
                            "alert below {}): find what loses or doubles units first",
                            evidence.sample_ratio_always_valid_p_value, kSampleRatioAlert));
  }
  const auto mixed = static_cast<double>(evidence.mixed_units);
  if (mixed > kMixedExposureAlert * static_cast<double>(evidence.exposed_units)) {
    return hold(
        RecommendationReason::kMixedExposure,
        fmt::format("{} of {} exposed units were served another version than their arm's, "
                    "at most {:g} % may be: have the agent serve what Assign answers",
                    evidence.mixed_units, evidence.exposed_units, 100 * kMixedExposureAlert));
  }
  if (evidence.missing_outcomes_always_valid_p_value < kMissingOutcomesAlert) {
    return hold(RecommendationReason::kMissingOutcomes,
                fmt::format("whether a unit has an outcome depends on its arm: {} (always-valid p "
                            "{:.2g}, alert below {}). Who got no answer may be missing: find out, "
                            "or plan with counts_as where no outcome means a value",
                            evidence.reporting, evidence.missing_outcomes_always_valid_p_value,
                            kMissingOutcomesAlert));
  }
  return std::nullopt;
}

Decision DecideGoal(const Metric& metric, const Evidence& evidence) {
  const bool superior = evidence.interval.lower > 0;
  if (metric.goal == Goal::kNotInferior) {
    if (superior) {
      return {Recommendation::kShip, RecommendationReason::kSuperior,
              fmt::format("better than the control: {}", Figures(evidence))};
    }
    const std::string bound =
        fmt::format("the one-sided always-valid lower bound {} against a margin of {}",
                    Percent(evidence.one_sided_lower), Percent(-metric.margin));
    if (evidence.one_sided_lower > -metric.margin) {
      return {Recommendation::kShip, RecommendationReason::kNotInferior,
              fmt::format("not worse than the margin allows: {}; {}", bound, Figures(evidence))};
    }
    return Continue(RecommendationReason::kUndecided,
                    fmt::format("not decided yet: {}; {}", bound, Figures(evidence)));
  }
  if (superior && evidence.relative_lift >= metric.min_lift) {
    return {Recommendation::kShip, RecommendationReason::kSuperior,
            fmt::format("better than the control: {}; wanted a lift of {}", Figures(evidence),
                        Percent(metric.min_lift))};
  }
  if (superior) {
    return Continue(RecommendationReason::kLiftTooSmall,
                    fmt::format("better, but by less than the {} that is worth shipping: {}",
                                Percent(metric.min_lift), Figures(evidence)));
  }
  return Continue(RecommendationReason::kUndecided,
                  fmt::format("the interval still holds both answers: {}", Figures(evidence)));
}

}  // namespace

Decision Decide(const AnalysisPlan& plan, const Evidence& evidence) {
  const std::string too_few = TooFewForAnything(evidence);
  if (too_few.empty()) {
    if (auto harm = FindHarm(plan, evidence)) return *std::move(harm);
  }
  if (auto mistrust = FindMistrust(evidence)) return *std::move(mistrust);
  const bool enough_to_ship = evidence.smallest_arm_units >= plan.min_units_per_arm;
  const std::string too_few_to_ship =
      fmt::format("the smallest arm has {} units with an outcome, want {}",
                  evidence.smallest_arm_units, plan.min_units_per_arm);
  if (!evidence.computable) {
    if (!enough_to_ship) return Continue(RecommendationReason::kTooFewUnits, too_few_to_ship);
    return Continue(RecommendationReason::kNotComputable,
                    fmt::format("no relative lift exists, so nothing can ship: the control's mean "
                                "is 0, or no unit differs from the others of its arm. No harm is "
                                "shown by the means either: {}. Take a metric whose mean is not 0 "
                                "and that varies, or promote with a waiver",
                                AbsoluteFigures(evidence)));
  }
  if (!enough_to_ship || !too_few.empty()) {
    return Continue(
        RecommendationReason::kTooFewUnits,
        fmt::format("{}; {}", enough_to_ship ? too_few : too_few_to_ship, Figures(evidence)));
  }
  return DecideGoal(plan.primary(), evidence);
}

}  // namespace flywheel::experiment

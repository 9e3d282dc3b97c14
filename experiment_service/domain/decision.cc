#include "experiment_service/domain/decision.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace flywheel::experiment {
namespace {

using enum RecommendationReason;

std::string Days(absl::Duration duration) {
  return fmt::format("{:.3g} days", absl::ToDoubleHours(duration) / 24);
}

std::string Threshold(Scale scale, double lift) {
  return scale == Scale::kRelative ? fmt::format("{:+.2f} %", 100 * lift)
                                   : fmt::format("{:+.4g}", lift);
}

// "the one-sided always-valid bound -1.20 % against -5.00 %"
std::string Bound(const Metric& metric, const MetricComparison& comparison) {
  if (!comparison.goal_bound) return "no bound yet";
  // Of nothing there is no share, however sure the data are.
  if (metric.scale == Scale::kRelative && !comparison.relative_lift) {
    return "no bound as a percentage, because the control's value is 0 and so there is no relative "
           "lift";
  }
  return fmt::format("always-valid bound {} against {}",
                     Threshold(metric.scale, *comparison.goal_bound),
                     Threshold(metric.scale, comparison.goal_lift));
}

Decision Continue(RecommendationReason reason, std::string message) {
  return {Recommendation::kContinue, reason, std::move(message)};
}

Decision Hold(RecommendationReason reason, std::string message) {
  return {Recommendation::kHold, reason, std::move(message)};
}

Decision Futile(RecommendationReason reason, std::string message) {
  return {Recommendation::kStopFutile, reason, std::move(message)};
}

std::optional<Decision> FindHarm(const AnalysisPlan& plan,
                                 const std::vector<MetricComparison>& metrics) {
  for (size_t i = 0; i < plan.deciding(); ++i) {
    const bool separated = metrics[i].proof == Proof::kSeparatedHarm;
    if (metrics[i].proof != Proof::kHarm && !separated) continue;
    const RecommendationReason reason =
        i > 0 ? kGuardrailHarm : (separated ? kSeparatedHarm : kHarm);
    return Decision{Recommendation::kRollback, reason,
                    fmt::format("worse than the control{}: {}", i > 0 ? " in a guardrail" : "",
                                metrics[i].message)};
  }
  return std::nullopt;
}

// Why the data cannot be trusted, or nothing.
std::optional<Decision> FindMistrust(const DataQuality& quality) {
  if (quality.sample_ratio_p_value < kSampleRatioHold) {
    return Hold(kSampleRatioMismatch,
                fmt::format("the arms' sizes do not fit their weights (always-valid p {:.2g}, HOLD "
                            "below {}): find what loses or doubles units first",
                            quality.sample_ratio_p_value, kSampleRatioHold));
  }
  const auto mixed = static_cast<double>(quality.mixed_units);
  if (mixed > kMixedExposureHold * static_cast<double>(quality.exposed_units)) {
    return Hold(kMixedExposure,
                fmt::format("{} of {} exposed units were served another version than their arm's, "
                            "at most {:g} % may be: have the agent serve what Assign answers",
                            quality.mixed_units, quality.exposed_units, 100 * kMixedExposureHold));
  }
  if (quality.missing_outcomes_p_value < kMissingOutcomesHold) {
    return Hold(
        kMissingOutcomes,
        fmt::format("whether a unit has an outcome depends on its arm: {} (always-valid p "
                    "{:.2g}, HOLD below {}). Who got no answer may be missing: find out, "
                    "or plan with counts_as where no outcome means a value",
                    quality.reporting, quality.missing_outcomes_p_value, kMissingOutcomesHold));
  }
  return std::nullopt;
}

// What is wanting before anything may ship; empty where nothing is.
std::string TooFewUnits(const AnalysisPlan& plan, const MetricComparison& primary) {
  const int64_t smaller = std::min(primary.control_units, primary.treatment_units);
  if (smaller < plan.min_units_per_arm) {
    return fmt::format("the smaller arm has {} units, want {}", smaller, plan.min_units_per_arm);
  }
  const int64_t both = primary.control_units + primary.treatment_units;
  if (both < plan.min_units) return fmt::format("{} units, want {}", both, plan.min_units);
  return primary.proof == Proof::kTooFewUnits ? primary.message : "";
}

std::optional<Decision> FindOpenGuardrail(const AnalysisPlan& plan,
                                          const std::vector<MetricComparison>& metrics) {
  for (size_t i = 1; i < plan.deciding(); ++i) {
    if (metrics[i].proof == Proof::kGoal) continue;
    return Continue(
        kGuardrailUndecided,
        fmt::format("the guardrail {} is not shown to be good enough: {}; {}", metrics[i].metric,
                    Bound(plan.metrics[i], metrics[i]), metrics[i].message));
  }
  return std::nullopt;
}

// The goal of the primary metric is reached.
Decision Ship(const AnalysisPlan& plan, const MetricComparison& primary) {
  const bool superior = plan.primary().goal == Goal::kSuperior;
  // Without a bound where no unit differs from the others of its arm.
  const std::string bound =
      primary.goal_bound ? Bound(plan.primary(), primary) + "; " : std::string();
  return {Recommendation::kShip, superior ? kSuperior : kNotInferior,
          fmt::format("{}: {}{}",
                      superior ? "better than the control" : "not worse than the margin allows",
                      bound, primary.message)};
}

Decision Open(const AnalysisPlan& plan, const MetricComparison& primary) {
  const std::string figures =
      fmt::format("{}; {}", Bound(plan.primary(), primary), primary.message);
  switch (primary.proof) {
    case Proof::kNotComputable:
      return Continue(kNotComputable,
                      fmt::format("nothing can be computed, so nothing can ship: {}. Take a metric "
                                  "that varies, or promote with a waiver",
                                  primary.message));
    case Proof::kFutile:
      return Futile(kLiftTooSmall,
                    fmt::format("less than the lift that is worth shipping: {}", figures));
    case Proof::kGain:
      return Continue(kLiftTooSmall,
                      fmt::format("better, but not shown to be by the lift that is worth shipping: "
                                  "{}",
                                  figures));
    default:
      return Continue(kUndecided, fmt::format("the data still allow both answers: {}", figures));
  }
}

}  // namespace

Decision Decide(const AnalysisPlan& plan, const DataQuality& quality,
                const std::vector<MetricComparison>& metrics, absl::Duration running) {
  const MetricComparison& primary = metrics.front();
  std::optional<Decision> harm = FindHarm(plan, metrics);
  if (harm && !plan.hold_untrusted_harm) return *std::move(harm);
  if (auto mistrust = FindMistrust(quality)) return *std::move(mistrust);
  if (harm) return *std::move(harm);
  const bool ended = plan.max_duration > absl::ZeroDuration() && running >= plan.max_duration;
  const std::string too_few = TooFewUnits(plan, primary);
  Decision open = too_few.empty() ? Open(plan, primary) : Continue(kTooFewUnits, too_few);
  if (too_few.empty() && primary.proof == Proof::kGoal) {
    std::optional<Decision> guardrail = FindOpenGuardrail(plan, metrics);
    if (!guardrail && running >= plan.min_duration) return Ship(plan, primary);
    open = guardrail
               ? *std::move(guardrail)
               : Continue(kTooEarly,
                          fmt::format("the evidence is there after {}, the plan's min_duration "
                                      "of {} is not over: {}",
                                      Days(running), Days(plan.min_duration),
                                      Ship(plan, primary).message));
  }
  if (open.recommendation == Recommendation::kStopFutile && running < plan.min_duration) {
    open = Continue(kLiftTooSmall, open.message);
  }
  if (!ended || open.recommendation == Recommendation::kStopFutile) return open;
  return Futile(kPlanEnded, fmt::format("the plan's max_duration of {} is over: {}",
                                        Days(plan.max_duration), open.message));
}

Decision Stand(const Decision& before, const Decision& look) {
  if (before.recommendation == Recommendation::kRollback) return before;
  const bool revoked = look.recommendation == Recommendation::kRollback ||
                       look.recommendation == Recommendation::kHold;
  if (before.recommendation == Recommendation::kShip && !revoked) return before;
  return look;
}

}  // namespace flywheel::experiment

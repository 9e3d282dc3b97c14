#include "cli/experiment/experiment_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cli/command.h"
#include "cli/table.h"
#include "cli/value_name.h"
#include "shared/rpc/field_checks.h"
#include "shared/text/printable.h"
#include "shared/time/time_text.h"

namespace flywheel::cli {

namespace experiment_v1 = experiment::v1;

namespace {

// From here on a number is shown without a fraction, up to where it is a whole one for sure.
constexpr double kManyDigits = 1'000;
constexpr double kTooManyDigits = 1e15;
// What AnalysisPlan says of a metric that sets neither.
constexpr double kDefaultMinLift = 0.02;
constexpr double kDefaultMargin = 0.05;

bool IsLong(double value) {
  return std::fabs(value) >= kManyDigits && std::fabs(value) < kTooManyDigits;
}

double GainSign(const experiment_v1::Metric& metric) {
  return metric.direction() == experiment_v1::DIRECTION_LOWER_IS_BETTER ? -1 : 1;
}

// The units of an arm that count for a metric.
int64_t CountedUnits(const experiment_v1::ArmResult& arm, const std::string& metric) {
  const auto found = std::find_if(arm.metrics().begin(), arm.metrics().end(),
                                  [&](const auto& one) { return one.metric() == metric; });
  return found == arm.metrics().end() ? 0 : found->units();
}

// Whether a guardrail is one that the reason is about.
bool IsMeant(experiment_v1::RecommendationReason reason, const PlannedMetric& planned,
             const experiment_v1::MetricComparison& metric) {
  const double sign = GainSign(planned.metric);
  if (reason == experiment_v1::RECOMMENDATION_REASON_GUARDRAIL_UNDECIDED) {
    return !metric.has_goal_bound() || sign * (metric.goal_bound() - metric.goal_lift()) < 0;
  }
  const ShownLift lift = RunningLift(metric, IsRelative(planned.metric, metric));
  return sign * ((sign > 0 ? lift.upper : lift.lower) - metric.goal_lift()) < 0;
}

// " latency_ms, cost" of a reason that is about guardrails; empty for any other one.
std::string GuardrailsText(const experiment_v1::AnalysisPlan& plan,
                           const experiment_v1::Comparison& comparison) {
  std::string text;
  if (comparison.reason() != experiment_v1::RECOMMENDATION_REASON_GUARDRAIL_UNDECIDED &&
      comparison.reason() != experiment_v1::RECOMMENDATION_REASON_GUARDRAIL_HARM) {
    return text;
  }
  for (const experiment_v1::MetricComparison& metric : comparison.metrics()) {
    const PlannedMetric planned = FindMetric(plan, metric.metric());
    if (planned.role != experiment_v1::METRIC_ROLE_GUARDRAIL) continue;
    if (!IsMeant(comparison.reason(), planned, metric)) continue;
    text += text.empty() ? " " : ", ";
    text += Printable(metric.metric());
  }
  return text;
}

}  // namespace

std::string NameOf(experiment_v1::Recommendation recommendation) {
  return ValueName(experiment_v1::Recommendation_Name(recommendation), "RECOMMENDATION_");
}

std::string NameOf(experiment_v1::RecommendationReason reason) {
  return ValueName(experiment_v1::RecommendationReason_Name(reason), "RECOMMENDATION_REASON_");
}

std::string NameOf(experiment_v1::RampPhase phase) {
  return ValueName(experiment_v1::RampPhase_Name(phase), "RAMP_PHASE_");
}

std::string TimeText(const google::protobuf::Timestamp& time) {
  return SecondsText(rpc::FromProto(time));
}

std::string NumberText(double value) {
  return IsLong(value) ? WithThousands(std::llround(value)) : fmt::format("{:.4g}", value);
}

std::string LiftText(double lift, bool relative) {
  if (std::isinf(lift)) return lift > 0 ? "+inf" : "-inf";
  const double shown = relative ? 100 * lift : lift;
  const char* const unit = relative ? " %" : "";
  if (IsLong(shown)) {
    return fmt::format("{}{}{}", shown > 0 ? "+" : "", WithThousands(std::llround(shown)), unit);
  }
  return relative ? fmt::format("{:+.2f}{}", shown, unit) : fmt::format("{:+.4g}", shown);
}

std::string IntervalText(double lower, double upper, bool relative) {
  if (std::isinf(lower) && std::isinf(upper)) return "-";
  return fmt::format("[{}, {}]", LiftText(lower, relative), LiftText(upper, relative));
}

bool IsRelative(const experiment_v1::Metric& metric,
                const experiment_v1::MetricComparison& comparison) {
  return metric.scale() != experiment_v1::SCALE_ABSOLUTE && comparison.has_relative_lift();
}

ShownLift RunningLift(const experiment_v1::MetricComparison& comparison, bool relative) {
  const experiment_v1::LiftInterval& running =
      relative ? comparison.running_relative_interval() : comparison.running_absolute_interval();
  return {relative ? comparison.relative_lift() : comparison.absolute_lift(), running.lower(),
          running.upper()};
}

PlannedMetric FindMetric(const experiment_v1::AnalysisPlan& plan, const std::string& name) {
  for (const experiment_v1::Metric& guardrail : plan.guardrails()) {
    if (guardrail.name() == name) return {guardrail, experiment_v1::METRIC_ROLE_GUARDRAIL};
  }
  for (const experiment_v1::Metric& secondary : plan.secondary()) {
    if (secondary.name() == name) return {secondary, experiment_v1::METRIC_ROLE_SECONDARY};
  }
  return {plan.primary(), experiment_v1::METRIC_ROLE_PRIMARY};
}

double PlannedGoal(const PlannedMetric& planned) {
  const experiment_v1::Metric& metric = planned.metric;
  const bool asks_margin = metric.goal() == experiment_v1::GOAL_UNSPECIFIED
                               ? planned.role == experiment_v1::METRIC_ROLE_GUARDRAIL
                               : metric.goal() == experiment_v1::GOAL_NOT_INFERIOR;
  const double gain = asks_margin ? -(metric.has_margin() ? metric.margin() : kDefaultMargin)
                                  : (metric.has_min_lift() ? metric.min_lift() : kDefaultMinLift);
  // No "-0".
  return gain == 0 ? 0 : GainSign(metric) * gain;
}

std::string VersionOf(const experiment_v1::Experiment& experiment, const std::string& arm_id) {
  for (const experiment_v1::Arm& arm : experiment.arms()) {
    if (arm.arm_id() == arm_id) return arm.model_version();
  }
  return "";
}

int64_t UnitsOf(const experiment_v1::Experiment& experiment,
                const experiment_v1::Analysis& analysis, const std::string& arm_id) {
  int64_t units = 0;
  for (const experiment_v1::ArmResult& result : analysis.arms()) {
    const auto arm = std::find_if(experiment.arms().begin(), experiment.arms().end(),
                                  [&](const auto& one) { return one.arm_id() == result.arm_id(); });
    const bool is_control = arm != experiment.arms().end() && arm->control();
    if (!is_control && result.arm_id() != arm_id) continue;
    if (!result.metrics().empty()) units += result.metrics(0).units();
  }
  return units;
}

bool HasData(const experiment_v1::Experiment& experiment, const experiment_v1::Analysis& analysis,
             const std::string& arm_id, const std::string& metric) {
  int with_units = 0;
  for (const experiment_v1::ArmResult& result : analysis.arms()) {
    const bool is_control = std::any_of(
        experiment.arms().begin(), experiment.arms().end(),
        [&](const auto& arm) { return arm.control() && arm.arm_id() == result.arm_id(); });
    if (!is_control && result.arm_id() != arm_id) continue;
    if (CountedUnits(result, metric) > 0) ++with_units;
  }
  return with_units == 2;
}

std::string StandsText(const experiment_v1::AnalysisPlan& plan,
                       const experiment_v1::Comparison& comparison) {
  return fmt::format("{} ({}{})", NameOf(comparison.recommendation()), NameOf(comparison.reason()),
                     GuardrailsText(plan, comparison));
}

std::string DaysLeftText(const experiment_v1::Comparison& comparison) {
  if (!comparison.has_expected_days_left()) return "";
  const double days = comparison.expected_days_left();
  if (days < 1) return "less than a day left";
  return fmt::format("about {} left",
                     days < 1.5 ? "a day" : WithThousands(std::llround(days)) + " days");
}

int ExitCodeOf(const experiment_v1::Analysis& analysis) {
  const auto stands = [&](experiment_v1::Recommendation recommendation) {
    return std::any_of(
        analysis.comparisons().begin(), analysis.comparisons().end(),
        [&](const auto& comparison) { return comparison.recommendation() == recommendation; });
  };
  if (stands(experiment_v1::RECOMMENDATION_SHIP)) return kExitOk;
  return stands(experiment_v1::RECOMMENDATION_ROLLBACK) ? kExitBlocked : kExitInconclusive;
}

}  // namespace flywheel::cli

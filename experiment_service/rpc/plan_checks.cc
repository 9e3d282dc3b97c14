#include "experiment_service/rpc/plan_checks.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <set>

#include "absl/time/time.h"
#include "experiment_service/domain/experiment.h"
#include "experiment_service/domain/experiment_size.h"
#include "experiment_service/domain/metric_comparison.h"
#include "experiment_service/rpc/source_checks.h"
#include "experiment_service/rpc/validate_segments.h"
#include "shared/text/shorten.h"

namespace flywheel::experiment {
namespace {

constexpr int kMinArms = 2;
constexpr int kMaxArms = 10;
constexpr double kMinWeight = 1e-3;
constexpr double kMaxWeight = 1e3;
// Without a control there is no comparison: whoever starves it has promoted the treatment.
constexpr double kMinControlShare = 0.01;
// 1 against 99 is 1 %, however the division rounds.
constexpr double kShareRounding = 1e-12;
// Beyond, "not worse" has lost its meaning: more than half of the control's effect would be given
// up (the least that regulators of drugs want preserved).
constexpr double kMaxMargin = 0.5;
constexpr double kMaxMinLift = 10;
// Beyond, hardly any unit is left that says anything about it.
constexpr double kMinQuantile = 0.01;
constexpr double kMaxQuantile = 0.999;
constexpr double kMinCapQuantile = 0.5;
constexpr double kMaxCapQuantile = 0.9999;
constexpr double kMaxAlpha = 0.2;
// Nobody waits for more certainty than this.
constexpr double kMinAlpha = 1e-6;
// Guardrails and secondary metrics together.
constexpr int kMaxOtherMetrics = 20;
constexpr absl::Duration kMinWindow = absl::Seconds(1);
constexpr absl::Duration kMaxWindow = absl::Hours(366 * 24);

void CheckArm(const v1::Arm& arm, Versions versions, const std::string& place,
              rpc::FieldChecks& checks) {
  checks.Id(place + "arm_id", arm.arm_id());
  if (versions == Versions::kRequired) {
    checks.Name(place + "model_version", arm.model_version(), kMaxVersionBytes);
  } else {
    checks.OptionalName(place + "model_version", arm.model_version(), kMaxVersionBytes);
  }
  checks.Range(place + "weight", arm.weight(), kMinWeight, kMaxWeight);
}

// What a quantile can be the quantile of.
void CheckQuantile(const v1::Metric& metric, const std::string& place, rpc::FieldChecks& checks) {
  if (!metric.has_quantile()) return;
  checks.Range(place + "quantile", metric.quantile(), kMinQuantile, kMaxQuantile);
  checks.Require(metric.aggregation() != v1::AGGREGATION_ANY, place + "quantile",
                 "a quantile of values that are 0 or 1 (AGGREGATION_ANY)",
                 "another aggregation, or no quantile: then the metric is their rate");
  checks.Require(!metric.has_cap() && !metric.has_cap_quantile(), place + "quantile",
                 "a quantile and a cap",
                 "one of them: what lies beyond a quantile does not move it");
}

void CheckRatio(const v1::Metric& metric, const std::string& place, rpc::FieldChecks& checks) {
  checks.OptionalName(place + "denominator", metric.denominator(), kMaxNameBytes);
  if (metric.denominator().empty()) return;
  checks.Require(metric.denominator() != metric.name(), place + "denominator",
                 "the metric's own name",
                 "the name of other outcomes, such as answers for a cost per answer");
  const bool sum = metric.aggregation() == v1::AGGREGATION_UNSPECIFIED ||
                   metric.aggregation() == v1::AGGREGATION_SUM;
  checks.Require(sum, place + "aggregation", v1::Aggregation_Name(metric.aggregation()),
                 "AGGREGATION_SUM, or nothing: a ratio is a sum over a sum");
  checks.Require(!metric.has_counts_as() || metric.counts_as() == 0, place + "counts_as",
                 fmt::format("{}", metric.counts_as()),
                 "0 for a ratio: a unit without outcomes adds nothing to either sum");
  checks.Require(!metric.has_quantile(), place + "quantile", "a quantile of a ratio",
                 "one of them: a ratio is over all units together, and no unit has one of its own");
  checks.Require(!metric.has_cap_quantile(), place + "cap_quantile", "a cap_quantile of a ratio",
                 "cap, the most that a unit's own sum counts as");
}

void CheckCap(const v1::Metric& metric, const std::string& place, rpc::FieldChecks& checks) {
  if (metric.has_cap()) checks.Range(place + "cap", metric.cap(), -kMaxValue, kMaxValue);
  if (!metric.has_cap_quantile()) return;
  checks.Range(place + "cap_quantile", metric.cap_quantile(), kMinCapQuantile, kMaxCapQuantile);
  checks.Require(!metric.has_cap(), place + "cap_quantile", "a cap_quantile and a cap",
                 "one of them: the cap is made of the quantile");
  checks.Require(metric.aggregation() != v1::AGGREGATION_ANY, place + "cap_quantile",
                 "a cap of values that are 0 or 1 (AGGREGATION_ANY)", "no cap");
}

void CheckMetric(const v1::Metric& metric, const std::string& place, rpc::FieldChecks& checks) {
  checks.Name(place + "name", metric.name(), kMaxNameBytes);
  checks.Enum(place + "aggregation", v1::Aggregation_IsValid(metric.aggregation()),
              metric.aggregation());
  CheckGoal(metric, place, checks);
  if (metric.has_source()) CheckSource(metric.source(), place + "source.", checks);
  CheckRatio(metric, place, checks);
  CheckQuantile(metric, place, checks);
  CheckCap(metric, place, checks);
  if (metric.has_counts_as()) {
    const double most = metric.has_cap() ? std::min(metric.cap(), kMaxValue) : kMaxValue;
    checks.Range(place + "counts_as", metric.counts_as(), -kMaxValue, most);
    return;
  }
  // There is no safe guess: left out, whoever got no answer is forgotten; as 0, whoever has not
  // reported yet has failed.
  checks.Require(
      metric.left_out(), place + "without_outcome", "nothing about units without an outcome",
      "left_out: true where every unit is to send one, or counts_as (such as 0) where none "
      "means that");
}

void CheckMetrics(const v1::AnalysisPlan& plan, rpc::FieldChecks& checks) {
  CheckMetric(plan.primary(), "plan.primary.", checks);
  const int others = plan.guardrails_size() + plan.secondary_size();
  checks.Require(others <= kMaxOtherMetrics,
                 plan.secondary().empty() ? "plan.guardrails" : "plan.secondary",
                 fmt::format("{} guardrails and secondary metrics", others),
                 fmt::format("at most {} together", kMaxOtherMetrics));
  if (others > kMaxOtherMetrics) return;
  std::set<std::string> names = {plan.primary().name()};
  const auto check = [&](const v1::Metric& metric, const std::string& place) {
    CheckMetric(metric, place, checks);
    checks.Require(names.insert(metric.name()).second, place + "name",
                   fmt::format("'{}' for the second time", Shorten(metric.name(), kShownTextBytes)),
                   "another name for each metric");
  };
  for (int i = 0; i < plan.guardrails_size(); ++i) {
    const std::string place = fmt::format("plan.guardrails[{}].", i);
    check(plan.guardrails(i), place);
    checks.Require(plan.guardrails(i).goal() != v1::GOAL_SUPERIOR, place + "goal", "GOAL_SUPERIOR",
                   "GOAL_NOT_INFERIOR, or nothing: a guardrail must not get worse");
  }
  for (int i = 0; i < plan.secondary_size(); ++i) {
    check(plan.secondary(i), fmt::format("plan.secondary[{}].", i));
  }
}

void CheckDurations(const v1::AnalysisPlan& plan, rpc::FieldChecks& checks) {
  if (plan.has_min_duration()) {
    checks.Duration("plan.min_duration", plan.min_duration(), absl::ZeroDuration(), kMaxWindow);
  }
  if (plan.has_max_duration()) {
    checks.Duration("plan.max_duration", plan.max_duration(), kMinWindow, kMaxWindow);
    const absl::Duration shortest =
        plan.has_min_duration() ? rpc::FromProto(plan.min_duration()) : AnalysisPlan().min_duration;
    checks.Require(rpc::FromProto(plan.max_duration()) >= shortest, "plan.max_duration",
                   fmt::format("{}s", plan.max_duration().seconds()),
                   fmt::format("at least min_duration, {}s", absl::ToInt64Seconds(shortest)));
  }
  if (plan.has_outcome_window() && rpc::FromProto(plan.outcome_window()) != absl::ZeroDuration()) {
    checks.Duration("plan.outcome_window", plan.outcome_window(), kMinWindow, kMaxWindow);
    checks.Require(!plan.has_max_duration() ||
                       rpc::FromProto(plan.outcome_window()) <= rpc::FromProto(plan.max_duration()),
                   "plan.outcome_window", fmt::format("{}s", plan.outcome_window().seconds()),
                   fmt::format("at most max_duration, {}s, after which nothing counts any more",
                               plan.max_duration().seconds()));
  }
}

}  // namespace

void CheckAbove0(const std::string& field, double value, double high, rpc::FieldChecks& checks) {
  checks.Require(value > 0 && value <= high, field, fmt::format("{}", value),
                 fmt::format("above 0, at most {}", high));
}

void CheckAlpha(const std::string& field, double alpha, rpc::FieldChecks& checks) {
  checks.Range(field, alpha, kMinAlpha, kMaxAlpha);
}

void CheckGoal(const v1::Metric& metric, const std::string& place, rpc::FieldChecks& checks) {
  const bool relative = metric.scale() != v1::SCALE_ABSOLUTE;
  checks.Enum(place + "direction", v1::Direction_IsValid(metric.direction()), metric.direction());
  checks.Enum(place + "goal", v1::Goal_IsValid(metric.goal()), metric.goal());
  checks.Enum(place + "scale", v1::Scale_IsValid(metric.scale()), metric.scale());
  if (metric.has_min_lift()) {
    checks.Range(place + "min_lift", metric.min_lift(), 0.0, relative ? kMaxMinLift : kMaxValue);
  }
  if (metric.has_margin()) {
    CheckAbove0(place + "margin", metric.margin(), relative ? kMaxMargin : kMaxValue, checks);
  }
}

void CheckArms(const google::protobuf::RepeatedPtrField<v1::Arm>& arms, Versions versions,
               rpc::FieldChecks& checks) {
  const int count = arms.size();
  checks.Require(count >= kMinArms && count <= kMaxArms, "arms", fmt::format("{} arms", count),
                 fmt::format("{} to {}", kMinArms, kMaxArms));
  if (count > kMaxArms) return;
  int controls = 0;
  double total_weight = 0;
  double control_weight = 0;
  std::set<std::string> arm_ids;
  for (int i = 0; i < count; ++i) {
    const v1::Arm& arm = arms[i];
    CheckArm(arm, versions, fmt::format("arms[{}].", i), checks);
    checks.Require(arm_ids.insert(arm.arm_id()).second, fmt::format("arms[{}].arm_id", i),
                   fmt::format("'{}' for the second time", Shorten(arm.arm_id(), kShownTextBytes)),
                   "another id for each arm");
    total_weight += arm.weight();
    if (!arm.control()) continue;
    ++controls;
    control_weight += arm.weight();
  }
  checks.Require(controls == 1, "arms", fmt::format("{} controls", controls), "exactly one");
  if (!checks.ok()) return;  // A share of weights that are refused says nothing.
  const double control_share = control_weight / total_weight;
  checks.Require(control_share >= kMinControlShare - kShareRounding, "arms",
                 fmt::format("a control with {:.3g} of all weight", control_share),
                 fmt::format("at least {} of it", kMinControlShare));
}

void CheckPlan(const v1::AnalysisPlan& plan, rpc::FieldChecks& checks) {
  CheckMetrics(plan, checks);
  CheckDurations(plan, checks);
  CheckSegments(plan.segments(), checks);
  if (plan.has_alpha()) CheckAlpha("plan.alpha", plan.alpha(), checks);
  if (plan.planned_units() != 0) {
    checks.Range("plan.planned_units", plan.planned_units(), int64_t{2}, kMaxPlannedUnits);
  }
  if (plan.has_min_units_per_arm()) {
    checks.Range("plan.min_units_per_arm", plan.min_units_per_arm(), kMinUnitsForHarm,
                 kMaxPlannedUnits);
  }
  if (plan.has_min_units()) {
    checks.Range("plan.min_units", plan.min_units(), 2 * kMinUnitsForHarm, kMaxPlannedUnits);
  }
}

}  // namespace flywheel::experiment

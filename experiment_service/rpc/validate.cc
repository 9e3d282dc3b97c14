#include "experiment_service/rpc/validate.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "experiment_service/domain/experiment.h"
#include "experiment_service/domain/metric_comparison.h"
#include "experiment_service/domain/visible_text.h"
#include "shared/rpc/field_checks.h"
#include "shared/rpc/list_request.h"
#include "shared/status/errors.h"
#include "shared/text/shorten.h"

namespace flywheel::experiment {
namespace {

constexpr int kMaxOutcomes = 10'000;
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
constexpr int kMaxGuardrails = 20;
constexpr int64_t kMaxUnits = 1'000'000'000;
constexpr absl::Duration kMinWindow = absl::Seconds(1);
constexpr absl::Duration kMaxWindow = absl::Hours(366 * 24);
constexpr size_t kMaxAgentBytes = 128;
constexpr size_t kMaxTokenBytes = 128;
constexpr size_t kMaxVersionBytes = 128;  // As ingest records them.
constexpr size_t kMaxUnitIdBytes = 256;
constexpr size_t kMaxNameBytes = 256;  // Metrics, owners.
constexpr size_t kMaxReasonBytes = 4'096;
// Of a text of a client that an error repeats.
constexpr size_t kShownBytes = 40;
// Beyond, the square of one value would swallow the digits of all others in the counts, and taking
// it out again would not bring them back.
constexpr double kMaxValue = 1e12;

// No checked request but UnitOutcome holds a time.
rpc::FieldChecks NewChecks() { return rpc::FieldChecks(absl::InfinitePast()); }

void CheckArm(const v1::Arm& arm, const std::string& place, rpc::FieldChecks& checks) {
  checks.Id(place + "arm_id", arm.arm_id());
  checks.Name(place + "model_version", arm.model_version(), kMaxVersionBytes);
  checks.Range(place + "weight", arm.weight(), kMinWeight, kMaxWeight);
}

void CheckArms(const v1::CreateExperimentRequest& request, rpc::FieldChecks& checks) {
  const int count = request.arms_size();
  checks.Require(count >= kMinArms && count <= kMaxArms, "arms", fmt::format("{} arms", count),
                 fmt::format("{} to {}", kMinArms, kMaxArms));
  if (count > kMaxArms) return;
  int controls = 0;
  double total_weight = 0;
  double control_weight = 0;
  std::set<std::string> arm_ids;
  for (int i = 0; i < count; ++i) {
    const v1::Arm& arm = request.arms(i);
    CheckArm(arm, fmt::format("arms[{}].", i), checks);
    checks.Require(arm_ids.insert(arm.arm_id()).second, fmt::format("arms[{}].arm_id", i),
                   fmt::format("'{}' for the second time", Shorten(arm.arm_id(), kShownBytes)),
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

void CheckAbove0(const std::string& field, double value, double high, rpc::FieldChecks& checks) {
  checks.Require(value > 0 && value <= high, field, fmt::format("{}", value),
                 fmt::format("above 0, at most {}", high));
}

void CheckMetric(const v1::Metric& metric, const std::string& place, rpc::FieldChecks& checks) {
  const bool relative = metric.scale() != v1::SCALE_ABSOLUTE;
  checks.Name(place + "name", metric.name(), kMaxNameBytes);
  checks.Enum(place + "aggregation", v1::Aggregation_IsValid(metric.aggregation()),
              metric.aggregation());
  checks.Enum(place + "direction", v1::Direction_IsValid(metric.direction()), metric.direction());
  checks.Enum(place + "goal", v1::Goal_IsValid(metric.goal()), metric.goal());
  checks.Enum(place + "scale", v1::Scale_IsValid(metric.scale()), metric.scale());
  if (metric.has_min_lift()) {
    checks.Range(place + "min_lift", metric.min_lift(), 0.0, relative ? kMaxMinLift : kMaxValue);
  }
  if (metric.has_margin()) {
    CheckAbove0(place + "margin", metric.margin(), relative ? kMaxMargin : kMaxValue, checks);
  }
  if (metric.has_cap()) checks.Range(place + "cap", metric.cap(), -kMaxValue, kMaxValue);
  if (metric.has_counts_as()) {
    checks.Range(place + "counts_as", metric.counts_as(), -kMaxValue, kMaxValue);
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
  checks.Require(plan.guardrails_size() <= kMaxGuardrails, "plan.guardrails",
                 fmt::format("{} guardrails", plan.guardrails_size()),
                 fmt::format("at most {}", kMaxGuardrails));
  if (plan.guardrails_size() > kMaxGuardrails) return;
  std::set<std::string> names = {plan.primary().name()};
  for (int i = 0; i < plan.guardrails_size(); ++i) {
    const v1::Metric& guardrail = plan.guardrails(i);
    const std::string place = fmt::format("plan.guardrails[{}].", i);
    CheckMetric(guardrail, place, checks);
    checks.Require(guardrail.goal() != v1::GOAL_SUPERIOR, place + "goal", "GOAL_SUPERIOR",
                   "GOAL_NOT_INFERIOR, or nothing: a guardrail must not get worse");
    checks.Require(names.insert(guardrail.name()).second, place + "name",
                   fmt::format("'{}' for the second time", Shorten(guardrail.name(), kShownBytes)),
                   "another name for each metric");
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
  }
}

void CheckPlan(const v1::AnalysisPlan& plan, rpc::FieldChecks& checks) {
  CheckMetrics(plan, checks);
  CheckDurations(plan, checks);
  if (plan.has_alpha()) CheckAbove0("plan.alpha", plan.alpha(), 0.2, checks);
  if (plan.planned_units() != 0) {
    checks.Range("plan.planned_units", plan.planned_units(), int64_t{2}, kMaxUnits);
  }
  if (plan.has_min_units_per_arm()) {
    checks.Range("plan.min_units_per_arm", plan.min_units_per_arm(), kMinUnitsForHarm, kMaxUnits);
  }
  if (plan.has_min_units()) {
    checks.Range("plan.min_units", plan.min_units(), 2 * kMinUnitsForHarm, kMaxUnits);
  }
}

// Somebody's word: a text of which something can be seen.
void CheckVisibleText(const char* field, const std::string& text, size_t max_bytes,
                      rpc::FieldChecks& checks) {
  checks.RequiredText(field, text, max_bytes);
  checks.Require(text.empty() || HasVisibleText(text), field, "white space only",
                 "a text that can be read");
}

// `versions` are those that the waiver may cover. Where it names none, it must be clear which one
// is meant.
void CheckWaiver(const v1::GateWaiver& waiver, const std::set<std::string>& versions,
                 rpc::FieldChecks& checks) {
  CheckVisibleText("waiver.owner", waiver.owner(), kMaxNameBytes, checks);
  checks.OptionalName("waiver.owner", waiver.owner(), kMaxNameBytes);
  CheckVisibleText("waiver.reason", waiver.reason(), kMaxReasonBytes, checks);
  const auto& covered = waiver.model_versions();
  if (covered.empty()) {
    checks.Require(versions.size() <= 1, "waiver.model_versions", "nothing",
                   fmt::format("the versions that it covers: there are {}", versions.size()));
    return;
  }
  const bool known = std::all_of(covered.begin(), covered.end(), [&](const std::string& version) {
    return versions.contains(version);
  });
  checks.Require(known, "waiver.model_versions", "a version that is not asked for here",
                 "the versions of treatments, or the version to promote");
}

// Whom an outcome is of, and what served them.
void CheckSubject(const v1::UnitOutcome& outcome, rpc::FieldChecks& checks) {
  const bool has_token = !outcome.assignment_token().empty();
  const bool has_unit = !outcome.user_id().empty() || !outcome.session_id().empty();
  checks.Text("assignment_token", outcome.assignment_token(), kMaxTokenBytes);
  if (has_token) {
    checks.OptionalId("experiment_id", outcome.experiment_id());
    checks.Require(!has_unit, "assignment_token", "a token and an id of the unit", "one of them");
  } else {
    checks.Id("experiment_id", outcome.experiment_id());
    checks.Require(has_unit, "assignment_token", "neither a token nor an id of the unit",
                   "the token that Assign gave, or the user_id or session_id");
  }
  checks.Text("user_id", outcome.user_id(), kMaxUnitIdBytes);
  checks.Text("session_id", outcome.session_id(), kMaxUnitIdBytes);
  checks.OptionalName("served_version", outcome.served_version(), kMaxVersionBytes);
  if (!outcome.fallback()) return;
  checks.Require(!outcome.served_version().empty(), "served_version", "nothing, with fallback",
                 "the version that served without an assignment");
  checks.Require(!has_token, "assignment_token", "a token, with fallback",
                 "none: a unit with a token was assigned");
}

std::set<std::string> TreatmentVersions(const v1::CreateExperimentRequest& request) {
  std::set<std::string> versions;
  for (const v1::Arm& arm : request.arms()) {
    if (!arm.control()) versions.insert(arm.model_version());
  }
  return versions;
}

}  // namespace

absl::Status Validate(const v1::CreateExperimentRequest& request) {
  rpc::FieldChecks checks = NewChecks();
  checks.Id("experiment_id", request.experiment_id());
  checks.Name("agent", request.agent(), kMaxAgentBytes);
  checks.Enum("unit", v1::RandomisationUnit_IsValid(request.unit()), request.unit());
  CheckArms(request, checks);
  CheckPlan(request.plan(), checks);
  if (request.has_waiver()) CheckWaiver(request.waiver(), TreatmentVersions(request), checks);
  checks.Labels("labels", request.labels());
  return checks.status();
}

absl::Status Validate(const v1::GetExperimentRequest& request) {
  rpc::FieldChecks checks = NewChecks();
  checks.Id("experiment_id", request.experiment_id());
  return checks.status();
}

absl::Status Validate(const v1::ListExperimentsRequest& request) {
  rpc::FieldChecks checks = NewChecks();
  rpc::CheckListFilter(request, checks);
  checks.Enum("state", v1::ExperimentState_IsValid(request.state()), request.state());
  checks.Text("model_version", request.model_version(), kMaxVersionBytes);
  return checks.status();
}

absl::Status Validate(const v1::StopExperimentRequest& request) {
  rpc::FieldChecks checks = NewChecks();
  checks.Id("experiment_id", request.experiment_id());
  checks.RequiredText("reason", request.reason(), kMaxReasonBytes);
  return checks.status();
}

absl::Status Validate(const v1::AssignRequest& request) {
  rpc::FieldChecks checks = NewChecks();
  checks.RequiredText("agent", request.agent(), kMaxAgentBytes);
  checks.Text("user_id", request.user_id(), kMaxUnitIdBytes);
  checks.Text("session_id", request.session_id(), kMaxUnitIdBytes);
  checks.Require(!request.user_id().empty() || !request.session_id().empty(), "user_id",
                 "neither a user nor a session", "the id of one of them, or of both");
  return checks.status();
}

absl::Status Validate(const v1::AnalyzeRequest& request) {
  rpc::FieldChecks checks = NewChecks();
  checks.Id("experiment_id", request.experiment_id());
  return checks.status();
}

absl::Status Validate(const v1::ListDecisionsRequest& request) {
  rpc::FieldChecks checks = NewChecks();
  checks.Id("experiment_id", request.experiment_id());
  return checks.status();
}

absl::Status Validate(const v1::ReplayDecisionRequest& request) {
  rpc::FieldChecks checks = NewChecks();
  checks.Id("experiment_id", request.experiment_id());
  checks.AtLeast("sequence", request.sequence(), 1);
  return checks.status();
}

absl::Status Validate(const v1::PromoteVersionRequest& request) {
  rpc::FieldChecks checks = NewChecks();
  checks.Id("promotion_id", request.promotion_id());
  checks.Name("agent", request.agent(), kMaxAgentBytes);
  checks.Name("model_version", request.model_version(), kMaxVersionBytes);
  checks.OptionalId("experiment_id", request.experiment_id());
  if (request.has_waiver()) CheckWaiver(request.waiver(), {request.model_version()}, checks);
  checks.Labels("labels", request.labels());
  const bool by_evidence = !request.experiment_id().empty();
  checks.Require(by_evidence != request.has_waiver(), "experiment_id",
                 by_evidence ? "an experiment and a waiver" : "neither an experiment nor a waiver",
                 "one of the two");
  return checks.status();
}

absl::Status Validate(const v1::GetActiveVersionRequest& request) {
  rpc::FieldChecks checks = NewChecks();
  checks.RequiredText("agent", request.agent(), kMaxAgentBytes);
  return checks.status();
}

absl::Status Validate(const v1::ListPromotionsRequest& request) {
  rpc::FieldChecks checks = NewChecks();
  rpc::CheckListFilter(request, checks);
  checks.Text("model_version", request.model_version(), kMaxVersionBytes);
  return checks.status();
}

absl::Status Validate(const v1::RecordOutcomesRequest& request) {
  if (request.outcomes().empty()) return errors::EmptyBatch("outcomes");
  if (request.outcomes_size() > kMaxOutcomes) {
    return errors::TooLarge("outcomes", request.outcomes_size(), kMaxOutcomes, "items");
  }
  return absl::OkStatus();
}

absl::Status Validate(const v1::UnitOutcome& outcome, absl::Time now, std::string prefix) {
  rpc::FieldChecks checks(now, std::move(prefix));
  checks.Id("outcome_id", outcome.outcome_id());
  CheckSubject(outcome, checks);
  checks.Name("metric", outcome.metric(), kMaxNameBytes);
  checks.Range("value", outcome.value(), -kMaxValue, kMaxValue);
  checks.EventTime("event_time", outcome.has_event_time(), outcome.event_time());
  checks.AtLeast("revision", outcome.revision(), 0);
  return checks.status();
}

}  // namespace flywheel::experiment

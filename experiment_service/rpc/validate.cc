#include "experiment_service/rpc/validate.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "experiment_service/rpc/plan_checks.h"
#include "experiment_service/rpc/validate_ramp.h"
#include "experiment_service/rpc/validate_segments.h"
#include "experiment_service/rpc/word_checks.h"
#include "shared/rpc/field_checks.h"
#include "shared/rpc/list_request.h"
#include "shared/status/errors.h"

namespace flywheel::experiment {
namespace {

constexpr int kMaxOutcomes = 10'000;
constexpr size_t kMaxAgentBytes = 128;
constexpr size_t kMaxTokenBytes = 128;
constexpr size_t kMaxUnitIdBytes = 256;
constexpr size_t kMaxReasonBytes = 4'096;

// No checked request but UnitOutcome holds a time.
rpc::FieldChecks NewChecks() { return rpc::FieldChecks(absl::InfinitePast()); }

// `versions` are those that the waiver may cover. Where it names none, it must be clear which one
// is meant.
void CheckWaiver(const v1::GateWaiver& waiver, const std::set<std::string>& versions,
                 rpc::FieldChecks& checks) {
  CheckWord("waiver.", waiver.owner(), waiver.reason(), checks);
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
  CheckArms(request.arms(), Versions::kRequired, checks);
  CheckPlan(request.plan(), checks);
  if (request.has_waiver()) CheckWaiver(request.waiver(), TreatmentVersions(request), checks);
  checks.Labels("labels", request.labels());
  if (request.has_ramp()) CheckRamp(request.ramp(), checks);
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

absl::Status Validate(const v1::AssignRequest& request, std::string prefix) {
  rpc::FieldChecks checks(absl::InfinitePast(), std::move(prefix));
  checks.RequiredText("agent", request.agent(), kMaxAgentBytes);
  checks.Text("user_id", request.user_id(), kMaxUnitIdBytes);
  checks.Text("session_id", request.session_id(), kMaxUnitIdBytes);
  checks.Require(!request.user_id().empty() || !request.session_id().empty(), "user_id",
                 "neither a user nor a session", "the id of one of them, or of both");
  CheckAttributes(request.attributes(), checks);
  return checks.status();
}

absl::Status Validate(const v1::AnalyzeRequest& request) {
  rpc::FieldChecks checks = NewChecks();
  checks.Id("experiment_id", request.experiment_id());
  return checks.status();
}

absl::Status Validate(const v1::WatchAnalysisRequest& request) {
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

absl::Status Validate(const v1::WatchActiveVersionsRequest& request) {
  rpc::FieldChecks checks = NewChecks();
  checks.Text("agent", request.agent(), kMaxAgentBytes);
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

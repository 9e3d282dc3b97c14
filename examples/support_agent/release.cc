#include "examples/support_agent/release.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "cli/value_name.h"
#include "shared/rpc/field_checks.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"
#include "shared/time/poll.h"

namespace flywheel::example {
namespace {

using evalgate::v1::EvalGateService;
using evalgate::v1::ReleasePolicyService;
using evalgate::v1::RunService;
using experiment::v1::ExperimentService;
using experiment::v1::RampService;

constexpr int kOutputsPerCall = 1'000;
// Every revolution's suite is a version of this one.
constexpr char kSuiteName[] = "held-out-sessions";
constexpr int kMinCohortCases = 30;
constexpr char kControl[] = "control";
constexpr double kCappedSeconds = 1;
// The sessions that a step of a ramp must have seen, since the experiment began.
constexpr int64_t kUnitsPerStep = 40;
// A ramp acts within a second, and again where it met a service that was away.
constexpr absl::Duration kRampTimeout = absl::Seconds(10);
constexpr absl::Duration kRampPoll = absl::Milliseconds(50);
// The experiment service tells the gate of a promotion by itself, within milliseconds.
constexpr absl::Duration kApprovalTimeout = absl::Seconds(10);
constexpr absl::Duration kApprovalPoll = absl::Milliseconds(20);

std::string DecisionName(evalgate::v1::Decision decision) {
  return cli::ValueName(evalgate::v1::Decision_Name(decision), "DECISION_");
}

std::string RecommendationName(experiment::v1::Recommendation recommendation) {
  return cli::ValueName(experiment::v1::Recommendation_Name(recommendation), "RECOMMENDATION_");
}

// What is rare or small is compared in points or seconds: a share of it would say little.
experiment::v1::Metric& AddGuardrail(const char* name, double margin,
                                     experiment::v1::AnalysisPlan& plan) {
  experiment::v1::Metric& metric = *plan.add_guardrails();
  metric.set_name(name);
  metric.set_direction(experiment::v1::DIRECTION_LOWER_IS_BETTER);
  metric.set_scale(experiment::v1::SCALE_ABSOLUTE);
  metric.set_margin(margin);
  metric.set_left_out(true);
  return metric;
}

// Every metric is read off what the agent logs anyway: nobody sends outcomes.
void SetPlan(const ReleaseOptions& options, experiment::v1::AnalysisPlan& plan) {
  auto* primary = plan.mutable_primary();
  primary->set_name("accepted");
  primary->set_goal(experiment::v1::GOAL_NOT_INFERIOR);
  primary->set_margin(options.margin);
  // A session without an answer is not known; one whose answer nobody praised is a 0.
  primary->set_left_out(true);
  auto* praise = primary->mutable_source()->mutable_signal();
  for (const auto kind : options.praise) praise->add_kinds(kind);
  praise->set_every_interaction(true);

  experiment::v1::Metric& escalated = AddGuardrail("escalated", options.escalation_margin, plan);
  escalated.set_aggregation(experiment::v1::AGGREGATION_ANY);
  auto* escalations = escalated.mutable_source()->mutable_signal();
  escalations->add_kinds(experiment::v1::SIGNAL_KIND_ESCALATION);
  escalations->set_every_interaction(true);

  experiment::v1::Metric& seconds =
      AddGuardrail("seconds", absl::ToDoubleSeconds(options.latency_margin), plan);
  // One answer that hung is no reason to know nothing of all others.
  seconds.set_cap(kCappedSeconds);
  seconds.mutable_source()->set_number(experiment::v1::INTERACTION_NUMBER_LATENCY_SECONDS);

  plan.set_planned_units(options.planned_sessions);
  plan.set_min_units(options.min_sessions);
  // Weeks are minutes here: no day of one is missed. With real customers leave the 14 days.
  *plan.mutable_min_duration() = rpc::ToProto(absl::ZeroDuration());
}

void SetRamp(const ReleaseOptions& options, experiment::v1::Ramp& ramp) {
  for (size_t i = 0; i < options.coverage.size(); ++i) {
    auto* step = ramp.add_steps();
    step->set_coverage(options.coverage[i]);
    // The last step lasts until the experiment ends.
    if (i + 1 == options.coverage.size()) continue;
    *step->mutable_min_duration() = rpc::ToProto(options.step_duration);
    step->set_min_units(kUnitsPerStep);
  }
  ramp.set_promote(true);
}

}  // namespace

absl::Status Release::SetPolicy() {
  evalgate::v1::SetReleasePolicyRequest request;
  evalgate::v1::ReleasePolicy& policy = *request.mutable_policy();
  policy.set_agent(agent_);
  policy.set_policy_version(1);
  policy.set_reason("the sessions that nothing was trained on decide");
  evalgate::v1::SuiteRequirement& suite = *policy.add_suites();
  suite.set_suite_name(kSuiteName);
  suite.mutable_bar()->set_pass_rate_floor(options_.pass_rate_floor);
  suite.mutable_bar()->set_min_cohort_cases(kMinCohortCases);
  return services_.release_policy
      .Call(&ReleasePolicyService::StubInterface::SetReleasePolicy, request)
      .status();
}

absl::StatusOr<std::vector<std::string>> Release::ComparedVersions() {
  evalgate::v1::GetReleasePolicyRequest request;
  request.set_agent(agent_);
  ASSIGN_OR_RETURN(const auto policy,
                   (services_.release_policy.Call(
                       &ReleasePolicyService::StubInterface::GetReleasePolicy, request)));
  std::vector<std::string> versions;
  for (const std::string& version :
       {policy.baseline_model_version(), policy.reference_model_version()}) {
    const bool is_new = std::find(versions.begin(), versions.end(), version) == versions.end();
    if (!version.empty() && is_new) versions.push_back(version);
  }
  return versions;
}

absl::Status Release::CreateSuite(const std::string& suite_id,
                                  const std::string& dataset_version_id) {
  evalgate::v1::CreateSuiteRequest request;
  request.set_suite_id(suite_id);
  request.set_suite_name(kSuiteName);
  request.set_dataset_version_id(dataset_version_id);
  request.add_evaluators()->set_kind(options_.evaluator);
  return services_.eval_gate.Call(&EvalGateService::StubInterface::CreateSuite, request).status();
}

absl::Status Release::RunSuite(const std::string& suite_id, const std::string& version,
                               const Answerer& answer) {
  evalgate::v1::StartRunRequest start;
  start.set_run_id(fmt::format("{}-{}", suite_id, version));
  start.set_suite_id(suite_id);
  start.set_model_version(version);
  RETURN_IF_ERROR(services_.runs.Call(&RunService::StubInterface::StartRun, start).status());
  // The questions, without what would be right.
  evalgate::v1::ReadSuiteCasesRequest read;
  read.set_suite_id(suite_id);
  std::vector<evalgate::v1::SuiteCase> cases;
  RETURN_IF_ERROR(
      (services_.eval_gate
           .Read<evalgate::v1::ReadSuiteCasesRequest, evalgate::v1::ReadSuiteCasesResponse>(
               &EvalGateService::Stub::ReadSuiteCases, read, [&] { cases.clear(); },
               [&](const evalgate::v1::ReadSuiteCasesResponse& response) {
                 cases.insert(cases.end(), response.cases().begin(), response.cases().end());
               })));
  // An answer to every case, in calls of a bounded size: while one is left out, nothing is judged.
  evalgate::v1::SubmitOutputsRequest submit;
  submit.set_run_id(start.run_id());
  for (size_t i = 0; i < cases.size(); ++i) {
    auto* output = submit.add_outputs();
    *output = answer(cases[i]);
    output->set_case_id(cases[i].case_id());
    if (submit.outputs_size() < kOutputsPerCall && i + 1 < cases.size()) continue;
    ASSIGN_OR_RETURN(const evalgate::v1::SubmitOutputsResponse taken,
                     services_.runs.Call(&RunService::StubInterface::SubmitOutputs, submit));
    for (const common::v1::ItemResult& result : taken.results()) {
      if (result.status() == common::v1::ITEM_STATUS_STORED ||
          result.status() == common::v1::ITEM_STATUS_REPLAYED) {
        continue;
      }
      return absl::InternalError(
          fmt::format("output for case '{}': {}", result.id(), result.message()));
    }
    submit.clear_outputs();
  }
  evalgate::v1::FinishRunRequest finish;
  finish.set_run_id(start.run_id());
  return services_.runs.Call(&RunService::StubInterface::FinishRun, finish).status();
}

absl::StatusOr<GateReport> Release::Judge(const std::string& suite_id, const std::string& version) {
  ASSIGN_OR_RETURN(const std::vector<std::string> compared, ComparedVersions());
  evalgate::v1::JudgeVersionRequest request;
  request.set_verdict_id(
      fmt::format("{}-{}-against-{}", suite_id, version, fmt::join(compared, "-")));
  request.set_suite_id(suite_id);
  request.set_model_version(version);
  ASSIGN_OR_RETURN(
      const auto response,
      (services_.eval_gate.Call(&EvalGateService::StubInterface::JudgeVersion, request)));
  const auto& verdict = response.verdict();
  GateReport report{version, DecisionName(verdict.decision()), ""};
  const bool passed = verdict.decision() == evalgate::v1::DECISION_PASS;
  for (const auto& finding : verdict.findings()) {
    const bool compares = finding.baseline_model_version() == verdict.baseline_model_version() &&
                          !verdict.baseline_model_version().empty();
    // What is worst comes first; of a PASS the whole suite's comparison says most.
    const bool says_more = passed && compares && finding.cohort().empty();
    if (report.message.empty() || says_more) report.message = finding.message();
  }
  return report;
}

absl::StatusOr<GateReport> Release::Ask(const std::string& version) {
  evalgate::v1::GetShipDecisionRequest request;
  request.set_agent(agent_);
  request.set_model_version(version);
  ASSIGN_OR_RETURN(
      const auto answer,
      (services_.eval_gate.Call(&EvalGateService::StubInterface::GetShipDecision, request)));
  return GateReport{version, DecisionName(answer.decision()), answer.message()};
}

absl::Status Release::StartExperiment(const std::string& experiment_id, const std::string& active,
                                      const std::string& candidate) {
  experiment::v1::CreateExperimentRequest request;
  request.set_experiment_id(experiment_id);
  request.set_agent(agent_);
  request.set_unit(experiment::v1::RANDOMISATION_UNIT_SESSION);
  auto* control = request.add_arms();
  control->set_arm_id(kControl);
  control->set_model_version(active);
  control->set_weight(1);
  control->set_control(true);
  auto* treatment = request.add_arms();
  treatment->set_arm_id("candidate");
  treatment->set_model_version(candidate);
  treatment->set_weight(1);
  SetPlan(options_, *request.mutable_plan());
  SetRamp(options_, *request.mutable_ramp());
  return services_.experiment.Call(&ExperimentService::StubInterface::CreateExperiment, request)
      .status();
}

absl::StatusOr<ExperimentReport> Release::Look(const std::string& experiment_id,
                                               const std::string& candidate) {
  ExperimentReport report;
  report.experiment_id = experiment_id;
  report.candidate = candidate;
  ASSIGN_OR_RETURN(const int64_t decision, AddRamp(experiment_id, report));
  RETURN_IF_ERROR(decision > 0 ? AddDecision(experiment_id, decision, report)
                               : AddAnalysis(experiment_id, report));
  if (report.promoted) RETURN_IF_ERROR(AwaitApproval(candidate));
  return report;
}

absl::StatusOr<int64_t> Release::AddRamp(const std::string& experiment_id,
                                         ExperimentReport& report) {
  experiment::v1::ListRampEventsRequest request;
  request.set_experiment_id(experiment_id);
  ASSIGN_OR_RETURN(const auto listed,
                   (services_.ramps.Call(&RampService::StubInterface::ListRampEvents, request)));
  int64_t decision = 0;
  for (const experiment::v1::RampEvent& event : listed.events()) {
    const bool steps = event.kind() == experiment::v1::RAMP_EVENT_KIND_STARTED ||
                       event.kind() == experiment::v1::RAMP_EVENT_KIND_STEPPED;
    if (steps) {
      report.coverage.push_back(options_.coverage.at(static_cast<size_t>(event.to_step())));
      continue;
    }
    report.ramp =
        cli::ValueName(experiment::v1::RampEventKind_Name(event.kind()), "RAMP_EVENT_KIND_");
    report.promoted = event.kind() == experiment::v1::RAMP_EVENT_KIND_PROMOTED;
    report.ended = report.promoted || event.kind() == experiment::v1::RAMP_EVENT_KIND_ROLLED_BACK ||
                   event.kind() == experiment::v1::RAMP_EVENT_KIND_STOPPED_FUTILE ||
                   event.kind() == experiment::v1::RAMP_EVENT_KIND_ENDED;
    if (report.ended) decision = event.decision();
  }
  return decision;
}

absl::Status Release::AddAnalysis(const std::string& experiment_id, ExperimentReport& report) {
  experiment::v1::AnalyzeRequest request;
  request.set_experiment_id(experiment_id);
  ASSIGN_OR_RETURN(const auto response, (services_.experiment.Call(
                                            &ExperimentService::StubInterface::Analyze, request)));
  for (const auto& comparison : response.analysis().comparisons()) {
    report.recommendation = RecommendationName(comparison.recommendation());
    report.message = comparison.message();
  }
  for (const auto& arm : response.analysis().arms()) {
    (arm.arm_id() == kControl ? report.control_units : report.candidate_units) =
        arm.metrics(0).units();
  }
  return absl::OkStatus();
}

absl::Status Release::AddDecision(const std::string& experiment_id, int64_t sequence,
                                  ExperimentReport& report) {
  experiment::v1::ListDecisionsRequest request;
  request.set_experiment_id(experiment_id);
  do {
    ASSIGN_OR_RETURN(
        const auto listed,
        (services_.experiment.Call(&ExperimentService::StubInterface::ListDecisions, request)));
    for (const experiment::v1::Decision& decision : listed.decisions()) {
      if (decision.sequence() != sequence) continue;
      report.recommendation = RecommendationName(decision.recommendation());
      report.message = decision.message();
      for (const auto& arm : decision.arms()) {
        (arm.arm_id() == kControl ? report.control_units : report.candidate_units) =
            arm.metrics(0).units();
      }
      return absl::OkStatus();
    }
    request.set_page_token(listed.next_page_token());
  } while (!request.page_token().empty());
  return errors::Internal(
      fmt::format("{} ended by its decision {}, which is not listed", experiment_id, sequence));
}

absl::StatusOr<ExperimentReport> Release::Watch(const std::string& experiment_id,
                                                const std::string& candidate, absl::Duration time) {
  absl::StatusOr<ExperimentReport> report;
  PollUntil(
      [&] {
        report = Look(experiment_id, candidate);
        return !report.ok() || report->ended;
      },
      time, kRampPoll);
  return report;
}

absl::StatusOr<ExperimentReport> Release::Settle(const std::string& experiment_id,
                                                 const std::string& candidate) {
  absl::StatusOr<ExperimentReport> report;
  PollUntil(
      [&] {
        report = Look(experiment_id, candidate);
        // CONTINUE wants more sessions. HOLD wants a person who finds out why the data cannot be
        // trusted: nothing ships meanwhile, and the report says so.
        return !report.ok() || report->ended || report->recommendation == "CONTINUE" ||
               report->recommendation == "HOLD";
      },
      kRampTimeout, kRampPoll);
  return report;
}

absl::Status Release::PromoteFirst(const std::string& version) {
  experiment::v1::PromoteVersionRequest request;
  request.set_promotion_id("promote-" + version);
  request.set_agent(agent_);
  request.set_model_version(version);
  request.mutable_waiver()->set_owner("release manager");
  request.mutable_waiver()->set_reason("the first version: there is nothing to compare it with");
  RETURN_IF_ERROR(
      services_.experiment.Call(&ExperimentService::StubInterface::PromoteVersion, request)
          .status());
  return AwaitApproval(version);
}

absl::Status Release::AwaitApproval(const std::string& version) {
  absl::Status status;
  const bool known = PollUntil(
      [&] {
        const auto compared = ComparedVersions();
        status = compared.status();
        return !status.ok() || (!compared->empty() && compared->front() == version);
      },
      kApprovalTimeout, kApprovalPoll);
  RETURN_IF_ERROR(status);
  if (known) return absl::OkStatus();
  return errors::Internal(
      fmt::format("{} was promoted {} ago, but the gate does not compare candidates with it",
                  version, absl::FormatDuration(kApprovalTimeout)));
}

}  // namespace flywheel::example

#include "eval_gate_service/rpc/validate.h"

#include <fmt/format.h>

#include <string>
#include <string_view>

#include "shared/rpc/field_checks.h"
#include "shared/rpc/list_request.h"
#include "shared/status/errors.h"
#include "shared/text/shorten.h"

namespace flywheel::evalgate {
namespace {

constexpr int kMostOutputs = 10'000;
constexpr int kMostCohortFloors = 1'000;
// Agents and model versions are named by others, and recorded by ingest: any text of this size.
constexpr size_t kMostNameBytes = 128;
constexpr size_t kMostCohortBytes = 256;
// Of a text of a client that an error repeats.
constexpr size_t kShownBytes = 40;
constexpr double kSmallestAlpha = 0.001;
constexpr double kLargestAlpha = 0.2;
// Half of all cases lost is no margin any more.
constexpr double kLargestMargin = 0.5;
// Of what a cohort must have to be looked at: with more nobody would look.
constexpr int64_t kMostCohortCases = 1'000;

// No request of the gate holds a time to be checked.
rpc::FieldChecks NewChecks() { return rpc::FieldChecks(absl::InfiniteFuture()); }

// Above 0 and at most `most`; NaN is neither.
void CheckShare(std::string_view field, double value, double most, rpc::FieldChecks& checks) {
  checks.Require(value > 0.0 && value <= most, field, fmt::format("{}", value),
                 fmt::format("above 0, at most {}", most));
}

void CheckPolicy(const v1::SuitePolicy& policy, rpc::FieldChecks& checks) {
  checks.Enum("policy.evaluator", v1::Evaluator_IsValid(policy.evaluator()), policy.evaluator());
  if (policy.has_pass_rate_floor()) {
    checks.Range("policy.pass_rate_floor", policy.pass_rate_floor(), 0.0, 1.0);
  }
  checks.Require(policy.cohort_floors_size() <= kMostCohortFloors, "policy.cohort_floors",
                 fmt::format("{} cohorts", policy.cohort_floors_size()),
                 fmt::format("at most {}", kMostCohortFloors));
  for (const auto& [cohort, floor] : policy.cohort_floors()) {
    checks.Name("policy.cohort_floors key", cohort, kMostCohortBytes);
    CheckShare(fmt::format("policy.cohort_floors['{}']", Shorten(cohort, kShownBytes)), floor, 1.0,
               checks);
  }
  if (policy.has_non_inferiority_margin()) {
    checks.Range("policy.non_inferiority_margin", policy.non_inferiority_margin(), 0.0,
                 kLargestMargin);
  }
  if (policy.has_alpha()) {
    checks.Range("policy.alpha", policy.alpha(), kSmallestAlpha, kLargestAlpha);
  }
  if (policy.has_cohort_margin()) {
    checks.Range("policy.cohort_margin", policy.cohort_margin(), 0.0, kLargestMargin);
  }
  if (policy.has_cohort_margin_cases()) {
    checks.Range("policy.cohort_margin_cases", int64_t{policy.cohort_margin_cases()}, int64_t{1},
                 kMostCohortCases);
  }
  if (policy.has_min_cohort_cases()) {
    checks.Range("policy.min_cohort_cases", int64_t{policy.min_cohort_cases()}, int64_t{1},
                 kMostCohortCases);
  }
}

}  // namespace

absl::Status Validate(const v1::CreateSuiteRequest& request) {
  rpc::FieldChecks checks = NewChecks();
  checks.Id("suite_id", request.suite_id());
  checks.Id("dataset_version_id", request.dataset_version_id());
  CheckPolicy(request.policy(), checks);
  checks.Labels("labels", request.labels());
  return checks.status();
}

absl::Status Validate(const v1::GetSuiteRequest& request) {
  rpc::FieldChecks checks = NewChecks();
  checks.Id("suite_id", request.suite_id());
  return checks.status();
}

absl::Status Validate(const v1::ListSuitesRequest& request) {
  rpc::FieldChecks checks = NewChecks();
  rpc::CheckListFilter(request, checks);
  checks.OptionalId("dataset_version_id", request.dataset_version_id());
  return checks.status();
}

absl::Status Validate(const v1::ReadSuiteCasesRequest& request) {
  rpc::FieldChecks checks = NewChecks();
  checks.Id("suite_id", request.suite_id());
  return checks.status();
}

absl::Status Validate(const v1::SubmitOutputsRequest& request) {
  if (request.outputs().empty()) return errors::EmptyBatch("outputs");
  if (request.outputs_size() > kMostOutputs) {
    return errors::TooLarge("outputs", request.outputs_size(), kMostOutputs, "outputs");
  }
  rpc::FieldChecks checks = NewChecks();
  checks.Id("suite_id", request.suite_id());
  checks.Name("model_version", request.model_version(), kMostNameBytes);
  for (int i = 0; i < request.outputs_size(); ++i) {
    const v1::CaseOutput& output = request.outputs(i);
    checks.Id(fmt::format("outputs[{}].case_id", i), output.case_id());
    const bool twice = !output.output().empty() || !output.tool_calls().empty();
    checks.Require(output.messages().empty() || !twice, fmt::format("outputs[{}].messages", i),
                   "messages beside output or tool_calls", "one of the two");
    const bool answered = twice || !output.messages().empty() || !output.error().empty();
    checks.Require(output.infrastructure_error().empty() || !answered,
                   fmt::format("outputs[{}].infrastructure_error", i), "it beside an answer",
                   "one of the two: with an answer the infrastructure did not fail");
  }
  return checks.status();
}

absl::Status Validate(const v1::JudgeVersionRequest& request) {
  rpc::FieldChecks checks = NewChecks();
  checks.Id("verdict_id", request.verdict_id());
  checks.Id("suite_id", request.suite_id());
  checks.Name("model_version", request.model_version(), kMostNameBytes);
  if (!request.baseline_model_version().empty()) {
    checks.Name("baseline_model_version", request.baseline_model_version(), kMostNameBytes);
    checks.Require(request.baseline_model_version() != request.model_version(),
                   "baseline_model_version", "the version to judge",
                   "another version, or empty for floors only");
  }
  checks.Labels("labels", request.labels());
  return checks.status();
}

absl::Status Validate(const v1::ListCaseResultsRequest& request) {
  rpc::FieldChecks checks = NewChecks();
  checks.Id("suite_id", request.suite_id());
  checks.RequiredText("model_version", request.model_version(), kMostNameBytes);
  checks.Text("baseline_model_version", request.baseline_model_version(), kMostNameBytes);
  checks.Text("cohort", request.cohort(), kMostCohortBytes);
  checks.Enum("filter", v1::CaseFilter_IsValid(request.filter()), request.filter());
  const bool compares =
      request.filter() == v1::CASE_FILTER_REGRESSED || request.filter() == v1::CASE_FILTER_IMPROVED;
  checks.Require(!compares || !request.baseline_model_version().empty(), "baseline_model_version",
                 "nothing", "the version that the filter compares with");
  return checks.status();
}

absl::Status Validate(const v1::GetVerdictRequest& request) {
  rpc::FieldChecks checks = NewChecks();
  checks.Id("verdict_id", request.verdict_id());
  return checks.status();
}

absl::Status Validate(const v1::ListVerdictsRequest& request) {
  rpc::FieldChecks checks = NewChecks();
  rpc::CheckListFilter(request, checks);
  checks.OptionalId("suite_id", request.suite_id());
  checks.Text("model_version", request.model_version(), kMostNameBytes);
  checks.Enum("decision", v1::Decision_IsValid(request.decision()), request.decision());
  return checks.status();
}

absl::Status Validate(const v1::GetShipDecisionRequest& request) {
  rpc::FieldChecks checks = NewChecks();
  checks.RequiredText("model_version", request.model_version(), kMostNameBytes);
  checks.RequiredText("agent", request.agent(), kMostNameBytes);
  switch (request.baseline_case()) {
    case v1::GetShipDecisionRequest::kBaselineModelVersion:
      checks.RequiredText("baseline_model_version", request.baseline_model_version(),
                          kMostNameBytes);
      break;
    case v1::GetShipDecisionRequest::kNoBaseline:
      checks.Require(request.no_baseline(), "no_baseline", "false",
                     "true where nothing serves yet, else baseline_model_version");
      break;
    case v1::GetShipDecisionRequest::BASELINE_NOT_SET:
      checks.Require(false, "baseline", "nothing",
                     "baseline_model_version (the version that serves now), or no_baseline: true "
                     "where nothing serves yet");
      break;
  }
  return checks.status();
}

}  // namespace flywheel::evalgate

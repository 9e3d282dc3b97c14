#include "eval_gate_service/rpc/validate.h"

#include <fmt/format.h>

#include <string>

#include "eval_gate_service/rpc/policy_validate.h"
#include "eval_gate_service/rpc/request_bounds.h"
#include "shared/rpc/field_checks.h"
#include "shared/rpc/list_request.h"
#include "shared/text/name_key.h"

namespace flywheel::evalgate {

void CheckEvaluators(const std::string& field,
                     const google::protobuf::RepeatedPtrField<v1::EvaluatorSpec>& evaluators,
                     rpc::FieldChecks& checks) {
  for (int i = 0; i < evaluators.size(); ++i) {
    const std::string place = fmt::format("{}[{}]", field, i);
    checks.OptionalId(place + ".evaluator_id", evaluators[i].evaluator_id());
    CheckEvaluator(place, evaluators[i], checks);
  }
}

void CheckEvaluator(const std::string& field, const v1::EvaluatorSpec& one,
                    rpc::FieldChecks& checks) {
  checks.Text(field + ".parameters_json", one.parameters_json(), kMostParametersBytes);
  if (one.has_threshold()) {
    checks.Range(field + ".threshold", one.threshold(), kLeastThreshold, 1.0);
  }
}

absl::Status Validate(const v1::CreateSuiteRequest& request) {
  rpc::FieldChecks checks = NewChecks();
  checks.Id("suite_id", request.suite_id());
  checks.Id("dataset_version_id", request.dataset_version_id());
  CheckEvaluators("evaluators", request.evaluators(), checks);
  checks.OptionalId("suite_name", request.suite_name());
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

absl::Status Validate(const v1::CompareSuitesRequest& request) {
  rpc::FieldChecks checks = NewChecks();
  checks.Id("suite_id", request.suite_id());
  checks.Id("other_suite_id", request.other_suite_id());
  return checks.status();
}

absl::Status Validate(const v1::JudgeVersionRequest& request) {
  rpc::FieldChecks checks = NewChecks();
  checks.Id("verdict_id", request.verdict_id());
  checks.Id("suite_id", request.suite_id());
  CheckVersion("model_version", request.model_version(), checks);
  if (!request.baseline_model_version().empty()) {
    CheckVersion("baseline_model_version", request.baseline_model_version(), checks);
    checks.Require(NameKey(request.baseline_model_version()) != NameKey(request.model_version()),
                   "baseline_model_version", "the version to judge",
                   "another version, or empty for floors only");
  }
  checks.Labels("labels", request.labels());
  if (request.has_bar()) CheckBar("bar", request.bar(), checks);
  checks.Require(request.bar().evaluators().empty(), "bar.evaluators",
                 fmt::format("{}", request.bar().evaluators_size()),
                 "none: those of the suite judge, and a release policy alone asks for others");
  return checks.status();
}

absl::Status Validate(const v1::ListCaseResultsRequest& request) {
  rpc::FieldChecks checks = NewChecks();
  if (request.run_id().empty()) {
    checks.Id("suite_id", request.suite_id());
    CheckVersion("model_version", request.model_version(), checks);
  } else {
    checks.Id("run_id", request.run_id());
    const bool alone = request.suite_id().empty() && request.model_version().empty();
    checks.Require(alone, "run_id", "it beside suite_id or model_version",
                   "it alone: a run is of one suite and version");
  }
  CheckOptionalVersion("baseline_model_version", request.baseline_model_version(), checks);
  checks.Text("cohort", request.cohort(), kMostShownCohortBytes);
  checks.Labels("labels", request.labels());
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

absl::Status Validate(const v1::ExplainVerdictRequest& request) {
  rpc::FieldChecks checks = NewChecks();
  checks.Id("verdict_id", request.verdict_id());
  return checks.status();
}

absl::Status Validate(const v1::ReplayVerdictRequest& request) {
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
  CheckVersion("model_version", request.model_version(), checks);
  checks.RequiredText("agent", request.agent(), kMostNameBytes);
  CheckOptionalVersion("baseline_model_version", request.baseline_model_version(), checks);
  return checks.status();
}

}  // namespace flywheel::evalgate

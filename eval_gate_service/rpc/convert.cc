#include "eval_gate_service/rpc/convert.h"

#include <utility>

#include "shared/hashing/sha256.h"
#include "shared/rpc/field_checks.h"
#include "shared/rpc/list_request.h"
#include "shared/status/errors.h"

namespace flywheel::evalgate {
namespace {

// Where a cast leads from one to the other, the numbers are the same.
static_assert(static_cast<int>(Evaluator::kExactMatch) == v1::EVALUATOR_EXACT_MATCH);
static_assert(static_cast<int>(Evaluator::kToolSelection) == v1::EVALUATOR_TOOL_SELECTION);
static_assert(static_cast<int>(Decision::kNone) == v1::DECISION_UNSPECIFIED);
static_assert(static_cast<int>(Decision::kPass) == v1::DECISION_PASS);
static_assert(static_cast<int>(Decision::kBlock) == v1::DECISION_BLOCK);
static_assert(static_cast<int>(Decision::kInconclusive) == v1::DECISION_INCONCLUSIVE);
static_assert(static_cast<int>(FindingKind::kCohortAtFloor) == v1::FINDING_KIND_COHORT_AT_FLOOR);
static_assert(static_cast<int>(FindingKind::kCohortBelowFloor) ==
              v1::FINDING_KIND_COHORT_BELOW_FLOOR);
static_assert(static_cast<int>(FindingKind::kCohortUndecided) == v1::FINDING_KIND_COHORT_UNDECIDED);
static_assert(static_cast<int>(FindingKind::kWorseThanBaseline) ==
              v1::FINDING_KIND_WORSE_THAN_BASELINE);
static_assert(static_cast<int>(FindingKind::kNotWorseThanBaseline) ==
              v1::FINDING_KIND_NOT_WORSE_THAN_BASELINE);
static_assert(static_cast<int>(FindingKind::kBaselineUndecided) ==
              v1::FINDING_KIND_BASELINE_UNDECIDED);
static_assert(static_cast<int>(FindingKind::kMissingCases) == v1::FINDING_KIND_MISSING_CASES);
static_assert(static_cast<int>(FindingKind::kDuplicateCases) == v1::FINDING_KIND_DUPLICATE_CASES);
static_assert(static_cast<int>(FindingKind::kErroredCases) == v1::FINDING_KIND_ERRORED_CASES);
static_assert(static_cast<int>(FindingKind::kConstantOutput) == v1::FINDING_KIND_CONSTANT_OUTPUT);
static_assert(static_cast<int>(FindingKind::kCohortTooSmall) == v1::FINDING_KIND_COHORT_TOO_SMALL);
static_assert(static_cast<int>(FindingKind::kBaselineCohortTooSmall) ==
              v1::FINDING_KIND_BASELINE_COHORT_TOO_SMALL);

static_assert(static_cast<int>(OutputState::kStored) == common::v1::ITEM_STATUS_STORED);
static_assert(static_cast<int>(OutputState::kReplayed) == common::v1::ITEM_STATUS_REPLAYED);
static_assert(static_cast<int>(OutputState::kConflict) == common::v1::ITEM_STATUS_CONFLICT);
static_assert(static_cast<int>(OutputState::kRejected) == common::v1::ITEM_STATUS_REJECTED);
static_assert(static_cast<int>(CaseFilter::kFailed) == v1::CASE_FILTER_FAILED);
static_assert(static_cast<int>(CaseFilter::kRegressed) == v1::CASE_FILTER_REGRESSED);
static_assert(static_cast<int>(CaseFilter::kImproved) == v1::CASE_FILTER_IMPROVED);
static_assert(static_cast<int>(CaseFilter::kUnanswered) == v1::CASE_FILTER_UNANSWERED);
static_assert(static_cast<int>(CaseOutcome::kPassed) == v1::CASE_OUTCOME_PASSED);
static_assert(static_cast<int>(CaseOutcome::kWrongOutput) == v1::CASE_OUTCOME_WRONG_OUTPUT);
static_assert(static_cast<int>(CaseOutcome::kWrongToolCalls) == v1::CASE_OUTCOME_WRONG_TOOL_CALLS);
static_assert(static_cast<int>(CaseOutcome::kMalformedArguments) ==
              v1::CASE_OUTCOME_MALFORMED_ARGUMENTS);
static_assert(static_cast<int>(CaseOutcome::kErrored) == v1::CASE_OUTCOME_ERRORED);
static_assert(static_cast<int>(CaseOutcome::kUnavailable) == v1::CASE_OUTCOME_UNAVAILABLE);
static_assert(static_cast<int>(CaseOutcome::kMissing) == v1::CASE_OUTCOME_MISSING);

SuitePolicy FromProto(const v1::SuitePolicy& proto) {
  // What is not set keeps the default of SuitePolicy.
  SuitePolicy policy;
  if (proto.evaluator() == v1::EVALUATOR_TOOL_SELECTION) {
    policy.evaluator = Evaluator::kToolSelection;
  }
  if (proto.has_pass_rate_floor()) policy.pass_rate_floor = proto.pass_rate_floor();
  policy.cohort_floors.insert(proto.cohort_floors().begin(), proto.cohort_floors().end());
  if (proto.has_non_inferiority_margin()) {
    policy.non_inferiority_margin = proto.non_inferiority_margin();
  }
  if (proto.has_alpha()) policy.alpha = proto.alpha();
  if (proto.has_min_cohort_cases()) policy.min_cohort_cases = proto.min_cohort_cases();
  if (proto.has_cohort_margin()) policy.cohort_margin = proto.cohort_margin();
  if (proto.has_cohort_margin_cases()) policy.cohort_margin_cases = proto.cohort_margin_cases();
  return policy;
}

void ToProto(const SuitePolicy& policy, v1::SuitePolicy* proto) {
  proto->set_evaluator(static_cast<v1::Evaluator>(policy.evaluator));
  proto->set_pass_rate_floor(policy.pass_rate_floor);
  proto->mutable_cohort_floors()->insert(policy.cohort_floors.begin(), policy.cohort_floors.end());
  proto->set_non_inferiority_margin(policy.non_inferiority_margin);
  proto->set_alpha(policy.alpha);
  proto->set_min_cohort_cases(static_cast<int32_t>(policy.min_cohort_cases));
  proto->set_cohort_margin(policy.cohort_margin);
  proto->set_cohort_margin_cases(static_cast<int32_t>(policy.cohort_margin_cases));
}

void ToProto(const Finding& finding, v1::Finding* proto) {
  proto->set_kind(static_cast<v1::FindingKind>(finding.kind));
  proto->set_cohort(finding.cohort);
  proto->set_message(finding.message);
  proto->set_cases(finding.cases);
  proto->set_passed(finding.passed);
  proto->set_estimate(finding.estimate);
  proto->set_lower(finding.lower);
  proto->set_upper(finding.upper);
  proto->set_bar(finding.bar);
  proto->set_p_value(finding.p_value);
  proto->set_cases_needed(finding.cases_needed);
  proto->set_regressed(finding.regressed);
  proto->set_improved(finding.improved);
  proto->set_detectable_drop(finding.detectable_drop);
}

void ToProto(const ToolCall& call, v1::OutputToolCall* proto) {
  proto->set_name(call.name);
  proto->set_arguments_json(call.arguments_json);
}

// Without its case, which the result names.
void ToProto(const CaseOutput& output, v1::CaseOutput* proto) {
  proto->set_output(output.output);
  for (const ToolCall& call : output.tool_calls) ToProto(call, proto->add_tool_calls());
  proto->set_error(output.error);
  proto->set_infrastructure_error(output.infrastructure_error);
}

// Of the work of a candidate the calls, and the texts of the last message where it is the agent's.
void TakeMessages(const google::protobuf::RepeatedPtrField<common::v1::Message>& messages,
                  CaseOutput& output) {
  for (const common::v1::Message& message : messages) {
    output.output.clear();
    for (const common::v1::Part& part : message.parts()) {
      if (part.has_tool_call()) {
        output.tool_calls.push_back({part.tool_call().name(), part.tool_call().arguments_json()});
      }
      if (message.role() != common::v1::ROLE_ASSISTANT || part.text().empty()) continue;
      if (!output.output.empty()) output.output += '\n';
      output.output += part.text();
    }
  }
}

}  // namespace

SuiteRequest FromProto(const v1::CreateSuiteRequest& request) {
  return {request.suite_id(),
          request.dataset_version_id(),
          FromProto(request.policy()),
          {request.labels().begin(), request.labels().end()}};
}

SuiteFilter FromProto(const v1::ListSuitesRequest& request) {
  return {rpc::CommonFilter(request), request.dataset_version_id()};
}

std::vector<CaseOutput> FromProto(const v1::SubmitOutputsRequest& request) {
  std::vector<CaseOutput> outputs;
  outputs.reserve(static_cast<size_t>(request.outputs_size()));
  for (const v1::CaseOutput& proto : request.outputs()) {
    CaseOutput output{
        proto.case_id(), proto.output(), {}, proto.error(), proto.infrastructure_error()};
    for (const v1::OutputToolCall& call : proto.tool_calls()) {
      output.tool_calls.push_back({call.name(), call.arguments_json()});
    }
    TakeMessages(proto.messages(), output);
    outputs.push_back(std::move(output));
  }
  return outputs;
}

VerdictRequest FromProto(const v1::JudgeVersionRequest& request) {
  return {request.verdict_id(),
          request.suite_id(),
          request.model_version(),
          request.baseline_model_version(),
          {request.labels().begin(), request.labels().end()}};
}

CaseResultQuery FromProto(const v1::ListCaseResultsRequest& request) {
  CaseResultQuery query;
  query.suite_id = request.suite_id();
  query.model_version = request.model_version();
  query.baseline_model_version = request.baseline_model_version();
  query.filter = static_cast<CaseFilter>(request.filter());
  query.cohort = request.cohort();
  query.with_ideal = request.include_ideal();
  return query;
}

VerdictFilter FromProto(const v1::ListVerdictsRequest& request) {
  VerdictFilter filter{rpc::CommonFilter(request), request.suite_id(), request.model_version(),
                       std::nullopt};
  if (request.decision() != v1::DECISION_UNSPECIFIED) {
    filter.decision = static_cast<Decision>(request.decision());
  }
  return filter;
}

ShipQuestion FromProto(const v1::GetShipDecisionRequest& request) {
  return {request.model_version(), request.agent(), request.baseline_model_version()};
}

void ToProto(const Suite& suite, v1::Suite* proto) {
  proto->set_suite_id(suite.suite_id);
  proto->set_dataset_version_id(suite.dataset_version_id);
  ToProto(suite.policy, proto->mutable_policy());
  proto->set_cases(suite.cases);
  // Bytes in the store, hexadecimal on the wire.
  proto->set_bar_hash(ToHex(suite.bar_hash));
  *proto->mutable_create_time() = rpc::ToProto(suite.create_time);
  proto->set_agent(suite.agent);
  proto->set_erased_cases(suite.erased_cases);
  proto->set_created_by(suite.created_by);
  proto->mutable_labels()->insert(suite.labels.begin(), suite.labels.end());
}

absl::Status ToProto(const SuiteCase& suite_case, v1::SuiteCase* proto) {
  if (!proto->ParseFromString(suite_case.question)) {
    return errors::Internal("a stored question cannot be parsed");
  }
  if (proto->prompt().empty()) {
    common::v1::Message& asked = *proto->add_prompt();
    asked.set_role(common::v1::ROLE_USER);
    asked.add_parts()->set_text(suite_case.input);
  }
  proto->set_case_id(suite_case.case_id);
  proto->set_input(suite_case.input);
  proto->set_cohort(suite_case.cohort);
  return absl::OkStatus();
}

void ToProto(const OutputResult& result, common::v1::ItemResult* proto) {
  proto->set_status(static_cast<common::v1::ItemStatus>(result.state));
  if (result.error.ok()) return;
  proto->set_reason(static_cast<common::v1::ErrorReason>(errors::ReasonOf(result.error)));
  proto->set_message(errors::MessageOf(result.error));
}

void ToProto(const CaseResult& result, bool with_ideal, v1::CaseResult* proto) {
  const SuiteCase& suite_case = result.suite_case;
  proto->set_case_id(suite_case.case_id);
  proto->set_input(suite_case.input);
  proto->set_cohort(suite_case.cohort);
  proto->set_outcome(static_cast<v1::CaseOutcome>(result.outcome));
  if (result.output) ToProto(*result.output, proto->mutable_output());
  if (result.baseline_outcome) {
    proto->set_baseline_outcome(static_cast<v1::CaseOutcome>(*result.baseline_outcome));
  }
  if (result.baseline_output) ToProto(*result.baseline_output, proto->mutable_baseline_output());
  if (!with_ideal) return;
  proto->set_ideal_output(suite_case.ideal_output);
  for (const ToolCall& call : suite_case.expected_tool_calls) {
    ToProto(call, proto->add_expected_tool_calls());
  }
}

void ToProto(const Verdict& verdict, v1::Verdict* proto) {
  proto->set_verdict_id(verdict.verdict_id);
  proto->set_suite_id(verdict.suite_id);
  proto->set_bar_hash(ToHex(verdict.bar_hash));
  proto->set_model_version(verdict.model_version);
  proto->set_baseline_model_version(verdict.baseline_model_version);
  proto->set_decision(static_cast<v1::Decision>(verdict.decision));
  for (const Finding& finding : verdict.findings) ToProto(finding, proto->add_findings());
  *proto->mutable_create_time() = rpc::ToProto(verdict.create_time);
  proto->set_agent(verdict.agent);
  proto->set_erased_cases(verdict.erased_cases);
  proto->set_created_by(verdict.created_by);
  proto->mutable_labels()->insert(verdict.labels.begin(), verdict.labels.end());
}

}  // namespace flywheel::evalgate

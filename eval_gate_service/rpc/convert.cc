#include "eval_gate_service/rpc/convert.h"

#include <utility>

#include "eval_gate_service/domain/case_difference.h"
#include "eval_gate_service/rpc/evaluator_convert.h"
#include "eval_gate_service/rpc/policy_convert.h"
#include "eval_gate_service/rpc/run_convert.h"
#include "shared/hashing/sha256.h"
#include "shared/rpc/field_checks.h"
#include "shared/rpc/list_request.h"
#include "shared/status/errors.h"

namespace flywheel::evalgate {
namespace {

// Where a cast leads from one to the other, the numbers are the same.
static_assert(static_cast<int>(Decision::kNone) == v1::DECISION_UNSPECIFIED);
static_assert(static_cast<int>(Decision::kPass) == v1::DECISION_PASS);
static_assert(static_cast<int>(Decision::kBlock) == v1::DECISION_BLOCK);
static_assert(static_cast<int>(Decision::kInconclusive) == v1::DECISION_INCONCLUSIVE);
static_assert(static_cast<int>(Decision::kNotConfigured) == v1::DECISION_NOT_CONFIGURED);
static_assert(static_cast<int>(StandingReason::kPassed) == v1::STANDING_REASON_PASSED);
static_assert(static_cast<int>(StandingReason::kBlocked) == v1::STANDING_REASON_BLOCKED);
static_assert(static_cast<int>(StandingReason::kUndecided) == v1::STANDING_REASON_UNDECIDED);
static_assert(static_cast<int>(StandingReason::kNotJudged) == v1::STANDING_REASON_NOT_JUDGED);
static_assert(static_cast<int>(StandingReason::kOtherBar) == v1::STANDING_REASON_OTHER_BAR);
static_assert(static_cast<int>(StandingReason::kOtherBaseline) ==
              v1::STANDING_REASON_OTHER_BASELINE);
static_assert(static_cast<int>(StandingReason::kWaived) == v1::STANDING_REASON_WAIVED);
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
static_assert(static_cast<int>(FindingKind::kUnfinishedRuns) == v1::FINDING_KIND_UNFINISHED_RUNS);
static_assert(static_cast<int>(FindingKind::kCriticalCasesFailed) ==
              v1::FINDING_KIND_CRITICAL_CASES_FAILED);
static_assert(static_cast<int>(FindingKind::kBelowPointFloor) ==
              v1::FINDING_KIND_BELOW_POINT_FLOOR);
static_assert(static_cast<int>(FindingKind::kAtPointFloor) == v1::FINDING_KIND_AT_POINT_FLOOR);
static_assert(static_cast<int>(FindingKind::kContaminatedCases) ==
              v1::FINDING_KIND_CONTAMINATED_CASES);

static_assert(static_cast<int>(CaseFilter::kAll) == v1::CASE_FILTER_UNSPECIFIED);
static_assert(static_cast<int>(CaseFilter::kFailed) == v1::CASE_FILTER_FAILED);
static_assert(static_cast<int>(CaseFilter::kRegressed) == v1::CASE_FILTER_REGRESSED);
static_assert(static_cast<int>(CaseFilter::kImproved) == v1::CASE_FILTER_IMPROVED);
static_assert(static_cast<int>(CaseFilter::kUnanswered) == v1::CASE_FILTER_UNANSWERED);
static_assert(static_cast<int>(CaseFilter::kFlaky) == v1::CASE_FILTER_FLAKY);
static_assert(static_cast<int>(CaseFilter::kErrored) == v1::CASE_FILTER_ERRORED);
static_assert(static_cast<int>(CaseOutcome::kPassed) == v1::CASE_OUTCOME_PASSED);
static_assert(static_cast<int>(CaseOutcome::kFailed) == v1::CASE_OUTCOME_FAILED);
static_assert(static_cast<int>(CaseOutcome::kErrored) == v1::CASE_OUTCOME_ERRORED);
static_assert(static_cast<int>(CaseOutcome::kUnavailable) == v1::CASE_OUTCOME_UNAVAILABLE);
static_assert(static_cast<int>(CaseOutcome::kMissing) == v1::CASE_OUTCOME_MISSING);
static_assert(static_cast<int>(ReplayResult::kMatches) == v1::REPLAY_RESULT_MATCHES);
static_assert(static_cast<int>(ReplayResult::kDiffers) == v1::REPLAY_RESULT_DIFFERS);
static_assert(static_cast<int>(ReplayResult::kEvidenceErased) == v1::REPLAY_RESULT_EVIDENCE_ERASED);
static_assert(static_cast<int>(ReplayResult::kNotPossible) == v1::REPLAY_RESULT_NOT_POSSIBLE);
static_assert(static_cast<int>(ReplayResult::kEvidenceChanged) ==
              v1::REPLAY_RESULT_EVIDENCE_CHANGED);
static_assert(static_cast<int>(ChangeKind::kMorePassed) == v1::VERDICT_CHANGE_KIND_MORE_PASSED);
static_assert(static_cast<int>(ChangeKind::kFewerRegressed) ==
              v1::VERDICT_CHANGE_KIND_FEWER_REGRESSED);
static_assert(static_cast<int>(ChangeKind::kMoreFailed) == v1::VERDICT_CHANGE_KIND_MORE_FAILED);
static_assert(static_cast<int>(ChangeKind::kMoreCases) == v1::VERDICT_CHANGE_KIND_MORE_CASES);
static_assert(static_cast<int>(ChangeKind::kOtherAnswers) == v1::VERDICT_CHANGE_KIND_OTHER_ANSWERS);
static_assert(static_cast<int>(CaseChange::kAdded) == v1::CASE_CHANGE_ADDED);
static_assert(static_cast<int>(CaseChange::kRemoved) == v1::CASE_CHANGE_REMOVED);
static_assert(static_cast<int>(CaseChange::kChanged) == v1::CASE_CHANGE_CHANGED);

void ToProto(const VerdictChange& change, v1::VerdictChange* proto) {
  proto->set_kind(static_cast<v1::VerdictChangeKind>(change.kind));
  proto->set_cases(change.cases);
  proto->set_cohort(change.cohort);
  proto->set_decision(static_cast<v1::Decision>(change.decision));
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
  proto->set_baseline_model_version(finding.baseline_model_version);
}

void ToProto(const Grade& grade, v1::EvaluatorGrade* proto) {
  proto->set_evaluator_id(grade.evaluator_id);
  proto->set_score(grade.score);
  proto->set_passed(grade.passed);
  proto->set_informative(grade.informative);
  proto->set_explanation(grade.explanation);
  proto->set_kind(grade.kind);
  proto->set_shortfall(grade.shortfall);
}

void ToProto(const VersionResult& result,
             google::protobuf::RepeatedPtrField<v1::AttemptResult>* proto) {
  for (const AttemptResult& one : result.attempts) {
    v1::AttemptResult* const attempt = proto->Add();
    attempt->set_attempt(one.attempt);
    attempt->set_outcome(static_cast<v1::CaseOutcome>(one.outcome));
    if (one.output) ToProto(*one.output, attempt->mutable_output());
    for (const Grade& grade : one.grades) ToProto(grade, attempt->add_grades());
  }
}

}  // namespace

SuiteRequest FromProto(const v1::CreateSuiteRequest& request) {
  SuiteRequest wanted;
  wanted.suite_id = request.suite_id();
  wanted.dataset_version_id = request.dataset_version_id();
  wanted.evaluators = FromProto(request.evaluators());
  wanted.suite_name = request.suite_name().empty() ? request.suite_id() : request.suite_name();
  wanted.labels.insert(request.labels().begin(), request.labels().end());
  return wanted;
}

SuiteFilter FromProto(const v1::ListSuitesRequest& request) {
  return {rpc::CommonFilter(request), request.dataset_version_id()};
}

VerdictRequest FromProto(const v1::JudgeVersionRequest& request) {
  VerdictRequest wanted{request.verdict_id(), request.suite_id(), request.model_version(),
                        request.baseline_model_version()};
  if (request.has_bar()) wanted.bar = FromProto(request.bar());
  wanted.labels.insert(request.labels().begin(), request.labels().end());
  return wanted;
}

CaseResultQuery FromProto(const v1::ListCaseResultsRequest& request) {
  CaseResultQuery query;
  query.run_id = request.run_id();
  query.suite_id = request.suite_id();
  query.model_version = request.model_version();
  query.baseline_model_version = request.baseline_model_version();
  query.filter = static_cast<CaseFilter>(request.filter());
  query.cohort = request.cohort();
  query.labels.insert(request.labels().begin(), request.labels().end());
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
  ToProto(suite.evaluators, proto->mutable_evaluators());
  proto->set_cases(suite.cases);
  // Bytes in the store, hexadecimal on the wire.
  proto->set_content_hash(ToHex(suite.content_hash));
  *proto->mutable_create_time() = rpc::ToProto(suite.create_time);
  proto->set_agent(suite.agent);
  proto->set_erased_cases(suite.erased_cases);
  proto->set_created_by(suite.created_by);
  proto->mutable_labels()->insert(suite.labels.begin(), suite.labels.end());
  proto->set_suite_name(suite.suite_name);
  proto->set_suite_version(suite.suite_version);
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
  proto->set_group(suite_case.group);
  proto->set_critical(suite_case.critical);
  proto->mutable_labels()->insert(suite_case.labels.begin(), suite_case.labels.end());
  return absl::OkStatus();
}

void ToProto(const CaseResult& result, bool with_ideal, v1::CaseResult* proto) {
  const SuiteCase& suite_case = result.suite_case;
  proto->set_case_id(suite_case.case_id);
  proto->set_input(suite_case.input);
  proto->set_cohort(suite_case.cohort);
  proto->set_group(suite_case.group);
  proto->set_critical(suite_case.critical);
  proto->mutable_labels()->insert(suite_case.labels.begin(), suite_case.labels.end());
  proto->set_outcome(static_cast<v1::CaseOutcome>(result.version.outcome));
  ToProto(result.version, proto->mutable_attempts());
  if (result.baseline) {
    proto->set_baseline_outcome(static_cast<v1::CaseOutcome>(result.baseline->outcome));
    ToProto(*result.baseline, proto->mutable_baseline_attempts());
  }
  if (!with_ideal) return;
  proto->set_ideal_output(suite_case.ideal_output);
  for (const std::string& one : suite_case.other_ideals) proto->add_other_ideal_outputs(one);
  ToProto(suite_case.checks, proto->mutable_checks());
  if (!suite_case.expected_tool_calls) return;
  for (const ToolCall& call : *suite_case.expected_tool_calls) {
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
  proto->set_policy_version(verdict.policy_version);
  proto->set_suite_name(verdict.suite_name);
  proto->set_suite_version(verdict.suite_version);
  proto->set_look(verdict.look);
  proto->set_reference_model_version(verdict.reference_model_version);
  ToProto(verdict.bar, proto->mutable_bar());
  proto->set_run_id(verdict.run_id);
  proto->set_attempts_per_case(verdict.attempts_per_case);
  proto->mutable_pass_all_of()->Add(verdict.pass_all_of.begin(), verdict.pass_all_of.end());
  proto->mutable_pass_any_of()->Add(verdict.pass_any_of.begin(), verdict.pass_any_of.end());
  proto->set_evidence_hash(ToHex(verdict.evidence_hash));
  proto->set_code_version(verdict.code_version);
}

void ToProto(const ExplainedVerdict& explained, v1::ExplainVerdictResponse* proto) {
  const VerdictExplanation& explanation = explained.explanation;
  ToProto(explained.verdict, proto->mutable_verdict());
  proto->set_question(explanation.question);
  proto->set_summary(explanation.summary);
  if (explanation.change) ToProto(*explanation.change, proto->mutable_change());
  for (const FindingExplanation& one : explanation.findings) {
    v1::FindingExplanation* const finding = proto->add_findings();
    ToProto(one.finding, finding->mutable_finding());
    finding->set_message(one.message);
    if (one.change) ToProto(*one.change, finding->mutable_change());
  }
  proto->set_findings_left_out(explanation.left_out);
}

void ToProto(const VerdictReplay& replay, v1::ReplayVerdictResponse* proto) {
  ToProto(replay.verdict, proto->mutable_verdict());
  proto->set_result(static_cast<v1::ReplayResult>(replay.result));
  proto->set_message(replay.message);
  if (replay.difference) {
    proto->set_field(replay.difference->field);
    proto->set_stored_value(replay.difference->stored);
    proto->set_replayed_value(replay.difference->replayed);
  }
  proto->set_replayed_by(replay.replayed_by);
  proto->set_erased_since(replay.erased_since);
  proto->set_counts_agree(replay.counts_agree);
  proto->set_changed_suite_id(replay.changed_suite_id);
  proto->set_changed_run_id(replay.changed_run_id);
}

void ToProto(const ShipDecision& decision, v1::GetShipDecisionResponse* proto) {
  proto->set_may_ship(decision.may_ship);
  proto->set_decision(static_cast<v1::Decision>(decision.decision));
  for (const SuiteStanding& standing : decision.suites) {
    v1::SuiteStanding* const suite = proto->add_suites();
    suite->set_suite_name(standing.suite_name);
    suite->set_decision(static_cast<v1::Decision>(standing.decision));
    suite->set_reason(static_cast<v1::StandingReason>(standing.reason));
    suite->set_message(standing.message);
    if (standing.verdict) ToProto(*standing.verdict, suite->mutable_verdict());
    if (standing.waiver) ToProto(*standing.waiver, suite->mutable_waiver());
  }
  proto->set_policy_version(decision.policy_version);
  proto->set_baseline_model_version(decision.baselines.baseline);
  proto->set_reference_model_version(decision.baselines.reference);
  proto->set_message(decision.message);
}

}  // namespace flywheel::evalgate

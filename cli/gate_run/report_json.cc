#include "cli/gate_run/report_json.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "cli/gate_run/case_text.h"
#include "cli/value_name.h"
#include "shared/rpc/field_checks.h"
#include "shared/time/time_text.h"

namespace flywheel::cli {
namespace {

using Json = nlohmann::ordered_json;

// "NOT_JUDGED" for "NOT JUDGED".
std::string Constant(std::string words) {
  std::replace(words.begin(), words.end(), ' ', '_');
  return words;
}

std::string OutcomeName(evalgate::v1::CaseOutcome outcome) {
  return ValueName(evalgate::v1::CaseOutcome_Name(outcome), "CASE_OUTCOME_");
}

Json FindingJson(const evalgate::v1::Finding& finding) {
  return {{"kind", ValueName(evalgate::v1::FindingKind_Name(finding.kind()), "FINDING_KIND_")},
          {"cohort", finding.cohort()},
          {"baseline_model_version", finding.baseline_model_version()},
          {"message", finding.message()},
          {"cases", finding.cases()},
          {"passed", finding.passed()},
          {"estimate", finding.estimate()},
          {"lower", finding.lower()},
          {"upper", finding.upper()},
          {"bar", finding.bar()},
          {"p_value", finding.p_value()},
          {"cases_needed", finding.cases_needed()},
          {"regressed", finding.regressed()},
          {"improved", finding.improved()},
          {"detectable_drop", finding.detectable_drop()}};
}

Json VerdictJson(const evalgate::v1::Verdict& verdict) {
  Json findings = Json::array();
  for (const evalgate::v1::Finding& finding : verdict.findings()) {
    findings.push_back(FindingJson(finding));
  }
  return {{"verdict_id", verdict.verdict_id()},
          {"decision", Constant(DecisionWord(verdict.decision()))},
          {"run_id", verdict.run_id()},
          {"baseline_model_version", verdict.baseline_model_version()},
          {"reference_model_version", verdict.reference_model_version()},
          {"policy_version", verdict.policy_version()},
          {"look", verdict.look()},
          {"attempts_per_case", verdict.attempts_per_case()},
          {"pass_all_of",
           std::vector<double>(verdict.pass_all_of().begin(), verdict.pass_all_of().end())},
          {"pass_any_of",
           std::vector<double>(verdict.pass_any_of().begin(), verdict.pass_any_of().end())},
          {"erased_cases", verdict.erased_cases()},
          {"create_time", SecondsText(rpc::FromProto(verdict.create_time()))},
          {"created_by", verdict.created_by()},
          {"bar_hash", verdict.bar_hash()},
          {"findings", std::move(findings)}};
}

Json CaseJson(const evalgate::v1::CaseResult& one) {
  const auto* const attempt = ShownAttempt(one.attempts());
  const auto* const before = ShownAttempt(one.baseline_attempts());
  Json json = {{"case_id", one.case_id()},       {"cohort", one.cohort()},
               {"input", one.input()},           {"outcome", OutcomeName(one.outcome())},
               {"output", AnswerText(attempt)},  {"reason", ReasonText(attempt)},
               {"attempts", one.attempts_size()}};
  if (before != nullptr) {
    json["baseline_outcome"] = OutcomeName(one.baseline_outcome());
    json["baseline_output"] = AnswerText(before);
    json["baseline_reason"] = ReasonText(before);
  }
  if (const std::string ideal = IdealText(one); !ideal.empty()) json["ideal"] = ideal;
  return json;
}

Json CasesJson(const ReportedCases& cases) {
  Json first = Json::array();
  for (const evalgate::v1::CaseResult& one : cases.first) first.push_back(CaseJson(one));
  return {{"total", cases.total ? Json(*cases.total) : Json(nullptr)}, {"first", first}};
}

Json WaiverJson(const evalgate::v1::VerdictWaiver& waiver) {
  return {{"waiver_id", waiver.waiver_id()},
          {"owner", waiver.owner()},
          {"reason", waiver.reason()},
          {"expire_time", SecondsText(rpc::FromProto(waiver.expire_time()))}};
}

Json SuiteJson(const SuiteReport& suite) {
  Json json = {{"suite_name", suite.suite_name},
               {"suite_id", suite.suite_id},
               {"suite_version", suite.suite_version},
               {"decision", Constant(DecisionWord(DecisionOf(suite)))},
               {"message", suite.message}};
  if (suite.standing) {
    json["standing"] =
        ValueName(evalgate::v1::StandingReason_Name(suite.standing->reason()), "STANDING_REASON_");
    if (suite.standing->has_waiver()) json["waiver"] = WaiverJson(suite.standing->waiver());
  }
  json["verdict"] = suite.verdict ? VerdictJson(*suite.verdict) : Json(nullptr);
  if (!suite.verdict) return json;
  const bool compared = !suite.verdict->baseline_model_version().empty();
  if (compared) {
    json["regressed"] = CasesJson(suite.regressed);
    json["improved"] = CasesJson(suite.improved);
  }
  if (!compared || !suite.failed.first.empty()) json["failed"] = CasesJson(suite.failed);
  return json;
}

}  // namespace

std::string ReportJson(const GateReport& report) {
  Json suites = Json::array();
  for (const SuiteReport& suite : report.suites) suites.push_back(SuiteJson(suite));
  Json json = {{"model_version", report.model_version},
               {"agent", report.agent},
               {"answer", Constant(AnswerWord(report))},
               {"exit_code", report.exit_code}};
  if (report.ship) {
    json["may_ship"] = report.ship->may_ship();
    json["policy_version"] = report.ship->policy_version();
    json["baseline_model_version"] = report.ship->baseline_model_version();
    json["reference_model_version"] = report.ship->reference_model_version();
    json["message"] = report.ship->message();
  }
  json["suites"] = std::move(suites);
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace flywheel::cli

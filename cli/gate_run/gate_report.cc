#include "cli/gate_run/gate_report.h"

#include <algorithm>
#include <utility>

#include "cli/command.h"
#include "cli/command_words.h"
#include "cli/value_name.h"
#include "shared/status/errors.h"

namespace flywheel::cli {
namespace {

using evalgate::v1::CaseFilter;
using evalgate::v1::Verdict;
using Gate = GateClient::Gate;

// The first cases of a kind. What may not be shown is left out: whoever may read verdicts may not
// always read cases.
absl::StatusOr<ReportedCases> ListFirst(const GateClient& client, const Verdict& verdict,
                                        CaseFilter filter, bool ideal) {
  evalgate::v1::ListCaseResultsRequest request;
  request.set_suite_id(verdict.suite_id());
  request.set_model_version(verdict.model_version());
  request.set_baseline_model_version(verdict.baseline_model_version());
  request.set_filter(filter);
  request.set_include_ideal(ideal);
  request.set_page_size(ReportedCases::kMost);
  ReportedCases cases;
  const absl::Status status = client.ListCases(request, [&](evalgate::v1::CaseResult one) {
    cases.first.push_back(std::move(one));
    return cases.first.size() < ReportedCases::kMost;
  });
  if (!ideal && errors::ReasonOf(status) == Reason::kPermissionDenied) return ReportedCases();
  RETURN_IF_ERROR(status);
  if (cases.first.size() < ReportedCases::kMost) {
    cases.total = static_cast<int64_t>(cases.first.size());
  }
  return cases;
}

// The finding that compares the whole suite with the baseline, or says how many of it passed.
const evalgate::v1::Finding* WholeSuite(const Verdict& verdict, bool compared) {
  for (const evalgate::v1::Finding& finding : verdict.findings()) {
    const bool of_baseline = !finding.baseline_model_version().empty() &&
                             finding.baseline_model_version() == verdict.baseline_model_version();
    const bool counts = compared ? of_baseline : finding.baseline_model_version().empty();
    if (finding.cohort().empty() && counts && finding.cases() > 0) return &finding;
  }
  return nullptr;
}

// Whether failed cases keep the version from a PASS, whatever a baseline does with them.
bool FailsByItself(const Verdict& verdict) {
  return std::any_of(verdict.findings().begin(), verdict.findings().end(),
                     [&](const evalgate::v1::Finding& finding) {
                       switch (finding.kind()) {
                         case evalgate::v1::FINDING_KIND_COHORT_BELOW_FLOOR:
                         case evalgate::v1::FINDING_KIND_BELOW_POINT_FLOOR:
                         case evalgate::v1::FINDING_KIND_CRITICAL_CASES_FAILED:
                           return true;
                         case evalgate::v1::FINDING_KIND_COHORT_UNDECIDED:
                           return verdict.decision() == evalgate::v1::DECISION_INCONCLUSIVE;
                         default:
                           return false;
                       }
                     });
}

absl::Status AddFailed(const GateClient& client, bool ideal, SuiteReport& report) {
  const Verdict& verdict = *report.verdict;
  ASSIGN_OR_RETURN(report.failed,
                   ListFirst(client, verdict, evalgate::v1::CASE_FILTER_FAILED, ideal));
  const auto* const finding = WholeSuite(verdict, /*compared=*/false);
  if (!report.failed.total && finding != nullptr) {
    report.failed.total = finding->cases() - finding->passed();
  }
  return absl::OkStatus();
}

absl::Status AddCases(const GateClient& client, bool ideal, SuiteReport& report) {
  const Verdict& verdict = *report.verdict;
  const bool compared = !verdict.baseline_model_version().empty();
  if (!compared || FailsByItself(verdict)) {
    RETURN_IF_ERROR(AddFailed(client, ideal, report));
  }
  if (!compared) return absl::OkStatus();
  ASSIGN_OR_RETURN(report.regressed,
                   ListFirst(client, verdict, evalgate::v1::CASE_FILTER_REGRESSED, ideal));
  ASSIGN_OR_RETURN(report.improved,
                   ListFirst(client, verdict, evalgate::v1::CASE_FILTER_IMPROVED, ideal));
  // Cases that were erased since are counted in the verdict, and cannot be shown.
  if (const auto* finding = WholeSuite(verdict, /*compared=*/true)) {
    if (!report.regressed.total) report.regressed.total = finding->regressed();
    if (!report.improved.total) report.improved.total = finding->improved();
  }
  // The same cases twice say no more.
  if (report.failed.total && report.failed.total == report.regressed.total) report.failed = {};
  return absl::OkStatus();
}

absl::Status AddVerdict(const GateClient& client, Verdict verdict, bool ideal,
                        SuiteReport& report) {
  report.suite_id = verdict.suite_id();
  report.suite_version = verdict.suite_version();
  report.verdict = std::move(verdict);
  return AddCases(client, ideal, report);
}

// An earlier BLOCK that stands against the verdict: a PASS on a larger version of the suite does
// not take it back, and whoever looks at the verdict alone would ship.
absl::StatusOr<std::optional<evalgate::v1::SuiteStanding>> StandingBlock(const GateClient& client,
                                                                         const Verdict& verdict) {
  if (verdict.policy_version() == 0) return std::nullopt;
  evalgate::v1::GetShipDecisionRequest request;
  request.set_model_version(verdict.model_version());
  request.set_agent(verdict.agent());
  ASSIGN_OR_RETURN(const auto response, client.Call(&Gate::GetShipDecision, request));
  for (const evalgate::v1::SuiteStanding& one : response.suites()) {
    const bool stands = one.reason() == evalgate::v1::STANDING_REASON_BLOCKED &&
                        one.verdict().verdict_id() != verdict.verdict_id();
    if (stands && one.suite_name() == verdict.suite_name()) return one;
  }
  return std::nullopt;
}

}  // namespace

std::string DecisionWord(evalgate::v1::Decision decision) {
  if (decision == evalgate::v1::DECISION_UNSPECIFIED) return "NOT JUDGED";
  std::string name = ValueName(evalgate::v1::Decision_Name(decision), "DECISION_");
  std::replace(name.begin(), name.end(), '_', ' ');
  return name;
}

evalgate::v1::Decision DecisionOf(const SuiteReport& suite) {
  if (suite.standing) return suite.standing->decision();
  return suite.verdict ? suite.verdict->decision() : suite.decision;
}

std::string AnswerWord(const GateReport& report) {
  if (report.ship) {
    const bool waived =
        report.ship->may_ship() && report.ship->decision() != evalgate::v1::DECISION_PASS;
    return waived ? "WAIVED" : DecisionWord(report.ship->decision());
  }
  return report.suites.empty() ? DecisionWord(evalgate::v1::DECISION_UNSPECIFIED)
                               : DecisionWord(DecisionOf(report.suites.front()));
}

int ExitCodeOf(evalgate::v1::Decision decision) {
  switch (decision) {
    case evalgate::v1::DECISION_PASS:
      return kExitOk;
    case evalgate::v1::DECISION_INCONCLUSIVE:
      return kExitInconclusive;
    case evalgate::v1::DECISION_UNSPECIFIED:
    case evalgate::v1::DECISION_NOT_CONFIGURED:
      return kExitNotJudged;
    default:
      // What a newer gate says is no yes.
      return kExitBlocked;
  }
}

absl::StatusOr<GateReport> ReportOf(const GateClient& client, Verdict verdict, bool ideal) {
  GateReport report;
  report.model_version = verdict.model_version();
  report.agent = verdict.agent();
  ASSIGN_OR_RETURN(std::optional<evalgate::v1::SuiteStanding> block,
                   StandingBlock(client, verdict));
  SuiteReport suite;
  suite.suite_name = verdict.suite_name();
  RETURN_IF_ERROR(AddVerdict(client, std::move(verdict), ideal, suite));
  if (block) {
    suite.message = block->message();
    suite.standing = std::move(block);
  }
  report.exit_code = ExitCodeOf(DecisionOf(suite));
  report.suites.push_back(std::move(suite));
  return report;
}

GateReport ReportOf(const evalgate::v1::GetShipDecisionRequest& request,
                    evalgate::v1::GetShipDecisionResponse response) {
  GateReport report;
  report.model_version = request.model_version();
  report.agent = request.agent();
  response.set_message(InCommandWords(response.message()));
  for (const evalgate::v1::SuiteStanding& standing : response.suites()) {
    SuiteReport suite;
    suite.suite_name = standing.suite_name();
    suite.message = InCommandWords(standing.message());
    suite.standing = standing;
    report.suites.push_back(std::move(suite));
  }
  report.exit_code = response.may_ship() ? kExitOk : ExitCodeOf(response.decision());
  // A gate that says PASS and no has its reasons.
  if (report.exit_code == kExitOk && !response.may_ship()) report.exit_code = kExitBlocked;
  report.ship = std::move(response);
  return report;
}

absl::StatusOr<GateReport> ReportOf(const GateClient& client,
                                    const evalgate::v1::GetShipDecisionRequest& request,
                                    bool ideal) {
  ASSIGN_OR_RETURN(auto response, client.Call(&Gate::GetShipDecision, request));
  GateReport report = ReportOf(request, std::move(response));
  for (SuiteReport& suite : report.suites) {
    if (!suite.standing->has_verdict()) continue;
    evalgate::v1::GetVerdictRequest of_suite;
    of_suite.set_verdict_id(suite.standing->verdict().verdict_id());
    ASSIGN_OR_RETURN(auto found, client.Call(&Gate::GetVerdict, of_suite));
    RETURN_IF_ERROR(AddVerdict(client, std::move(*found.mutable_verdict()), ideal, suite));
  }
  return report;
}

}  // namespace flywheel::cli

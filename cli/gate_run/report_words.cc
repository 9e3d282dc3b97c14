#include "cli/gate_run/report_words.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "cli/command.h"
#include "cli/gate_run/cohort_rows.h"
#include "cli/shell_word.h"
#include "cli/table.h"
#include "cli/value_name.h"
#include "shared/rpc/field_checks.h"
#include "shared/time/time_text.h"

namespace flywheel::cli {
namespace {

using evalgate::v1::Verdict;

// Findings that are told in words; --json has all.
constexpr size_t kMostReasons = 3;

// The policy, and what it compares with.
std::string AskedText(const evalgate::v1::GetShipDecisionResponse& ship) {
  const std::string& baseline = ship.baseline_model_version();
  const std::string& reference = ship.reference_model_version();
  std::string text = fmt::format("policy {}, {}", ship.policy_version(),
                                 baseline.empty() ? "no baseline" : "baseline " + baseline);
  if (!reference.empty() && reference != baseline) text += ", reference " + reference;
  return text;
}

// Cases of the whole suite.
int64_t CasesOf(const Verdict& verdict) {
  int64_t cases = 0;
  for (const evalgate::v1::Finding& finding : verdict.findings()) {
    if (finding.cohort().empty()) cases = std::max(cases, finding.cases());
  }
  return cases;
}

std::string RatesText(const google::protobuf::RepeatedField<double>& rates) {
  std::vector<std::string> texts;
  texts.reserve(static_cast<size_t>(rates.size()));
  for (const double rate : rates) texts.push_back(fmt::format("{:.3f}", rate));
  return fmt::format("{}", fmt::join(texts, " "));
}

}  // namespace

std::string HeadlineText(const GateReport& report) {
  if (!report.ship) {
    std::string text = AnswerWord(report);
    if (report.suites.empty()) return text;
    text += " on " + SuiteText(report.suites.front());
    const auto& verdict = report.suites.front().verdict;
    if (verdict && verdict->policy_version() == 0)
      text += " (an exploration: it lets nothing ship)";
    return text;
  }
  const evalgate::v1::GetShipDecisionResponse& ship = *report.ship;
  std::string text = AnswerWord(report);
  if (ship.decision() == evalgate::v1::DECISION_PASS && ship.may_ship()) {
    text += ", may ship";
  } else if (ship.may_ship()) {
    text += ", may ship though found was " + DecisionWord(ship.decision());
  } else {
    text += ", may not ship";
  }
  if (ship.policy_version() > 0) text += "  (" + AskedText(ship) + ")";
  return text + ": " + ship.message();
}

std::string SuiteText(const SuiteReport& suite) {
  std::string text = "suite " + suite.suite_name;
  if (suite.suite_version > 0) text += fmt::format(", version {}", suite.suite_version);
  if (!suite.verdict) return text;
  const std::string& baseline = suite.verdict->baseline_model_version();
  const int attempts = suite.verdict->attempts_per_case();
  text += fmt::format(", {} cases", WithThousands(CasesOf(*suite.verdict)));
  if (attempts > 1) text += fmt::format(", {} attempts each", attempts);
  return baseline.empty() ? text : text + ", against " + baseline;
}

std::vector<std::string> NoteTexts(const GateReport& report, const SuiteReport& suite) {
  std::vector<std::string> notes;
  const bool said = report.ship && (suite.message == report.ship->message() ||
                                    DecisionOf(suite) == evalgate::v1::DECISION_PASS);
  if (!suite.message.empty() && !said) notes.push_back(suite.message);
  if (suite.standing && suite.standing->has_waiver()) {
    const evalgate::v1::VerdictWaiver& waiver = suite.standing->waiver();
    notes.push_back(fmt::format("waived by {} until {}: {}", waiver.owner(),
                                SecondsText(rpc::FromProto(waiver.expire_time())),
                                waiver.reason()));
  }
  if (!suite.verdict) return notes;
  for (const evalgate::v1::Finding* const finding :
       DecidingFindings(*suite.verdict, kMostReasons)) {
    notes.push_back(finding->message());
  }
  for (const evalgate::v1::Finding* const finding : OtherFindings(*suite.verdict)) {
    notes.push_back(fmt::format(
        "{}: {}", ValueName(evalgate::v1::FindingKind_Name(finding->kind()), "FINDING_KIND_"),
        finding->message()));
  }
  if (suite.verdict->attempts_per_case() > 1) {
    notes.push_back(
        fmt::format("pass^k for k = 1 to {} (all of k attempts pass): {}; pass@k (any "
                    "of them): {}",
                    suite.verdict->pass_all_of_size(), RatesText(suite.verdict->pass_all_of()),
                    RatesText(suite.verdict->pass_any_of())));
  }
  return notes;
}

std::string CountText(const ReportedCases& cases) {
  const auto shown = static_cast<int64_t>(cases.first.size());
  if (!cases.total) return fmt::format("{} or more", shown);
  if (*cases.total <= shown) return fmt::format("{}", shown);
  return fmt::format("{} of {}", shown, WithThousands(*cases.total));
}

std::string AllCasesText(std::string_view kind, const ReportedCases& cases,
                         const Verdict& verdict) {
  const auto shown = static_cast<int64_t>(cases.first.size());
  if (shown == 0 || (cases.total && *cases.total <= shown)) return "";
  std::string text = fmt::format("flywheel gate cases {} {}", ShellWord(verdict.suite_id()),
                                 ShellWord(verdict.model_version()));
  if (!verdict.baseline_model_version().empty()) {
    text += " --baseline " + ShellWord(verdict.baseline_model_version());
  }
  return fmt::format("{} --only {} --limit 1000", text, kind);
}

std::string NextStepText(const GateReport& report) {
  if (!report.ship) {
    const bool judged = !report.suites.empty() && report.suites.front().verdict;
    if (!judged || report.exit_code == kExitOk) return "";
    return fmt::format("flywheel gate explain {} says which rule decided, and what would change it",
                       ShellWord(report.suites.front().verdict->verdict_id()));
  }
  if (report.ship->may_ship()) return "";
  if (report.ship->decision() == evalgate::v1::DECISION_NOT_CONFIGURED) {
    return fmt::format(
        "an owner says which suites count: flywheel gate set-policy {} --suite NAME --reason TEXT",
        ShellWord(report.agent));
  }
  if (report.ship->decision() != evalgate::v1::DECISION_UNSPECIFIED) return "";
  for (const SuiteReport& suite : report.suites) {
    if (DecisionOf(suite) != evalgate::v1::DECISION_UNSPECIFIED) continue;
    return fmt::format(
        "flywheel gate run --agent {} --suite {} --candidate {} --command COMMAND, on each suite "
        "that is NOT JUDGED, after the same with --no-judge for what it is compared with",
        ShellWord(report.agent), ShellWord(suite.suite_name), ShellWord(report.model_version));
  }
  return "";
}

}  // namespace flywheel::cli

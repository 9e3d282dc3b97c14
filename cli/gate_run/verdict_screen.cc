#include "cli/gate_run/verdict_screen.h"

#include <fmt/format.h>

#include <vector>

#include "cli/gate_run/case_text.h"
#include "cli/gate_run/cohort_rows.h"
#include "cli/gate_run/report_words.h"
#include "cli/table.h"
#include "cli/value_name.h"
#include "shared/text/printable.h"

namespace flywheel::cli {
namespace {

constexpr size_t kCohortsShown = 12;

std::string StandingsText(const GateReport& report) {
  Table table({{"SUITE"}, {"DECISION"}, {"REASON"}, {"VERDICT"}, {"LOOK", true}});
  for (const SuiteReport& one : report.suites) {
    if (!one.standing) continue;
    const evalgate::v1::SuiteStanding& standing = *one.standing;
    table.AddRow(
        {standing.suite_name(), DecisionWord(standing.decision()),
         ValueName(evalgate::v1::StandingReason_Name(standing.reason()), "STANDING_REASON_"),
         standing.has_verdict() ? standing.verdict().verdict_id() : "-",
         standing.has_verdict() ? fmt::format("{}", standing.verdict().look()) : "-"});
  }
  return table.empty() ? "" : "\n" + table.Format();
}

std::string CohortsText(const evalgate::v1::Verdict& verdict) {
  std::vector<Column> columns;
  // Numbers to the right.
  for (const std::string& heading : CohortHeadings(verdict)) {
    const bool number = heading == "CASES" || heading == "PASSED" || heading == "REGRESSED" ||
                        heading == "IMPROVED";
    columns.push_back({Printable(heading), number});
  }
  Table table(columns);
  const std::vector<CohortRow> rows = CohortRows(verdict, kCohortsShown + 1);
  for (size_t i = 0; i < rows.size() && i < kCohortsShown; ++i) {
    table.AddRow(CohortCells(rows[i], verdict));
  }
  if (table.empty()) return "";
  return "\n" + table.Format() +
         (rows.size() > kCohortsShown ? "and other cohorts: --json has them all\n" : "");
}

std::string CasesText(const char* what, const ReportedCases& cases,
                      const evalgate::v1::Verdict& verdict) {
  if (cases.first.empty()) return "";
  const bool compared = !verdict.baseline_model_version().empty();
  std::vector<Column> columns = {{"CASE"}, {"COHORT"}, {"INPUT"}};
  if (compared) columns.push_back({Printable(verdict.baseline_model_version())});
  columns.push_back({Printable(verdict.model_version())});
  columns.push_back({"WHY"});
  bool ideal = false;
  for (const evalgate::v1::CaseResult& one : cases.first) ideal |= !IdealText(one).empty();
  if (ideal) columns.push_back({"IDEAL"});
  Table table(columns);
  for (const evalgate::v1::CaseResult& one : cases.first) {
    const auto* const attempt = ShownAttempt(one.attempts());
    const auto* const before = ShownAttempt(one.baseline_attempts());
    std::vector<std::string> row = {one.case_id(), one.cohort().empty() ? "-" : one.cohort(),
                                    ShownText(one.input())};
    if (compared) row.push_back(ShownText(AnswerText(before)));
    row.push_back(ShownText(AnswerText(attempt)));
    const bool passes = one.outcome() == evalgate::v1::CASE_OUTCOME_PASSED;
    std::string why = ReasonText(passes ? before : attempt);
    if (const std::string passed = AttemptsText(one.attempts()); !passed.empty()) {
      why = fmt::format("{}; {}", passed, why);
    }
    row.push_back(ShownText(why, kShownOfAReason));
    if (ideal) row.push_back(ShownText(IdealText(one)));
    table.AddRow(std::move(row));
  }
  std::string text = fmt::format("\n{} ({}):\n{}", what, CountText(cases), table.Format());
  if (const std::string all = AllCasesText(what, cases, verdict); !all.empty()) {
    text += fmt::format("all of them: {}\n", Printable(all));
  }
  return text;
}

std::string OneSuiteText(const GateReport& report, const SuiteReport& suite) {
  std::string text;
  if (report.ship && suite.verdict) {
    text += fmt::format(
        "\n{}: {}, verdict {}{}\n", Printable(SuiteText(suite)), DecisionWord(DecisionOf(suite)),
        Printable(suite.verdict->verdict_id()),
        suite.verdict->created_by().empty() ? "" : " by " + Printable(suite.verdict->created_by()));
  }
  for (const std::string& note : NoteTexts(report, suite)) text += "  " + Printable(note) + "\n";
  if (!suite.verdict) return text;
  text += CohortsText(*suite.verdict);
  text += CasesText("regressed", suite.regressed, *suite.verdict);
  text += CasesText("improved", suite.improved, *suite.verdict);
  text += CasesText("failed", suite.failed, *suite.verdict);
  return text;
}

}  // namespace

std::string VerdictScreen(const GateReport& report) {
  std::string text =
      fmt::format("{}: {}\n", Printable(report.model_version), Printable(HeadlineText(report)));
  if (!report.ship && !report.suites.empty() && report.suites.front().verdict) {
    const evalgate::v1::Verdict& verdict = *report.suites.front().verdict;
    text += fmt::format("verdict {}, run {}\n", Printable(verdict.verdict_id()),
                        Printable(verdict.run_id()));
  }
  text += StandingsText(report);
  for (const SuiteReport& suite : report.suites) text += OneSuiteText(report, suite);
  const std::string next = NextStepText(report);
  return next.empty() ? text : text + "\nNext: " + Printable(next) + "\n";
}

}  // namespace flywheel::cli

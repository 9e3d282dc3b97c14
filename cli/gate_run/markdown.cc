#include "cli/gate_run/markdown.h"

#include <fmt/format.h>

#include <vector>

#include "cli/gate_run/case_text.h"
#include "cli/gate_run/cohort_rows.h"
#include "cli/gate_run/report_words.h"
#include "shared/text/printable.h"
#include "shared/text/shorten.h"

namespace flywheel::cli {
namespace {

constexpr size_t kCohortLines = 30;
constexpr size_t kShownOfACell = 300;
constexpr size_t kShownOfASentence = 1'000;

std::string Row(const std::vector<std::string>& cells) {
  std::string row = "|";
  for (const std::string& cell : cells) row += " " + MarkdownCell(cell, kShownOfACell) + " |";
  return row + "\n";
}

std::string Heading(const std::vector<std::string>& cells) {
  std::string rule = "|";
  for (size_t i = 0; i < cells.size(); ++i) rule += " --- |";
  return Row(cells) + rule + "\n";
}

std::string Sentence(std::string_view text) { return MarkdownCell(text, kShownOfASentence); }

std::string CohortsTable(const evalgate::v1::Verdict& verdict) {
  const std::vector<CohortRow> rows = CohortRows(verdict, kCohortLines + 1);
  if (rows.empty()) return "";
  std::string text = Heading(CohortHeadings(verdict));
  for (size_t i = 0; i < rows.size() && i < kCohortLines; ++i) {
    text += Row(CohortCells(rows[i], verdict));
  }
  if (rows.size() > kCohortLines) text += "\nThere are other cohorts.\n";
  return text + "\n";
}

// `kind` as `flywheel gate cases --only` has it.
std::string CasesTable(const char* what, const char* kind, const ReportedCases& cases,
                       const evalgate::v1::Verdict& verdict) {
  if (cases.first.empty()) return "";
  const bool compared = !verdict.baseline_model_version().empty();
  bool ideal = false;
  for (const evalgate::v1::CaseResult& one : cases.first) ideal |= !IdealText(one).empty();
  std::vector<std::string> headings = {"Case", "Cohort", "Input"};
  if (compared) headings.push_back(verdict.baseline_model_version());
  headings.insert(headings.end(), {verdict.model_version(), "Why"});
  if (ideal) headings.emplace_back("Ideal");
  // What got better need not be read.
  const char* const open = what == std::string_view("Improved") ? "" : " open";
  std::string text =
      fmt::format("<details{}><summary>{}: {}</summary>\n\n", open, what, CountText(cases)) +
      Heading(headings);
  for (const evalgate::v1::CaseResult& one : cases.first) {
    const auto* const attempt = ShownAttempt(one.attempts());
    const auto* const before = ShownAttempt(one.baseline_attempts());
    std::vector<std::string> cells = {one.case_id(), one.cohort(), one.input()};
    if (compared) cells.push_back(AnswerText(before));
    cells.push_back(AnswerText(attempt));
    const bool passes = one.outcome() == evalgate::v1::CASE_OUTCOME_PASSED;
    const std::string passed = AttemptsText(one.attempts());
    cells.push_back(passed + (passed.empty() ? "" : "; ") + ReasonText(passes ? before : attempt));
    if (ideal) cells.push_back(IdealText(one));
    text += Row(cells);
  }
  if (const std::string all = AllCasesText(kind, cases, verdict); !all.empty()) {
    text += "\nAll of them: " + Sentence(all) + "\n";
  }
  return text + "\n</details>\n\n";
}

}  // namespace

std::string MarkdownCell(std::string_view text, size_t most_bytes) {
  const std::string_view shown = Shorten(text, most_bytes);
  std::string cell;
  for (const char c : Printable(shown)) {
    switch (c) {
      case '&':
        cell += "&amp;";
        break;
      case '<':
        cell += "&lt;";
        break;
      case '>':
        cell += "&gt;";
        break;
      case '@':
        cell += "&#64;";
        break;
      case '|':
      case '\\':
      case '`':
      case '*':
      case '_':
      case '~':
      case '[':
      case ']':
      case '#':
      case '!':
      case '$':
        cell += fmt::format("\\{}", c);
        break;
      default:
        cell += c;
    }
  }
  // A bare address would become a link.
  for (size_t place = 0; (place = cell.find("://", place)) != std::string::npos;) {
    cell.replace(place, 1, "&#58;");
  }
  for (size_t place = 0; (place = cell.find("www.", place)) != std::string::npos; place += 4) {
    cell.replace(place + 3, 1, "&#46;");
  }
  return cell + (shown.size() < text.size() ? "…" : "");
}

std::string MarkdownText(const GateReport& report) {
  std::string text = fmt::format("## {}: ", Sentence(report.model_version));
  text += report.ship ? AnswerWord(report) + "\n\n" + Sentence(HeadlineText(report)) + "\n\n"
                      : Sentence(HeadlineText(report)) + "\n\n";
  for (const SuiteReport& suite : report.suites) {
    if (report.ship) {
      text += fmt::format("### {} on {}\n\n", DecisionWord(DecisionOf(suite)),
                          Sentence(SuiteText(suite)));
    }
    const std::vector<std::string> notes = NoteTexts(report, suite);
    for (const std::string& note : notes) text += "- " + Sentence(note) + "\n";
    if (!notes.empty()) text += "\n";
    if (!suite.verdict) continue;
    text += CohortsTable(*suite.verdict);
    text += CasesTable("Regressed", "regressed", suite.regressed, *suite.verdict);
    text += CasesTable("Improved", "improved", suite.improved, *suite.verdict);
    text += CasesTable("Failed", "failed", suite.failed, *suite.verdict);
  }
  const std::string next = NextStepText(report);
  return next.empty() ? text : text + "Next: " + Sentence(next) + "\n";
}

}  // namespace flywheel::cli

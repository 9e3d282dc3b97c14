#include "cli/gate_run/junit.h"

#include <fmt/format.h>

#include <string_view>
#include <vector>

#include "cli/gate_run/case_text.h"
#include "cli/gate_run/cohort_rows.h"
#include "cli/gate_run/report_words.h"
#include "shared/text/characters.h"
#include "shared/text/shorten.h"

namespace flywheel::cli {
namespace {

constexpr size_t kCohortTestcases = 200;
constexpr size_t kShownBytes = 2'000;

constexpr char kReplacement[] = "\xEF\xBF\xBD";

// Char of XML 1.0.
bool MayStand(int32_t code) {
  return code == '\t' || code == '\n' || code == '\r' || (code >= 0x20 && code <= 0xD7FF) ||
         (code >= 0xE000 && code <= 0xFFFD) || (code >= 0x10000 && code <= 0x10FFFF);
}

// `text` as content or as an attribute in double quotes. What XML 1.0 has no way to hold, such as
// most control characters and bytes that are no UTF-8, becomes U+FFFD
// (https://www.w3.org/TR/xml/#charsets).
std::string XmlText(std::string_view text) {
  std::string escaped;
  escaped.reserve(text.size());
  for (size_t place = 0; place < text.size();) {
    const Character character = CharacterAt(text, place);
    const std::string_view bytes = text.substr(place, character.size_bytes);
    place += character.size_bytes;
    switch (character.code) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      // A parser would read a blank in an attribute, and a line feed for a carriage return.
      case '\n':
        escaped += "&#10;";
        break;
      case '\r':
        escaped += "&#13;";
        break;
      case '\t':
        escaped += "&#9;";
        break;
      default:
        escaped += MayStand(character.code) ? bytes : std::string_view(kReplacement);
    }
  }
  return escaped;
}

enum class TestEnd { kPassed, kFailed, kSkipped };

// Writes the testcases of one suite, and counts them.
class SuiteWriter {
 public:
  explicit SuiteWriter(const std::string& suite_name) : suite_name_(suite_name) {}

  // `classname` is by what CI systems group; `message` stands in lists, `text` behind it.
  void Add(std::string_view group, std::string_view name, TestEnd end, std::string_view message,
           std::string_view text) {
    ++tests_;
    cases_ += fmt::format(R"(    <testcase classname="{}" name="{}">)",
                          XmlText(suite_name_ + "." + std::string(group)), XmlText(name));
    if (end == TestEnd::kFailed) {
      ++failures_;
      cases_ +=
          fmt::format(R"(<failure message="{}">{}</failure>)", XmlText(message), XmlText(text));
    } else if (end == TestEnd::kSkipped) {
      ++skipped_;
      cases_ += fmt::format(R"(<skipped message="{}"/><system-out>{}</system-out>)",
                            XmlText(message), XmlText(text));
    }
    cases_ += "</testcase>\n";
  }

  std::string Take() const {
    return fmt::format(
        "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"0\" skipped=\"{}\">\n{}"
        "  </testsuite>\n",
        XmlText(suite_name_), tests_, failures_, skipped_, cases_);
  }

 private:
  std::string suite_name_;
  std::string cases_;
  int tests_ = 0;
  int failures_ = 0;
  int skipped_ = 0;
};

TestEnd EndOf(CohortSays says) {
  if (says == CohortSays::kPasses) return TestEnd::kPassed;
  return says == CohortSays::kBlocks ? TestEnd::kFailed : TestEnd::kSkipped;
}

// The findings about a cohort, a line each.
std::string MessagesOf(const CohortRow& row) {
  std::string text;
  for (const auto* const finding : {row.floor, row.baseline, row.reference}) {
    if (finding != nullptr) text += finding->message() + "\n";
  }
  return text;
}

std::string CaseText(const evalgate::v1::CaseResult& one, const evalgate::v1::Verdict& verdict) {
  const auto* const attempt = ShownAttempt(one.attempts());
  std::string text = fmt::format("input: {}\n", Shorten(one.input(), kShownBytes));
  if (!verdict.baseline_model_version().empty()) {
    text += fmt::format("{}: {}\n", verdict.baseline_model_version(),
                        Shorten(AnswerText(ShownAttempt(one.baseline_attempts())), kShownBytes));
  }
  text +=
      fmt::format("{}: {}\n", verdict.model_version(), Shorten(AnswerText(attempt), kShownBytes));
  text += fmt::format("why: {}\n", Shorten(ReasonText(attempt), kShownBytes));
  if (const std::string ideal = IdealText(one); !ideal.empty()) {
    text += fmt::format("ideal: {}\n", Shorten(ideal, kShownBytes));
  }
  return text;
}

void AddCasesOf(const ReportedCases& cases, const char* group, const SuiteReport& suite,
                bool passes, SuiteWriter& writer) {
  for (const evalgate::v1::CaseResult& one : cases.first) {
    const std::string message = passes ? std::string(group) + ", and the suite passes all the same"
                                       : ReasonText(ShownAttempt(one.attempts()));
    writer.Add(group, one.case_id(), passes ? TestEnd::kSkipped : TestEnd::kFailed,
               Shorten(message, kShownBytes), CaseText(one, *suite.verdict));
  }
}

std::string SuiteXml(const GateReport& report, const SuiteReport& suite) {
  SuiteWriter writer(suite.suite_name);
  // A waiver lets it ship, and then nothing of it is to fail.
  const bool passes = DecisionOf(suite) == evalgate::v1::DECISION_PASS ||
                      (suite.standing && suite.standing->has_waiver()) ||
                      (report.ship && report.ship->may_ship());
  std::string notes = report.ship ? report.ship->message() + "\n" : "";
  for (const std::string& note : NoteTexts(report, suite)) notes += note + "\n";
  const std::string headline = DecisionWord(DecisionOf(suite)) + " on " + SuiteText(suite);
  writer.Add("verdict", report.model_version, passes ? TestEnd::kPassed : TestEnd::kFailed,
             headline, notes);
  if (!suite.verdict) return writer.Take();
  for (const CohortRow& row : CohortRows(*suite.verdict, kCohortTestcases)) {
    TestEnd end = EndOf(row.says);
    if (passes && end == TestEnd::kFailed) end = TestEnd::kSkipped;
    writer.Add("cohort", row.cohort.empty() ? "all" : row.cohort, end, CohortSaysText(row.says),
               MessagesOf(row));
  }
  AddCasesOf(suite.regressed, "regressed", suite, passes, writer);
  AddCasesOf(suite.failed, "failed", suite, passes, writer);
  return writer.Take();
}

}  // namespace

std::string JunitXml(const GateReport& report) {
  std::string suites;
  for (const SuiteReport& suite : report.suites) suites += SuiteXml(report, suite);
  if (report.suites.empty()) {
    SuiteWriter writer(report.agent);
    writer.Add("verdict", report.model_version, TestEnd::kFailed, HeadlineText(report),
               NextStepText(report));
    suites = writer.Take();
  }
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"{}\">\n{}</testsuites>\n",
      XmlText("flywheel gate: " + report.model_version), suites);
}

}  // namespace flywheel::cli

// What reports say, whatever the texts in them hold.
#include "cli/gate_run/gate_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include "cli/command.h"
#include "cli/gate_run/case_text.h"
#include "cli/gate_run/junit.h"
#include "cli/gate_run/markdown.h"
#include "cli/gate_run/report_json.h"
#include "cli/gate_run/report_words.h"
#include "cli/gate_run/verdict_screen.h"
#include "tests/cli/command_runner.h"

namespace flywheel::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kHostile[] =
    "</failure><script>alert(1)</script> | `x` @everyone ![a](http://evil.example/p.png) ]]> "
    "www.evil.example\x1b[2J\x01 \xff\n# heading & \"quoted\"";

evalgate::v1::Finding Compared(evalgate::v1::FindingKind kind, const std::string& cohort) {
  evalgate::v1::Finding finding;
  finding.set_kind(kind);
  finding.set_cohort(cohort);
  finding.set_message("whole suite against 'v1'");
  finding.set_baseline_model_version("v1");
  finding.set_cases(200);
  finding.set_passed(150);
  finding.set_regressed(12);
  finding.set_improved(1);
  finding.set_p_value(0.001);
  return finding;
}

// A BLOCK of one cohort, whose case answers `text`.
GateReport Blocked(const std::string& text) {
  SuiteReport suite;
  suite.suite_name = "refunds";
  suite.suite_id = "refunds-1";
  suite.suite_version = 1;
  evalgate::v1::Verdict& verdict = suite.verdict.emplace();
  verdict.set_verdict_id("verdict-1");
  verdict.set_suite_id("refunds-1");
  verdict.set_model_version("v2");
  verdict.set_baseline_model_version("v1");
  verdict.set_decision(evalgate::v1::DECISION_BLOCK);
  *verdict.add_findings() = Compared(evalgate::v1::FINDING_KIND_WORSE_THAN_BASELINE, text);
  *verdict.add_findings() = Compared(evalgate::v1::FINDING_KIND_NOT_WORSE_THAN_BASELINE, "");
  *verdict.add_findings() = Compared(evalgate::v1::FINDING_KIND_BASELINE_COHORT_TOO_SMALL, "other");
  evalgate::v1::CaseResult one;
  one.set_case_id("case-1");
  one.set_cohort(text);
  one.set_input(text);
  one.set_outcome(evalgate::v1::CASE_OUTCOME_FAILED);
  one.set_baseline_outcome(evalgate::v1::CASE_OUTCOME_PASSED);
  for (auto* const attempts : {one.mutable_attempts(), one.mutable_baseline_attempts()}) {
    evalgate::v1::AttemptResult& attempt = *attempts->Add();
    attempt.set_attempt(1);
    attempt.set_outcome(evalgate::v1::CASE_OUTCOME_FAILED);
    attempt.mutable_output()->set_output(text);
    evalgate::v1::EvaluatorGrade& grade = *attempt.add_grades();
    grade.set_evaluator_id("normalised");
    grade.set_explanation(text);
  }
  suite.regressed.first.push_back(std::move(one));
  suite.regressed.total = 12;
  suite.improved.total = 0;
  GateReport report;
  report.model_version = "v2";
  report.agent = "router";
  report.exit_code = kExitBlocked;
  report.suites.push_back(std::move(suite));
  return report;
}

// What is wrong with a document by the published schema; empty: nothing.
std::string WrongBySchema(const std::string& text) {
  const auto schema_json = nlohmann::json::parse(ReadAll("docs/reference/gate-report.schema.json"));
  valijson::Schema schema;
  valijson::SchemaParser parser(valijson::SchemaParser::kDraft7);
  const valijson::adapters::NlohmannJsonAdapter of_schema(schema_json);
  parser.populateSchema(of_schema, schema);
  const auto document = nlohmann::json::parse(text);
  const valijson::adapters::NlohmannJsonAdapter of_document(document);
  valijson::Validator validator;
  valijson::ValidationResults results;
  if (validator.validate(schema, of_document, &results)) return "";
  valijson::ValidationResults::Error error;
  std::string wrong = "not valid";
  while (results.popError(error)) wrong += "; " + error.description;
  return wrong;
}

TEST(GateReport, IsJsonByThePublishedSchema) {
  EXPECT_EQ(WrongBySchema(ReportJson(Blocked("plain"))), "");
  EXPECT_EQ(WrongBySchema(ReportJson(Blocked(kHostile))), "");
  GateReport report = Blocked("plain");
  report.suites.front().verdict.reset();
  report.suites.front().decision = evalgate::v1::DECISION_INCONCLUSIVE;
  EXPECT_EQ(WrongBySchema(ReportJson(report)), "");
  EXPECT_THAT(ReportJson(report), HasSubstr(R"("answer":"INCONCLUSIVE")"));
  report.ship.emplace().set_decision(evalgate::v1::DECISION_NOT_CONFIGURED);
  report.suites.clear();
  report.exit_code = kExitNotJudged;
  EXPECT_EQ(WrongBySchema(ReportJson(report)), "");
  report.exit_code = 1;
  EXPECT_NE(WrongBySchema(ReportJson(report)), "") << "the schema can refuse";
}

TEST(GateReport, MarkdownShowsTextsAndObeysNone) {
  const std::string text = MarkdownText(Blocked(kHostile));
  EXPECT_THAT(text, AllOf(HasSubstr("## v2: BLOCK on suite refunds, version 1"),
                          HasSubstr("<details open><summary>Regressed: 1 of 12</summary>"),
                          HasSubstr("&lt;script&gt;"), HasSubstr("&#64;everyone")));
  EXPECT_THAT(text, AllOf(Not(HasSubstr("<script")), Not(HasSubstr("@everyone")),
                          Not(HasSubstr("[a]")), Not(HasSubstr("http://")),
                          Not(HasSubstr("\n# heading")), Not(HasSubstr("\x1b"))));
}

TEST(GateReport, JunitFailsWhereTheGateSaysNoAndNowhereElse) {
  const std::string xml = JunitXml(Blocked(kHostile));
  EXPECT_THAT(xml,
              AllOf(HasSubstr(R"(<testsuite name="refunds" tests="5" failures="3" errors="0")"),
                    HasSubstr("&lt;/failure&gt;&lt;script&gt;"), Not(HasSubstr("<script")),
                    Not(HasSubstr("\x1b")), Not(HasSubstr("\x01")), Not(HasSubstr("\xff"))));
  GateReport passed = Blocked("plain");
  passed.suites.front().verdict->set_decision(evalgate::v1::DECISION_PASS);
  EXPECT_THAT(JunitXml(passed), AllOf(HasSubstr(R"(failures="0")"), Not(HasSubstr("<failure")),
                                      HasSubstr("<skipped message=\"regressed, and the suite "
                                                "passes all the same\"/>")));
}

// Without what would be right: what every reader of verdicts may know.
TEST(GateReport, SaysInEveryFormWhichCheckFailedAndWhatItWanted) {
  GateReport report = Blocked("refunds");
  evalgate::v1::CaseResult& one = report.suites.front().regressed.first.front();
  evalgate::v1::EvaluatorGrade& grade = *one.mutable_attempts(0)->mutable_grades(0);
  grade.set_evaluator_id("short");
  grade.set_kind("checks");
  grade.set_score(0.5);
  grade.clear_explanation();
  grade.set_shortfall("length: 7 words, want at most 5; contains: 0 of 1 texts, want all");
  const std::string why =
      "short (checks) 0.50: length: 7 words, want at most 5; contains: 0 of 1 texts, want all";
  EXPECT_THAT(VerdictScreen(report), HasSubstr(why));
  EXPECT_THAT(JunitXml(report), HasSubstr("<failure message=\"" + why + "\">"));
  EXPECT_THAT(MarkdownText(report), HasSubstr(why));
  EXPECT_THAT(ReportJson(report), HasSubstr("\"reason\":\"" + why + "\""));
  EXPECT_THAT(VerdictScreen(report),
              HasSubstr("all of them: flywheel gate cases refunds-1 v2 --baseline v1 --only "
                        "regressed"));
  EXPECT_THAT(MarkdownText(report), HasSubstr("All of them: flywheel gate cases refunds-1 v2"));
  EXPECT_EQ(WrongBySchema(ReportJson(report)), "");
}

TEST(GateReport, CommandsThatItNamesCanBeTyped) {
  GateReport report = Blocked("refunds");
  SuiteReport& suite = report.suites.front();
  suite.verdict->set_model_version("v2 (of Tuesday)");
  suite.verdict->set_baseline_model_version("Ada's v1");
  EXPECT_EQ(AllCasesText("regressed", suite.regressed, *suite.verdict),
            R"(flywheel gate cases refunds-1 'v2 (of Tuesday)' --baseline 'Ada'\''s v1')"
            " --only regressed --limit 1000");
  EXPECT_THAT(NextStepText(report), HasSubstr("flywheel gate explain verdict-1 says"));
}

TEST(GateReport, TheScreenListsWhatBlocksBeforeTheRest) {
  const std::string screen = VerdictScreen(Blocked("refunds"));
  const size_t all = screen.find("\nall "), blocks = screen.find("\nrefunds ");
  const size_t other = screen.find("\nother ");
  EXPECT_LT(all, blocks) << screen;
  EXPECT_LT(blocks, other) << screen;
  EXPECT_THAT(screen, AllOf(HasSubstr("v2: BLOCK on suite refunds, version 1, 200 cases, against"),
                            HasSubstr("regressed (1 of 12):"), HasSubstr("too small to say")));
  EXPECT_THAT(VerdictScreen(Blocked(kHostile)),
              AllOf(Not(HasSubstr("\x1b")), Not(HasSubstr("\x01"))));
}

TEST(CaseText, OfAnAnswerIsTheErrorElseTheTextAndTheCalls) {
  evalgate::v1::AttemptResult attempt;
  evalgate::v1::CaseOutput& output = *attempt.mutable_output();
  output.set_output("I look it up.");
  EXPECT_EQ(AnswerText(&attempt), "I look it up.");
  evalgate::v1::OutputToolCall& call = *output.add_tool_calls();
  call.set_name("find_order");
  call.set_arguments_json(R"({"id":7})");
  EXPECT_EQ(AnswerText(&attempt), "I look it up.\nfind_order({\"id\":7})");
  EXPECT_EQ(ShownText(AnswerText(&attempt)), R"(I look it up.\nfind_order({"id":7}))");
  output.clear_output();
  EXPECT_EQ(AnswerText(&attempt), R"(find_order({"id":7}))");
  output.set_infrastructure_error("HTTP 503");
  EXPECT_EQ(AnswerText(&attempt), "infrastructure: HTTP 503");
  output.set_error("it crashed");
  EXPECT_EQ(AnswerText(&attempt), "error: it crashed");
  EXPECT_EQ(ShownText(AnswerText(nullptr)), "-");
  EXPECT_EQ(ShownText("longer than it may be", 6), "longer...");
}

TEST(GateReport, OfAnAnswerAloneSaysWhereEachSuiteStandsAndWhatToDo) {
  evalgate::v1::GetShipDecisionRequest request;
  request.set_model_version("v2");
  request.set_agent("support");
  evalgate::v1::GetShipDecisionResponse response;
  response.set_policy_version(1);
  response.set_message("Ask for it with JudgeVersion first.");
  evalgate::v1::SuiteStanding& standing = *response.add_suites();
  standing.set_suite_name("smoke");
  standing.set_message("no verdict by JudgeVersion");
  const GateReport open = ReportOf(request, response);
  EXPECT_EQ(open.exit_code, kExitNotJudged);
  EXPECT_EQ(HeadlineText(open),
            "NOT JUDGED, may not ship  (policy 1, no baseline): Ask for it with 'flywheel gate "
            "run' first.");
  ASSERT_EQ(open.suites.size(), 1u);
  EXPECT_EQ(open.suites.front().message, "no verdict by 'flywheel gate run'");
  EXPECT_THAT(NextStepText(open),
              HasSubstr("flywheel gate run --agent support --suite smoke --candidate v2 "));
  response.set_may_ship(true);
  const GateReport waived = ReportOf(request, response);
  EXPECT_EQ(waived.exit_code, kExitOk);
  EXPECT_THAT(HeadlineText(waived), HasSubstr("WAIVED, may ship though found was NOT JUDGED"));
  EXPECT_EQ(NextStepText(waived), "");
  response.set_may_ship(false);
  response.set_decision(evalgate::v1::DECISION_PASS);
  EXPECT_EQ(ReportOf(request, response).exit_code, kExitBlocked) << "only a yes is one";
}

}  // namespace
}  // namespace flywheel::cli

// The evaluators of a suite, all together: which cases they can judge, and what fails one.
#include "eval_gate_service/grader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "flywheel/evalgate/v1/verdict.pb.h"
#include "shared/testing/status_matchers.h"

namespace flywheel::evalgate {
namespace {

using testing::HasReason;

Grader MakeGrader(const std::vector<EvaluatorSpec>& specs) {
  auto completed = Grader::Complete(specs);
  EXPECT_OK(completed);
  auto grader = Grader::Make(*completed);
  EXPECT_OK(grader);
  return *std::move(grader);
}

EvaluatorSpec Spec(const std::string& kind, const std::string& parameters = "",
                   double threshold = 0) {
  return {"", kind, 0, parameters, threshold, false};
}

SuiteCase MakeCase(const std::string& ideal_output) {
  SuiteCase one;
  one.case_id = "c1";
  one.ideal_output = ideal_output;
  return one;
}

CaseOutput MakeOutput(const std::string& text, std::vector<ToolCall> calls = {}) {
  return {"c1", text, std::move(calls), ""};
}

bool Passes(const Grader& grader, const SuiteCase& one, const CaseOutput& output) {
  return grader.Judge(one, output).outcome == CaseOutcome::kPassed;
}

// The place of the evaluator that fails it.
int FailedBy(const Grader& grader, const SuiteCase& one, const CaseOutput& output) {
  return grader.Judge(one, output).failed_by;
}

// NFKC, case and spaces, whichever way a letter was typed.
TEST(Grader, RefusesADefinitionThatIsNotTheSuites) {
  auto specs = Grader::Complete({Spec("normalised"), Spec("groundedness", "", 0.7)});
  ASSERT_OK(specs);
  EXPECT_OK(Grader::Make(*specs)->RequireSameDefinitions());
  specs->back().version -= 1;
  EXPECT_THAT(Grader::Make(*specs)->RequireSameDefinitions(), HasReason(Reason::kOutdated));
}

TEST(Grader, RefusesADefinitionThatIsNotThatOfACasesCheck) {
  SuiteCase one = MakeCase("nine");
  EXPECT_OK(Grader::RequireSameDefinitions(one));
  one.checks = {Spec("length", R"({"most": 10})"), Spec("groundedness", "", 0.7)};
  for (EvaluatorSpec& check : one.checks) ASSERT_OK(Grader::CompleteCheck(check));
  EXPECT_OK(Grader::RequireSameDefinitions(one));
  one.checks[1].version = 1;
  const absl::Status other = Grader::RequireSameDefinitions(one);
  EXPECT_THAT(other, HasReason(Reason::kOutdated));
  EXPECT_THAT(errors::MessageOf(other), ::testing::HasSubstr("groundedness version 1"));
  one.checks[1] = {"", "gone", 1};
  EXPECT_THAT(Grader::RequireSameDefinitions(one), HasReason(Reason::kOutdated));
}

TEST(Grader, WithoutEvaluatorsComparesAsAReaderDoes) {
  const Grader grader = MakeGrader({});
  const SuiteCase one = MakeCase("Caf\u00e9 \ufb01ne");
  for (const char* same : {"cafe\u0301 fine", "CAF\u00c9  FINE\n", "Caf\u00e9\u00a0\ufb01ne"}) {
    const CaseOutput output = MakeOutput(same);
    EXPECT_TRUE(Passes(grader, one, output)) << same;
  }
  const CaseOutput other = MakeOutput("cafe fine");
  EXPECT_EQ(grader.Judge(one, other).outcome, CaseOutcome::kFailed);
  EXPECT_EQ(FailedBy(grader, one, other), 0);
  EXPECT_TRUE(grader.looks_at().text);
  EXPECT_FALSE(grader.looks_at().calls);
}

TEST(Grader, AllThatDecideMustPass) {
  EvaluatorSpec informative = Spec("length", R"({"most": 3})");
  informative.informative = true;
  const Grader grader = MakeGrader({Spec("numeric"), Spec("tool_calls"), informative});
  EXPECT_TRUE(grader.looks_at().text);
  EXPECT_TRUE(grader.looks_at().calls);
  SuiteCase one = MakeCase("the answer is 42");
  one.expected_tool_calls = std::vector<ToolCall>{{"sum", R"({"x": 1})"}};
  const CaseOutput right = MakeOutput("So it is 42.0", {{"sum", R"({"x":1.0})"}});
  EXPECT_TRUE(Passes(grader, one, right));
  // The right text, and a call that nobody asked for.
  const CaseOutput more = MakeOutput("42", {{"sum", R"({"x":1})"}, {"delete_account", ""}});
  EXPECT_EQ(FailedBy(grader, one, more), 1);
  const CaseOutput wrong = MakeOutput("41", {{"sum", R"({"x":1})"}});
  EXPECT_EQ(FailedBy(grader, one, wrong), 0);
  const std::vector<Grade> grades = grader.Grades(one, right);
  ASSERT_EQ(grades.size(), 3u);
  EXPECT_EQ(grades[0].score, 1);
  EXPECT_FALSE(grades[2].passed) << "and fails nothing";
  EXPECT_TRUE(grades[2].informative);
}

TEST(Grader, PassesOverWhatACaseSaysNothingAbout) {
  const Grader grader = MakeGrader({Spec("normalised"), Spec("tool_calls")});
  const SuiteCase text_only = MakeCase("yes");
  EXPECT_TRUE(grader.CanJudge(text_only));
  const CaseOutput with_call = MakeOutput("yes", {{"look_up", ""}});
  EXPECT_TRUE(Passes(grader, text_only, with_call)) << "nobody said which calls are right";
  SuiteCase no_calls = text_only;
  no_calls.expected_tool_calls.emplace();
  EXPECT_EQ(FailedBy(grader, no_calls, with_call), 1) << "none is right";
  EXPECT_FALSE(grader.CanJudge(MakeCase("  ")));
  const Grader calls = MakeGrader({Spec("tool_calls")});
  EXPECT_FALSE(calls.CanJudge(text_only));
  EXPECT_TRUE(calls.CanJudge(no_calls));
}

TEST(Grader, ErrorsAndSilenceComeBeforeWhatIsSaid) {
  const Grader grader = MakeGrader({});
  const SuiteCase one = MakeCase("yes");
  CaseOutput output = MakeOutput("yes");
  output.error = "boom";
  EXPECT_EQ(grader.Judge(one, output).outcome, CaseOutcome::kErrored);
  EXPECT_TRUE(grader.Grades(one, output).empty());
  output.infrastructure_error = "429";
  EXPECT_EQ(grader.Judge(one, output).outcome, CaseOutcome::kUnavailable);
}

TEST(Grader, ReadsToolsAndContextsOfTheQuestion) {
  const Grader grader = MakeGrader({Spec("groundedness", "", 0.8)});
  EXPECT_TRUE(grader.needs_question());
  v1::SuiteCase question;
  question.add_contexts()->set_text("A refund takes five working days after the return arrives.");
  SuiteCase one = MakeCase("");
  one.question = question.SerializeAsString();
  const CaseOutput grounded = MakeOutput("A refund takes five working days.");
  const CaseOutput invented = MakeOutput("Shipping to Norway costs nothing in December.");
  EXPECT_TRUE(Passes(grader, one, grounded));
  EXPECT_EQ(grader.Judge(one, invented).outcome, CaseOutcome::kFailed);
}

TEST(Grader, NamesWhatIsWrongWithASpec) {
  EXPECT_THAT(Grader::Complete({Spec("exakt")}).status(), HasReason(Reason::kInvalidArgument));
  EXPECT_THAT(Grader::Complete({Spec("rouge_l")}).status(), HasReason(Reason::kInvalidArgument));
  const auto twice = Grader::Complete({Spec("exact"), Spec("exact")});
  EXPECT_THAT(errors::MessageOf(twice.status()), ::testing::HasSubstr("'exact' twice"));
  auto completed = Grader::Complete({Spec("rouge_l", "", 0.5)});
  ASSERT_OK(completed);
  EXPECT_EQ(completed->front().evaluator_id, "rouge_l");
  EXPECT_EQ(completed->front().threshold, 0.5);
}

TEST(Grader, TakesAnyOfSeveralIdealsAndOfSeveralArguments) {
  const Grader grader = MakeGrader({Spec("normalised"), Spec("tool_calls")});
  SuiteCase one = MakeCase("nine");
  one.other_ideals = {"9"};
  one.expected_tool_calls = {{"count", R"({"up_to": [9, "nine"]})", /*any_of=*/true}};
  for (const char* text : {"nine", "9"}) {
    for (const char* arguments : {R"({"up_to": 9})", R"({"up_to": "nine"})"}) {
      const CaseOutput output = MakeOutput(text, {{"count", arguments}});
      EXPECT_TRUE(Passes(grader, one, output)) << text << arguments;
    }
  }
  const CaseOutput other_text = MakeOutput("ten", {{"count", R"({"up_to": 9})"}});
  EXPECT_EQ(FailedBy(grader, one, other_text), 0);
  const CaseOutput other_call = MakeOutput("9", {{"count", R"({"up_to": 10})"}});
  EXPECT_EQ(FailedBy(grader, one, other_call), 1);
}

TEST(Grader, RunsTheChecksOfEachCase) {
  const Grader grader = MakeGrader({Spec("checks")});
  EXPECT_TRUE(grader.runs_checks());
  EXPECT_FALSE(MakeGrader({Spec("normalised")}).runs_checks());
  SuiteCase one = MakeCase("nine");
  EXPECT_FALSE(grader.CanJudge(one)) << "it has none";
  one.checks = {{"", "contains", 0, R"({"texts": ["nine"]})", 0},
                {"", "length", 0, R"({"most": 10})", 0}};
  for (EvaluatorSpec& check : one.checks) {
    ASSERT_OK(Grader::CompleteCheck(check));
    EXPECT_EQ(check.version, 1);
    EXPECT_EQ(check.threshold, 1);
  }
  EXPECT_TRUE(grader.CanJudge(one));
  EXPECT_TRUE(Passes(grader, one, MakeOutput("it is nine")));
  EXPECT_FALSE(Passes(grader, one, MakeOutput("ten")));
  EXPECT_FALSE(Passes(grader, one, MakeOutput("nine, I should think")));
  EvaluatorSpec unknown{"", "exakt"};
  EXPECT_FALSE(Grader::CompleteCheck(unknown).ok());
}

// Every call that judges makes them: these would take a core for 7 minutes.
TEST(Grader, BoundsWhatEvaluatorsTakeToMake) {
  std::string properties;
  for (int i = 0; i < 999; ++i) {
    properties += (i == 0 ? "\"p" : ",\"p") + std::to_string(i) + R"(":{"pattern":"\\pL{40}"})";
  }
  std::vector<EvaluatorSpec> schemas(
      10, Spec("json_schema", R"({"schema":{"properties":{)" + properties + "}}}"));
  for (size_t i = 0; i < schemas.size(); ++i) schemas[i].evaluator_id = "e" + std::to_string(i);
  const auto refused = Grader::Complete(schemas);
  EXPECT_THAT(refused.status(), HasReason(Reason::kInvalidArgument));
  EXPECT_THAT(errors::MessageOf(refused.status()), ::testing::HasSubstr("evaluators[0]"));
  EXPECT_THAT(errors::MessageOf(refused.status()), ::testing::HasSubstr("too many steps"));

  // Each by itself is as it should be, and so are a few.
  std::vector<EvaluatorSpec> patterns(10, Spec("regex", R"({"pattern":"\\pL{40}"})"));
  for (size_t i = 0; i < patterns.size(); ++i) patterns[i].evaluator_id = "e" + std::to_string(i);
  EXPECT_THAT(errors::MessageOf(Grader::Complete(patterns).status()),
              ::testing::AllOf(::testing::HasSubstr("evaluators["),
                               ::testing::HasSubstr("too many steps")));
  std::vector<EvaluatorSpec> stored;
  for (const EvaluatorSpec& one : patterns) {
    const auto completed = Grader::Complete({one});
    ASSERT_OK(completed);
    stored.push_back(completed->front());
  }
  ASSERT_OK(Grader::Complete({patterns.begin(), patterns.begin() + 4}));
  // What was stored before there was a bound judges as ever.
  const auto grader = Grader::Make(stored);
  ASSERT_OK(grader);
  EXPECT_TRUE(Passes(*grader, MakeCase(""), MakeOutput(std::string(40, 'a'))));

  // A letter that JSON hides is a letter.
  std::string hidden;
  for (int i = 0; i < 2'000; ++i) hidden += R"(\\\u0070L)";
  const auto letters = Grader::Complete({Spec("regex", R"({"pattern":")" + hidden + "\"}")});
  EXPECT_THAT(errors::MessageOf(letters.status()), ::testing::HasSubstr("parameters_json"));

  // Of what takes its time by its size alone.
  std::string texts = "\"" + std::string(9'000, 'a') + "\"";
  for (int i = 0; i < 6; ++i) texts += ",\"" + std::string(9'000, 'a') + "\"";
  std::vector<EvaluatorSpec> large(10, Spec("contains", R"({"texts":[)" + texts + "]}"));
  for (size_t i = 0; i < large.size(); ++i) large[i].evaluator_id = "e" + std::to_string(i);
  EXPECT_THAT(errors::MessageOf(Grader::Complete(large).status()),
              ::testing::HasSubstr("evaluators[4]: parameters_json"));
}

// Each of them would have its own texts compared, and the next finds what is left.
TEST(Grader, BoundsWhatOneOutputTakes) {
  std::string said;
  for (int i = 0; i < 30'000; ++i) said += "ab";
  const SuiteCase one = MakeCase("x" + said);
  const CaseOutput output = MakeOutput("y" + said + "z");
  std::vector<EvaluatorSpec> specs(9, Spec("levenshtein", "", 0.5));
  for (size_t i = 0; i < specs.size(); ++i) {
    specs[i].evaluator_id = "e" + std::to_string(i);
    // Those that inform take nothing from those that decide, wherever they stand.
    specs[i].informative = i < 4;
  }
  const Grader grader = MakeGrader(specs);
  // Four are compared within the bound, of those that decide and of those that inform.
  EXPECT_EQ(FailedBy(grader, one, output), 8);
  const std::vector<Grade> grades = grader.Grades(one, output);
  ASSERT_EQ(grades.size(), specs.size());
  for (const Grade& grade : grades) {
    EXPECT_EQ(grade.passed, grade.evaluator_id != "e8") << grade.evaluator_id;
  }
  EXPECT_THAT(grades.back().explanation, ::testing::HasSubstr("too many steps"));
}

}  // namespace
}  // namespace flywheel::evalgate

#include "eval_gate_service/domain/evaluators.h"

#include <gtest/gtest.h>

namespace flywheel::evalgate {
namespace {

using Calls = std::vector<ToolCall>;

TEST(ExactMatch, IgnoresCaseAndWhiteSpace) {
  EXPECT_EQ(MatchExactly("Card  lost", "\ncard LOST "), CaseOutcome::kPassed);
}

TEST(ExactMatch, FailsAnotherTextAndAPrefix) {
  EXPECT_EQ(MatchExactly("card lost", "card stolen"), CaseOutcome::kWrongOutput);
  EXPECT_EQ(MatchExactly("card lost", "card"), CaseOutcome::kWrongOutput);
  EXPECT_EQ(MatchExactly("card lost", ""), CaseOutcome::kWrongOutput);
}

struct CallsCase {
  const char* name;
  Calls expected;
  Calls made;
  CaseOutcome want;
};

class ToolSelection : public ::testing::TestWithParam<CallsCase> {};

TEST_P(ToolSelection, ComparesCallsAsAMultisetOfJsonValues) {
  EXPECT_EQ(MatchToolCalls(GetParam().expected, GetParam().made), GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(
    Table, ToolSelection,
    ::testing::Values(
        CallsCase{"NoneExpectedNoneMade", {}, {}, CaseOutcome::kPassed},
        CallsCase{"KeyOrderAndSpaceDoNotMatter",
                  {{"book", R"({"seat": 1, "to": "OSL"})"}},
                  {{"book", R"({"to":"OSL","seat":1})"}},
                  CaseOutcome::kPassed},
        CallsCase{"OneEqualsOnePointZero",
                  {{"book", R"({"seat": 1, "deep": [{"x": 2}]})"}},
                  {{"book", R"({"seat": 1.0, "deep": [{"x": 2.0}]})"}},
                  CaseOutcome::kPassed},
        CallsCase{"ATextIsNoNumber",
                  {{"book", R"({"seat": 1})"}},
                  {{"book", R"({"seat": "1"})"}},
                  CaseOutcome::kWrongToolCalls},
        CallsCase{"OrderOfCallsDoesNotMatter",
                  {{"a", "{}"}, {"b", R"({"n":1})"}, {"b", R"({"n":2})"}},
                  {{"b", R"({"n":2})"}, {"a", ""}, {"b", R"({"n":1})"}},
                  CaseOutcome::kPassed},
        CallsCase{"OrderOfAListDoesMatter",
                  {{"a", R"({"x":[1,2]})"}},
                  {{"a", R"({"x":[2,1]})"}},
                  CaseOutcome::kWrongToolCalls},
        CallsCase{
            "AnExtraCallFails", {{"a", ""}}, {{"a", ""}, {"b", ""}}, CaseOutcome::kWrongToolCalls},
        CallsCase{
            "AMissingCallFails", {{"a", ""}, {"b", ""}}, {{"a", ""}}, CaseOutcome::kWrongToolCalls},
        CallsCase{"TwiceIsNotOnce",
                  {{"a", ""}, {"a", ""}, {"b", ""}},
                  {{"a", ""}, {"b", ""}, {"b", ""}},
                  CaseOutcome::kWrongToolCalls},
        CallsCase{"AnotherNameFails", {{"a", ""}}, {{"A", ""}}, CaseOutcome::kWrongToolCalls},
        CallsCase{"AnExtraArgumentFails",
                  {{"a", "{}"}},
                  {{"a", R"({"force":true})"}},
                  CaseOutcome::kWrongToolCalls},
        CallsCase{"BrokenJsonIsMalformed",
                  {{"a", "{}"}},
                  {{"a", R"({"x":)"}},
                  CaseOutcome::kMalformedArguments},
        CallsCase{
            "AListIsMalformed", {{"a", "{}"}}, {{"a", "[]"}}, CaseOutcome::kMalformedArguments},
        CallsCase{"ABrokenExpectationPassesNobody",
                  {{"a", "{"}},
                  {{"a", "{}"}},
                  CaseOutcome::kWrongToolCalls}),
    [](const auto& test) { return test.param.name; });

TEST(ToolSelectionLimits, DeepNestingIsMalformedAndNotACrash) {
  const int depth = 200'000;
  const std::string deep = R"({"x":)" + std::string(depth, '[') + std::string(depth, ']') + "}";
  EXPECT_EQ(MatchToolCalls({{"a", deep}}, {{"a", deep}}), CaseOutcome::kMalformedArguments);
  const std::string brackets_in_text = R"({"x":"\")" + std::string(500, '[') + R"("})";
  EXPECT_EQ(MatchToolCalls({{"a", brackets_in_text}}, {{"a", brackets_in_text}}),
            CaseOutcome::kPassed);
}

TEST(Evaluate, ADoubtAboutTheAnswerComesBeforeItsContent) {
  const SuiteCase one{"c", "question", "answer", {}, ""};
  CaseOutput output{"c", "answer", {}, ""};
  EXPECT_EQ(Evaluate(Evaluator::kExactMatch, one, &output), CaseOutcome::kPassed);
  output.error = "no tool of this name";
  EXPECT_EQ(Evaluate(Evaluator::kExactMatch, one, &output), CaseOutcome::kErrored);
  output.infrastructure_error = "429";
  EXPECT_EQ(Evaluate(Evaluator::kExactMatch, one, &output), CaseOutcome::kUnavailable);
  EXPECT_EQ(Evaluate(Evaluator::kExactMatch, one, nullptr), CaseOutcome::kMissing);
}

TEST(HasReference, WantsSomethingThatSilenceCannotPass) {
  EvalRow row;
  row.suite_case.ideal_output = " \n";
  EXPECT_FALSE(HasReference(Evaluator::kExactMatch, row));
  row.suite_case.ideal_output = "answer";
  EXPECT_TRUE(HasReference(Evaluator::kExactMatch, row));
  // An approved interaction without calls expects none; a correction does not say.
  EXPECT_TRUE(HasReference(Evaluator::kToolSelection, row));
  row.corrected = true;
  EXPECT_FALSE(HasReference(Evaluator::kToolSelection, row));
  row.suite_case.expected_tool_calls = {{"a", ""}};
  EXPECT_TRUE(HasReference(Evaluator::kToolSelection, row));
}

TEST(HasReference, LeavesOutCallsThatNobodyCouldMake) {
  EvalRow row;
  for (const char* arguments :
       {"{oops", "null", "[1]", R"({"n":1e400})", R"({"n":NaN})", R"({"s":"\ud800"})"}) {
    row.suite_case.expected_tool_calls = {{"pay", "{}"}, {"book", arguments}};
    EXPECT_FALSE(HasReference(Evaluator::kToolSelection, row)) << arguments;
  }
}

}  // namespace
}  // namespace flywheel::evalgate

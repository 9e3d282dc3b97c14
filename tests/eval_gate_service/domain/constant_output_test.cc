#include "eval_gate_service/domain/constant_output.h"

#include <gtest/gtest.h>

#include "tests/eval_gate_service/domain/cases.h"

namespace flywheel::evalgate {
namespace {

// `same` of the cases get one and the same answer, the others each their own.
std::optional<Finding> Check(const std::vector<SuiteCase>& cases, size_t same,
                             const LooksAt& looks_at = {}) {
  Outputs answers = MakeOutputs(cases, cases.size());
  for (size_t i = 0; i < same; ++i) {
    answers[cases[i].case_id].output = i % 2 == 0 ? "I  do not know" : "i do not know";
  }
  return ConstantOutputFinding(JudgeCases(cases, answers, looks_at));
}

TEST(ConstantOutput, IsFoundAboveNinetyPercent) {
  const auto finding = Check(MakeCases(100), 91);
  ASSERT_TRUE(finding.has_value());
  EXPECT_EQ(finding->kind, FindingKind::kConstantOutput);
  EXPECT_EQ(finding->cases, 91);
  EXPECT_DOUBLE_EQ(finding->estimate, 0.91);
  EXPECT_FALSE(Check(MakeCases(100), 90).has_value());
}

TEST(ConstantOutput, NeedsTwentyCases) {
  EXPECT_TRUE(Check(MakeCases(20), 20).has_value());
  EXPECT_FALSE(Check(MakeCases(19), 19).has_value());
}

TEST(ConstantOutput, NeedsFiveDifferentIdealOutputs) {
  std::vector<SuiteCase> cases = MakeCases(40);
  for (size_t i = 0; i < cases.size(); ++i) cases[i].ideal_output = std::to_string(i % 4);
  EXPECT_FALSE(Check(cases, 40).has_value());
  for (size_t i = 0; i < cases.size(); ++i) cases[i].ideal_output = std::to_string(i % 5);
  EXPECT_TRUE(Check(cases, 40).has_value());
}

TEST(ConstantOutput, IsRightWhereTheIdealOutputsAreConstantToo) {
  std::vector<SuiteCase> cases = MakeCases(100);
  for (size_t i = 0; i < 91; ++i) cases[i].ideal_output = "no answer needed";
  EXPECT_FALSE(Check(cases, 100).has_value());
  cases[90].ideal_output = "another";
  EXPECT_TRUE(Check(cases, 100).has_value());
}

TEST(ConstantOutput, LooksAtTheCallsWhereTheyAreWhatCounts) {
  std::vector<SuiteCase> cases = MakeCases(30);
  for (size_t i = 0; i < cases.size(); ++i) {
    cases[i].expected_tool_calls = std::vector<ToolCall>{{"tool-" + std::to_string(i), ""}};
  }
  // No call in any answer: that is one and the same, whatever the texts are.
  const LooksAt calls{.text = false, .calls = true};
  EXPECT_TRUE(Check(cases, 0, calls).has_value());
  EXPECT_FALSE(Check(cases, 0, {.text = true, .calls = true}).has_value()) << "the texts differ";
  EXPECT_FALSE(Check(cases, 0, {.text = false, .calls = false}).has_value());
  for (SuiteCase& one : cases) one.expected_tool_calls.reset();
  EXPECT_FALSE(Check(cases, 0, calls).has_value());
}

}  // namespace
}  // namespace flywheel::evalgate

#include "eval_gate_service/evaluators/checks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/eval_gate_service/evaluators/evaluate.h"

namespace flywheel::evalgate::evaluators {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

Case Checked(std::vector<EvaluatorSpec> checks) {
  Case one;
  one.checks = std::move(checks);
  return one;
}

EvaluatorSpec Containing(const std::string& text) {
  return {"contains", R"({"texts": [")" + text + R"("], "ignore_case": true})", std::nullopt};
}

TEST(Checks, AreThoseOfTheCase) {
  const auto checks = Make("checks");
  const Case one = Checked({Containing("Paris"), Containing("France")});
  const Evaluation both = checks->Evaluate(one, Said("Paris is in France."));
  EXPECT_TRUE(both.passed);
  EXPECT_EQ(both.explanation, "2 of 2 checks passed");
  const Evaluation half = checks->Evaluate(one, Said("It is PARIS."));
  EXPECT_FALSE(half.passed);
  EXPECT_EQ(half.score, 0.5);
  EXPECT_THAT(half.explanation, AllOf(HasSubstr("1 of 2 checks passed; not: contains: "),
                                      HasSubstr("france"), Not(HasSubstr("paris"))));
  // A suite may ask for some of them.
  EXPECT_TRUE(Make("checks", "", 0.5)->Evaluate(one, Said("It is PARIS.")).passed);
}

TEST(Checks, HaveThresholdsAndIdealsOfTheirOwn) {
  const auto checks = Make("checks");
  Case one = Checked({{"levenshtein", "", 0.75}, {"length", R"({"most": 6})", std::nullopt}});
  one.ideal_outputs = {"abcd"};
  EXPECT_TRUE(checks->Evaluate(one, Said("abcx")).passed);
  EXPECT_FALSE(checks->Evaluate(one, Said("abxy")).passed);
  EXPECT_FALSE(checks->Evaluate(one, Said("abcd efg")).passed);
}

TEST(Checks, ThatHaveNothingToHoldAnOutputAgainstArePassedOver) {
  const auto checks = Make("checks");
  EXPECT_EQ(checks->Evaluate({}, Said("a")).state, State::kNotApplicable);
  const EvaluatorSpec equal{"exact", "", std::nullopt};
  EXPECT_EQ(checks->Evaluate(Checked({equal}), Said("a")).state, State::kNotApplicable);
  const Evaluation rest = checks->Evaluate(Checked({equal, Containing("a")}), Said("a"));
  EXPECT_TRUE(rest.passed);
  EXPECT_EQ(rest.explanation, "1 of 1 checks passed");
}

TEST(Checks, FailWhereOneCannotBeMade) {
  const auto checks = Make("checks");
  EXPECT_FALSE(checks->Evaluate(Checked({{"exakt", "", {}}}), Said("a")).passed);
  EXPECT_FALSE(checks->Evaluate(Checked({{"checks", "", {}}}), Said("a")).passed);
  EXPECT_FALSE(MakeCheck({"checks", "", {}}).ok()) << "it would go round for ever";
  EXPECT_FALSE(MakeCheck({"rouge_l", "", {}}).ok()) << "it needs a threshold";
  EXPECT_TRUE(MakeCheck(Containing("a")).ok());
}

}  // namespace
}  // namespace flywheel::evalgate::evaluators

#include "eval_gate_service/evaluators/checks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>

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

TEST(Checks, NameWhatFailedAndNothingOfWhatWouldBeRight) {
  Case one = Checked({Containing("Paris"),
                      {"length", R"({"unit": "words", "most": 2})", std::nullopt},
                      {"levenshtein", "", 0.75},
                      {"latency", R"({"most_ms": 10})", std::nullopt}});
  one.ideal_outputs = {"It is Paris"};
  const Evaluation failed = Make("checks")->Evaluate(one, Said("I do not know"));
  EXPECT_EQ(failed.shortfall,
            "contains: 0 of 1 texts, want all; "
            "length: 4 words, want at most 2; "
            "levenshtein: want 0.75 or more: want the ideal text, or nearly; "
            "latency: no latency came with the output, want at most 10 ms");
  EXPECT_EQ(Make("checks")->Evaluate(Checked({Containing("a")}), Said("a")).shortfall, "");
  EXPECT_EQ(Make("exact")->Evaluate(Ideal("a"), Said("\xff")).shortfall, "the output is not UTF-8");
}

TEST(Evaluators, SayOfAnIdealOutputNothingButThatItIsAnother) {
  constexpr char kSecret[] = "SECRET-4711";
  Case one;
  one.ideal_outputs = {kSecret, R"(["SECRET-4711"])", R"({"SECRET-4711": 4711})"};
  one.expected_calls = {{{kSecret, R"({"SECRET-4711": 4711})"}}};
  one.checks = {Containing(kSecret), {"regex", R"({"pattern": "SECRET-4711"})", std::nullopt}};
  one.input = "which? A) SECRET-4711 B) other";
  int failed = 0;
  for (const EvaluatorKind& kind : EvaluatorKinds()) {
    std::optional<double> threshold;
    if (!kind.default_threshold) threshold = 0.9;
    const auto made = MakeEvaluator({std::string(kind.name), "", threshold});
    // Some need a parameter.
    if (!made.ok()) continue;
    for (const char* const said : {"none of it", "[1]", "{\"a\": 1}", "0", ""}) {
      const Evaluation evaluation = (*made)->Evaluate(one, Said(said));
      if (evaluation.state == State::kNotApplicable || evaluation.passed) continue;
      ++failed;
      EXPECT_FALSE(evaluation.shortfall.empty()) << kind.name;
      EXPECT_THAT(evaluation.shortfall,
                  AllOf(Not(HasSubstr("SECRET")), Not(HasSubstr("secret")), Not(HasSubstr("4711"))))
          << kind.name;
    }
  }
  EXPECT_GT(failed, 40);
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

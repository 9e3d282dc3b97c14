#include "eval_gate_service/evaluators/make_evaluator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "tests/eval_gate_service/evaluators/evaluate.h"

namespace flywheel::evalgate::evaluators {
namespace {

using ::testing::HasSubstr;

// What a kind cannot do without.
std::string NeededBy(std::string_view kind) {
  if (kind == "json_schema") return R"({"schema": {"type": "object"}})";
  if (kind == "length") return R"({"most": 100})";
  if (kind == "latency") return R"({"most_ms": 100})";
  if (kind == "tokens") return R"({"most_tokens": 100})";
  if (kind == "cost") return R"({"most_usd": 100})";
  if (kind == "external") return R"({"name": "judge"})";
  return "";
}

// Those that need nothing of a case.
bool LooksAtTheOutputAlone(std::string_view kind) {
  return kind == "refusal" || !NeededBy(kind).empty();
}

TEST(MakeEvaluator, MakesEveryKindWithItsVersionAndThreshold) {
  for (const EvaluatorKind& kind : EvaluatorKinds()) {
    const auto evaluator = Make(std::string(kind.name), NeededBy(kind.name), 0.75);
    ASSERT_NE(evaluator, nullptr);
    EXPECT_EQ(evaluator->kind(), kind.name);
    EXPECT_EQ(evaluator->version(), kind.version);
    EXPECT_EQ(evaluator->threshold(), 0.75);
  }
  EXPECT_TRUE(std::is_sorted(EvaluatorKinds().begin(), EvaluatorKinds().end(),
                             [](const auto& a, const auto& b) { return a.name < b.name; }));
}

TEST(MakeEvaluator, RefusesWhatItDoesNotKnow) {
  EXPECT_THAT(WhyNot("exakt", ""), HasSubstr("kind: got \"exakt\", want one of"));
  for (const EvaluatorKind& kind : EvaluatorKinds()) {
    EXPECT_THAT(WhyNot(std::string(kind.name), R"({"treshold": 1})", 0.5),
                HasSubstr("unknown \"treshold\""))
        << kind.name;
    EXPECT_THAT(WhyNot(std::string(kind.name), "[1]", 0.5), HasSubstr("want an object"));
    EXPECT_THAT(WhyNot(std::string(kind.name), "{oops", 0.5), HasSubstr("want an object"));
  }
}

TEST(MakeEvaluator, WantsABarThatSomebodyCanMiss) {
  for (const EvaluatorKind& kind : EvaluatorKinds()) {
    const std::string name(kind.name);
    for (const double bad : {0.0, -1.0, 1.01, std::nan(""), HUGE_VAL}) {
      EXPECT_THAT(WhyNot(name, NeededBy(name), bad), HasSubstr("threshold: got")) << name;
    }
    EXPECT_EQ(WhyNot(name, NeededBy(name)).empty(), kind.default_threshold.has_value()) << name;
  }
}

TEST(MakeEvaluator, NamesEveryWrongParameter) {
  const std::string why =
      WhyNot("numeric", R"({"take": "best", "relative_tolerance": 2, "unit": ""})");
  EXPECT_THAT(why, HasSubstr("parameters.take: got \"best\", want one of last, first, only"));
  EXPECT_THAT(why, HasSubstr("parameters.relative_tolerance: got 2, want a number from 0 to 1"));
  EXPECT_THAT(why, HasSubstr("parameters.unit: got \"\""));
}

TEST(Evaluate, FailsClosedWhateverIsAnswered) {
  Case one = Ideal("[42]");
  one.input = "What is the answer to all of the questions?";
  one.expected_calls = std::vector<ExpectedCall>{{"book", R"({"seat": 1})"}};
  one.contexts = {"The answer is 42."};
  std::vector<Output> outputs = {Said("\xff\xfe"), Said("\xed\xa0\x80"),
                                 Said(std::string(kMaxTextBytes + 1, '4'))};
  Output broken_name = Said("42");
  broken_name.tool_calls = {{"b\xff", "{}"}};
  Output many_calls = Said("42");
  many_calls.tool_calls.assign(kMaxCalls + 1, {"book", ""});
  outputs.push_back(broken_name);
  outputs.push_back(many_calls);
  for (const EvaluatorKind& kind : EvaluatorKinds()) {
    const auto evaluator = Make(std::string(kind.name), NeededBy(kind.name), 0.1);
    for (const Output& output : outputs) {
      const Evaluation evaluation = evaluator->Evaluate(one, output);
      EXPECT_NE(evaluation.state, State::kMeasured) << kind.name;
      EXPECT_FALSE(evaluation.passed);
      EXPECT_EQ(evaluation.score, 0);
      EXPECT_FALSE(evaluation.explanation.empty());
    }
  }
}

TEST(Evaluate, SaysOfACaseWithoutAnythingToHoldAgainstThatItDoesNotApply) {
  const Case empty;
  for (const EvaluatorKind& kind : EvaluatorKinds()) {
    if (LooksAtTheOutputAlone(kind.name)) continue;
    const auto evaluator = Make(std::string(kind.name), NeededBy(kind.name), 0.1);
    // Also where the output could not be measured either.
    for (const Output& output : {Said(""), Said("42"), Said("\xff")}) {
      const Evaluation evaluation = evaluator->Evaluate(empty, output);
      EXPECT_EQ(evaluation.state, State::kNotApplicable) << kind.name;
      EXPECT_FALSE(evaluation.passed);
    }
  }
  EXPECT_EQ(Make("exact")->Evaluate(Ideal("\xff"), Said("\xff")).state, State::kNotApplicable);
}

TEST(Evaluate, PassesAtTheThreshold) {
  const auto evaluator = Make("contains", R"({"texts": ["one", "two"]})", 0.5);
  EXPECT_TRUE(evaluator->Evaluate({}, Said("one")).passed);
  EXPECT_FALSE(evaluator->Evaluate({}, Said("three")).passed);
  const auto stricter = Make("contains", R"({"texts": ["one", "two"]})", 0.51);
  EXPECT_FALSE(stricter->Evaluate({}, Said("one")).passed);
}

TEST(Evaluate, BoundsTheExplanation) {
  const auto evaluator = Make("trajectory", R"({"arguments": "ignore"})");
  Case one;
  one.expected_calls = std::vector<ExpectedCall>{};
  Output output;
  output.tool_calls.assign(9, {std::string(10'000, 'x'), ""});
  EXPECT_LE(evaluator->Evaluate(one, output).explanation.size(), 500u);
}

}  // namespace
}  // namespace flywheel::evalgate::evaluators

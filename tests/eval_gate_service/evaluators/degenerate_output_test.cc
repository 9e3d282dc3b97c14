#include "eval_gate_service/evaluators/degenerate_output.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/eval_gate_service/evaluators/evaluate.h"

namespace flywheel::evalgate::evaluators {
namespace {

// `constant` of `cases` answers are one and the same; every case has an ideal of its own, or one of
// `ideals`.
Degeneracy Of(int cases, int constant, int ideals) {
  DegenerateOutput degenerate;
  for (int i = 0; i < cases; ++i) {
    const std::string own = std::to_string(i);
    degenerate.Add(Ideal("ideal " + std::to_string(i % ideals)),
                   // A reader sees no difference.
                   Said(i < constant ? (i % 2 == 0 ? "Caf\u00e9!" : " cafe\u0301! ") : own));
  }
  return degenerate.Measure();
}

TEST(DegenerateOutput, IsTheSameAnswerToMoreThanHalf) {
  const Degeneracy constant = Of(100, 100, 100);
  EXPECT_TRUE(constant.is_degenerate);
  EXPECT_EQ(constant.answered, 100);
  EXPECT_EQ(constant.most_frequent, 100);
  EXPECT_EQ(constant.most_frequent_ideal, 1);
  EXPECT_EQ(constant.different_ideals, 100);
  EXPECT_TRUE(Of(100, 51, 100).is_degenerate);
  EXPECT_FALSE(Of(100, 50, 100).is_degenerate);
}

TEST(DegenerateOutput, NeedsEnoughAnswersAndDifferentIdeals) {
  EXPECT_TRUE(Of(20, 20, 5).is_degenerate);
  EXPECT_FALSE(Of(19, 19, 5).is_degenerate);
  EXPECT_FALSE(Of(100, 100, 4).is_degenerate);
}

TEST(DegenerateOutput, AnAnswerThatIsOftenRightIsNoSign) {
  DegenerateOutput degenerate;
  for (int i = 0; i < 100; ++i) {
    degenerate.Add(Ideal(i < 60 ? "no" : std::to_string(i)), Said("no"));
  }
  EXPECT_FALSE(degenerate.Measure().is_degenerate);
}

TEST(DegenerateOutput, ComparesCallsAsValues) {
  DegenerateOutput degenerate;
  for (int i = 0; i < 40; ++i) {
    Case one;
    one.expected_calls = {{"find", R"({"id": )" + std::to_string(i) + "}"}};
    Output output;
    output.tool_calls = {{"find", i % 2 == 0 ? R"({"a": 1, "b": 2})" : R"({"b":2,"a":1})"}};
    degenerate.Add(one, output);
  }
  EXPECT_TRUE(degenerate.Measure().is_degenerate);
  EXPECT_EQ(degenerate.Measure().different_ideals, 40);
}

TEST(DegenerateOutput, OfNothing) { EXPECT_FALSE(DegenerateOutput().Measure().is_degenerate); }

}  // namespace
}  // namespace flywheel::evalgate::evaluators

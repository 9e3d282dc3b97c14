// Tool calls, trajectories, and the assignment and matching under them.
#include "eval_gate_service/evaluators/tool_calls.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include "eval_gate_service/evaluators/assignment.h"
#include "tests/eval_gate_service/evaluators/evaluate.h"

namespace flywheel::evalgate::evaluators {
namespace {

using ::testing::HasSubstr;
using Expected = std::vector<ExpectedCall>;
using Made = std::vector<ToolCall>;

Case Expecting(Expected calls) {
  Case one;
  one.expected_calls = std::move(calls);
  return one;
}

Output Calling(Made calls) {
  Output output;
  output.tool_calls = std::move(calls);
  return output;
}

double CallScore(const Evaluator& evaluator, const Expected& expected, const Made& made) {
  const Evaluation evaluation = evaluator.Evaluate(Expecting(expected), Calling(made));
  EXPECT_EQ(evaluation.state, State::kMeasured) << evaluation.explanation;
  return evaluation.score;
}

ExpectedCall AnyOf(const std::string& name, const std::string& arguments) {
  return {name, arguments, true};
}

TEST(BestAssignment, EqualsTheBestOfAllPermutations) {
  std::mt19937 random(5);
  for (int round = 0; round < 500; ++round) {
    const size_t rows = 1 + random() % 5, columns = 1 + random() % 5;
    std::vector<std::vector<double>> weights(rows, std::vector<double>(columns));
    for (auto& row : weights) {
      for (double& weight : row) weight = static_cast<double>(random() % 10);
    }
    const size_t larger = std::max(rows, columns);
    std::vector<size_t> order(larger);
    std::iota(order.begin(), order.end(), 0);
    double best = 0;
    do {
      double sum = 0;
      for (size_t i = 0; i < rows; ++i) {
        if (order[i] < columns) sum += weights[i][order[i]];
      }
      best = std::max(best, sum);
    } while (std::next_permutation(order.begin(), order.end()));
    const auto assigned = BestAssignment(weights);
    EXPECT_DOUBLE_EQ(TotalWeight(weights, assigned), best);
    std::vector<int> uses(columns, 0);
    for (const auto& column : assigned) {
      if (column) {
        EXPECT_EQ(++uses[*column], 1);
      }
    }
  }
  EXPECT_TRUE(BestAssignment({}).empty());
  EXPECT_EQ(BestAssignment({{}, {}}).size(), 2u);
}

TEST(ToolCalls, ComparesCallsAsAMultisetOfJsonValues) {
  const auto calls = Make("tool_calls");
  EXPECT_EQ(CallScore(*calls, {}, {}), 1);
  EXPECT_EQ(CallScore(*calls, {{"a", R"({"x": 1, "y": [1]})"}}, {{"a", R"({"y":[1.0],"x":1.0})"}}),
            1);
  EXPECT_EQ(CallScore(*calls, {{"a", ""}, {"b", ""}}, {{"b", "{}"}, {"a", ""}}), 1);
  EXPECT_EQ(CallScore(*calls, {{"a", R"({"x": 1})"}}, {{"a", R"({"x": "1"})"}}), 0);
  EXPECT_EQ(CallScore(*calls, {{"a", R"({"x": ""})"}}, {{"a", "{}"}}), 0);
  EXPECT_EQ(CallScore(*calls, {{"a", R"({"x": {"y": [1]}})"}}, {{"a", R"({"x": {"y": 1}})"}}), 0);
  EXPECT_EQ(CallScore(*calls, {{"a", ""}}, {{"A", ""}}), 0);
}

TEST(ToolCalls, MissingAndExtraCallsAndArgumentsCost) {
  const auto calls = Make("tool_calls", "", 0.5);
  EXPECT_DOUBLE_EQ(CallScore(*calls, {{"a", ""}}, {{"a", ""}, {"b", ""}}), 2.0 / 3);
  EXPECT_DOUBLE_EQ(CallScore(*calls, {{"a", ""}, {"b", ""}}, {{"a", ""}}), 2.0 / 3);
  EXPECT_DOUBLE_EQ(CallScore(*calls, {{"a", ""}, {"a", ""}}, {{"a", ""}, {"b", ""}}), 0.5);
  EXPECT_DOUBLE_EQ(CallScore(*calls, {}, {{"b", ""}}), 0);
  EXPECT_DOUBLE_EQ(CallScore(*calls, {{"b", ""}}, {}), 0);
  // x right, y wrong, z not expected: 1 of 3.
  EXPECT_DOUBLE_EQ(
      CallScore(*calls, {{"a", R"({"x": 1, "y": 2})"}}, {{"a", R"({"x": 1, "y": 3, "z": 4})"}}),
      1.0 / 3);
  const auto free = Make("tool_calls", R"({"extra": "free"})");
  EXPECT_EQ(CallScore(*free, {{"a", ""}}, {{"a", ""}, {"b", ""}}), 1);
  EXPECT_EQ(CallScore(*free, {}, {{"b", ""}}), 0);
}

TEST(ToolCalls, TakesTheBestPairs) {
  // The first made call fits the first expected one by half, and the second wholly.
  const Expected expected = {{"a", R"({"x": 1, "y": 1})"}, {"a", R"({"x": 1, "y": 2})"}};
  const Made made = {{"a", R"({"x": 1, "y": 2})"}, {"a", R"({"x": 1, "y": 1})"}};
  EXPECT_EQ(CallScore(*Make("tool_calls"), expected, made), 1);
  // In order: one whole pair, or two halves.
  EXPECT_DOUBLE_EQ(CallScore(*Make("tool_calls", R"({"ordered": true})"), expected, made), 0.5);
  EXPECT_EQ(CallScore(*Make("tool_calls", R"({"ordered": true})"), expected, {made[1], made[0]}),
            1);
}

TEST(ToolCalls, AnyAllowedValueIsRightAndOptionalOnesMayBeLeftOut) {
  const auto calls = Make("tool_calls");
  const Expected expected = {AnyOf("find", R"({"city": ["Paris", "Paris, FR"], "unit": ["km", ""],
      "box": [{"w": [1, 2], "h": [3, ""]}], "way": [["a", "b"]]})")};
  for (const char* right :
       {R"({"city": "Paris, FR", "unit": "km", "box": {"w": 2, "h": 3}, "way": ["a", "b"]})",
        R"({"city": "Paris", "box": {"w": 1.0}, "way": ["a", "b"]})"}) {
    EXPECT_EQ(CallScore(*calls, expected, {{"find", right}}), 1) << right;
  }
  for (const char* wrong :
       {R"({"city": "Lyon", "box": {"w": 1}, "way": ["a", "b"]})",
        R"({"city": "Paris", "unit": "mi", "box": {"w": 1}, "way": ["a", "b"]})",
        R"({"city": "Paris", "box": {"h": 3}, "way": ["a", "b"]})",
        R"({"city": "Paris", "box": {"w": 1, "d": 1}, "way": ["a", "b"]})",
        R"({"city": "Paris", "box": {"w": 1}, "way": ["b", "a"]})",
        R"({"city": "Paris", "box": {"w": 1}})"}) {
    EXPECT_LT(CallScore(*calls, expected, {{"find", wrong}}), 1) << wrong;
  }
}

TEST(ToolCalls, AForbiddenToolFailsTheCaseWhateverElseIsRight) {
  const auto calls = Make("tool_calls", R"({"forbidden": ["delete_account"]})", 0.1);
  const Evaluation evaluation = calls->Evaluate(
      Expecting({{"a", ""}, {"b", ""}}), Calling({{"a", ""}, {"b", ""}, {"delete_account", "{"}}));
  EXPECT_EQ(evaluation.score, 0);
  EXPECT_FALSE(evaluation.passed);
  EXPECT_THAT(evaluation.explanation, HasSubstr("delete_account"));
  // Also where it was expected, and where the case says nothing.
  EXPECT_EQ(CallScore(*calls, {{"delete_account", ""}}, {{"delete_account", ""}}), 0);
  EXPECT_FALSE(calls->Evaluate({}, Calling({{"delete_account", ""}})).passed);
  EXPECT_TRUE(calls->Evaluate({}, Calling({{"a", ""}})).passed);
}

TEST(ToolCalls, FailsMalformedArguments) {
  const auto calls = Make("tool_calls");
  for (const char* arguments : {"{", "[]", "null", R"({"x": NaN})", R"({"x": 1e400})"}) {
    EXPECT_EQ(calls->Evaluate(Expecting({{"a", ""}}), Calling({{"a", arguments}})).state,
              State::kFailed);
    EXPECT_EQ(calls->Evaluate(Expecting({{"a", arguments}}), Calling({{"a", ""}})).state,
              State::kNotApplicable);
  }
  EXPECT_EQ(calls->Evaluate(Expecting({AnyOf("a", R"({"x": []})")}), {}).state,
            State::kNotApplicable);
  const std::string deep = R"({"x":)" + std::string(70'000, '[') + std::string(70'000, ']') + "}";
  EXPECT_EQ(calls->Evaluate(Expecting({{"a", ""}}), Calling({{"a", deep}})).state, State::kFailed);
}

TEST(ToolCalls, StrictIsTheLeaderboardsDefinition) {
  const auto strict = Make("tool_calls", R"({"strict": true})");
  Case one = Expecting({AnyOf("trip", R"({"day": ["April 1, 2024"], "km": [5], "fast": [true, ""],
      "stops": [["Oslo", "Bergen"]]})")});
  const auto score = [&](const std::string& arguments) {
    return strict->Evaluate(one, Calling({{"trip", arguments}})).score;
  };
  // Texts without case, spaces and some signs; without a schema, the allowed value's type.
  EXPECT_EQ(score(R"({"day": "april 1 2024", "km": 5, "stops": ["OSLO", "bergen"]})"), 1);
  EXPECT_EQ(score(R"({"day": "April 2 2024", "km": 5, "stops": ["Oslo", "Bergen"]})"), 0);
  EXPECT_EQ(score(R"({"day": "April 1, 2024", "km": 5.0, "stops": ["Oslo", "Bergen"]})"), 0);
  EXPECT_EQ(score(R"({"day": "April 1, 2024", "km": "5", "stops": ["Oslo", "Bergen"]})"), 0);
  EXPECT_EQ(score(R"({"day": "April 1, 2024", "km": 5, "fast": 1, "stops": ["Oslo", "Bergen"]})"),
            0);
  EXPECT_EQ(score(R"({"day": "April 1, 2024", "km": 5, "stops": ["Bergen", "Oslo"]})"), 0);
  EXPECT_EQ(score(R"({"day": "April 1, 2024", "km": 5})"), 0);
  EXPECT_EQ(score(R"({"day": "April 1, 2024", "km": 5, "stops": ["Oslo", "Bergen"], "x": 1})"), 0);
  // With a schema: a float takes an integer, what is required is needed, what is unknown is wrong.
  one.tools = {{"trip", R"({"type": "dict", "required": ["fast"], "properties": {
      "day": {"type": "string"}, "km": {"type": "float"}, "fast": {"type": "boolean"},
      "stops": {"type": "array", "items": {"type": "string"}}}})"}};
  EXPECT_EQ(
      score(R"({"day": "April 1, 2024", "km": 5.0, "fast": true, "stops": ["Oslo", "Bergen"]})"),
      1);
  EXPECT_EQ(score(R"({"day": "April 1, 2024", "km": 5, "stops": ["Oslo", "Bergen"]})"), 0);
  // As a whole: one call too many is wrong.
  EXPECT_EQ(
      strict
          ->Evaluate(Expecting({{"a", ""}, {"b", ""}}), Calling({{"b", ""}, {"a", ""}, {"a", ""}}))
          .score,
      0);
  EXPECT_EQ(CallScore(*strict, {{"a", ""}, {"b", ""}}, {{"b", ""}, {"a", ""}}), 1);
  EXPECT_THAT(WhyNot("tool_calls", R"({"strict": true, "extra": "free"})"),
              HasSubstr("want one of"));
}

struct Walk {
  const char* mode;
  bool same, reversed, longer, shorter;
};

TEST(Trajectory, HasFourModes) {
  const Expected expected = {{"a", R"({"x": 1})"}, {"b", ""}};
  const ToolCall a{"a", R"({"x": 1})"}, b{"b", "{}"}, c{"c", ""};
  for (const Walk& walk :
       {Walk{"exact", true, false, false, false}, Walk{"in_order", true, false, true, false},
        Walk{"any_order", true, true, false, false}, Walk{"superset", true, true, true, false}}) {
    const auto trajectory = Make("trajectory", R"({"mode": ")" + std::string(walk.mode) + R"("})");
    EXPECT_EQ(CallScore(*trajectory, expected, {a, b}), walk.same ? 1 : 0) << walk.mode;
    EXPECT_EQ(CallScore(*trajectory, expected, {b, a}), walk.reversed ? 1 : 0) << walk.mode;
    EXPECT_EQ(CallScore(*trajectory, expected, {a, c, a, b}), walk.longer ? 1 : 0) << walk.mode;
    EXPECT_EQ(CallScore(*trajectory, expected, {a}), walk.shorter ? 1 : 0) << walk.mode;
    EXPECT_EQ(CallScore(*trajectory, expected, {}), 0) << walk.mode;
    EXPECT_EQ(CallScore(*trajectory, expected, {{"a", R"({"x": 2})"}, b}), 0) << walk.mode;
  }
}

TEST(Trajectory, NeedsEachExpectedCallOnce) {
  const auto superset = Make("trajectory", R"({"mode": "superset"})");
  EXPECT_EQ(CallScore(*superset, {{"a", ""}, {"a", ""}}, {{"a", ""}, {"b", ""}}), 0);
  EXPECT_EQ(CallScore(*superset, {{"a", ""}, {"a", ""}}, {{"a", ""}, {"b", ""}, {"a", ""}}), 1);
  // The call that fits both must be left for the one that nothing else fits.
  EXPECT_EQ(CallScore(*superset, {AnyOf("a", R"({"x": [1, 2]})"), AnyOf("a", R"({"x": [1]})")},
                      {{"a", R"({"x": 1})"}, {"a", R"({"x": 2})"}}),
            1);
}

TEST(Trajectory, MayIgnoreArguments) {
  const auto names = Make("trajectory", R"({"arguments": "ignore"})");
  EXPECT_EQ(CallScore(*names, {{"a", R"({"x": 1})"}}, {{"a", "{broken"}}), 1);
  EXPECT_EQ(Make("trajectory")->Evaluate(Expecting({{"a", ""}}), Calling({{"a", "{broken"}})).state,
            State::kFailed);
}

TEST(Trajectory, OfACaseThatExpectsNoCall) {
  EXPECT_EQ(CallScore(*Make("trajectory"), {}, {}), 1);
  EXPECT_EQ(CallScore(*Make("trajectory"), {}, {{"a", ""}}), 0);
  EXPECT_EQ(Make("trajectory", R"({"mode": "superset"})")->Evaluate(Expecting({}), {}).state,
            State::kNotApplicable);
}

}  // namespace
}  // namespace flywheel::evalgate::evaluators

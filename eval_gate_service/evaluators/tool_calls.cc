#include "eval_gate_service/evaluators/tool_calls.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "eval_gate_service/evaluators/assignment.h"
#include "eval_gate_service/evaluators/call_match.h"
#include "eval_gate_service/evaluators/ideals.h"
#include "eval_gate_service/evaluators/json_values.h"
#include "eval_gate_service/evaluators/strict_call.h"
#include "eval_gate_service/evaluators/work.h"
#include "shared/status/status_macros.h"

namespace flywheel::evalgate::evaluators {
namespace {

using Weights = std::vector<std::vector<double>>;

struct Options {
  bool strict = false;
  bool ordered = false;
  bool extra_is_free = false;
  std::set<std::string, std::less<>> forbidden;
};

// The largest sum of pairs that do not cross.
double BestInOrder(const Weights& weights) {
  const size_t columns = weights.empty() ? 0 : weights.front().size();
  std::vector<double> above(columns + 1, 0);
  for (const std::vector<double>& row : weights) {
    std::vector<double> current(columns + 1, 0);
    for (size_t j = 1; j <= columns; ++j) {
      current[j] = std::max({above[j], current[j - 1], above[j - 1] + row[j - 1]});
    }
    above = std::move(current);
  }
  return above.back();
}

class ToolCalls final : public Evaluator {
 public:
  explicit ToolCalls(Options options) : options_(std::move(options)) {}

 private:
  Measured Measure(const Case& one, const Output& output) const override {
    // Step 1: what may not be, whatever else is right.
    const auto forbidden =
        std::find_if(output.tool_calls.begin(), output.tool_calls.end(),
                     [&](const ToolCall& call) { return options_.forbidden.contains(call.name); });
    const bool has_forbidden = forbidden != output.tool_calls.end();
    if (!one.expected_calls && options_.forbidden.empty()) {
      return NotApplicable("the case says nothing about calls");
    }
    if (!Work::Take(StepsToMatch(one, output, options_.strict))) return TooMuchWork();
    const auto expected = one.expected_calls ? ParseExpected(*one.expected_calls) : std::nullopt;
    if (one.expected_calls && !expected) {
      return NotApplicable("arguments of an expected call are not what they have to be");
    }
    if (has_forbidden) {
      return Score(0, fmt::format("called {}, which is forbidden", QuotedBriefly(forbidden->name)));
    }
    if (!expected) return Score(1, "called no forbidden tool");

    // Step 2: how well each made call fits each expected one.
    const auto made = ParseCalls(output.tool_calls);
    if (!made) return Failed("the arguments of a call are no JSON object");
    const Weights weights = WeightsOf(one, *expected, *made);

    // Step 3: the best pairs.
    const double matched =
        options_.ordered ? BestInOrder(weights) : TotalWeight(weights, BestAssignment(weights));
    return Score(ScoreOf(matched, expected->size(), made->size()),
                 Explain(matched, *expected, *made));
  }

  Weights WeightsOf(const Case& one, const std::vector<ParsedExpectation>& expected,
                    const std::vector<ParsedCall>& made) const {
    Weights weights(expected.size(), std::vector<double>(made.size(), 0));
    for (size_t i = 0; i < expected.size(); ++i) {
      const nlohmann::json schema =
          options_.strict ? SchemaOf(one, expected[i].name) : nlohmann::json();
      for (size_t j = 0; j < made.size(); ++j) {
        weights[i][j] = options_.strict ? (MatchesStrictly(expected[i], made[j], schema) ? 1 : 0)
                                        : MatchScore(expected[i], made[j]);
      }
    }
    return weights;
  }

  // Null where the case has no tool of this name, or no schema that can be read.
  static nlohmann::json SchemaOf(const Case& one, std::string_view name) {
    for (const Tool& tool : one.tools) {
      if (tool.name == name) return ParseJson(tool.parameters_json_schema).value_or(nullptr);
    }
    return nullptr;
  }

  double ScoreOf(double matched, size_t expected, size_t made) const {
    if (expected == 0) return made == 0 ? 1 : 0;
    const auto wanted = static_cast<double>(expected);
    if (options_.extra_is_free) return matched / wanted;
    const double score = 2 * matched / (wanted + static_cast<double>(made));
    return options_.strict ? (score == 1 ? 1 : 0) : score;
  }

  static std::string Explain(double matched, const std::vector<ParsedExpectation>& expected,
                             const std::vector<ParsedCall>& made) {
    std::string text = fmt::format("{} calls made, {} expected, {:.3g} matched", made.size(),
                                   expected.size(), matched);
    // One call against one: what differs is told.
    if (made.size() != 1 || expected.size() != 1 || matched == 1) return text;
    return fmt::format("{}: got {} {}, want {} {}", text, QuotedBriefly(made[0].name),
                       Brief(made[0].arguments), QuotedBriefly(expected[0].name),
                       Brief(expected[0].arguments));
  }

  const Options options_;
};

}  // namespace

MadeEvaluator MakeToolCalls(Parameters& parameters) {
  Options options;
  options.strict = parameters.Flag("strict", false);
  options.ordered = parameters.Flag("ordered", false);
  options.extra_is_free = parameters.OneOf("extra", {"cost", "free"}) == "free";
  for (std::string& name : parameters.Texts("forbidden")) options.forbidden.insert(std::move(name));
  if (options.strict && options.extra_is_free) {
    parameters.Violation("extra", "got free with strict, want one of them");
  }
  RETURN_IF_ERROR(parameters.Check());
  return std::make_unique<ToolCalls>(std::move(options));
}

}  // namespace flywheel::evalgate::evaluators

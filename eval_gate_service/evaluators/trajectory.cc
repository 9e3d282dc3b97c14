#include "eval_gate_service/evaluators/trajectory.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "eval_gate_service/evaluators/assignment.h"
#include "eval_gate_service/evaluators/call_match.h"
#include "eval_gate_service/evaluators/work.h"
#include "shared/status/status_macros.h"
#include "shared/text/printable.h"

namespace flywheel::evalgate::evaluators {
namespace {

enum class Mode { kExact, kInOrder, kAnyOrder, kSuperset };

class Trajectory final : public Evaluator {
 public:
  Trajectory(Mode mode, bool ignore_arguments) : mode_(mode), ignore_arguments_(ignore_arguments) {}

 private:
  using Expected = std::vector<ParsedExpectation>;
  using Made = std::vector<ParsedCall>;

  Measured Measure(const Case& one, const Output& output) const override {
    if (!one.expected_calls) return NotApplicable("the case says nothing about calls");
    if (!Work::Take(StepsToMatch(one, output, /*strict=*/false))) return TooMuchWork();
    const auto expected = ParseExpected(*one.expected_calls);
    if (!expected)
      return NotApplicable("arguments of an expected call are not what they have to be");
    if (expected->empty() && (mode_ == Mode::kInOrder || mode_ == Mode::kSuperset)) {
      return NotApplicable("the case expects no call, and others may be made");
    }
    const auto made = ignore_arguments_ ? NamesOf(output) : ParseCalls(output.tool_calls);
    if (!made) return Failed("the arguments of a call are no JSON object");
    return Score(Fits(*expected, *made) ? 1 : 0,
                 fmt::format("got {}, want {}", Names(*made), Names(*expected)));
  }

  static std::optional<Made> NamesOf(const Output& output) {
    Made made;
    for (const ToolCall& call : output.tool_calls) made.push_back({call.name, {}});
    return made;
  }

  bool IsSame(const ParsedExpectation& expected, const ParsedCall& call) const {
    return ignore_arguments_ ? expected.name == call.name : MatchScore(expected, call) == 1;
  }

  bool Fits(const Expected& expected, const Made& made) const {
    const auto same = [this](const ParsedExpectation& e, const ParsedCall& c) {
      return IsSame(e, c);
    };
    if (mode_ == Mode::kExact) {
      return std::equal(expected.begin(), expected.end(), made.begin(), made.end(), same);
    }
    if (mode_ == Mode::kAnyOrder && expected.size() != made.size()) return false;
    if (mode_ == Mode::kInOrder) {
      // The earliest call for each leaves the most for those that follow.
      auto next = made.begin();
      return std::all_of(expected.begin(), expected.end(), [&](const ParsedExpectation& e) {
        next = std::find_if(next, made.end(), [&](const ParsedCall& c) { return same(e, c); });
        return next != made.end() && next++ != made.end();
      });
    }
    std::vector<std::vector<double>> weights(expected.size(), std::vector<double>(made.size(), 0));
    for (size_t i = 0; i < expected.size(); ++i) {
      for (size_t j = 0; j < made.size(); ++j) weights[i][j] = same(expected[i], made[j]) ? 1 : 0;
    }
    return TotalWeight(weights, BestAssignment(weights)) == static_cast<double>(expected.size());
  }

  // The names of calls in their order; at most ten.
  template <typename Calls>
  static std::string Names(const Calls& calls) {
    std::string names;
    for (size_t i = 0; i < calls.size() && i < 10; ++i) {
      names += (names.empty() ? "" : " > ") + std::string(calls[i].name);
    }
    if (calls.size() > 10) names += fmt::format(" > {} more", calls.size() - 10);
    return names.empty() ? "no call" : Printable(names);
  }

  const Mode mode_;
  const bool ignore_arguments_;
};

Mode ModeOf(const std::string& name) {
  if (name == "in_order") return Mode::kInOrder;
  if (name == "any_order") return Mode::kAnyOrder;
  return name == "superset" ? Mode::kSuperset : Mode::kExact;
}

}  // namespace

MadeEvaluator MakeTrajectory(Parameters& parameters) {
  const Mode mode =
      ModeOf(parameters.OneOf("mode", {"exact", "in_order", "any_order", "superset"}));
  const bool ignore_arguments = parameters.OneOf("arguments", {"match", "ignore"}) == "ignore";
  RETURN_IF_ERROR(parameters.Check());
  return std::make_unique<Trajectory>(mode, ignore_arguments);
}

}  // namespace flywheel::evalgate::evaluators

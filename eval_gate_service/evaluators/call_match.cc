#include "eval_gate_service/evaluators/call_match.h"

#include <algorithm>
#include <string>
#include <utility>

#include "eval_gate_service/evaluators/json_values.h"

namespace flywheel::evalgate::evaluators {
namespace {

bool IsListOfAllowed(const nlohmann::json& value) { return value.is_array() && !value.empty(); }

// Nested lists of allowed values, as the Berkeley Function Calling Leaderboard writes objects.
bool HasAllowedMembers(const nlohmann::json& allowed) {
  return allowed.is_object() && !allowed.empty() &&
         std::all_of(allowed.begin(), allowed.end(), IsListOfAllowed);
}

bool IsSame(const nlohmann::json& allowed, const nlohmann::json& value);

bool HasSameMembers(const nlohmann::json& allowed, const nlohmann::json& object) {
  if (!object.is_object()) return false;
  for (const auto& [name, value] : object.items()) {
    const auto values = allowed.find(name);
    if (values == allowed.end() || !IsAllowed(*values, value)) return false;
  }
  for (const auto& [name, values] : allowed.items()) {
    if (!object.contains(name) && !MayBeLeftOut(values)) return false;
  }
  return true;
}

bool HasSameElements(const nlohmann::json& allowed, const nlohmann::json& list) {
  return list.is_array() &&
         std::equal(allowed.begin(), allowed.end(), list.begin(), list.end(), IsSame);
}

bool IsSame(const nlohmann::json& allowed, const nlohmann::json& value) {
  if (HasAllowedMembers(allowed)) return HasSameMembers(allowed, value);
  if (allowed.is_array()) return HasSameElements(allowed, value);
  return allowed == value;
}

}  // namespace

std::optional<std::vector<ParsedCall>> ParseCalls(const std::vector<ToolCall>& calls) {
  std::vector<ParsedCall> parsed;
  parsed.reserve(calls.size());
  for (const ToolCall& call : calls) {
    std::optional<nlohmann::json> arguments = ParseArguments(call.arguments_json);
    if (!arguments) return std::nullopt;
    parsed.push_back({call.name, *std::move(arguments)});
  }
  return parsed;
}

std::optional<std::vector<ParsedExpectation>> ParseExpected(
    const std::vector<ExpectedCall>& calls) {
  std::vector<ParsedExpectation> parsed;
  parsed.reserve(calls.size());
  for (const ExpectedCall& call : calls) {
    std::optional<nlohmann::json> arguments = ParseArguments(call.arguments_json);
    if (!arguments) return std::nullopt;
    if (call.any_of && !std::all_of(arguments->begin(), arguments->end(), IsListOfAllowed)) {
      return std::nullopt;
    }
    parsed.push_back({call.name, *std::move(arguments), call.any_of});
  }
  return parsed;
}

bool IsEmptyText(const nlohmann::json& value) {
  return value.is_string() && value.get_ref<const std::string&>().empty();
}

bool MayBeLeftOut(const nlohmann::json& allowed_values) {
  return std::any_of(allowed_values.begin(), allowed_values.end(), IsEmptyText);
}

bool IsAllowed(const nlohmann::json& allowed_values, const nlohmann::json& value) {
  return std::any_of(allowed_values.begin(), allowed_values.end(),
                     [&](const nlohmann::json& allowed) { return IsSame(allowed, value); });
}

int64_t StepsToMatch(const Case& one, const Output& output, bool strict) {
  // To read, to compare, and to copy and compare.
  constexpr int64_t kStepsOfReadByte = 40;
  constexpr int64_t kStepsOfByte = 3;
  constexpr int64_t kStepsOfStrictByte = 45;
  constexpr int64_t kStepsOfPair = 50;
  const int64_t of_byte = strict ? kStepsOfStrictByte : kStepsOfByte;
  const auto size = [](const std::string& text) { return static_cast<int64_t>(text.size()); };
  int64_t steps = 0;
  for (const ToolCall& made : output.tool_calls) {
    steps += kStepsOfReadByte * size(made.arguments_json);
  }
  if (!one.expected_calls) return steps;
  for (const ExpectedCall& expected : *one.expected_calls) {
    steps += kStepsOfReadByte * size(expected.arguments_json);
    for (const ToolCall& made : output.tool_calls) {
      steps += kStepsOfPair;
      if (made.name != expected.name) continue;
      steps += of_byte * (size(made.arguments_json) + size(expected.arguments_json));
    }
    if (!strict) continue;
    for (const Tool& tool : one.tools) {
      steps += kStepsOfPair;
      if (tool.name == expected.name) steps += kStepsOfReadByte * size(tool.parameters_json_schema);
    }
  }
  return steps;
}

double MatchScore(const ParsedExpectation& expected, const ParsedCall& call) {
  if (expected.name != call.name) return 0;
  int right = 0;
  int counted = 0;
  for (const auto& [name, wanted] : expected.arguments.items()) {
    const auto given = call.arguments.find(name);
    const bool is_given = given != call.arguments.end();
    if (!is_given && expected.any_of && MayBeLeftOut(wanted)) continue;
    ++counted;
    if (is_given && (expected.any_of ? IsAllowed(wanted, *given) : wanted == *given)) ++right;
  }
  for (const auto& [name, value] : call.arguments.items()) {
    if (!expected.arguments.contains(name)) ++counted;
  }
  return counted == 0 ? 1 : static_cast<double>(right) / counted;
}

}  // namespace flywheel::evalgate::evaluators

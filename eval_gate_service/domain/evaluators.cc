#include "eval_gate_service/domain/evaluators.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>
#include <vector>

#include "shared/text/normalise.h"

namespace flywheel::evalgate {
namespace {

// Comparing values recurses once a level: a candidate must not choose how deep.
constexpr int kMaxNesting = 128;

struct ParsedCall {
  std::string_view name;
  nlohmann::json arguments;
};

// Without parsing, whose depth it is to bound. What it says of malformed text does not matter: that
// is refused by the parser.
int NestingOf(std::string_view json) {
  int depth = 0;
  int deepest = 0;
  bool in_string = false;
  for (size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (in_string) {
      if (c == '\\') ++i;
      if (c == '"') in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      deepest = std::max(deepest, ++depth);
    } else if (c == '}' || c == ']') {
      --depth;
    }
  }
  return deepest;
}

// The calls with their arguments as values; nothing where one of them is no JSON object.
std::optional<std::vector<ParsedCall>> Parse(const std::vector<ToolCall>& calls) {
  std::vector<ParsedCall> parsed;
  parsed.reserve(calls.size());
  for (const ToolCall& call : calls) {
    nlohmann::json arguments = nlohmann::json::object();
    if (!call.arguments_json.empty()) {
      if (NestingOf(call.arguments_json) > kMaxNesting) return std::nullopt;
      arguments = nlohmann::json::parse(call.arguments_json, /*cb=*/nullptr,
                                        /*allow_exceptions=*/false);
    }
    if (!arguments.is_object()) return std::nullopt;
    parsed.push_back({call.name, std::move(arguments)});
  }
  return parsed;
}

}  // namespace

std::string_view OutcomeName(CaseOutcome outcome) {
  switch (outcome) {
    case CaseOutcome::kPassed:
      return "passed";
    case CaseOutcome::kWrongOutput:
      return "wrong output";
    case CaseOutcome::kWrongToolCalls:
      return "wrong tool calls";
    case CaseOutcome::kMalformedArguments:
      return "malformed tool arguments";
    case CaseOutcome::kErrored:
      return "error";
    case CaseOutcome::kUnavailable:
      return "error of the infrastructure";
    case CaseOutcome::kMissing:
      return "no answer";
  }
  return "";
}

bool HasReference(Evaluator evaluator, const EvalRow& row) {
  if (evaluator == Evaluator::kToolSelection) {
    const std::vector<ToolCall>& expected = row.suite_case.expected_tool_calls;
    return (!row.corrected || !expected.empty()) && Parse(expected).has_value();
  }
  return !NormaliseText(row.suite_case.ideal_output).empty();
}

CaseOutcome MatchExactly(std::string_view ideal_output, std::string_view output) {
  return NormaliseText(ideal_output) == NormaliseText(output) ? CaseOutcome::kPassed
                                                              : CaseOutcome::kWrongOutput;
}

CaseOutcome MatchToolCalls(const std::vector<ToolCall>& expected,
                           const std::vector<ToolCall>& made) {
  const auto made_calls = Parse(made);
  if (!made_calls) return CaseOutcome::kMalformedArguments;
  auto open = Parse(expected);
  if (!open || open->size() != made_calls->size()) return CaseOutcome::kWrongToolCalls;
  // Equality is transitive, so taking any equal expected call is as good as taking the best one.
  for (const ParsedCall& call : *made_calls) {
    const auto match = std::find_if(open->begin(), open->end(), [&](const ParsedCall& candidate) {
      return candidate.name == call.name && candidate.arguments == call.arguments;
    });
    if (match == open->end()) return CaseOutcome::kWrongToolCalls;
    open->erase(match);
  }
  return CaseOutcome::kPassed;
}

CaseOutcome Evaluate(Evaluator evaluator, const SuiteCase& suite_case, const CaseOutput* output) {
  // What is wrong with the output itself comes before what it says.
  if (output == nullptr) return CaseOutcome::kMissing;
  if (!output->infrastructure_error.empty()) return CaseOutcome::kUnavailable;
  if (!output->error.empty()) return CaseOutcome::kErrored;
  if (evaluator == Evaluator::kToolSelection) {
    return MatchToolCalls(suite_case.expected_tool_calls, output->tool_calls);
  }
  return MatchExactly(suite_case.ideal_output, output->output);
}

}  // namespace flywheel::evalgate

// Matching of a tool call with an expected one, argument by argument.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_CALL_MATCH_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_CALL_MATCH_H_

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>
#include <vector>

#include "eval_gate_service/evaluators/evaluator.h"

namespace flywheel::evalgate::evaluators {

// A call with its arguments as an object. The name is a view of what it was read from.
struct ParsedCall {
  std::string_view name;
  nlohmann::json arguments;
};

struct ParsedExpectation {
  std::string_view name;
  // Of each argument its value; with `any_of` the list of allowed values, where an empty text says
  // that the argument may be left out.
  nlohmann::json arguments;
  bool any_of = false;
};

// Nothing where the arguments of one are no JSON object.
std::optional<std::vector<ParsedCall>> ParseCalls(const std::vector<ToolCall>& calls);

// Nothing where arguments are no JSON object or, with `any_of`, a member is not a list with an
// element.
std::optional<std::vector<ParsedExpectation>> ParseExpected(const std::vector<ExpectedCall>& calls);

bool IsEmptyText(const nlohmann::json& value);

// Whether an empty text is among the allowed values, so that a call may leave the argument out.
bool MayBeLeftOut(const nlohmann::json& allowed_values);

// Whether `value` is one of the allowed ones, as JSON values: the order of keys does not matter, 1
// equals 1.0, and "1" does not. An allowed object whose members are all lists says the allowed
// values of each member in turn; so do objects in an allowed list.
bool IsAllowed(const nlohmann::json& allowed_values, const nlohmann::json& value);

// What it takes to read calls and expected ones, and to hold each against each of the same name;
// see work.h. `strict`: by strict_call.h, with the tools of the case.
int64_t StepsToMatch(const Case& one, const Output& output, bool strict);

// 0 where the names differ. Else the share of arguments that are right, among those that are
// expected (but for those that may be left out and are) and those that were given; 1 where there
// are none.
double MatchScore(const ParsedExpectation& expected, const ParsedCall& call);

}  // namespace flywheel::evalgate::evaluators

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_CALL_MATCH_H_

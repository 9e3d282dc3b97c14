// JSON parsing with bounds, and equality of JSON values.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_JSON_VALUES_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_JSON_VALUES_H_

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace flywheel::evalgate::evaluators {

// Whatever walks a value recurses once a level: whoever wrote it must not choose how deep.
inline constexpr int kMaxJsonNesting = 64;

// The value of a whole text; nothing where it is no JSON (RFC 8259; of equal keys the last counts)
// or nested deeper than kMaxJsonNesting. Never throws.
std::optional<nlohmann::json> ParseJson(std::string_view text);

// ParseJson of the arguments of a call: an object, or nothing. Empty text is one without members.
std::optional<nlohmann::json> ParseArguments(std::string_view text);

// The JSON in an answer: the whole text, or, where that is none, what stands in its only block
// fenced by ``` (with or without "json" behind).
std::optional<nlohmann::json> ParseJsonAnswer(std::string_view text);

// As JSON on one line of at most some 80 bytes, for an explanation.
std::string Brief(const nlohmann::json& value);

}  // namespace flywheel::evalgate::evaluators

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_JSON_VALUES_H_

// JSON Schemas of strangers, made safe to compile and to validate with.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_SCHEMA_PREPARATION_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_SCHEMA_PREPARATION_H_

#include <nlohmann/json.hpp>
#include <string_view>

#include "absl/status/statusor.h"

namespace flywheel::evalgate::evaluators {

// Keywords that PrepareSchema puts in, for constraints of our own: the weight of one visit of a
// schema (a number), how many names it looks for and values it compares with (a list of two, where
// there are any), and pattern and uniqueItems in the place of the library's.
inline constexpr const char* kVisitKeyword = "flywheel-visit";
inline constexpr const char* kListsKeyword = "flywheel-lists";
inline constexpr const char* kPatternKeyword = "flywheel-pattern";
inline constexpr const char* kUniqueKeyword = "flywheel-unique";

// `schema` (draft 7, or the same keywords of later drafts; an object) with nothing in it that could
// be fetched, overflow the stack or cost time without end:
//   - every keyword is one that is validated or only describes (title, default, examples, format,
//   which
//     asserts nothing here); what would silently be ignored is refused, patternProperties among it;
//   - a $ref points to a schema of the same document ("#", "#/definitions/x", "#/$defs/x"), and
//   what
//     stands beside one counts too;
//   - schemas that apply to the same value stand at most 8 in each other, and in no circle;
//   - at most 1,000 schemas, none of them without a place that a walk knows.
// INVALID_ARGUMENT with the place and what is wrong.
absl::StatusOr<nlohmann::json> PrepareSchema(const nlohmann::json& schema);

}  // namespace flywheel::evalgate::evaluators

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_SCHEMA_PREPARATION_H_

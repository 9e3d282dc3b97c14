// JSON Schema validation: whether an output is JSON of a certain form.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_JSON_SCHEMA_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_JSON_SCHEMA_H_

#include "eval_gate_service/evaluators/evaluator_maker.h"

namespace flywheel::evalgate::evaluators {

// "json_schema", version 1: 1 where the output is JSON that the schema accepts, else 0. JSON Schema
// draft 7, by valijson. What it differs in: a pattern is RE2's, and format asserts nothing; what a
// schema may hold is in schema_preparation.h. An integer is a number without a fraction part as
// written (1, not 1.0). Parameters:
//   schema   an object; needed. One that accepts whatever is JSON is refused.
//   fenced   the JSON may stand in the one block of the output that is fenced by ```; default
//   false: it is
//            the whole output.
// An output that is no JSON, is nested deeper than 64, or that the schema takes more than a million
// steps for, fails. Always applicable: the case has no say in it.
MadeEvaluator MakeJsonSchema(Parameters& parameters);

}  // namespace flywheel::evalgate::evaluators

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_JSON_SCHEMA_H_

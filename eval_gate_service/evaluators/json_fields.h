// JSON equality by fields: which share of an ideal object's fields an output has right.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_JSON_FIELDS_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_JSON_FIELDS_H_

#include "eval_gate_service/evaluators/evaluator_maker.h"

namespace flywheel::evalgate::evaluators {

// "json_fields", version 1: how equal the output's JSON is to an ideal output's, the best of them.
// Equal values are 1. Two objects are the mean over the names that either has, a name that one
// lacks being 0; two lists the mean over their places, up to the longer one; all else 0. 1
// equals 1.0. Parameters:
//   fields               JSON pointers (RFC 6901), such as "/price": the mean over these alone,
//   each by
//                        the definition above; what the ideal lacks the output has to lack too.
//   allow_extra          names that the ideal lacks do not count. Default false.
//   ignore_order         lists are sorted before, at every depth. Default false.
//   ignore_case          texts are equal after Seen(kFold) of unicode_text.h. Default false: as
//   they are. absolute_tolerance, relative_tolerance   numbers, as in numeric.h; default 0. Not
//   with ignore_order. fenced               as in json_schema.h.
// An output that is no JSON fails. Not applicable: no ideal output that is JSON.
MadeEvaluator MakeJsonFields(Parameters& parameters);

}  // namespace flywheel::evalgate::evaluators

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_JSON_FIELDS_H_

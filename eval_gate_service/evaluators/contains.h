// Containment: whether an output says certain texts.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_CONTAINS_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_CONTAINS_H_

#include "eval_gate_service/evaluators/evaluator_maker.h"

namespace flywheel::evalgate::evaluators {

// "contains", version 1: the share of the wanted texts that Seen(output) contains (unicode_text.h),
// as substrings; with `mode` any, 1 or 0; with none, 1 where none is contained.
// Parameters:
//   texts         what is wanted, 1 to 1,000. Absent: the case's ideal outputs.
//   mode          "all" (default), "any" or "none".
//   ignore_case   by Unicode case folding; default false.
//   whole_words   no letter, mark or number directly before or behind; default false. Scripts
//   without
//                 spaces have no such borders: leave it off for them.
// Not applicable: neither texts nor an ideal output that is not blank. A text that is blank is
// refused. An empty output contains nothing, so it is 1 for "none".
MadeEvaluator MakeContains(Parameters& parameters);

}  // namespace flywheel::evalgate::evaluators

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_CONTAINS_H_

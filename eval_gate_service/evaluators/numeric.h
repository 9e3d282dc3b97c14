// Numeric match: whether the number in an answer is the ideal one, within a tolerance.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_NUMERIC_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_NUMERIC_H_

#include "eval_gate_service/evaluators/evaluator_maker.h"

namespace flywheel::evalgate::evaluators {

// "numeric", version 1: 1 where the number x of the output and the number y of any ideal output
// (its last) have |x - y| <= max(absolute_tolerance, relative_tolerance * |y|), else 0. How numbers
// are read is in number_text.h; marks of currency are ignored. The last number of an answer in
// running text is the rule by which public evaluations of school mathematics (GSM8K) extract
// answers. Parameters:
//   take                 "last" (default), "first", or "only": exactly one number in the output.
//   decimal              "point" (default) or "comma" ("1.234,5").
//   absolute_tolerance   default 0. relative_tolerance: default 0, at most 1.
//   percent              "as_written" (default: "50 %" is 50) or "fraction" (it is 0.5).
//   unit                 the number has to be followed by this, such as "km" or "%"; case counts.
// No number in the output, or a number that no double holds: 0. Not applicable: no ideal output
// with a number.
MadeEvaluator MakeNumeric(Parameters& parameters);

}  // namespace flywheel::evalgate::evaluators

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_NUMERIC_H_

// Regular expression match (RE2): whether an output has a certain form, in linear time.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_REGEX_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_REGEX_H_

#include "eval_gate_service/evaluators/evaluator_maker.h"

namespace flywheel::evalgate::evaluators {

// "regex", version 1: 1 where the pattern matches the output's text as it came, else 0. RE2's
// syntax (no back references, no look-around), UTF-8, at most 1 MiB of compiled program.
// Parameters:
//   pattern       at most 10,000 bytes. Absent: the case's ideal outputs are the patterns, and one
//   of
//                 them has to match.
//   full          the whole text has to match, white space at the ends aside; default false:
//   somewhere. ignore_case   default false. negate        1 where it does not match; default false.
// A pattern that matches whatever is said is refused.
// Not applicable: no pattern, or one of the case that RE2 does not take.
MadeEvaluator MakeRegex(Parameters& parameters);

}  // namespace flywheel::evalgate::evaluators

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_REGEX_H_

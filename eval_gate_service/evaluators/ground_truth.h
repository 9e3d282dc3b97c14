// Ground truth match: whether an answer in running text gives the ideal one, by its words.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_GROUND_TRUTH_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_GROUND_TRUTH_H_

#include "eval_gate_service/evaluators/evaluator_maker.h"

namespace flywheel::evalgate::evaluators {

// "ground_truth_match", version 1: the best over the ideal outputs of
//   - 1 where both have the same words (token_f1.h), in order;
//   - for an ideal that is a number alone ("$1,200"): 1 where it is the output's last number, else
//   0;
//   - for an ideal of at most five words: 1 where they stand in the output together and in order,
//   and none
//     of the three words before them denies (not, no, never, ...);
//   - else TokenF1.
// Needs a threshold. No parameters. Not applicable: no ideal output with a word. An empty output is
// 0. Limits. It compares words: an answer in other words scores low, and an output that lists
// several answers passes with one of them. A denial further away, or by meaning, is not seen.
MadeEvaluator MakeGroundTruth(Parameters& parameters);

}  // namespace flywheel::evalgate::evaluators

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_GROUND_TRUTH_H_

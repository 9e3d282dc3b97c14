// ROUGE-L: the longest common subsequence of words of an output and an ideal one.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_ROUGE_L_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_ROUGE_L_H_

#include <string_view>

#include "eval_gate_service/evaluators/evaluator_maker.h"

namespace flywheel::evalgate::evaluators {

// 2 P R / (P + R), where P is L over the number of words of the output, R over that of the ideal,
// and L the length of their longest common subsequence (Lin 2004, with beta 1). Words as in Words
// of unicode_text.h, without stemming. Two texts without words: 1; one: 0.
double RougeL(std::string_view output, std::string_view ideal);

// "rouge_l", version 1: the largest RougeL with any ideal output. Needs a threshold. No parameters.
// Not applicable: no ideal output with a word.
MadeEvaluator MakeRougeL(Parameters& parameters);

}  // namespace flywheel::evalgate::evaluators

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_ROUGE_L_H_

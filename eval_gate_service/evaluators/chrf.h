// chrF: the character n-grams that an output and an ideal one share.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_CHRF_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_CHRF_H_

#include <string_view>

#include "eval_gate_service/evaluators/evaluator_maker.h"

namespace flywheel::evalgate::evaluators {

// chrF2 (Popovic 2015, as sacreBLEU computes it): (1 + 4) P R / (4 P + R), where P and R are the
// means, over n = 1 to 6, of the shares of the n-grams of the output and of the ideal that the
// other has too, each as often as both have it. Orders for which one of them is too short do not
// count. Characters are scalars of NFC without white space; case counts. Two texts without
// characters: 1; one: 0.
double ChrF(std::string_view output, std::string_view ideal);

// "chrf", version 1: the largest ChrF with any ideal output. Needs a threshold. No parameters.
// Not applicable: no ideal output that is not blank.
MadeEvaluator MakeChrF(Parameters& parameters);

}  // namespace flywheel::evalgate::evaluators

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_CHRF_H_

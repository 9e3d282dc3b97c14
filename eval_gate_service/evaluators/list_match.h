// List match: how many elements of an ideal list an output has, paired by the best assignment.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_LIST_MATCH_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_LIST_MATCH_H_

#include "eval_gate_service/evaluators/evaluator_maker.h"

namespace flywheel::evalgate::evaluators {

// "list_match", version 1: 2 M / (E + A), where the ideal list has E elements, the output's A, and
// M is the largest sum of similarities of pairs, each element in at most one pair (Hungarian
// method), so that neither order nor one element too many spoils the others. The best ideal output
// counts. Lists: a JSON list (in the one block fenced by ``` too), whose elements that are no texts
// count as JSON on one line; else the lines that are not blank, without "-", "*", "1." or "1)" in
// front. Parameters:
//   separator    where given, the elements of a text that is no JSON stand between these, such as
//   ",". similarity   "normalised" (default): 1 where texts are equal after Seen(kFold)
//   (unicode_text.h), else 0;
//                "levenshtein" (levenshtein.h) or "token_f1" (token_f1.h) of those.
// More than 128 elements fail. An output without elements is 0. Not applicable: no ideal output
// with 1 to 128 elements.
MadeEvaluator MakeListMatch(Parameters& parameters);

}  // namespace flywheel::evalgate::evaluators

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_LIST_MATCH_H_

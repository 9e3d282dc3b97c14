// Levenshtein similarity: how near an output is to an ideal one, by the edits between them.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_LEVENSHTEIN_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_LEVENSHTEIN_H_

#include <cstdint>
#include <string_view>

#include "eval_gate_service/evaluators/evaluator_maker.h"

namespace flywheel::evalgate::evaluators {

// 1 - d / max(|a|, |b|), where d is the edit distance (Levenshtein 1966) and lengths count Unicode
// scalars; 1 for two empty texts. UTF-8.
double LevenshteinSimilarity(std::string_view a, std::string_view b);
// What that takes; see work.h.
int64_t LevenshteinSteps(std::string_view a, std::string_view b);

// "levenshtein", version 1: the largest LevenshteinSimilarity of the output with any ideal output,
// both in NFC, so that composed and decomposed letters are equal. Needs a threshold. Parameters:
//   ignore_case   by Unicode case folding, and white space as single spaces (Seen of
//   unicode_text.h).
//                 Default false.
// Not applicable: no ideal output that is not blank. An empty output is 0. A text of more than
// 65,536 characters fails: the time grows with the product of the lengths.
MadeEvaluator MakeLevenshtein(Parameters& parameters);

}  // namespace flywheel::evalgate::evaluators

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_LEVENSHTEIN_H_

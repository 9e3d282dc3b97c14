// Token F1: how many words an output and an ideal one share (SQuAD).
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_TOKEN_F1_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_TOKEN_F1_H_

#include <string>
#include <string_view>

#include "absl/container/flat_hash_map.h"
#include "eval_gate_service/evaluators/evaluator_maker.h"

namespace flywheel::evalgate::evaluators {

// 2 P R / (P + R) over the words as bags, where P is the share of the output's words that are in
// the ideal, R the reverse (Rajpurkar et al. 2016, evaluate-v2.0.py). Words: folded (Seen of
// unicode_text.h), without punctuation (taken out, so "don't" is "dont"), without a, an and the,
// split at spaces. Two texts without words: 1; one: 0.
double TokenF1(std::string_view output, std::string_view ideal);

// The same of words that were taken apart before, for texts that are compared with many.
using WordBag = absl::flat_hash_map<std::string, int>;
WordBag WordBagOf(std::string_view text);
double TokenF1(const WordBag& output, const WordBag& ideal);

// "token_f1", version 1: the largest TokenF1 with any ideal output. Needs a threshold. No
// parameters. Not applicable: no ideal output with a word. In scripts without spaces a sentence is
// one word: use chrf for them.
MadeEvaluator MakeTokenF1(Parameters& parameters);

}  // namespace flywheel::evalgate::evaluators

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_TOKEN_F1_H_

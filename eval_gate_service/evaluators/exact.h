// Exact match: whether an output is, to a reader's eye, an ideal one.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_EXACT_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_EXACT_H_

#include "eval_gate_service/evaluators/evaluator_maker.h"

namespace flywheel::evalgate::evaluators {

// "exact", version 1: 1 where Seen(output, kKeep) equals that of any ideal output (unicode_text.h:
// NFKC, ignorable characters left out, white space as single spaces), else 0. So what nobody can
// see makes no difference: composed or decomposed letters, no-break spaces, a last line break.
// Parameters:
//   bytes   true: byte by byte instead, nothing forgiven. Default false.
// Not applicable: no ideal output, or blank ones only. An empty output is 0.
MadeEvaluator MakeExact(Parameters& parameters);

// "normalised", version 1: as exact, after Unicode case folding ("Straße" is "STRASSE").
// Parameters, all false by default:
//   ignore_punctuation   what is no letter, mark or number counts as a space.
//   ignore_articles      the words a, an and the do not count (SQuAD, Rajpurkar et al. 2016); they
//                        are taken out after the punctuation.
// Not applicable: as exact, and where nothing is left of any ideal output. Where nothing is left of
// the output, it is 0.
MadeEvaluator MakeNormalised(Parameters& parameters);

}  // namespace flywheel::evalgate::evaluators

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_EXACT_H_

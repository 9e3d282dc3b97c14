// Language match: whether an output is in the language that is wanted.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_LANGUAGE_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_LANGUAGE_H_

#include "eval_gate_service/evaluators/evaluator_maker.h"

namespace flywheel::evalgate::evaluators {

// "language", version 1: 1 where LanguageOf (function_words.h) of the output is a wanted language,
// else 0. A text of at most three words in which nothing decides ("OK", "Paris", "42 km") is 1
// where its script is that of a wanted language: it is as good in one as in another. A longer one
// is 0. An empty one is 0. Parameters:
//   languages   codes of LanguageOf, such as ["en", "de"]. Absent: the language of the case's
//   input.
// Not applicable: no languages, and an input in which nothing decides.
// Limits: single sentences of closely related languages may be mistaken; code and tables are read
// as text.
MadeEvaluator MakeLanguage(Parameters& parameters);

}  // namespace flywheel::evalgate::evaluators

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_LANGUAGE_H_

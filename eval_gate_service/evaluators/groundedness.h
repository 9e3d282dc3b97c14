// Groundedness: whether what an output says stands in the contexts, by the words that they share.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_GROUNDEDNESS_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_GROUNDEDNESS_H_

#include "eval_gate_service/evaluators/evaluator_maker.h"

namespace flywheel::evalgate::evaluators {

// "groundedness", version 2: the mean of the smallest and the average Support::Of (support.h) over
// the output's sentences. Needs a threshold. Parameters:
//   contexts   "case" (default): those of the case, so that nobody is grounded in texts of its own
//              making; "retrieved": those that the candidate says it retrieved, else those of the
//              case. For an agent whose retrieval is known to be honest.
// Function words are those of the language of the
// contexts. An output without a content word, and more than 4,000 sentences of contexts or 500 of
// the output, fail. Not applicable: a case without contexts (also where the candidate has retrieved
// some: the suite decides what is measured). Version 1 believed what the candidate retrieved.
// Limits. It compares words, and knows no meaning: a
// true paraphrase in other words scores low, and a false sentence made of the context's own words
// scores high, such as one that swaps two names. It sees numbers that are not there or stand beside
// other words, and negations by a word. Threshold it on labelled cases of one's own; it ranks
// better than it decides.
MadeEvaluator MakeGroundedness(Parameters& parameters);

// "context_relevance", version 1: how much of the question the retrieved contexts are about. A
// context's relevance is the share of the different content words of the case's input that it has
// (numbers are words). Needs a threshold. Parameters:
//   of   "best" (default): the largest; "mean": the average, which contexts beside the point lower;
//   "all": the
//        share that all contexts together have.
// The contexts are those that the candidate retrieved, else those of the case: it is the retrieval
// that is measured, and the candidate's word for it is believed. Not applicable: a case without
// contexts, or an input without a content word. Limits: as above; a context that answers in other
// words than the question's scores low, and one that repeats the question scores 1. Let it inform,
// and not decide, where whoever is judged may say what it likes.
MadeEvaluator MakeContextRelevance(Parameters& parameters);

}  // namespace flywheel::evalgate::evaluators

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_GROUNDEDNESS_H_

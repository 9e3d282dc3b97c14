// Limits of an output: its length, and the latency, tokens and cost that come with it.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_LIMITS_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_LIMITS_H_

#include "eval_gate_service/evaluators/evaluator_maker.h"

namespace flywheel::evalgate::evaluators {

// Each says 1 within the limits, which are inside, else 0; version 1. They look at the output alone
// and always apply.

// "length". Parameters: unit, "characters" (default: scalars of NFC), "words" (Words of
// unicode_text.h: runs of letters and numbers, so that "state-of-the-art" has four) or
// "spaced_words" (CountSpacedWords: what stands between white space, so that it is one); of both,
// letters of Chinese, Japanese, Thai and other scripts without spaces count one each. least and
// most, 0 to 1,000,000, at least one of them. A limit that no text can miss is refused.
MadeEvaluator MakeLength(Parameters& parameters);

// "latency", "tokens", "cost". Parameter: most_ms, most_tokens or most_usd, which is needed. A
// figure that did not come with the output, is below 0 or is no finite number fails: an unknown
// cost is not a low one.
MadeEvaluator MakeLatency(Parameters& parameters);
MadeEvaluator MakeTokens(Parameters& parameters);
MadeEvaluator MakeCost(Parameters& parameters);

}  // namespace flywheel::evalgate::evaluators

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_LIMITS_H_

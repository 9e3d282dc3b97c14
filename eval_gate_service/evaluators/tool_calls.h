// Tool call match: whether a candidate called the right tools with the right arguments.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_TOOL_CALLS_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_TOOL_CALLS_H_

#include "eval_gate_service/evaluators/evaluator_maker.h"

namespace flywheel::evalgate::evaluators {

// "tool_calls", version 1: 2 M / (E + A), where E calls are expected, A were made, and M is the sum
// of the scores of pairs in the best assignment of made to expected calls, each in at most one
// pair; 1 where E = A = 0. So a call that is missing costs, and one too many does too; a case that
// expects none fails with any. A pair's score is MatchScore of call_match.h (values, any of which
// is allowed; arguments that may be left out; 1 equals 1.0). Parameters:
//   strict    pairs are right or wrong by MatchesStrictly (strict_call.h), with the tools of the
//   case, and
//             the case is right (1) or wrong (0) as a whole: the Berkeley Function Calling
//             Leaderboard's definition, "parallel, no order", but that the best pairs are looked
//             for instead of the first ones. Default false.
//   ordered   pairs may not cross: expected calls are looked for in their order. Default false.
//   extra     "cost" (default) or "free": M / E instead. Where none is expected any call still
//   fails. Not
//             with strict.
//   forbidden names of tools, 1 to 1,000. A call of one makes the case 0, whatever else is right.
// Arguments that are no JSON object, and more than 128 calls: failed, unless forbidden. Not
// applicable: a case that says nothing about calls, unless tools are forbidden (then 1 without such
// a call); expected calls that nobody could make, because their arguments are no JSON objects.
MadeEvaluator MakeToolCalls(Parameters& parameters);

}  // namespace flywheel::evalgate::evaluators

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_TOOL_CALLS_H_

// Trajectory match: whether a candidate took the expected steps (tool calls), in the expected
// order.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_TRAJECTORY_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_TRAJECTORY_H_

#include "eval_gate_service/evaluators/evaluator_maker.h"

namespace flywheel::evalgate::evaluators {

// "trajectory", version 1: 1 where the calls that were made stand to the expected ones as `mode`
// says, else 0. The modes are those of the trajectory metrics of Vertex AI's evaluation service
// (exact, in order) and of LangChain's agentevals (unordered, superset). Parameters:
//   mode        "exact" (default): the same calls in the same order, and no other.
//               "in_order": the expected ones in their order, others before, between and behind.
//               "any_order": the same calls in any order, and no other.
//               "superset": the expected ones in any order, and others.
//   arguments   "match" (default): two calls are the same where MatchScore of call_match.h is 1;
//               "ignore": where the names are equal.
// Arguments that are no JSON object fail, unless they are ignored. Not applicable: a case that says
// nothing about calls, or whose expected calls nobody could make; with "in_order" and "superset"
// one that expects none too: everybody would be right.
MadeEvaluator MakeTrajectory(Parameters& parameters);

}  // namespace flywheel::evalgate::evaluators

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_TRAJECTORY_H_

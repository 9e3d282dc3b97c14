// Checks: what a case itself wants of its output, which need not be what another case wants.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_CHECKS_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_CHECKS_H_

#include <memory>

#include "absl/status/statusor.h"
#include "eval_gate_service/evaluators/evaluator_maker.h"
#include "eval_gate_service/evaluators/evaluator_spec.h"

namespace flywheel::evalgate::evaluators {

// "checks", version 1: the share of the case's checks (Case::checks) that the output passes. Each
// is an evaluator with parameters and a threshold of its own, and is passed over where it has
// nothing to hold the output against. One that cannot be made is not passed. No parameters. Not
// applicable: no check, or none that has something to hold an output against.
MadeEvaluator MakeChecks(Parameters& parameters);

// One check of a case. INVALID_ARGUMENT as MakeEvaluator, and for the kind "checks": checks of
// checks could go round for ever.
absl::StatusOr<std::unique_ptr<const Evaluator>> MakeCheck(const EvaluatorSpec& spec);

}  // namespace flywheel::evalgate::evaluators

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_CHECKS_H_

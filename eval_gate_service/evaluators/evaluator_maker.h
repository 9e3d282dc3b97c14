// Maker of evaluators: what each family of them gives to the factory.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_EVALUATOR_MAKER_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_EVALUATOR_MAKER_H_

#include <memory>

#include "absl/status/statusor.h"
#include "eval_gate_service/evaluators/evaluator.h"
#include "eval_gate_service/evaluators/parameters.h"

namespace flywheel::evalgate::evaluators {

// INVALID_ARGUMENT where the parameters do not fit.
using MadeEvaluator = absl::StatusOr<std::unique_ptr<Evaluator>>;
using EvaluatorMaker = MadeEvaluator (*)(Parameters& parameters);

}  // namespace flywheel::evalgate::evaluators

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_EVALUATOR_MAKER_H_

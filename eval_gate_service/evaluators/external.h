// External: what a program of the pipeline's own says of an output.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_EXTERNAL_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_EXTERNAL_H_

#include <memory>

#include "absl/status/statusor.h"
#include "eval_gate_service/evaluators/evaluator.h"
#include "eval_gate_service/evaluators/parameters.h"

namespace flywheel::evalgate::evaluators {

// Score: that of the output's external grade of the parameter "name", which is required; with the
// parameter "version" only of that version of it. An output without such a grade cannot be
// measured, and fails: a judge that did not speak passes nobody.
absl::StatusOr<std::unique_ptr<Evaluator>> MakeExternal(Parameters& parameters);

}  // namespace flywheel::evalgate::evaluators

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_EXTERNAL_H_

// Evaluators on the command line.
#ifndef FLYWHEEL_CLI_EVALUATOR_FLAG_H_
#define FLYWHEEL_CLI_EVALUATOR_FLAG_H_

#include <string>

#include "absl/status/statusor.h"
#include "flywheel/evalgate/v1/verdict.pb.h"

namespace flywheel::cli {

// A kind, or an object as the "checks" of a case have them: {"kind", "parameters", "threshold",
// "id", "informative"}. INVALID_CONFIGURATION.
absl::StatusOr<evalgate::v1::EvaluatorSpec> EvaluatorOf(const std::string& text);

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_EVALUATOR_FLAG_H_

// Codec of a suite's evaluators as they stand in a column.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_STORE_EVALUATORS_TEXT_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_STORE_EVALUATORS_TEXT_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "eval_gate_service/domain/suite.h"

namespace flywheel::evalgate {

// A JSON array of objects.
std::string EvaluatorsToText(const std::vector<EvaluatorSpec>& evaluators);
// INTERNAL for what EvaluatorsToText did not write.
absl::StatusOr<std::vector<EvaluatorSpec>> EvaluatorsFromText(std::string_view text);

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_STORE_EVALUATORS_TEXT_H_

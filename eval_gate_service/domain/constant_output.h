// Degenerate output check: whether a candidate says the same whatever it is asked.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_CONSTANT_OUTPUT_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_CONSTANT_OUTPUT_H_

#include <optional>
#include <vector>

#include "eval_gate_service/domain/judged_case.h"
#include "eval_gate_service/domain/verdict.h"

namespace flywheel::evalgate {

// A CONSTANT_OUTPUT finding where, of at least 20 answered cases with at least 5 different ideal
// outputs, more than 90 % of the answers are one and the same and at most 90 % of the ideal outputs
// are. Compared are the keys, of what the evaluators look at: nothing is found where they are 0.
std::optional<Finding> ConstantOutputFinding(const std::vector<JudgedCase>& cases);

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_CONSTANT_OUTPUT_H_

// Critical cases: whether any failed that must not.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_CRITICAL_CASES_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_CRITICAL_CASES_H_

#include <optional>
#include <vector>

#include "eval_gate_service/domain/bar.h"
#include "eval_gate_service/domain/judged_case.h"
#include "eval_gate_service/domain/verdict.h"

namespace flywheel::evalgate {

// A CRITICAL_CASES_FAILED finding where a critical case did not pass: one of its attempts failed,
// or by RepeatRule::kAny all of them did. No statistics: whoever calls a case critical says that it
// is no sample of anything.
std::optional<Finding> CriticalCasesFinding(const Bar& bar, const std::vector<JudgedCase>& cases);

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_CRITICAL_CASES_H_

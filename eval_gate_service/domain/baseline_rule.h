// Non-inferiority rule: whether a candidate is worse than the version that serves now.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_BASELINE_RULE_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_BASELINE_RULE_H_

#include <vector>

#include "absl/status/statusor.h"
#include "eval_gate_service/domain/judged_case.h"
#include "eval_gate_service/domain/suite.h"
#include "eval_gate_service/domain/verdict.h"

namespace flywheel::evalgate {

// The finding on the pairs; element i of both lists is about the same case, and neither is empty.
//
// WORSE where the one-sided exact McNemar test says so at alpha: a candidate that is as good is
// blocked with a chance of at most alpha. Else NOT_WORSE where the lower bound of the paired
// difference (see PairedLowerBound) lies above minus the margin. Else UNDECIDED, with the cases
// that would decide.
//
// A case that the baseline answered twice counts as passed by it: a doubt about the baseline must
// never flatter the candidate. Its errors count as failed, as the candidate's do.
absl::StatusOr<Finding> BaselineFinding(const SuitePolicy& policy,
                                        const std::vector<JudgedCase>& candidate,
                                        const std::vector<JudgedCase>& baseline);

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_BASELINE_RULE_H_

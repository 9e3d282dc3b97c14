// Acceptance checks of a new suite: whether its bar and its cases can decide anything.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_SUITE_BAR_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_SUITE_BAR_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "eval_gate_service/domain/suite.h"

namespace flywheel::evalgate {

// Each cohort has findings of its own in every verdict.
inline constexpr size_t kMostCohorts = 1'000;

// INVALID_ARGUMENT where the policy is below the operator's least bar: whoever asks the gate may
// choose the bar, but not below that.
absl::Status CheckLeastBar(const LeastBar& least, const SuitePolicy& policy);

// The rows that the evaluator has a reference for (see HasReference), in their order.
// NOT_ENOUGH_DATA where that is none, or fewer than `least_cases`; INTERNAL where a case comes
// twice.
absl::StatusOr<std::vector<SuiteCase>> SelectCases(const std::string& dataset_version_id,
                                                   Evaluator evaluator, int64_t least_cases,
                                                   std::vector<EvalRow> rows);

// NOT_ENOUGH_DATA for a bar that no case can miss, which would always be met: a selection of tools
// that never expects a call, or a floor for a cohort without a case. LIMIT_EXCEEDED above
// kMostCohorts.
absl::Status CheckBar(const std::string& dataset_version_id, const SuitePolicy& policy,
                      const std::vector<SuiteCase>& cases);

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_SUITE_BAR_H_

// Acceptance checks of a new suite: whether its cases can decide anything.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_SUITE_CASES_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_SUITE_CASES_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "eval_gate_service/domain/suite.h"

namespace flywheel::evalgate {

// Each cohort has findings of its own in every verdict.
inline constexpr size_t kMostCohorts = 1'000;

// The rows that the evaluator has a reference for (see HasReference), in their order.
// NOT_ENOUGH_DATA where that is none; INTERNAL where a case comes twice.
absl::StatusOr<std::vector<SuiteCase>> SelectCases(const std::string& dataset_version_id,
                                                   Evaluator evaluator, std::vector<EvalRow> rows);

// NOT_ENOUGH_DATA for a selection of tools that never expects a call, which all would pass.
// LIMIT_EXCEEDED above kMostCohorts.
absl::Status CheckCases(const std::string& dataset_version_id, Evaluator evaluator,
                        const std::vector<SuiteCase>& cases);

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_SUITE_CASES_H_

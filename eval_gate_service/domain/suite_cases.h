// Acceptance checks of a new suite: whether its cases can decide anything.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_SUITE_CASES_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_SUITE_CASES_H_

#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "eval_gate_service/domain/judged_case.h"
#include "eval_gate_service/domain/suite.h"

namespace flywheel::evalgate {

// Each cohort has findings of its own in every verdict.
inline constexpr size_t kMostCohorts = 1'000;

// The rows that can be judged, in their order. NOT_ENOUGH_DATA where that is none; INTERNAL where a
// case comes twice.
absl::StatusOr<std::vector<SuiteCase>> SelectCases(
    const std::string& dataset_version_id, std::vector<SuiteCase> rows,
    absl::FunctionRef<absl::StatusOr<bool>(const SuiteCase&)> can_be_judged);

// What fits a group: the name itself, of a longer one its hash.
std::string GroupName(const std::string& name);

// Where cases come from, for errors.
struct CaseSource {
  // Such as "dataset version".
  std::string what;
  std::string id;
  // What to do where they have too many cohorts.
  std::string fewer_cohorts;
};

// NOT_ENOUGH_DATA where calls alone are looked at and none is ever expected: who calls nothing
// would pass all of it. LIMIT_EXCEEDED above kMostCohorts.
absl::Status CheckCases(const CaseSource& source, const LooksAt& looks_at,
                        const std::vector<SuiteCase>& cases);

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_SUITE_CASES_H_

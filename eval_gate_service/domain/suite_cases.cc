#include "eval_gate_service/domain/suite_cases.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "shared/hashing/sha256.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::evalgate {

std::string GroupName(const std::string& name) {
  return name.size() <= kMostGroupBytes ? name : Sha256Hex(name);
}

absl::StatusOr<std::vector<SuiteCase>> SelectCases(
    const std::string& dataset_version_id, std::vector<SuiteCase> rows,
    absl::FunctionRef<absl::StatusOr<bool>(const SuiteCase&)> can_be_judged) {
  const std::string what = fmt::format("eval side of dataset version '{}'", dataset_version_id);
  std::vector<SuiteCase> cases;
  absl::flat_hash_set<std::string> ids;
  for (SuiteCase& row : rows) {
    if (!ids.insert(row.case_id).second) {
      return errors::Internal(fmt::format("curation sent row '{}' of dataset version '{}' twice",
                                          row.case_id, dataset_version_id));
    }
    ASSIGN_OR_RETURN(const bool taken, can_be_judged(row));
    if (taken) cases.push_back(std::move(row));
  }
  if (cases.empty()) {
    return errors::NotEnoughData(
        what, fmt::format("{} rows, none that the evaluators can judge", rows.size()),
        "at least 1 case");
  }
  return cases;
}

absl::Status CheckCases(const CaseSource& source, const LooksAt& looks_at,
                        const std::vector<SuiteCase>& cases) {
  const bool expects_calls = std::any_of(cases.begin(), cases.end(), [](const SuiteCase& one) {
    return one.expected_tool_calls && !one.expected_tool_calls->empty();
  });
  if (looks_at.calls && !looks_at.text && !expects_calls) {
    return errors::NotEnoughData("cases that expect a tool call", "0", "at least 1");
  }
  // Every cohort has a finding in every verdict: their number bounds what a verdict holds.
  absl::flat_hash_set<std::string> cohorts;
  for (const SuiteCase& one : cases) {
    if (!one.cohort.empty()) cohorts.insert(one.cohort);
  }
  if (cohorts.size() > kMostCohorts) {
    return errors::FailedPrecondition(
        Reason::kLimitExceeded, source.what, source.id,
        fmt::format("{} cohorts among its cases", cohorts.size()),
        fmt::format("at most {} for a suite: {}", kMostCohorts, source.fewer_cohorts));
  }
  return absl::OkStatus();
}

}  // namespace flywheel::evalgate

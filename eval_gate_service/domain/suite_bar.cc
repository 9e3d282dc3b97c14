#include "eval_gate_service/domain/suite_bar.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "eval_gate_service/domain/evaluators.h"
#include "shared/status/errors.h"
#include "shared/text/shorten.h"

namespace flywheel::evalgate {
namespace {

// Of a text of a client that an error repeats.
constexpr size_t kShownBytes = 40;

}  // namespace

absl::Status CheckLeastBar(const LeastBar& least, const SuitePolicy& policy) {
  // All at once: whoever asks mends the policy once.
  std::vector<errors::FieldViolation> violations;
  const auto check_floor = [&](const std::string& field, double floor) {
    if (floor >= least.pass_rate_floor) return;
    violations.push_back(
        {field, fmt::format("got {}, want at least {}: the operator of this gate says so "
                            "(--least-pass-rate-floor)",
                            floor, least.pass_rate_floor)});
  };
  check_floor("policy.pass_rate_floor", policy.pass_rate_floor);
  for (const auto& [cohort, floor] : policy.cohort_floors) {
    check_floor(fmt::format("policy.cohort_floors['{}']", Shorten(cohort, kShownBytes)), floor);
  }
  const auto check_margin = [&](const char* field, double margin, double most, const char* flag) {
    if (margin <= most) return;
    violations.push_back(
        {field, fmt::format("got {}, want at most {}: the operator of this gate says so ({})",
                            margin, most, flag)});
  };
  check_margin("policy.non_inferiority_margin", policy.non_inferiority_margin,
               least.non_inferiority_margin, "--largest-margin");
  check_margin("policy.cohort_margin", policy.cohort_margin, least.cohort_margin,
               "--largest-cohort-margin");
  return violations.empty() ? absl::OkStatus() : errors::InvalidArgument(violations);
}

absl::StatusOr<std::vector<SuiteCase>> SelectCases(const std::string& dataset_version_id,
                                                   Evaluator evaluator, int64_t least_cases,
                                                   std::vector<EvalRow> rows) {
  const std::string what = fmt::format("eval side of dataset version '{}'", dataset_version_id);
  std::vector<SuiteCase> cases;
  absl::flat_hash_set<std::string> ids;
  for (EvalRow& row : rows) {
    if (!ids.insert(row.suite_case.case_id).second) {
      return errors::Internal(fmt::format("curation sent row '{}' of dataset version '{}' twice",
                                          row.suite_case.case_id, dataset_version_id));
    }
    if (HasReference(evaluator, row)) cases.push_back(std::move(row.suite_case));
  }
  if (cases.empty()) {
    return errors::NotEnoughData(
        what, fmt::format("{} rows, none that the evaluator can use", rows.size()),
        "at least 1 case");
  }
  if (static_cast<int64_t>(cases.size()) < least_cases) {
    return errors::NotEnoughData(
        what, fmt::format("{} cases", cases.size()),
        fmt::format("at least {}: the operator of this gate says so (--least-cases)", least_cases));
  }
  return cases;
}

absl::Status CheckBar(const std::string& dataset_version_id, const SuitePolicy& policy,
                      const std::vector<SuiteCase>& cases) {
  const bool expects_calls = std::any_of(cases.begin(), cases.end(), [](const SuiteCase& one) {
    return !one.expected_tool_calls.empty();
  });
  if (policy.evaluator == Evaluator::kToolSelection && !expects_calls) {
    return errors::NotEnoughData("cases that expect a tool call", "0", "at least 1");
  }
  // Every cohort has a finding in every verdict: their number bounds what a verdict holds.
  absl::flat_hash_set<std::string> cohorts;
  for (const SuiteCase& one : cases) {
    if (!one.cohort.empty()) cohorts.insert(one.cohort);
  }
  if (cohorts.size() > kMostCohorts) {
    return errors::FailedPrecondition(
        Reason::kLimitExceeded, "dataset version", dataset_version_id,
        fmt::format("{} cohorts on its eval side", cohorts.size()),
        fmt::format("at most {} for a suite: build a version whose cohort_attribute has fewer "
                    "values",
                    kMostCohorts));
  }
  for (const auto& [cohort, floor] : policy.cohort_floors) {
    if (cohorts.contains(cohort)) continue;
    return errors::NotEnoughData(
        fmt::format("cases of cohort '{}', which has a floor", Shorten(cohort, kShownBytes)), "0",
        "at least 1");
  }
  return absl::OkStatus();
}

}  // namespace flywheel::evalgate

#include "eval_gate_service/suite_catalog.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "eval_gate_service/domain/content_hash.h"
#include "eval_gate_service/domain/evaluators.h"
#include "eval_gate_service/replay.h"
#include "eval_gate_service/store/suite_store.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"
#include "shared/text/shorten.h"

namespace flywheel::evalgate {
namespace {

// Of a text of a client that an error repeats.
constexpr size_t kShownBytes = 40;

// The suite that an earlier call made, if any.
absl::StatusOr<std::optional<Suite>> FindEarlier(sql::Connection& connection,
                                                 const std::string& project,
                                                 const std::string& suite_id,
                                                 const std::string& request_hash) {
  ASSIGN_OR_RETURN(std::optional<StoredSuite> stored,
                   SuiteStore::Find(connection, project, suite_id));
  ASSIGN_OR_RETURN(const bool replayed, IsReplay(stored, request_hash, "suite", suite_id));
  if (!replayed) return std::nullopt;
  return std::move(stored->suite);
}

absl::StatusOr<std::vector<SuiteCase>> SelectCases(const SuiteRequest& request, int64_t least_cases,
                                                   std::vector<EvalRow> rows) {
  std::vector<SuiteCase> cases;
  absl::flat_hash_set<std::string> ids;
  for (EvalRow& row : rows) {
    if (!ids.insert(row.suite_case.case_id).second) {
      return errors::Internal(fmt::format("curation sent row '{}' of dataset version '{}' twice",
                                          row.suite_case.case_id, request.dataset_version_id));
    }
    if (HasReference(request.policy.evaluator, row)) cases.push_back(std::move(row.suite_case));
  }
  if (cases.empty()) {
    return errors::NotEnoughData(
        fmt::format("eval side of dataset version '{}'", request.dataset_version_id),
        fmt::format("{} rows, none that the evaluator can use", rows.size()), "at least 1 case");
  }
  if (static_cast<int64_t>(cases.size()) < least_cases) {
    return errors::NotEnoughData(
        fmt::format("eval side of dataset version '{}'", request.dataset_version_id),
        fmt::format("{} cases", cases.size()),
        fmt::format("at least {}: the operator of this gate says so (--least-cases)", least_cases));
  }
  return cases;
}

// Whoever asks the gate may choose the bar, but not below the operator's.
absl::Status CheckLeastBar(const LeastBar& least, const SuitePolicy& policy) {
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
  if (policy.non_inferiority_margin > least.non_inferiority_margin) {
    violations.push_back(
        {"policy.non_inferiority_margin",
         fmt::format("got {}, want at most {}: the operator of this gate says so "
                     "(--largest-margin)",
                     policy.non_inferiority_margin, least.non_inferiority_margin)});
  }
  return violations.empty() ? absl::OkStatus() : errors::InvalidArgument(violations);
}

// A bar that no case can miss would always be met.
absl::Status CheckBar(const SuitePolicy& policy, const std::vector<SuiteCase>& cases) {
  const bool expects_calls = std::any_of(cases.begin(), cases.end(), [](const SuiteCase& one) {
    return !one.expected_tool_calls.empty();
  });
  if (policy.evaluator == Evaluator::kToolSelection && !expects_calls) {
    return errors::NotEnoughData("cases that expect a tool call", "0", "at least 1");
  }
  for (const auto& [cohort, floor] : policy.cohort_floors) {
    const bool exists =
        std::any_of(cases.begin(), cases.end(),
                    [&name = cohort](const SuiteCase& one) { return one.cohort == name; });
    if (!exists) {
      return errors::NotEnoughData(
          fmt::format("cases of cohort '{}', which has a floor", Shorten(cohort, kShownBytes)), "0",
          "at least 1");
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<CreatedSuite> SuiteCatalog::Create(const std::string& project,
                                                  const SuiteRequest& request) {
  const std::string hash = SuiteRequestHash(request.dataset_version_id, request.policy);
  std::optional<Suite> earlier;
  RETURN_IF_ERROR(database_->Read([&](sql::Connection& connection) -> absl::Status {
    RETURN_IF_ERROR(connection.Execute("BEGIN"));
    ASSIGN_OR_RETURN(earlier, FindEarlier(connection, project, request.suite_id, hash));
    return absl::OkStatus();
  }));
  if (earlier) return CreatedSuite{*std::move(earlier), /*replayed=*/true};

  RETURN_IF_ERROR(CheckLeastBar(least_bar_, request.policy));
  ASSIGN_OR_RETURN(EvalSide side, curation_->ReadEvalSide(project, request.dataset_version_id));
  ASSIGN_OR_RETURN(const std::vector<SuiteCase> cases,
                   SelectCases(request, least_bar_.cases, std::move(side.rows)));
  RETURN_IF_ERROR(CheckBar(request.policy, cases));
  StoredSuite made;
  made.suite = {
      request.suite_id, request.dataset_version_id,         std::move(side.agent),
      request.policy,   static_cast<int64_t>(cases.size()), BarHash(request.policy, cases),
      clock_->Now()};
  made.request_hash = hash;
  RETURN_IF_ERROR(database_->Write([&](sql::Connection& connection) -> absl::Status {
    // Another call may have made it while this one asked curation.
    ASSIGN_OR_RETURN(earlier, FindEarlier(connection, project, request.suite_id, hash));
    if (earlier) return absl::OkStatus();
    return SuiteStore::Insert(connection, project, made, cases);
  }));
  if (earlier) return CreatedSuite{*std::move(earlier), /*replayed=*/true};
  return CreatedSuite{std::move(made.suite), /*replayed=*/false};
}

absl::StatusOr<Suite> SuiteCatalog::Get(const std::string& project, const std::string& suite_id) {
  std::optional<StoredSuite> stored;
  RETURN_IF_ERROR(database_->Read([&](sql::Connection& connection) -> absl::Status {
    RETURN_IF_ERROR(connection.Execute("BEGIN"));
    ASSIGN_OR_RETURN(stored, SuiteStore::Find(connection, project, suite_id));
    return absl::OkStatus();
  }));
  if (!stored) return errors::NotFound("suite", suite_id, "Make it with CreateSuite first.");
  return std::move(stored->suite);
}

absl::StatusOr<std::vector<SuiteCase>> SuiteCatalog::ReadCases(const std::string& project,
                                                               const std::string& suite_id,
                                                               const std::string& after_case_id,
                                                               int64_t limit) {
  std::vector<SuiteCase> cases;
  RETURN_IF_ERROR(database_->Read([&](sql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(cases, SuiteStore::Cases(connection, project, suite_id, after_case_id, limit));
    return absl::OkStatus();
  }));
  return cases;
}

}  // namespace flywheel::evalgate

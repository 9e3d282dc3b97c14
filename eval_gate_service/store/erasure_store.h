// What was erased, and what is still to be said of it.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_STORE_ERASURE_STORE_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_STORE_ERASURE_STORE_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "eval_gate_service/domain/erasure.h"
#include "shared/sql/connection.h"

namespace flywheel::evalgate {

// A complete suite, and how many rows its dataset version had lost when they were last compared.
struct ComparedSuite {
  std::string project;
  std::string suite_id;
  std::string dataset_version_id;
  int64_t erased_rows = 0;
};

// The SQL of erasure_cursor, erased_rows and erasures_to_report, and of cases that leave.
// Stateless; the caller owns the transaction.
class ErasureStore {
 public:
  // Up to where curation's list of erasures was worked through; 0 before the first.
  static absl::StatusOr<int64_t> Cursor(sql::Connection& connection);

  // How often erasures came, of whatever project; only grows.
  static absl::StatusOr<int64_t> Round(sql::Connection& connection);

  // Moves the cursor, and begins a round where there are `erasures`, which are to be compared.
  static absl::Status TakeIn(sql::Connection& connection, int64_t cursor,
                             std::span<const Erasure> erasures);

  // Those with erasures that are to be compared.
  static absl::StatusOr<std::vector<std::string>> ProjectsToCompare(sql::Connection& connection);

  // The project's complete ones, by dataset version.
  static absl::StatusOr<std::vector<ComparedSuite>> Suites(sql::Connection& connection,
                                                           const std::string& project);

  // Up to `limit` case ids of a suite after `after_case_id` (empty: from the first).
  static absl::StatusOr<std::vector<std::string>> CaseIds(sql::Connection& connection,
                                                          const ComparedSuite& suite,
                                                          const std::string& after_case_id,
                                                          int64_t limit);

  // Erases cases with every version's outputs for them; the suite counts its cases, the project all
  // rows.
  static absl::Status EraseCases(sql::Connection& connection, const ComparedSuite& suite,
                                 std::span<const std::string> case_ids);

  // Keeps `suite.erased_rows`.
  static absl::Status SetCompared(sql::Connection& connection, const ComparedSuite& suite);

  // All erasures of the project are worked through, and to be reported. Of several the first by id
  // has all of the rows that were counted.
  static absl::Status SetAllCompared(sql::Connection& connection, const std::string& project);

  // Of all projects, those that were compared.
  static absl::StatusOr<std::vector<Erasure>> Unreported(sql::Connection& connection,
                                                         int64_t limit);
  static absl::Status SetReported(sql::Connection& connection, const Erasure& erasure);
};

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_STORE_ERASURE_STORE_H_

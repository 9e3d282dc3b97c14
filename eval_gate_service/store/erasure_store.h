// SQL store of erasures: what was erased, and what is still to be reported.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_STORE_ERASURE_STORE_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_STORE_ERASURE_STORE_H_

#include <cstdint>
#include <optional>
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

// The SQL of erasure_cursor, erased_rows, erasing_cases and erasures_to_report, and of cases and
// outputs that leave.
// In the caller's transaction.
class ErasureStore {
 public:
  explicit ErasureStore(sql::Connection& connection) : connection_(connection) {}

  // Up to where curation's list of erasures was worked through; 0 before the first.
  absl::StatusOr<int64_t> Cursor();

  // How often erasures came, of whatever project; only grows.
  absl::StatusOr<int64_t> Round();

  // Moves the cursor, and begins a round where there are `erasures`, which are to be compared.
  absl::Status TakeIn(int64_t cursor, std::span<const Erasure> erasures);

  // The first project after `after_project` (empty: of all) with erasures that are to be compared.
  absl::StatusOr<std::optional<std::string>> NextToCompare(const std::string& after_project);

  // Up to `limit` complete suites of the project by id, after `after_suite_id` (empty: from the
  // first).
  absl::StatusOr<std::vector<ComparedSuite>> Suites(const std::string& project,
                                                    const std::string& after_suite_id,
                                                    int64_t limit);

  // Up to `limit` case ids of a suite after `after_case_id` (empty: from the first).
  absl::StatusOr<std::vector<std::string>> CaseIds(const ComparedSuite& suite,
                                                   const std::string& after_case_id, int64_t limit);

  // Erases cases; the suite counts them, the project the rows. Their outputs are to follow.
  absl::Status EraseCases(const ComparedSuite& suite, std::span<const std::string> case_ids);

  // Whether outputs of cases of the suite that were erased are still to follow.
  absl::StatusOr<bool> IsErasing(const std::string& project, const std::string& suite_id);
  // Erases up to `limit` outputs that are to follow, of whatever run; runs and project count them.
  // True where none is left.
  absl::StatusOr<bool> EraseOutputs(const ComparedSuite& suite, int64_t limit);

  // Keeps `suite.erased_rows`.
  absl::Status SetCompared(const ComparedSuite& suite);

  // All erasures of the project are worked through, and to be reported. Of several the first by id
  // has all of the rows that were counted.
  absl::Status SetAllCompared(const std::string& project);

  // Of all projects, those that were compared.
  absl::StatusOr<std::vector<Erasure>> Unreported(int64_t limit);
  absl::Status SetReported(const Erasure& erasure);

 private:
  sql::Connection& connection_;
};

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_STORE_ERASURE_STORE_H_

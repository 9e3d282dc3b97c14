// Suites and their cases as rows.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_STORE_SUITE_STORE_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_STORE_SUITE_STORE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "eval_gate_service/domain/suite.h"
#include "shared/sql/connection.h"

namespace flywheel::evalgate {

// A suite with the hash of the request that made it.
struct StoredSuite {
  Suite suite;
  std::string request_hash;
};

// The SQL of suites, suite_cohort_floors and suite_cases. Stateless; the caller owns the
// transaction.
class SuiteStore {
 public:
  static absl::Status Insert(sql::Connection& connection, const std::string& project,
                             const StoredSuite& stored, const std::vector<SuiteCase>& cases);

  // Nothing where the project has no such suite.
  static absl::StatusOr<std::optional<StoredSuite>> Find(sql::Connection& connection,
                                                         const std::string& project,
                                                         const std::string& suite_id);

  // Up to `limit` cases by id, after `after_case_id` (empty: from the first).
  static absl::StatusOr<std::vector<SuiteCase>> Cases(sql::Connection& connection,
                                                      const std::string& project,
                                                      const std::string& suite_id,
                                                      const std::string& after_case_id,
                                                      int64_t limit);

  static absl::StatusOr<bool> HasCase(sql::Connection& connection, const std::string& project,
                                      const std::string& suite_id, const std::string& case_id);
};

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_STORE_SUITE_STORE_H_

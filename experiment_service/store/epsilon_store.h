// Store of what was spent on answers with noise, the tables epsilon_spends and noise_keys.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_STORE_EPSILON_STORE_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_STORE_EPSILON_STORE_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "shared/sql/connection.h"

namespace flywheel::experiment {

// Reads and writes both tables. Works in the caller's transaction. An epsilon is in millionths.
class EpsilonStore {
 public:
  explicit EpsilonStore(sql::Connection& connection) : connection_(connection) {}

  // The project's key; `fresh` becomes it where it has none.
  absl::StatusOr<std::string> FindOrInsertKey(const std::string& project, const std::string& fresh);

  // Whether the answer was paid for, however long ago.
  absl::StatusOr<bool> IsPaid(const std::string& project, const std::string& answer_hash);

  // What the project has spent from this time on, which is included.
  absl::StatusOr<int64_t> SpentSince(const std::string& project, absl::Time since);

  // REQUIRES: the answer is not paid.
  absl::Status Insert(const std::string& project, const std::string& answer_hash, int64_t epsilon,
                      absl::Time spend_time);

  // Forgets what the project spent before: the same answer costs anew.
  absl::Status DeleteBefore(const std::string& project, absl::Time time);

 private:
  sql::Connection& connection_;
};

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_STORE_EPSILON_STORE_H_

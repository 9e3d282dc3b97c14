// Store of outcomes, the table outcomes.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_STORE_OUTCOME_STORE_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_STORE_OUTCOME_STORE_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "shared/sql/connection.h"

namespace flywheel::experiment {

// An outcome as it is kept.
struct StoredOutcome {
  std::string outcome_id;
  std::string content_hash;
  int64_t experiment = 0;  // StoredExperiment::ordinal.
  std::string unit_hash;
  std::string metric;
  double value = 0;
  absl::Time event_time;
  absl::Time receive_time;
  // Empty: that of the unit's arm.
  std::string served_version;
  bool fallback = false;
  int64_t revision = 0;
};

// How many outcomes left, and how many of them were of units that were served without an
// assignment.
struct RemovedOutcomes {
  int64_t outcomes = 0;
  int64_t fallbacks = 0;
};

// Reads and writes the table `outcomes`. Works in the caller's transaction.
class OutcomeStore {
 public:
  explicit OutcomeStore(sql::Connection& connection) : connection_(connection) {}

  // Nothing where the id is new in the project.
  absl::StatusOr<std::optional<StoredOutcome>> Find(const std::string& project,
                                                    const std::string& outcome_id);

  // Adds an outcome; false, and nothing, where its id is known.
  absl::StatusOr<bool> Insert(const std::string& project, const StoredOutcome& outcome);
  // Takes an outcome in the place of the one with its id.
  absl::Status Replace(const std::string& project, const StoredOutcome& outcome);

  // Nothing where there is none.
  absl::Status Remove(const std::string& project, const std::string& outcome_id);
  // Removes all of a unit.
  absl::StatusOr<RemovedOutcomes> RemoveOfUnit(int64_t experiment, const std::string& unit_hash);
  // Removes up to `limit` of an experiment; returns how many there were.
  absl::StatusOr<int64_t> RemoveSome(int64_t experiment, int64_t limit);

 private:
  sql::Connection& connection_;
};

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_STORE_OUTCOME_STORE_H_

// Store of training runs, the table training_runs.
#ifndef FLYWHEEL_CURATION_SERVICE_STORE_TRAINING_RUN_STORE_H_
#define FLYWHEEL_CURATION_SERVICE_STORE_TRAINING_RUN_STORE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "curation_service/domain/training_run.h"
#include "shared/sql/connection.h"
#include "shared/sql/list_range.h"

namespace flywheel::curation {

// A run with what the store knows besides.
struct StoredTrainingRun {
  TrainingRun run;
  // Of the request that opened it, and of the report that completed it (empty until then).
  std::string request_hash;
  std::string completion_hash;
  // Counts the project's runs from 1.
  int64_t ordinal = 0;
};

// Who leases runs: the name that it gives, with the id of its key.
struct Trainer {
  std::string name;
  std::string key_id;
};

// The last successful run of an agent.
struct LastTraining {
  absl::Time complete_time;
  // Of its dataset.
  int64_t feed_sequence = 0;
};

// All SQL over this table, inside the caller's transaction.
class TrainingRunStore {
 public:
  explicit TrainingRunStore(sql::Connection& connection) : connection_(connection) {}

  // Adds a run that does not exist yet.
  absl::Status Add(const std::string& project, const std::string& request_hash,
                   const TrainingRun& run);

  absl::StatusOr<std::optional<StoredTrainingRun>> Find(const std::string& project,
                                                        const std::string& training_run_id);

  // Of the runs of `agents` the oldest that the trainer leased and that nobody took from it; where
  // it has none, the oldest that is open or whose lease has ended.
  absl::StatusOr<std::optional<StoredTrainingRun>> FindForLease(
      const std::string& project, const Trainer& trainer, const std::vector<std::string>& agents,
      absl::Time now);

  // The newest run of the agent that is open or leased.
  absl::StatusOr<std::optional<StoredTrainingRun>> FindUnderWay(const std::string& project,
                                                                const std::string& agent);

  // Each keeps what it is named after, of a run that is there already.
  absl::Status SetLease(const std::string& project, const TrainingRun& run);
  absl::Status SetComplete(const std::string& project, const TrainingRun& run,
                           const std::string& completion_hash);
  absl::Status SetCancelled(const std::string& project, const TrainingRun& run);

  // Up to `limit` runs of a range.
  absl::StatusOr<std::vector<StoredTrainingRun>> List(const std::string& project,
                                                      const sql::ListRange& range, int64_t limit);

  absl::StatusOr<std::optional<LastTraining>> FindLastTraining(const std::string& project,
                                                               const std::string& agent);

 private:
  // The oldest of one agent: the trainer's own, and that waits for one.
  absl::StatusOr<std::optional<StoredTrainingRun>> FindHeld(const std::string& project,
                                                            const Trainer& trainer,
                                                            const std::string& agent);
  absl::StatusOr<std::optional<StoredTrainingRun>> FindWaiting(const std::string& project,
                                                               const std::string& agent,
                                                               absl::Time now);

  sql::Connection& connection_;
};

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_STORE_TRAINING_RUN_STORE_H_

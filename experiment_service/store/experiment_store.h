// Experiments on disk.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_STORE_EXPERIMENT_STORE_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_STORE_EXPERIMENT_STORE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "experiment_service/domain/experiment.h"
#include "shared/sql/connection.h"

namespace flywheel::experiment {

// An experiment with what only the store knows of it.
struct StoredExperiment {
  int64_t sequence = 0;  // From 1, in the order of making.
  std::string project;
  std::string request_hash;
  Experiment experiment;
};

// Reads and writes the tables `experiments` and `experiment_arms`. Works in the caller's
// transaction.
class ExperimentStore {
 public:
  explicit ExperimentStore(sql::Connection& connection) : connection_(connection) {}

  // Numbers and adds a running experiment; returns its sequence. REQUIRES: its id is new.
  absl::StatusOr<int64_t> Insert(const std::string& project, const Experiment& experiment,
                                 const std::string& request_hash);

  // RUNNING -> STOPPED.
  absl::Status Stop(int64_t sequence, absl::Time stop_time, const std::string& reason);

  // Nothing where the project has no such experiment.
  absl::StatusOr<std::optional<StoredExperiment>> Find(const std::string& project,
                                                       const std::string& experiment_id);
  // The one that takes the agent's traffic.
  absl::StatusOr<std::optional<StoredExperiment>> FindRunning(const std::string& project,
                                                              const std::string& agent);

  // The newest first, at most `limit`.
  absl::StatusOr<std::vector<StoredExperiment>> List(const std::string& project,
                                                     const ExperimentFilter& filter, int64_t limit);
  // All of all projects, the oldest first.
  absl::StatusOr<std::vector<StoredExperiment>> LoadAll();

 private:
  absl::Status ReadArms(StoredExperiment& stored);
  absl::StatusOr<std::vector<StoredExperiment>> ReadAll(sql::Statement& select);

  sql::Connection& connection_;
};

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_STORE_EXPERIMENT_STORE_H_

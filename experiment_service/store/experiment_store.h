// Store of experiments, the tables experiments, experiment_arms and experiment_metrics.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_STORE_EXPERIMENT_STORE_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_STORE_EXPERIMENT_STORE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "experiment_service/domain/experiment.h"
#include "shared/sql/connection.h"
#include "shared/sql/list_range.h"

namespace flywheel::experiment {

// An experiment with what only the store knows of it.
struct StoredExperiment {
  int64_t ordinal = 0;  // From 1, in the order of making, of all projects together.
  std::string project;
  std::string request_hash;
  Experiment experiment;
  // Drawn at random when the experiment was made, so that nobody can compute arms who knows its
  // ids; empty for one from before there were salts. No answer but WatchExperiments' depends on it.
  std::string assignment_salt = {};
};

// Why an experiment ends.
struct ExperimentStop {
  absl::Time time;
  std::string reason;
  std::string key_id;
};

// What changes of an experiment, as the store has it.
struct ExperimentProgress {
  std::optional<absl::Time> stop_time;  // Nothing while it runs.
  // Units that were exposed until then have come of age.
  absl::Time matured_through;
};

// Reads and writes the tables `experiments`, `experiment_arms` and `experiment_metrics`, and with
// them an experiment's ramp (RampStore) and segments (SegmentStore). Works in the caller's
// transaction.
class ExperimentStore {
 public:
  explicit ExperimentStore(sql::Connection& connection) : connection_(connection) {}

  // Numbers and adds a running experiment; returns its ordinal. REQUIRES: its id is new.
  absl::StatusOr<int64_t> Insert(const std::string& project, const Experiment& experiment,
                                 const std::string& request_hash,
                                 std::string_view assignment_salt = {});

  // RUNNING -> STOPPED, in the store and in `stored`.
  absl::Status Stop(const ExperimentStop& stop, StoredExperiment& stored);

  // Nothing where the project has no such experiment.
  absl::StatusOr<std::optional<StoredExperiment>> Find(const std::string& project,
                                                       const std::string& experiment_id);
  // REQUIRES: there is one.
  absl::StatusOr<ExperimentProgress> Progress(int64_t ordinal);
  absl::Status SetMaturedThrough(int64_t ordinal, absl::Time time);
  // The one that takes the agent's traffic.
  absl::StatusOr<std::optional<StoredExperiment>> FindRunning(const std::string& project,
                                                              const std::string& agent);
  // How many an agent ever had.
  absl::StatusOr<int64_t> Count(const std::string& project, const std::string& agent);

  // Up to `limit` experiments of a range.
  absl::StatusOr<std::vector<StoredExperiment>> List(const std::string& project,
                                                     const sql::ListRange& range, int64_t limit);
  // Hands those of all projects to `on_experiment`, the oldest first, one by one.
  absl::Status ForEach(absl::FunctionRef<void(StoredExperiment)> on_experiment);

 private:
  absl::Status InsertMetrics(int64_t ordinal, const std::vector<Metric>& metrics);
  absl::Status ReadArms(StoredExperiment& stored);
  absl::Status ReadMetrics(StoredExperiment& stored);
  absl::Status ForEachRow(sql::Statement& select,
                          absl::FunctionRef<void(StoredExperiment)> on_experiment);
  absl::StatusOr<std::optional<StoredExperiment>> ReadOne(sql::Statement& select);

  sql::Connection& connection_;
};

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_STORE_EXPERIMENT_STORE_H_

// Store of outcome counts, the table experiment_tallies: a row an arm.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_STORE_OUTCOME_COUNTS_STORE_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_STORE_OUTCOME_COUNTS_STORE_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "experiment_service/domain/outcome_counts.h"
#include "shared/sql/connection.h"

namespace flywheel::experiment {

// A change of one unit of one experiment.
struct ExperimentChange {
  int64_t experiment = 0;  // StoredExperiment::ordinal.
  UnitChange change;
};

// An arm's counts at one moment.
struct StoredCounts {
  int64_t experiment = 0;  // StoredExperiment::ordinal.
  size_t arm = 0;          // Its place among the arms.
  OutcomeCounts counts;
};

// Reads and writes the table `experiment_tallies`. Works in the caller's transaction.
class OutcomeCountsStore {
 public:
  explicit OutcomeCountsStore(sql::Connection& connection) : connection_(connection) {}

  // Counts `changes`, which must be written in the same transaction; returns those
  // that changed, as they are now.
  absl::StatusOr<std::vector<StoredCounts>> Update(const std::vector<ExperimentChange>& changes);

  // Hands those of all experiments to `on_counts`, one by one; an arm that nobody was seen in has
  // none.
  absl::Status ForEach(absl::FunctionRef<void(const StoredCounts&)> on_counts);

 private:
  absl::StatusOr<OutcomeCounts> Find(int64_t experiment, size_t arm);
  absl::Status Put(const StoredCounts& stored);

  sql::Connection& connection_;
};

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_STORE_OUTCOME_COUNTS_STORE_H_

// Tallies on disk.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_STORE_TALLY_STORE_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_STORE_TALLY_STORE_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "experiment_service/domain/arm_tally.h"
#include "shared/sql/connection.h"

namespace flywheel::experiment {

// A change of one unit of one experiment.
struct ExperimentChange {
  int64_t experiment = 0;  // StoredExperiment::sequence.
  UnitChange change;
};

// An arm's tally at one moment.
struct StoredTally {
  int64_t experiment = 0;  // StoredExperiment::sequence.
  size_t arm = 0;          // Its place among the arms.
  ArmTally tally;
};

// Reads and writes the table `experiment_tallies`. Works in the caller's transaction.
class TallyStore {
 public:
  explicit TallyStore(sql::Connection& connection) : connection_(connection) {}

  // Lets the tallies follow `changes`, which must be written in the same transaction; returns those
  // that changed, as they are now.
  absl::StatusOr<std::vector<StoredTally>> Apply(const std::vector<ExperimentChange>& changes);

  // Of all experiments; an arm that nobody was seen in has none.
  absl::StatusOr<std::vector<StoredTally>> LoadAll();

 private:
  absl::StatusOr<ArmTally> Find(int64_t experiment, size_t arm);
  absl::Status Put(const StoredTally& stored);

  sql::Connection& connection_;
};

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_STORE_TALLY_STORE_H_

// Unit writer: changes units within one write, and keeps the counts of their arms with them.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_UNIT_WRITER_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_UNIT_WRITER_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "experiment_service/domain/arm_counts.h"
#include "experiment_service/domain/unit_state.h"
#include "experiment_service/live_experiment.h"
#include "experiment_service/store/arm_counts_store.h"
#include "experiment_service/store/experiment_store.h"
#include "experiment_service/store/unit_store.h"
#include "shared/sql/connection.h"

namespace flywheel::experiment {

// One write's work on units. Reads and writes each arm's counts once, however many of its units
// change. Lives within a transaction.
class UnitWriter {
 public:
  explicit UnitWriter(sql::Connection& connection) : connection_(connection) {}

  // Where an experiment stands by the store, which may be ahead of what is held in memory.
  absl::StatusOr<ExperimentProgress> Progress(const LiveExperiment& live);

  // What is known of a unit.
  absl::StatusOr<UnitState> Find(const LiveExperiment& live, const UnitKey& key);
  // Takes `state`, of whatever was known, to what it is after an exposure at `time`.
  absl::Status Expose(const LiveExperiment& live, absl::Time time, UnitState& state);
  // Writes `after` in the place of `before`, which Find gave.
  absl::Status Put(const LiveExperiment& live, const UnitKey& key, const UnitState& before,
                   const UnitState& after);

  // An arm's counts, to be changed.
  absl::StatusOr<ArmCounts*> Counts(const LiveExperiment& live, size_t arm);

  // Writes the counts; returns those that may have changed. The last call.
  absl::StatusOr<std::vector<StoredCounts>> Finish();

 private:
  sql::Connection& connection_;
  std::map<int64_t, ExperimentProgress> progress_;
  std::map<std::pair<int64_t, size_t>, ArmCounts> counts_;
};

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_UNIT_WRITER_H_

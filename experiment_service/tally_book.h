// The arms' tallies, in memory.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_TALLY_BOOK_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_TALLY_BOOK_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "experiment_service/domain/arm_tally.h"
#include "shared/sql/connection.h"

namespace flywheel::experiment {

// A change of one unit of one experiment.
struct ExperimentChange {
  int64_t experiment = 0;  // StoredExperiment::sequence.
  UnitChange change;
};

// What an analysis reads, so that its cost does not depend on the number of outcomes. Built from
// the units' table at start, then told of every change after its commit, in the order of commits.
// Thread-safe.
class TallyBook {
 public:
  // Fills an empty book.
  absl::Status Load(sql::Connection& connection);

  void Apply(const std::vector<ExperimentChange>& changes);

  // One tally an arm, `arms` of them.
  std::vector<ArmTally> Find(int64_t experiment, size_t arms) const;

 private:
  void ApplyOne(int64_t experiment, const UnitChange& change) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  mutable absl::Mutex mutex_;
  absl::flat_hash_map<int64_t, std::vector<ArmTally>> tallies_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_TALLY_BOOK_H_

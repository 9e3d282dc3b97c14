// In-memory cache of the arms' tallies, for analysis.
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
#include "experiment_service/store/tally_store.h"
#include "shared/sql/connection.h"

namespace flywheel::experiment {

// What an analysis reads, so that neither its cost nor that of a start depends on the number of
// outcomes: a copy of the stored tallies, told of every change after its commit, in the order of
// commits. Thread-safe.
class TallyBook {
 public:
  // Fills an empty book.
  absl::Status Load(sql::Connection& connection);

  // Takes tallies in the place of those that it has.
  void Put(const std::vector<StoredTally>& tallies);

  // One tally an arm, `arms` of them.
  std::vector<ArmTally> Find(int64_t experiment, size_t arms) const;

 private:
  mutable absl::Mutex mutex_;
  absl::flat_hash_map<int64_t, std::vector<ArmTally>> tallies_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_TALLY_BOOK_H_

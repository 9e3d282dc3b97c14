// In-memory cache of the counts of arms, for analysis.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_ARM_COUNTS_CACHE_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_ARM_COUNTS_CACHE_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "experiment_service/domain/arm_counts.h"
#include "experiment_service/store/arm_counts_store.h"
#include "shared/sql/connection.h"

namespace flywheel::experiment {

// What an analysis reads, so that neither its cost nor that of a start depends on the number of
// outcomes: a copy of the stored counts, told of every change after its commit, in the order of
// commits. Thread-safe.
class ArmCountsCache {
 public:
  // Fills an empty cache.
  absl::Status Load(sql::Connection& connection);

  // Takes `counts` in the place of those that it has.
  void Put(const std::vector<StoredCounts>& counts);

  // One an arm, `arms` of them, each with `metrics` metrics; empty ones where nothing is counted.
  std::vector<ArmCounts> Find(int64_t experiment, size_t arms, size_t metrics) const;

 private:
  mutable absl::Mutex mutex_;
  absl::flat_hash_map<int64_t, std::vector<ArmCounts>> counts_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_ARM_COUNTS_CACHE_H_

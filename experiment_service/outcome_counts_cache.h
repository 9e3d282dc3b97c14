// In-memory cache of the outcome counts, for analysis.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_OUTCOME_COUNTS_CACHE_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_OUTCOME_COUNTS_CACHE_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "experiment_service/domain/outcome_counts.h"
#include "experiment_service/store/outcome_counts_store.h"
#include "shared/sql/connection.h"

namespace flywheel::experiment {

// What an analysis reads, so that neither its cost nor that of a start depends on the number of
// outcomes: a copy of the stored counts, told of every change after its commit, in the order of
// commits. Thread-safe.
class OutcomeCountsCache {
 public:
  // Fills an empty cache.
  absl::Status Load(sql::Connection& connection);

  // Takes `counts` in the place of those that it has.
  void Put(const std::vector<StoredCounts>& counts);

  // One an arm, `arms` of them; empty ones where nothing is counted.
  std::vector<OutcomeCounts> Find(int64_t experiment, size_t arms) const;

 private:
  mutable absl::Mutex mutex_;
  absl::flat_hash_map<int64_t, std::vector<OutcomeCounts>> counts_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_OUTCOME_COUNTS_CACHE_H_

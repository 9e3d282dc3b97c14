#include "experiment_service/outcome_counts_cache.h"

namespace flywheel::experiment {

absl::Status OutcomeCountsCache::Load(sql::Connection& connection) {
  return OutcomeCountsStore(connection).ForEach([this](const StoredCounts& stored) {
    Put({stored});
  });
}

void OutcomeCountsCache::Put(const std::vector<StoredCounts>& counts) {
  absl::MutexLock lock(&mutex_);
  for (const StoredCounts& stored : counts) {
    std::vector<OutcomeCounts>& arms = counts_[stored.experiment];
    if (arms.size() <= stored.arm) arms.resize(stored.arm + 1);
    arms[stored.arm] = stored.counts;
  }
}

std::vector<OutcomeCounts> OutcomeCountsCache::Find(int64_t experiment, size_t arms) const {
  std::vector<OutcomeCounts> found;
  {
    absl::ReaderMutexLock lock(&mutex_);
    const auto counts = counts_.find(experiment);
    if (counts != counts_.end()) found = counts->second;
  }
  found.resize(arms);  // An arm that nobody was seen in has no row.
  return found;
}

}  // namespace flywheel::experiment

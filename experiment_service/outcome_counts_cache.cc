#include "experiment_service/outcome_counts_cache.h"

#include "shared/status/status_macros.h"

namespace flywheel::experiment {

absl::Status OutcomeCountsCache::Load(sql::Connection& connection) {
  ASSIGN_OR_RETURN(const std::vector<StoredCounts> counts,
                   OutcomeCountsStore(connection).LoadAll());
  Put(counts);
  return absl::OkStatus();
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
  found.resize(arms);
  return found;
}

}  // namespace flywheel::experiment

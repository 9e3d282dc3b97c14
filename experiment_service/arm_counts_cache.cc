#include "experiment_service/arm_counts_cache.h"

namespace flywheel::experiment {

absl::Status ArmCountsCache::Load(sql::Connection& connection) {
  return ArmCountsStore(connection).ForEach([this](const StoredCounts& stored) { Put({stored}); });
}

void ArmCountsCache::Put(const std::vector<StoredCounts>& counts) {
  absl::MutexLock lock(&mutex_);
  for (const StoredCounts& stored : counts) {
    std::vector<ArmCounts>& arms = counts_[stored.experiment];
    if (arms.size() <= stored.arm) arms.resize(stored.arm + 1);
    arms[stored.arm] = stored.counts;
  }
}

std::vector<ArmCounts> ArmCountsCache::Find(int64_t experiment, size_t arms, size_t metrics) const {
  std::vector<ArmCounts> found;
  {
    absl::ReaderMutexLock lock(&mutex_);
    const auto counts = counts_.find(experiment);
    if (counts != counts_.end()) found = counts->second;
  }
  found.resize(arms);  // An arm that nobody was seen in has no row,
  for (ArmCounts& arm : found) arm.metrics.resize(metrics);  // nor a metric without an outcome.
  return found;
}

}  // namespace flywheel::experiment

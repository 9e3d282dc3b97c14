#include "experiment_service/evidence_cache.h"

#include <cstddef>
#include <utility>

#include "experiment_service/store/arm_counts_store.h"
#include "experiment_service/store/decision_store.h"
#include "shared/status/status_macros.h"

namespace flywheel::experiment {

absl::Status EvidenceCache::Load(sql::Connection& connection, const LiveExperiment& live) {
  const size_t metrics = live.experiment.plan.metrics.size();
  Evidence evidence{live.ordinal, {}, {}};
  for (size_t arm = 0; arm < live.experiment.arms.size(); ++arm) {
    ASSIGN_OR_RETURN(ArmCounts counts, ArmCountsStore(connection).Find(live.ordinal, arm, metrics));
    ASSIGN_OR_RETURN(Standing standing, DecisionStore(connection).FindStanding(live.ordinal, arm));
    evidence.counts.push_back(std::move(counts));
    evidence.standings.push_back(std::move(standing));
  }
  Put({std::move(evidence)});
  return absl::OkStatus();
}

void EvidenceCache::Put(std::vector<Evidence> evidence) {
  for (Evidence& one : evidence) {
    const int64_t experiment = one.experiment;
    auto shared = std::make_shared<const Evidence>(std::move(one));
    absl::MutexLock lock(&mutex_);
    evidence_[experiment] = std::move(shared);
  }
}

std::shared_ptr<const Evidence> EvidenceCache::FindKnown(int64_t experiment) const {
  absl::ReaderMutexLock lock(&mutex_);
  const auto found = evidence_.find(experiment);
  return found == evidence_.end() ? nullptr : found->second;
}

std::shared_ptr<const Evidence> EvidenceCache::Find(const LiveExperiment& live) const {
  if (std::shared_ptr<const Evidence> known = FindKnown(live.ordinal)) return known;
  const size_t arms = live.experiment.arms.size();
  return std::make_shared<const Evidence>(Evidence{
      live.ordinal, std::vector<ArmCounts>(arms, ArmCounts(live.experiment.plan.metrics.size())),
      std::vector<Standing>(arms)});
}

}  // namespace flywheel::experiment

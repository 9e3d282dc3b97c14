#include "experiment_service/tally_book.h"

#include "shared/status/status_macros.h"

namespace flywheel::experiment {

absl::Status TallyBook::Load(sql::Connection& connection) {
  ASSIGN_OR_RETURN(const std::vector<StoredTally> tallies, TallyStore(connection).LoadAll());
  Put(tallies);
  return absl::OkStatus();
}

void TallyBook::Put(const std::vector<StoredTally>& tallies) {
  absl::MutexLock lock(&mutex_);
  for (const StoredTally& stored : tallies) {
    std::vector<ArmTally>& arms = tallies_[stored.experiment];
    if (arms.size() <= stored.arm) arms.resize(stored.arm + 1);
    arms[stored.arm] = stored.tally;
  }
}

std::vector<ArmTally> TallyBook::Find(int64_t experiment, size_t arms) const {
  std::vector<ArmTally> found;
  {
    absl::ReaderMutexLock lock(&mutex_);
    const auto tallies = tallies_.find(experiment);
    if (tallies != tallies_.end()) found = tallies->second;
  }
  found.resize(arms);
  return found;
}

}  // namespace flywheel::experiment

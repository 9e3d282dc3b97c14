#include "experiment_service/tally_book.h"

#include "experiment_service/store/unit_store.h"

namespace flywheel::experiment {

absl::Status TallyBook::Load(sql::Connection& connection) {
  absl::MutexLock lock(&mutex_);
  return UnitStore(connection).LoadAll([this](int64_t experiment, const UnitChange& change) {
    mutex_.AssertHeld();
    ApplyOne(experiment, change);
  });
}

void TallyBook::Apply(const std::vector<ExperimentChange>& changes) {
  absl::MutexLock lock(&mutex_);
  for (const ExperimentChange& each : changes) ApplyOne(each.experiment, each.change);
}

void TallyBook::ApplyOne(int64_t experiment, const UnitChange& change) {
  std::vector<ArmTally>& arms = tallies_[experiment];
  if (arms.size() <= change.arm) arms.resize(change.arm + 1);
  arms[change.arm].Apply(change);
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

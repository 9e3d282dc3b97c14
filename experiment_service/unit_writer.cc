#include "experiment_service/unit_writer.h"

#include <algorithm>

#include "shared/status/status_macros.h"

namespace flywheel::experiment {

absl::StatusOr<ExperimentProgress> UnitWriter::Progress(const LiveExperiment& live) {
  const auto [known, is_new] = progress_.try_emplace(live.ordinal);
  if (is_new) {
    ASSIGN_OR_RETURN(known->second, ExperimentStore(connection_).Progress(live.ordinal));
  }
  return known->second;
}

absl::StatusOr<UnitState> UnitWriter::Find(const LiveExperiment& live, const UnitKey& key) {
  ASSIGN_OR_RETURN(UnitState state,
                   UnitStore(connection_).Find(key, live.experiment.plan.metrics.size()));
  if (state.exposed()) {
    ASSIGN_OR_RETURN(const ExperimentProgress progress, Progress(live));
    state.matured = *state.expose_time <= progress.matured_through;
  }
  return state;
}

absl::Status UnitWriter::Expose(const LiveExperiment& live, absl::Time time, UnitState& state) {
  state.totals.resize(live.experiment.plan.metrics.size());
  // The first one counts, in whatever order they come to be known.
  state.expose_time = state.exposed() ? std::min(*state.expose_time, time) : time;
  ASSIGN_OR_RETURN(const ExperimentProgress progress, Progress(live));
  state.matured = *state.expose_time <= progress.matured_through;
  return absl::OkStatus();
}

absl::Status UnitWriter::Put(const LiveExperiment& live, const UnitKey& key,
                             const UnitState& before, const UnitState& after) {
  RETURN_IF_ERROR(UnitStore(connection_).Put(key, before, after));
  ASSIGN_OR_RETURN(ArmCounts* const counts, Counts(live, key.arm));
  counts->Count(before, after);
  return absl::OkStatus();
}

absl::StatusOr<ArmCounts*> UnitWriter::Counts(const LiveExperiment& live, size_t arm) {
  const auto [known, is_new] = counts_.try_emplace({live.ordinal, arm});
  if (is_new) {
    ASSIGN_OR_RETURN(
        known->second,
        ArmCountsStore(connection_).Find(live.ordinal, arm, live.experiment.plan.metrics.size()));
  }
  return &known->second;
}

absl::StatusOr<std::vector<StoredCounts>> UnitWriter::Finish() {
  std::vector<StoredCounts> changed;
  for (const auto& [key, counts] : counts_) {
    changed.push_back({key.first, key.second, counts});
    RETURN_IF_ERROR(ArmCountsStore(connection_).Put(changed.back()));
  }
  return changed;
}

}  // namespace flywheel::experiment

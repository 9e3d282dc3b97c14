#include "experiment_service/assigner.h"

#include "experiment_service/not_found.h"
#include "shared/time/stored_time.h"

namespace flywheel::experiment {

absl::StatusOr<AssignedVersion> Assigner::Assign(const std::string& project,
                                                 const std::string& agent, const Visitor& visitor) {
  const std::optional<Serving> serving = serving_->FindAgent(project, agent);
  if (!serving) return NoSuchAgent(agent);
  AssignedVersion assigned;
  assigned.model_version = serving->active_version;
  if (serving->running == nullptr) return assigned;
  const LiveExperiment& live = *serving->running;
  const std::string& unit_id = visitor.IdOf(live.experiment.unit);
  if (unit_id.empty()) {
    assigned.unit = live.experiment.unit;
    return assigned;
  }
  const assign::Place place = live.assignment.PlaceOf(unit_id);
  assigned.not_covered = !place.covered;
  if (assigned.not_covered) return assigned;
  assigned.unit = live.experiment.unit;
  const Arm& arm = live.experiment.arms[place.arm];
  const ExposureProof proof{live.token_key, units_->Hash(project, unit_id), place.arm,
                            StoredTime(clock_->Now())};
  exposures_->Remember(serving->running, proof);
  assigned.model_version = arm.model_version;
  assigned.experiment_id = live.experiment.experiment_id;
  assigned.arm_id = arm.arm_id;
  assigned.token = tokens_.Seal(project, proof);
  return assigned;
}

}  // namespace flywheel::experiment

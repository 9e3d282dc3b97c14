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
  assigned.not_covered = !unit_id.empty() && !live.assignment.Covers(unit_id);
  if (assigned.not_covered) return assigned;
  assigned.unit = live.experiment.unit;
  if (unit_id.empty()) return assigned;
  const size_t index = live.assignment.ArmOf(unit_id);
  const Arm& arm = live.experiment.arms[index];
  const ExposureProof proof{live.token_key, units_->Hash(project, unit_id), index,
                            StoredTime(clock_->Now()),
                            SegmentValuesOf(live.experiment.plan.segments, visitor.attributes)};
  exposures_->Remember(serving->running, proof);
  assigned.model_version = arm.model_version;
  assigned.experiment_id = live.experiment.experiment_id;
  assigned.arm_id = arm.arm_id;
  assigned.token = tokens_.Seal(project, proof);
  return assigned;
}

}  // namespace flywheel::experiment

#include "experiment_service/assigner.h"

#include <optional>

#include "experiment_service/not_found.h"

namespace flywheel::experiment {

absl::StatusOr<AssignedVersion> Assigner::Assign(const std::string& project,
                                                 const std::string& agent,
                                                 const std::string& unit_id) {
  const std::optional<Serving> serving = serving_->FindAgent(project, agent);
  if (!serving) return NoSuchAgent(agent);
  if (serving->running == nullptr) return AssignedVersion{serving->active_version, "", ""};
  const LiveExperiment& live = *serving->running;
  const size_t index = live.assignment.ArmOf(unit_id);
  const Arm& arm = live.experiment.arms[index];
  exposures_->Remember({live.ordinal, units_->Hash(project, unit_id), index});
  return AssignedVersion{arm.model_version, live.experiment.experiment_id, arm.arm_id};
}

}  // namespace flywheel::experiment

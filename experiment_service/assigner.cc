#include "experiment_service/assigner.h"

#include <utility>

#include "experiment_service/refusals.h"
#include "shared/time/stored_time.h"

namespace flywheel::experiment {

AssignedVersion Assigner::Deal(const std::string& project, const Serving& serving,
                               const Visitor& visitor, absl::Time now,
                               std::vector<ExposureRecorder::Exposure>& exposures) const {
  AssignedVersion assigned;
  assigned.model_version = serving.active_version;
  if (serving.running == nullptr) return assigned;
  const LiveExperiment& live = *serving.running;
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
  ExposureProof proof{live.token_key, units_->Hash(project, unit_id), place.arm, now,
                      SegmentValuesOf(live.experiment.plan.segments, visitor.attributes)};
  assigned.model_version = arm.model_version;
  assigned.experiment_id = live.experiment.experiment_id;
  assigned.arm_id = arm.arm_id;
  assigned.token = tokens_.Seal(project, proof);
  exposures.push_back({serving.running, std::move(proof)});
  return assigned;
}

absl::StatusOr<AssignedVersion> Assigner::Assign(const std::string& project,
                                                 const std::string& agent, const Visitor& visitor) {
  const std::optional<Serving> serving = serving_->FindAgent(project, agent);
  if (!serving) return NoSuchAgent(agent);
  std::vector<ExposureRecorder::Exposure> exposures;
  AssignedVersion assigned = Deal(project, *serving, visitor, StoredTime(clock_->Now()), exposures);
  exposures_->Remember(std::move(exposures));
  return assigned;
}

absl::StatusOr<std::vector<AssignedVersion>> Assigner::AssignAll(const std::string& project,
                                                                 const std::vector<Visit>& visits) {
  const absl::Time now = StoredTime(clock_->Now());
  std::vector<AssignedVersion> assigned;
  assigned.reserve(visits.size());
  std::vector<ExposureRecorder::Exposure> exposures;
  exposures.reserve(visits.size());
  const std::string* agent = nullptr;
  std::optional<Serving> serving;
  for (const Visit& visit : visits) {
    if (agent == nullptr || *agent != visit.agent) {
      agent = &visit.agent;
      serving = serving_->FindAgent(project, visit.agent);
      if (!serving) return NoSuchAgent(visit.agent);
    }
    assigned.push_back(Deal(project, *serving, visit.visitor, now, exposures));
  }
  exposures_->Remember(std::move(exposures));
  return assigned;
}

}  // namespace flywheel::experiment

#include "experiment_service/rpc/convert_assignment.h"

#include <fmt/format.h>

#include <utility>

#include "experiment_service/rpc/convert_segments.h"
#include "experiment_service/rpc/validate_assignment.h"
#include "shared/rpc/field_checks.h"

namespace flywheel::experiment {

std::vector<Visit> FromProto(const v1::AssignBatchRequest& request) {
  std::vector<Visit> visits;
  visits.reserve(static_cast<size_t>(request.requests_size()));
  for (const v1::AssignRequest& one : request.requests()) {
    visits.push_back({one.agent(), {one.user_id(), one.session_id(), FromProto(one.attributes())}});
  }
  return visits;
}

std::vector<ReportedExposure> FromProto(const v1::RecordExposuresRequest& request, absl::Time now) {
  std::vector<ReportedExposure> exposures;
  exposures.reserve(static_cast<size_t>(request.exposures_size()));
  for (int i = 0; i < request.exposures_size(); ++i) {
    const v1::UnitExposure& proto = request.exposures(i);
    exposures.push_back({proto.experiment_id(), proto.user_id(), proto.session_id(), proto.arm_id(),
                         rpc::FromProto(proto.expose_time()), FromProto(proto.attributes()),
                         Validate(proto, now, fmt::format("exposures[{}].", i))});
  }
  return exposures;
}

void ToProto(const AgentServing& serving, v1::AgentAssignment* proto) {
  proto->set_agent(serving.agent);
  proto->set_active_version(serving.serving.active_version);
  if (serving.serving.running == nullptr) return;
  const LiveExperiment& live = *serving.serving.running;
  v1::AssignedExperiment* experiment = proto->mutable_experiment();
  experiment->set_experiment_id(live.experiment.experiment_id);
  experiment->set_unit(static_cast<v1::RandomisationUnit>(live.experiment.unit));
  for (const Arm& arm : live.experiment.arms) {
    v1::AssignedArm* assigned = experiment->add_arms();
    assigned->set_arm_id(arm.arm_id);
    assigned->set_model_version(arm.model_version);
    assigned->set_weight(arm.weight);
    assigned->set_control(arm.control);
  }
  experiment->set_seed(live.assignment.seed());
  experiment->set_coverage(live.assignment.coverage());
  *experiment->mutable_create_time() = rpc::ToProto(live.experiment.create_time);
}

}  // namespace flywheel::experiment

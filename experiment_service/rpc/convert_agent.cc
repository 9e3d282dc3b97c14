#include "experiment_service/rpc/convert_agent.h"

#include <cstddef>
#include <cstdint>

#include "experiment_service/domain/experiment.h"
#include "experiment_service/domain/standing.h"
#include "experiment_service/rpc/convert.h"
#include "experiment_service/rpc/convert_ramp.h"

namespace flywheel::experiment {
namespace {

void ToProto(const WatchedExperiment& running, v1::RunningExperiment* proto) {
  const Experiment& experiment = running.live->experiment;
  proto->set_experiment_id(experiment.experiment_id);
  if (experiment.ramp) {
    ToProto(experiment, proto->mutable_ramp_state());
    proto->set_ramp_steps(static_cast<int32_t>(experiment.ramp->steps.size()));
  }
  const AnalysedExperiment& analysed = running.analysed;
  for (size_t i = 0; i < analysed.standings.size(); ++i) {
    const Arm& arm = experiment.arms[analysed.analysis.comparisons[i].arm];
    const Standing& standing = analysed.standings[i];
    v1::TreatmentStanding* treatment = proto->add_treatments();
    treatment->set_arm_id(arm.arm_id);
    treatment->set_model_version(arm.model_version);
    treatment->set_recommendation(
        static_cast<v1::Recommendation>(standing.decision.recommendation));
    treatment->set_reason(static_cast<v1::RecommendationReason>(standing.decision.reason));
    treatment->set_decision(standing.sequence);
  }
}

}  // namespace

void ToProto(const AgentOverview& agent, v1::Agent* proto) {
  ToProto(agent.active, proto->mutable_active_version());
  if (agent.running) ToProto(*agent.running, proto->mutable_running_experiment());
  proto->set_experiments(agent.experiments);
  proto->set_promotions(agent.promotions);
}

}  // namespace flywheel::experiment

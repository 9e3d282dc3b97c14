// Conversions of agents to the messages of flywheel.experiment.v1.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_RPC_CONVERT_AGENT_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_RPC_CONVERT_AGENT_H_

#include "experiment_service/agent_directory.h"
#include "flywheel/experiment/v1/agent.pb.h"

namespace flywheel::experiment {

void ToProto(const AgentOverview& agent, v1::Agent* proto);

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_RPC_CONVERT_AGENT_H_

// Tables of experiments, for people.
#ifndef FLYWHEEL_CLI_EXPERIMENT_EXPERIMENT_TABLES_H_
#define FLYWHEEL_CLI_EXPERIMENT_EXPERIMENT_TABLES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "flywheel/experiment/v1/agent.pb.h"
#include "flywheel/experiment/v1/decision.pb.h"
#include "flywheel/experiment/v1/experiment.pb.h"
#include "flywheel/experiment/v1/ramp.pb.h"

namespace flywheel::cli {

// "step 2 of 3 (50 %), CLIMBING"; steps count from 1 for people.
std::string RampText(const experiment::v1::RampState& state, int64_t steps);

std::string TableText(const std::vector<experiment::v1::Experiment>& experiments);
std::string TableText(const std::vector<experiment::v1::Agent>& agents);
// In their order, the oldest first.
std::string TableText(const std::vector<experiment::v1::Decision>& decisions);

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_EXPERIMENT_EXPERIMENT_TABLES_H_

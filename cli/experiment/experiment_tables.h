// Tables of experiments, for people.
#ifndef FLYWHEEL_CLI_EXPERIMENT_EXPERIMENT_TABLES_H_
#define FLYWHEEL_CLI_EXPERIMENT_EXPERIMENT_TABLES_H_

#include <string>
#include <vector>

#include "flywheel/experiment/v1/agent.pb.h"
#include "flywheel/experiment/v1/decision.pb.h"
#include "flywheel/experiment/v1/experiment.pb.h"

namespace flywheel::cli {

// One experiment: what it compares, its arms' figures, each treatment against the control, and what
// stands.
std::string ShowText(const experiment::v1::Experiment& experiment,
                     const experiment::v1::Analysis& analysis);

std::string TableText(const std::vector<experiment::v1::Experiment>& experiments);
std::string TableText(const std::vector<experiment::v1::Agent>& agents);
// In their order, the oldest first.
std::string TableText(const std::vector<experiment::v1::Decision>& decisions);

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_EXPERIMENT_EXPERIMENT_TABLES_H_

// The commands about experiments, below `flywheel experiment`.
#ifndef FLYWHEEL_CLI_EXPERIMENT_EXPERIMENT_COMMANDS_H_
#define FLYWHEEL_CLI_EXPERIMENT_EXPERIMENT_COMMANDS_H_

#include <string>

#include "cli/command.h"
#include "shared/rpc/channel.h"

namespace flywheel::cli {

// Each adds its subcommand with its flags and help to `experiment`.
void AddWatchExperimentCommand(CLI::App& experiment, Run& run);
void AddShowExperimentCommand(CLI::App& experiment, Run& run);
void AddListExperimentsCommand(CLI::App& experiment, Run& run);
void AddDecisionsCommand(CLI::App& experiment, Run& run);
void AddAgentsCommand(CLI::App& experiment, Run& run);
void AddStopExperimentCommand(CLI::App& experiment, Run& run);

// What all of them are told.
struct ExperimentFlags {
  rpc::Target target;
  std::string project;
  bool json = false;
};

// Adds --json, which `json_help` describes, and the flags that say where the service is and who
// asks.
inline void AddExperimentFlags(CLI::App& command, const std::string& json_help,
                               ExperimentFlags& flags) {
  command.add_flag("--json", flags.json, json_help);
  AddAddressFlags(command, {{Service::kExperiment, &flags.target.address}});
  AddCredentialFlags(command, flags.target);
  AddProjectFlag(command, flags.project);
}

// Adds EXPERIMENT.
inline void AddExperimentName(CLI::App& command, std::string& experiment_id) {
  command.add_option("EXPERIMENT", experiment_id, "the id of the experiment")->required();
}

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_EXPERIMENT_EXPERIMENT_COMMANDS_H_

// The commands around runs and their verdicts, below `flywheel gate`.
#ifndef FLYWHEEL_CLI_GATE_RUN_RUN_COMMANDS_H_
#define FLYWHEEL_CLI_GATE_RUN_RUN_COMMANDS_H_

#include "cli/command.h"

namespace flywheel::cli {

// Each adds its subcommand with its flags and help to `gate`.
void AddGateRunCommand(CLI::App& gate, Run& run);
void AddGateSubmitCommand(CLI::App& gate, Run& run);
void AddGateCheckCommand(CLI::App& gate, Run& run);

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_GATE_RUN_RUN_COMMANDS_H_

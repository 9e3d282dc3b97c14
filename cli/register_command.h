// The command that registers a version of an agent, below `flywheel versions`.
#ifndef FLYWHEEL_CLI_REGISTER_COMMAND_H_
#define FLYWHEEL_CLI_REGISTER_COMMAND_H_

#include "cli/command.h"

namespace flywheel::cli {

// Adds `register` with its flags and help to `versions`.
void AddRegisterCommand(CLI::App& versions, Run& run);

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_REGISTER_COMMAND_H_

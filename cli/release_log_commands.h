// The commands below `flywheel gate` around the release log.
#ifndef FLYWHEEL_CLI_RELEASE_LOG_COMMANDS_H_
#define FLYWHEEL_CLI_RELEASE_LOG_COMMANDS_H_

#include "cli/command.h"

namespace flywheel::cli {

// Adds verify-log and log, with their flags and help, to `gate`.
void AddReleaseLogCommands(CLI::App& gate, Run& run);

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_RELEASE_LOG_COMMANDS_H_

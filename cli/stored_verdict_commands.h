// The commands below `flywheel gate` around one verdict that was given.
#ifndef FLYWHEEL_CLI_STORED_VERDICT_COMMANDS_H_
#define FLYWHEEL_CLI_STORED_VERDICT_COMMANDS_H_

#include "cli/command.h"

namespace flywheel::cli {

// Adds explain and replay, with their flags and help, to `gate`.
void AddStoredVerdictCommands(CLI::App& gate, Run& run);

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_STORED_VERDICT_COMMANDS_H_

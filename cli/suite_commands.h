// The commands around one suite, below `flywheel gate suite`.
#ifndef FLYWHEEL_CLI_SUITE_COMMANDS_H_
#define FLYWHEEL_CLI_SUITE_COMMANDS_H_

#include "cli/command.h"

namespace flywheel::cli {

// Adds `suite` with its subcommands to `gate`.
void AddSuiteCommands(CLI::App& gate, Run& run);

// Each adds its subcommand with its flags and help to `suite`.
void AddSuiteCreateCommand(CLI::App& suite, Run& run);
void AddSuiteFromDatasetCommand(CLI::App& suite, Run& run);
void AddSuiteShowCommand(CLI::App& suite, Run& run);
void AddSuiteDiffCommand(CLI::App& suite, Run& run);

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_SUITE_COMMANDS_H_

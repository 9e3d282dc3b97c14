// The commands below `flywheel gate` that an owner has: policies, approvals and waivers.
#ifndef FLYWHEEL_CLI_POLICY_COMMANDS_H_
#define FLYWHEEL_CLI_POLICY_COMMANDS_H_

#include "cli/command.h"

namespace flywheel::cli {

// Each adds its subcommands with their flags and help to `gate`: policy and set-policy; approve
// and waive.
void AddPolicyCommands(CLI::App& gate, Run& run);
void AddApprovalCommands(CLI::App& gate, Run& run);

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_POLICY_COMMANDS_H_

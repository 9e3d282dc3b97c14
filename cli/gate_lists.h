// The commands that list suites, runs, verdicts, policies, approvals and waivers, below `flywheel
// gate`.
#ifndef FLYWHEEL_CLI_GATE_LISTS_H_
#define FLYWHEEL_CLI_GATE_LISTS_H_

#include "cli/command.h"

namespace flywheel::cli {

// Each adds its subcommand with its flags and help to `gate`.
void AddSuitesCommand(CLI::App& gate, Run& run);
void AddRunsCommand(CLI::App& gate, Run& run);
void AddVerdictsCommand(CLI::App& gate, Run& run);
void AddPoliciesCommand(CLI::App& gate, Run& run);
void AddApprovalsCommand(CLI::App& gate, Run& run);
void AddWaiversCommand(CLI::App& gate, Run& run);

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_GATE_LISTS_H_

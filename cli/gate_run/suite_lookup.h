// Finds the suite that a command names.
#ifndef FLYWHEEL_CLI_GATE_RUN_SUITE_LOOKUP_H_
#define FLYWHEEL_CLI_GATE_RUN_SUITE_LOOKUP_H_

#include <string>

#include "absl/status/statusor.h"
#include "cli/gate_run/gate_client.h"

namespace flywheel::cli {

// The suite of this id; with an agent, the newest version of the agent's suite of this name.
// NOT_FOUND.
absl::StatusOr<evalgate::v1::Suite> FindSuite(const GateClient& client, const std::string& suite,
                                              const std::string& agent);

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_GATE_RUN_SUITE_LOOKUP_H_

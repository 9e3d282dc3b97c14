// Finds the suite that a command names.
#ifndef FLYWHEEL_CLI_GATE_RUN_SUITE_LOOKUP_H_
#define FLYWHEEL_CLI_GATE_RUN_SUITE_LOOKUP_H_

#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "cli/gate_run/gate_client.h"

namespace flywheel::cli {

// How every command says what it takes for a suite.
inline constexpr char kSuiteHelp[] =
    "the suite: its name, of which the newest version is taken, or the id of one version";
inline constexpr char kSuiteAgentHelp[] = "whose suite it is, where several agents have the name";

// The suite that a user names: by its id, or by its name, of which the newest version is taken.
// With an agent the names of its suites come first, then the ids of its suites. NOT_FOUND, with
// what there is; INVALID_CONFIGURATION where no agent is said and several have a suite of this
// name.
absl::StatusOr<evalgate::v1::Suite> FindSuite(const GateClient& client, const std::string& suite,
                                              const std::string& agent);

// Every suite of an agent, or of all where it is empty, the newest first, until `take` says false.
absl::Status ForEachSuite(const GateClient& client, const std::string& agent,
                          absl::FunctionRef<bool(const evalgate::v1::Suite&)> take);

// The agents that have a suite, by name.
absl::StatusOr<std::vector<std::string>> AgentsWithSuites(const GateClient& client);

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_GATE_RUN_SUITE_LOOKUP_H_

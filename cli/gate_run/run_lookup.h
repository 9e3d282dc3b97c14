// Finds what versions answered, and says of one that answered nothing which others did.
#ifndef FLYWHEEL_CLI_GATE_RUN_RUN_LOOKUP_H_
#define FLYWHEEL_CLI_GATE_RUN_RUN_LOOKUP_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "cli/gate_run/gate_client.h"

namespace flywheel::cli {

// The newest run of the version on the suite in this state; one without an id where there is none.
absl::StatusOr<evalgate::v1::Run> NewestRun(const GateClient& client, const std::string& suite_id,
                                            const std::string& model_version,
                                            evalgate::v1::RunState state);

// Versions with a run in this state, by name: those of the request's agent or suite, of the first
// hundred thousand runs.
absl::StatusOr<std::vector<std::string>> VersionsWithRuns(const GateClient& client,
                                                          evalgate::v1::ListRunsRequest request);

// NOT_FOUND where the version never answered the suite, with the versions that did.
absl::Status CheckHasRun(const GateClient& client, const evalgate::v1::Suite& suite,
                         const std::string& model_version);

// Why nothing can be compared with the version on the suite: it finished no run there. Says which
// versions did, and what to do. Empty where it can.
absl::StatusOr<std::string> WhyNotCompared(const GateClient& client,
                                           const evalgate::v1::Suite& suite,
                                           const std::string& model_version);

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_GATE_RUN_RUN_LOOKUP_H_

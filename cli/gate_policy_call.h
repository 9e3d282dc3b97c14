// Calls ReleasePolicyService of the evaluation gate, for the commands that use it.
#ifndef FLYWHEEL_CLI_GATE_POLICY_CALL_H_
#define FLYWHEEL_CLI_GATE_POLICY_CALL_H_

#include <string>

#include "absl/status/statusor.h"
#include "cli/command.h"
#include "cli/gate_run/gate_client.h"
#include "flywheel/evalgate/v1/release_policy_service.grpc.pb.h"
#include "shared/status/status_macros.h"

namespace flywheel::cli {

// Where the gate is, and for whom it is asked.
struct GatePolicyTarget {
  rpc::Target target;
  std::string project;
};

// Adds the flags that say where it is.
inline void AddGatePolicyFlags(CLI::App& command, GatePolicyTarget& target) {
  AddAddressFlags(command, {{Service::kEvalGate, &target.target.address}});
  AddCredentialFlags(command, target.target);
  AddProjectFlag(command, target.project);
}

// One call:
//   CallGatePolicy(target, &evalgate::v1::ReleasePolicyService::Stub::WaiveVerdicts, request);
template <typename Request, typename Response>
absl::StatusOr<Response> CallGatePolicy(
    const GatePolicyTarget& target,
    grpc::Status (evalgate::v1::ReleasePolicyService::Stub::*method)(grpc::ClientContext*,
                                                                     const Request&, Response*),
    const Request& request) {
  ASSIGN_OR_RETURN(const GateClient client, GateClient::Open(target.target, target.project));
  return client.Call(method, request);
}

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_GATE_POLICY_CALL_H_

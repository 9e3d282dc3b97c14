// Calls ReleasePolicyService of the evaluation gate, for the commands that use it.
#ifndef FLYWHEEL_CLI_GATE_POLICY_CALL_H_
#define FLYWHEEL_CLI_GATE_POLICY_CALL_H_

#include <string>

#include "absl/status/statusor.h"
#include "cli/command.h"
#include "flywheel/evalgate/v1/release_policy_service.grpc.pb.h"
#include "shared/rpc/retry.h"
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
  ASSIGN_OR_RETURN(const rpc::Channel channel, rpc::Channel::Open(target.target));
  const auto stub = evalgate::v1::ReleasePolicyService::NewStub(channel.get());
  Response response;
  RETURN_IF_ERROR(rpc::CallWithRetry(
      channel, {.total_timeout = absl::Seconds(10)},
      [&](grpc::ClientContext& context) {
        return (stub.get()->*method)(&context, request, &response);
      },
      target.project));
  return response;
}

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_GATE_POLICY_CALL_H_

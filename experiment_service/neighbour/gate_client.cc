#include "experiment_service/neighbour/gate_client.h"

#include <fmt/format.h>

#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::experiment {
namespace {

constexpr absl::Duration kTimeout = absl::Seconds(5);

std::string Describe(evalgate::v1::Decision decision) {
  switch (decision) {
    case evalgate::v1::DECISION_UNSPECIFIED:
      return "nothing: nobody has judged it";
    case evalgate::v1::DECISION_BLOCK:
      return "BLOCK";
    case evalgate::v1::DECISION_INCONCLUSIVE:
      return "INCONCLUSIVE";
    default:
      return fmt::format("decision {}", static_cast<int>(decision));
  }
}

}  // namespace

absl::StatusOr<std::unique_ptr<GateClient>> GateClient::Open(const rpc::Target& target) {
  ASSIGN_OR_RETURN(rpc::Channel channel, rpc::Channel::Open(target));
  return std::unique_ptr<GateClient>(new GateClient(std::move(channel)));
}

absl::Status GateClient::RequirePass(const std::string& project,
                                     const std::string& model_version) const {
  grpc::ClientContext context;
  channel_.Prepare(context, kTimeout, project);
  evalgate::v1::GetShipDecisionRequest request;
  request.set_model_version(model_version);
  evalgate::v1::GetShipDecisionResponse response;
  const grpc::Status status = stub_->GetShipDecision(&context, request, &response);
  // Whatever the gate's error is, a wrong key of ours included, the caller can only come back
  // later.
  if (!status.ok()) {
    return errors::NeighbourUnavailable("the evaluation gate", channel_.address(),
                                        status.error_message());
  }
  if (response.decision() == evalgate::v1::DECISION_PASS) return absl::OkStatus();
  return errors::GateNotPassed(model_version, Describe(response.decision()));
}

}  // namespace flywheel::experiment

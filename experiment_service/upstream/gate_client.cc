#include "experiment_service/upstream/gate_client.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "shared/rpc/upstream_error.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::experiment {
namespace {

// A verdict is looked up, not made, so that a gate that takes longer is down.
constexpr absl::Duration kTimeout = absl::Seconds(5);

// Such as "BLOCK".
std::string DecisionName(evalgate::v1::Decision decision) {
  if (decision == evalgate::v1::DECISION_UNSPECIFIED) return "nothing yet";
  const std::string name = evalgate::v1::Decision_Name(decision);
  // One of a newer gate has a number alone.
  if (name.empty()) return fmt::format("decision {}", static_cast<int>(decision));
  return name.substr(std::string_view("DECISION_").size());
}

// What the gate says, with its own words for it: they hold the next step.
std::string Describe(const evalgate::v1::GetShipDecisionResponse& response,
                     const std::string& agent) {
  std::string words = response.message();
  if (response.decision() == evalgate::v1::DECISION_NOT_CONFIGURED) {
    words = fmt::format(
        "agent '{}' has no release policy, without which nothing passes: its owner sets one first, "
        "by SetReleasePolicy",
        agent);
  }
  return DecisionName(response.decision()) + (words.empty() ? "" : " (" + words + ")");
}

}  // namespace

absl::StatusOr<std::unique_ptr<GateClient>> GateClient::Open(const rpc::Target& target) {
  ASSIGN_OR_RETURN(rpc::Channel channel, rpc::Channel::Open(target));
  return std::unique_ptr<GateClient>(new GateClient(std::move(channel)));
}

absl::Status GateClient::RequirePass(const std::string& project, const GateQuestion& question,
                                     const Deadline& deadline) const {
  grpc::ClientContext context;
  channel_.Prepare(context, std::min(kTimeout, deadline.TimeLeft()), project);
  evalgate::v1::GetShipDecisionRequest request;
  request.set_model_version(question.model_version);
  request.set_agent(question.agent);
  request.set_baseline_model_version(question.serving_version);
  evalgate::v1::GetShipDecisionResponse response;
  const grpc::Status status = stub_->GetShipDecision(&context, request, &response);
  // Nobody waits for the answer any more, whatever it is: then nothing is made of it.
  if (!status.ok() || deadline.TimeLeft() <= absl::ZeroDuration()) {
    RETURN_IF_ERROR(deadline.Check());
  }
  RETURN_IF_ERROR(rpc::UpstreamError(status, "eval gate", channel_.address()));
  if (response.may_ship()) return absl::OkStatus();
  return errors::GateNotPassed(question.model_version, Describe(response, question.agent));
}

}  // namespace flywheel::experiment

#include "experiment_service/upstream/gate_client.h"

#include <fmt/format.h>

#include <algorithm>

#include "shared/rpc/upstream_error.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::experiment {
namespace {

// A verdict is looked up, not made, so that a gate that takes longer is down.
constexpr absl::Duration kTimeout = absl::Seconds(5);

std::string Describe(const evalgate::v1::GetShipDecisionResponse& response,
                     const std::string& serving_version) {
  const std::string by = fmt::format(" by verdict '{}'", response.verdict().verdict_id());
  // The gate itself says INCONCLUSIVE to this; the verdict shows why.
  if (response.verdict().decision() == evalgate::v1::DECISION_PASS) {
    const std::string& baseline = response.verdict().baseline_model_version();
    return fmt::format("nothing of it against '{}', which serves now, but PASS {}{}",
                       serving_version,
                       baseline.empty() ? "without a baseline" : "against '" + baseline + "'", by);
  }
  switch (response.decision()) {
    case evalgate::v1::DECISION_UNSPECIFIED:
      return "nothing: nobody has judged it for this agent";
    case evalgate::v1::DECISION_BLOCK:
      return "BLOCK" + by;
    case evalgate::v1::DECISION_INCONCLUSIVE:
      return "INCONCLUSIVE" + by;
    default:
      return fmt::format("decision {}", static_cast<int>(response.decision()));
  }
}

// To be above a floor, or no worse than a version that nobody uses, says nothing.
bool IsAgainst(const evalgate::v1::Verdict& verdict, const std::string& serving_version) {
  return verdict.baseline_model_version() == serving_version;
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
  if (response.decision() == evalgate::v1::DECISION_PASS &&
      IsAgainst(response.verdict(), question.serving_version)) {
    return absl::OkStatus();
  }
  return errors::GateNotPassed(question.model_version,
                               Describe(response, question.serving_version));
}

}  // namespace flywheel::experiment

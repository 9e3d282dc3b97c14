#include "experiment_service/upstream/approval_client.h"

#include "experiment_service/domain/approval_reason.h"
#include "shared/rpc/upstream_error.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::experiment {
namespace {

// It is one small write: a gate that takes longer is down.
constexpr absl::Duration kApprovalTimeout = absl::Seconds(5);

}  // namespace

absl::StatusOr<std::unique_ptr<ApprovalClient>> ApprovalClient::Open(const rpc::Target& target) {
  ASSIGN_OR_RETURN(rpc::Channel channel, rpc::Channel::Open(target));
  return std::unique_ptr<ApprovalClient>(new ApprovalClient(std::move(channel)));
}

absl::Status ApprovalClient::Approve(const std::string& project, const ActiveVersion& promotion) {
  evalgate::v1::ApproveBaselineRequest request;
  evalgate::v1::BaselineApproval& approval = *request.mutable_approval();
  approval.set_approval_id(promotion.promotion_id);
  approval.set_agent(promotion.agent);
  approval.set_model_version(promotion.model_version);
  approval.set_reason(ApprovalReason(promotion));

  grpc::ClientContext context;
  channel_.Prepare(context, kApprovalTimeout, project);
  // Cancel may come from another thread at any time: it finds the call here, or the call finds it.
  {
    absl::MutexLock lock(&mutex_);
    if (cancelled_) return errors::Cancelled();
    context_ = &context;
  }
  evalgate::v1::ApproveBaselineResponse response;
  const grpc::Status status = stub_->ApproveBaseline(&context, request, &response);
  absl::MutexLock lock(&mutex_);
  context_ = nullptr;
  // A stop is no fault of the gate's, whatever the call ended with.
  if (cancelled_) return errors::Cancelled();
  // The gate ended the call, as one that stops may.
  if (status.error_code() == grpc::StatusCode::CANCELLED) {
    return errors::UpstreamUnavailable("eval gate", channel_.address(), status.error_message());
  }
  return rpc::UpstreamError(status, "eval gate", channel_.address());
}

void ApprovalClient::Cancel() {
  absl::MutexLock lock(&mutex_);
  cancelled_ = true;
  if (context_ != nullptr) context_->TryCancel();
}

}  // namespace flywheel::experiment

// gRPC client of the evaluation gate's release policies: says which version serves an agent.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_UPSTREAM_APPROVAL_CLIENT_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_UPSTREAM_APPROVAL_CLIENT_H_

#include <grpcpp/client_context.h>

#include <memory>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "experiment_service/domain/experiment.h"
#include "flywheel/evalgate/v1/release_policy_service.grpc.pb.h"
#include "shared/rpc/channel.h"

namespace flywheel::experiment {

// Tells the gate of promotions. For one thread, but for Cancel. Connects when it is first used.
class ApprovalClient {
 public:
  // INVALID_CONFIGURATION where a file of `target` cannot be read.
  static absl::StatusOr<std::unique_ptr<ApprovalClient>> Open(const rpc::Target& target);

  // Approves the promoted version as the baseline of its agent, under the promotion's id; told
  // again, it changes nothing. ALREADY_EXISTS_WITH_OTHER_CONTENT where somebody else has used the
  // id, UPSTREAM_UNAVAILABLE where the gate gives no answer within 5 s, UPSTREAM_REFUSED where it
  // does not let this service in, CANCELLED after Cancel, else what the gate says.
  absl::Status Approve(const std::string& project, const ActiveVersion& promotion);

  // Ends what is under way, now and for ever.
  void Cancel();

 private:
  explicit ApprovalClient(rpc::Channel channel)
      : channel_(std::move(channel)),
        stub_(evalgate::v1::ReleasePolicyService::NewStub(channel_.get())) {}

  const rpc::Channel channel_;
  const std::unique_ptr<evalgate::v1::ReleasePolicyService::Stub> stub_;
  absl::Mutex mutex_;
  bool cancelled_ ABSL_GUARDED_BY(mutex_) = false;
  // Of the call that is under way.
  grpc::ClientContext* context_ ABSL_GUARDED_BY(mutex_) = nullptr;
};

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_UPSTREAM_APPROVAL_CLIENT_H_

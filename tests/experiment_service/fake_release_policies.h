// Fake release policies of the eval gate: keeps what it is told, and refuses where a test says so.
#ifndef FLYWHEEL_TESTS_EXPERIMENT_SERVICE_FAKE_RELEASE_POLICIES_H_
#define FLYWHEEL_TESTS_EXPERIMENT_SERVICE_FAKE_RELEASE_POLICIES_H_

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "flywheel/evalgate/v1/release_policy_service.grpc.pb.h"
#include "shared/rpc/status_to_grpc.h"
#include "shared/status/errors.h"

namespace flywheel::experiment {

// As the gate takes approvals: by project and id, each once.
class FakeReleasePolicies final : public evalgate::v1::ReleasePolicyService::Service {
 public:
  // From now on calls of this project, or with this approval's id, fail so; OK lets them in again.
  void Refuse(const std::string& project_or_id, grpc::StatusCode code) {
    absl::MutexLock lock(&mutex_);
    refusals_[project_or_id] = code;
  }
  // While true, every call waits until its caller leaves.
  void HoldAnswers(bool hold) {
    absl::MutexLock lock(&mutex_);
    held_ = hold;
  }
  // What somebody else has said.
  void Keep(const std::string& project, const evalgate::v1::BaselineApproval& approval) {
    absl::MutexLock lock(&mutex_);
    known_[{project, approval.approval_id()}] = approval.SerializeAsString();
  }

  // "PROJECT/ID/AGENT/VERSION" of every approval that was taken, in their order, once there are
  // `count` or 10 s have passed.
  std::vector<std::string> Taken(size_t count) const {
    return Await(count, [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return taken_.size(); });
  }
  // The same once so many calls came, whatever became of them.
  std::vector<std::string> TakenAfterCalls(size_t count) const {
    return Await(count, [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return calls_; });
  }
  size_t calls() const {
    absl::MutexLock lock(&mutex_);
    return calls_;
  }
  evalgate::v1::BaselineApproval last_approval() const {
    absl::MutexLock lock(&mutex_);
    return last_approval_;
  }

 private:
  template <typename Number>
  std::vector<std::string> Await(size_t count, Number number) const {
    const auto reached = [&]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return number() >= count; };
    absl::MutexLock lock(&mutex_);
    mutex_.AwaitWithTimeout(absl::Condition(&reached), absl::Seconds(10));
    return taken_;
  }

  grpc::Status ApproveBaseline(grpc::ServerContext* context,
                               const evalgate::v1::ApproveBaselineRequest* request,
                               evalgate::v1::ApproveBaselineResponse* response) override {
    const auto named = context->client_metadata().find("x-flywheel-project");
    const std::string project = named == context->client_metadata().end()
                                    ? "none"
                                    : std::string(named->second.data(), named->second.size());
    const evalgate::v1::BaselineApproval& approval = request->approval();
    absl::MutexLock lock(&mutex_);
    ++calls_;
    const auto answers = [&]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return !held_; };
    while (!mutex_.AwaitWithTimeout(absl::Condition(&answers), absl::Milliseconds(5))) {
      if (context->IsCancelled()) return grpc::Status::CANCELLED;
    }
    for (const std::string& name : {project, approval.approval_id()}) {
      const auto refusal = refusals_.find(name);
      if (refusal == refusals_.end() || refusal->second == grpc::StatusCode::OK) continue;
      return {refusal->second, "not now"};
    }
    const std::string content = approval.SerializeAsString();
    const auto [known, is_new] = known_.insert({{project, approval.approval_id()}, content});
    if (known->second != content) {
      return rpc::ToGrpcStatus(errors::AlreadyExistsWithOtherContent(
                                   "baseline approval", approval.approval_id(), "Use another id."),
                               "eval-gate.flywheel", "request");
    }
    response->set_replayed(!is_new);
    if (!is_new) return grpc::Status::OK;
    taken_.push_back(project + "/" + approval.approval_id() + "/" + approval.agent() + "/" +
                     approval.model_version());
    last_approval_ = approval;
    return grpc::Status::OK;
  }

  mutable absl::Mutex mutex_;
  std::map<std::string, grpc::StatusCode> refusals_ ABSL_GUARDED_BY(mutex_);
  bool held_ ABSL_GUARDED_BY(mutex_) = false;
  // Content by project and id.
  std::map<std::pair<std::string, std::string>, std::string> known_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::string> taken_ ABSL_GUARDED_BY(mutex_);
  evalgate::v1::BaselineApproval last_approval_ ABSL_GUARDED_BY(mutex_);
  size_t calls_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_TESTS_EXPERIMENT_SERVICE_FAKE_RELEASE_POLICIES_H_

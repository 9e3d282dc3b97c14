// Fake eval gate server: real RPCs with answers that a test sets.
#ifndef FLYWHEEL_TESTS_EXPERIMENT_SERVICE_FAKE_GATE_H_
#define FLYWHEEL_TESTS_EXPERIMENT_SERVICE_FAKE_GATE_H_

#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "flywheel/evalgate/v1/eval_gate_service.grpc.pb.h"
#include "tests/experiment_service/fake_release_policies.h"

namespace flywheel::experiment {

class FakeGate final : public evalgate::v1::EvalGateService::Service {
 public:
  FakeGate() { Start(); }
  ~FakeGate() override { Stop(); }

  // Again after Stop(), at the same address.
  void Start() {
    grpc::ServerBuilder builder;
    builder.AddListeningPort(address(), grpc::InsecureServerCredentials(), &port_);
    builder.RegisterService(this);
    builder.RegisterService(&policies_);
    server_ = builder.BuildAndStart();
  }

  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }
  void Stop() {
    HoldAnswers(false);
    policies_.HoldAnswers(false);
    server_->Shutdown(std::chrono::system_clock::now());
  }
  // While true, every call waits for an answer.
  void HoldAnswers(bool hold) {
    absl::MutexLock lock(&mutex_);
    held_ = hold;
    last_time_left_ = absl::ZeroDuration();
  }

  // What a policy makes of the version; a PASS lets it ship.
  void Judge(const std::string& model_version, evalgate::v1::Decision decision,
             const std::string& message = "") {
    evalgate::v1::GetShipDecisionResponse answer;
    answer.set_may_ship(decision == evalgate::v1::DECISION_PASS);
    answer.set_decision(decision);
    answer.set_message(message);
    Answer(model_version, answer);
  }
  void Answer(const std::string& model_version,
              const evalgate::v1::GetShipDecisionResponse& answer) {
    absl::MutexLock lock(&mutex_);
    answers_[model_version] = answer;
  }
  // Every call fails with this from now on.
  void Refuse(grpc::StatusCode code) {
    absl::MutexLock lock(&mutex_);
    refusal_ = grpc::Status(code, "the key is unknown");
  }
  evalgate::v1::GetShipDecisionRequest last_request() const {
    absl::MutexLock lock(&mutex_);
    return last_request_;
  }
  // How long the last call since HoldAnswers would have waited.
  absl::Duration last_time_left() const {
    absl::MutexLock lock(&mutex_);
    return last_time_left_;
  }
  // "PROJECT/VERSION" of every question so far.
  std::vector<std::string> questions() const {
    absl::MutexLock lock(&mutex_);
    return questions_;
  }

  FakeReleasePolicies& policies() { return policies_; }

 private:
  grpc::Status GetShipDecision(grpc::ServerContext* context,
                               const evalgate::v1::GetShipDecisionRequest* request,
                               evalgate::v1::GetShipDecisionResponse* response) override {
    const auto project = context->client_metadata().find("x-flywheel-project");
    const std::string name = project == context->client_metadata().end()
                                 ? "none"
                                 : std::string(project->second.data(), project->second.size());
    absl::MutexLock lock(&mutex_);
    questions_.push_back(name + "/" + request->model_version());
    last_request_ = *request;
    last_time_left_ = absl::FromChrono(context->deadline()) - absl::Now();
    const auto answers = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return !held_; };
    mutex_.Await(absl::Condition(&answers));
    if (!refusal_.ok()) return refusal_;
    const auto found = answers_.find(request->model_version());
    if (found != answers_.end()) *response = found->second;
    return grpc::Status::OK;
  }

  int port_ = 0;
  FakeReleasePolicies policies_;
  std::unique_ptr<grpc::Server> server_;
  mutable absl::Mutex mutex_;
  std::map<std::string, evalgate::v1::GetShipDecisionResponse> answers_ ABSL_GUARDED_BY(mutex_);
  evalgate::v1::GetShipDecisionRequest last_request_ ABSL_GUARDED_BY(mutex_);
  grpc::Status refusal_ ABSL_GUARDED_BY(mutex_);
  bool held_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Duration last_time_left_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::string> questions_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_TESTS_EXPERIMENT_SERVICE_FAKE_GATE_H_

// Fake recogniser of somebody else: real RPCs with answers that a test sets.
#ifndef FLYWHEEL_TESTS_INGEST_SERVICE_PRIVACY_FAKE_RECOGNISER_H_
#define FLYWHEEL_TESTS_INGEST_SERVICE_PRIVACY_FAKE_RECOGNISER_H_

#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "flywheel/redaction/v1/recogniser_service.grpc.pb.h"

namespace flywheel::ingest {

// Finds words that a test names, wherever they stand.
class FakeRecogniser final : public redaction::v1::RecogniserService::Service {
 public:
  using Change = std::function<void(redaction::v1::RecogniseResponse&)>;

  FakeRecogniser() { Start(); }
  ~FakeRecogniser() override { Stop(); }

  // Again after Stop(), at the same address.
  void Start() {
    grpc::ServerBuilder builder;
    builder.AddListeningPort(address(), grpc::InsecureServerCredentials(), &port_);
    builder.RegisterService(this);
    server_ = builder.BuildAndStart();
  }
  void Stop() {
    HoldAnswers(false);
    server_->Shutdown(std::chrono::system_clock::now());
    server_->Wait();
  }
  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

  void Know(const std::string& word, const std::string& type, double score = 1) {
    absl::MutexLock lock(&mutex_);
    words_[word] = {type, score};
  }
  // While true, no call is answered.
  void HoldAnswers(bool hold) {
    absl::MutexLock lock(&mutex_);
    held_ = hold;
  }
  // Spoils every answer about texts; null for none.
  void Spoil(Change change) {
    absl::MutexLock lock(&mutex_);
    change_ = std::move(change);
  }
  // Every call about texts fails with this from now on.
  void Refuse(const grpc::Status& status) {
    absl::MutexLock lock(&mutex_);
    refusal_ = status;
  }
  // The texts of each call that had some.
  std::vector<std::vector<std::string>> calls() const {
    absl::MutexLock lock(&mutex_);
    return calls_;
  }

 private:
  struct Word {
    std::string type;
    double score = 1;
  };

  grpc::Status Recognise(grpc::ServerContext*, const redaction::v1::RecogniseRequest* request,
                         redaction::v1::RecogniseResponse* response) override {
    absl::MutexLock lock(&mutex_);
    const auto answers = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return !held_; };
    mutex_.Await(absl::Condition(&answers));
    if (request->texts().empty()) return grpc::Status::OK;
    std::vector<std::string>& call = calls_.emplace_back();
    for (const redaction::v1::Text& text : request->texts()) {
      call.push_back(text.text());
      redaction::v1::Result* const result = response->add_results();
      for (const auto& [word, what] : words_) {
        const size_t begin = text.text().find(word);
        if (begin == std::string::npos) continue;
        redaction::v1::Span* const span = result->add_spans();
        span->set_begin(static_cast<int64_t>(begin));
        span->set_end(static_cast<int64_t>(begin + word.size()));
        span->set_type(what.type);
        span->set_score(what.score);
      }
    }
    if (change_ != nullptr) change_(*response);
    return refusal_;
  }

  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
  mutable absl::Mutex mutex_;
  std::map<std::string, Word> words_ ABSL_GUARDED_BY(mutex_);
  bool held_ ABSL_GUARDED_BY(mutex_) = false;
  Change change_ ABSL_GUARDED_BY(mutex_);
  grpc::Status refusal_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::vector<std::string>> calls_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_TESTS_INGEST_SERVICE_PRIVACY_FAKE_RECOGNISER_H_

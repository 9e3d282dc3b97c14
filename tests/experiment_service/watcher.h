// Test client of a stream: keeps what it is sent, and how it ended.
#ifndef FLYWHEEL_TESTS_EXPERIMENT_SERVICE_WATCHER_H_
#define FLYWHEEL_TESTS_EXPERIMENT_SERVICE_WATCHER_H_

#include <grpcpp/client_context.h>
#include <grpcpp/support/sync_stream.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "flywheel/experiment/v1/experiment_service.grpc.pb.h"

namespace flywheel::experiment {

// Reads on a thread of its own from its making to the end of the stream, or of this object.
template <typename Response>
class Watcher {
 public:
  using Begin =
      std::function<std::unique_ptr<grpc::ClientReader<Response>>(grpc::ClientContext* context)>;

  // With a key, where it is not empty.
  explicit Watcher(Begin begin, const std::string& key = "") {
    if (!key.empty()) context_.AddMetadata("authorization", "Bearer " + key);
    thread_ = std::thread([this, begin = std::move(begin)] {
      const std::unique_ptr<grpc::ClientReader<Response>> reader = begin(&context_);
      Response response;
      while (reader->Read(&response)) {
        absl::MutexLock lock(&mutex_);
        messages_.push_back(response);
      }
      grpc::Status status = reader->Finish();
      absl::MutexLock lock(&mutex_);
      status_ = std::move(status);
    });
  }
  ~Watcher() {
    Cancel();
    thread_.join();
  }

  void Cancel() { context_.TryCancel(); }

  std::vector<Response> messages() const {
    absl::MutexLock lock(&mutex_);
    return messages_;
  }
  // How it ended; nothing while it goes on.
  std::optional<grpc::Status> status() const {
    absl::MutexLock lock(&mutex_);
    return status_;
  }

 private:
  grpc::ClientContext context_;
  mutable absl::Mutex mutex_;
  std::vector<Response> messages_ ABSL_GUARDED_BY(mutex_);
  std::optional<grpc::Status> status_ ABSL_GUARDED_BY(mutex_);
  std::thread thread_;
};

using AnalysisWatcher = Watcher<v1::WatchAnalysisResponse>;
using VersionWatcher = Watcher<v1::WatchActiveVersionsResponse>;

// Begins to watch an experiment.
inline std::unique_ptr<AnalysisWatcher> WatchAnalysis(v1::ExperimentService::Stub* stub,
                                                      const std::string& experiment_id,
                                                      const std::string& key = "") {
  return std::make_unique<AnalysisWatcher>(
      [stub, experiment_id](grpc::ClientContext* context) {
        v1::WatchAnalysisRequest request;
        request.set_experiment_id(experiment_id);
        return stub->WatchAnalysis(context, request);
      },
      key);
}

// Begins to watch the versions of all agents, or of one.
inline std::unique_ptr<VersionWatcher> WatchActiveVersions(v1::ExperimentService::Stub* stub,
                                                           const std::string& agent = "",
                                                           const std::string& key = "") {
  return std::make_unique<VersionWatcher>(
      [stub, agent](grpc::ClientContext* context) {
        v1::WatchActiveVersionsRequest request;
        request.set_agent(agent);
        return stub->WatchActiveVersions(context, request);
      },
      key);
}

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_TESTS_EXPERIMENT_SERVICE_WATCHER_H_

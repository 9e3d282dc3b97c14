// Keeps a process's knowledge fresh by WatchExperiments.
#ifndef FLYWHEEL_ASSIGN_CLIENT_EXPERIMENT_WATCH_H_
#define FLYWHEEL_ASSIGN_CLIENT_EXPERIMENT_WATCH_H_

#include <grpcpp/client_context.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "assign/client/connection.h"
#include "assign/client/knowledge.h"
#include "flywheel/experiment/v1/assignment.pb.h"
#include "shared/time/clock.h"

namespace flywheel::assign {

// Reads WatchExperiments in a thread of its own, begins anew whenever the stream ends, and
// publishes what it hears. Thread-safe.
class ExperimentWatch {
 public:
  // `clock` outlives this object. No agents: all of the project.
  ExperimentWatch(Connection connection, std::vector<std::string> agents, const Clock* clock);
  ExperimentWatch(const ExperimentWatch&) = delete;
  ExperimentWatch& operator=(const ExperimentWatch&) = delete;
  // Ends the stream and the thread.
  ~ExperimentWatch();

  const SharedKnowledge& knowledge() const { return knowledge_; }

  // How long ago the service last said how things are; infinite before the first time.
  absl::Duration Age() const {
    const int64_t heard = heard_micros_.load(std::memory_order_relaxed);
    return heard < 0 ? absl::InfiniteDuration() : clock_->Now() - FromMicros(heard);
  }

  // Waits for the first snapshot; whether there is one.
  bool AwaitFirst(absl::Duration timeout) const;

  // Why the last stream ended; empty before one did.
  std::string LastError() const;

  // Gives up a stream that has said nothing for three heartbeats: whoever is at its other end is
  // gone, though nobody said so. Called every now and then.
  void BreakIfSilent();

 private:
  void Run();
  // One stream, to its end; whether it said anything.
  bool ReadStream();
  // Takes a message into `draft`, and publishes it where it is whole.
  void Take(const experiment::v1::WatchExperimentsResponse& response, Knowledge& draft);

  const Connection connection_;
  const std::vector<std::string> agents_;
  const Clock* const clock_;
  SharedKnowledge knowledge_;
  std::atomic<int64_t> heard_micros_ = -1;

  mutable absl::Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  bool is_ready_ ABSL_GUARDED_BY(mutex_) = false;
  // Of the stream that is open; null between two.
  grpc::ClientContext* context_ ABSL_GUARDED_BY(mutex_) = nullptr;
  absl::Time spoke_time_ ABSL_GUARDED_BY(mutex_);
  std::string last_error_ ABSL_GUARDED_BY(mutex_);
  std::thread thread_;
};

}  // namespace flywheel::assign

#endif  // FLYWHEEL_ASSIGN_CLIENT_EXPERIMENT_WATCH_H_

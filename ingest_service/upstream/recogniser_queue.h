// Recogniser queue: requests that wait for a recogniser of somebody else, and the threads they wait
// on.
#ifndef FLYWHEEL_INGEST_SERVICE_UPSTREAM_RECOGNISER_QUEUE_H_
#define FLYWHEEL_INGEST_SERVICE_UPSTREAM_RECOGNISER_QUEUE_H_

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "ingest_service/upstream/recogniser_client.h"
#include "shared/rpc/background_loop.h"
#include "shared/rpc/metrics.h"

namespace flywheel::ingest {

// Writes use gRPC's callbacks and hold no thread, and a recogniser may take seconds: so that it
// holds up nobody else, what has to ask it runs on threads of this queue. How much waits is
// bounded, and for how long, too: work that comes to its turn after its deadline is refused by the
// client. Thread-safe.
class RecogniserQueue {
 public:
  // Is given the time by which everything has to be asked.
  using Work = std::function<void(absl::Time deadline)>;
  // Is told whether the recogniser answers, every few seconds and soon after it changed.
  using HealthListener = std::function<void(bool is_up)>;

  // `max_bytes` of requests wait or run at most. `metrics` outlives this object.
  RecogniserQueue(std::unique_ptr<RecogniserClient> client, int64_t max_bytes,
                  rpc::Metrics* metrics);
  RecogniserQueue(const RecogniserQueue&) = delete;
  RecogniserQueue& operator=(const RecogniserQueue&) = delete;
  ~RecogniserQueue() { Stop(); }

  RecogniserClient& client() { return *client_; }

  // Begins to probe. Work is done before, too.
  void Start(HealthListener listener);

  // The listener is told nothing any more.
  void StopProbes() { probes_.Stop(); }

  // Does what waits, then ends; nothing is taken any more.
  void Stop();

  // Runs `work`, which holds `bytes`, on a thread. BACK_PRESSURE where too much waits,
  // SHUTTING_DOWN: then it never runs.
  absl::Status Submit(int64_t bytes, Work work);

 private:
  struct Waiting {
    int64_t bytes = 0;
    absl::Time deadline;
    Work work;
  };

  void Run();
  bool HasTurn() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return stopping_ || !waiting_.empty();
  }

  const std::unique_ptr<RecogniserClient> client_;
  const int64_t max_bytes_;
  HealthListener listener_;
  absl::Mutex mutex_;
  std::deque<Waiting> waiting_ ABSL_GUARDED_BY(mutex_);
  int64_t bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
  // Last, so that its thread ends before what it uses.
  rpc::BackgroundLoop probes_;
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_UPSTREAM_RECOGNISER_QUEUE_H_

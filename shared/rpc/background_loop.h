// Background loop: a thread that repeats one step, backs off after failures and stops promptly.
#ifndef FLYWHEEL_SHARED_RPC_BACKGROUND_LOOP_H_
#define FLYWHEEL_SHARED_RPC_BACKGROUND_LOOP_H_

#include <functional>
#include <string>
#include <thread>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "shared/rpc/metrics.h"

namespace flywheel::rpc {

// What a service does without being asked: one thread, one log policy, one metric for all of it.
//
//   loop_({.name = "erasure"}, [this] { return EraseWhatWaits(); }, metrics)
//
// A step that fails is counted in flywheel_background_failures_total{loop}. The log has a line
// where a failure differs from the one before (event=background_failed) and one where steps
// succeed again (event=background_recovered): the same line for every attempt would bury all else.
// CANCELLED and SHUTTING_DOWN are no failures: somebody wanted the step to end.
//
// Who owns several stops them in the reverse of the order in which they were started, before what
// their steps use ends. Thread-safe.
class BackgroundLoop {
 public:
  struct Options {
    // In log lines and in the metric, such as "erasure".
    std::string name;
    // Before the first step.
    absl::Duration first_delay = absl::ZeroDuration();
    // After a failure; twice as long after each further one, up to the second.
    absl::Duration min_backoff = absl::Milliseconds(100);
    absl::Duration max_backoff = absl::Seconds(2);
    // Linux's nice value of the thread; above 0 it gives way to others.
    int niceness = 0;
  };

  // Does what there is to do. Returns after how long the next step is due at the latest:
  // InfiniteDuration where only Wake() says so. A long step asks stopping() and ends early.
  using Step = std::function<absl::StatusOr<absl::Duration>()>;

  // `metrics` outlives this object.
  BackgroundLoop(Options options, Step step, Metrics* metrics)
      : options_(std::move(options)), step_(std::move(step)), metrics_(*metrics) {}
  BackgroundLoop(const BackgroundLoop&) = delete;
  BackgroundLoop& operator=(const BackgroundLoop&) = delete;
  ~BackgroundLoop() { Stop(); }

  // Begins. Once, and not after Stop().
  void Start();

  // Lets a step follow without waiting for its time, also where one is under way; after a failure
  // it still waits until the back-off has passed. Before Start() it has no effect.
  void Wake();

  // Ends the thread after the step that is under way, and returns when it has ended. From another
  // thread than the loop's own. May be called again, and without Start().
  void Stop();

  bool stopping() const;

  // For a step that goes on for minutes: what it does succeeds again. The log says so now, and the
  // back-off begins anew. Of the loop's own thread.
  void NoteProgress();

  // For a step that has to wait: returns after `pause`, or at once where the loop stops; false
  // where it does.
  bool Pause(absl::Duration pause);

 private:
  void Run();
  // Waits for the next step; false where the loop stops. `may_be_woken` is whether Wake() ends it.
  bool AwaitTurn(absl::Duration pause, bool may_be_woken);
  bool HasTurn() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return stopping_ || woken_; }
  void Note(const absl::Status& status);

  const Options options_;
  const Step step_;
  Metrics& metrics_;

  mutable absl::Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  bool woken_ ABSL_GUARDED_BY(mutex_) = false;
  // Of the last step; empty where it went well. Of the thread.
  std::string last_error_;
  // Of the step that is under way. Of the thread.
  bool has_progressed_ = false;
  std::thread thread_;
};

}  // namespace flywheel::rpc

#endif  // FLYWHEEL_SHARED_RPC_BACKGROUND_LOOP_H_

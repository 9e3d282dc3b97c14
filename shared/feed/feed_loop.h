// Change data capture from ingest's feed, for as long as a service runs.
#ifndef FLYWHEEL_SHARED_FEED_FEED_LOOP_H_
#define FLYWHEEL_SHARED_FEED_FEED_LOOP_H_

#include <cstdint>
#include <functional>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "shared/feed/feed_client.h"
#include "shared/feed/feed_position.h"
#include "shared/rpc/background_loop.h"
#include "shared/rpc/metrics.h"
#include "shared/time/deadline.h"

namespace flywheel::feed {

// Reads the feed of all projects on a thread of its own. What a message brings and the cursor after
// it are one write of the service, so that every record takes effect exactly once, whatever is
// killed when. After any error it connects again, for ever, with pauses of 100 ms to 2 s; a record
// that the service does not understand is such an error, so it is never skipped. Thread-safe.
class FeedLoop {
 public:
  // Told after each commit: where to go on, and FeedPosition::ReadUpTo.
  using Kept = absl::FunctionRef<void(int64_t next_cursor, absl::Time read_up_to)>;

  // What the service does.
  struct Steps {
    // Reads the stored cursor.
    std::function<absl::StatusOr<int64_t>()> cursor;
    // Follows the feed from a cursor to the stream's end; commits each message with its cursor, and
    // calls `kept` after it.
    std::function<absl::Status(int64_t cursor, Kept kept)> follow;
  };

  // `service` is named in texts for people. All pointers outlive this object.
  FeedLoop(std::string service, Steps steps, FeedClient* client, FeedPosition* position,
           rpc::Metrics* metrics);
  FeedLoop(const FeedLoop&) = delete;
  FeedLoop& operator=(const FeedLoop&) = delete;
  ~FeedLoop() { Stop(); }

  // Begins at the stored cursor.
  void Start() { loop_.Start(); }

  // Returns when the thread has ended, which is prompt. May be called again.
  void Stop();

  // Whether ingest answers at this moment.
  bool ingest_reachable() const { return client_->reachable(); }

  // Returns when the feed was read up to `sequence`. NOT_CAUGHT_UP where that is not so after five
  // seconds, with the reason where it is known; the error of `deadline`.
  absl::Status AwaitSequence(int64_t sequence, const Deadline& deadline) const;

  // FeedPosition::Lag at this moment.
  absl::Duration lag() const;

  // Why the feed could not be followed the last time, for people; empty where it could.
  std::string error() const;

 private:
  // The loop's step: one stream.
  absl::StatusOr<absl::Duration> FollowOnce();
  // From the stored cursor to the stream's end.
  absl::Status Follow();
  // How following goes, for error().
  void Remember(const absl::Status& status);

  const std::string service_;
  const Steps steps_;
  FeedClient* const client_;
  FeedPosition* const position_;
  mutable absl::Mutex mutex_;
  absl::Status last_status_ ABSL_GUARDED_BY(mutex_);
  // Last, so that its thread ends before what it uses.
  rpc::BackgroundLoop loop_;
};

}  // namespace flywheel::feed

#endif  // FLYWHEEL_SHARED_FEED_FEED_LOOP_H_

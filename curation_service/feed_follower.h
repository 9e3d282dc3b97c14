// Change data capture from ingest's feed, for as long as the service runs.
#ifndef FLYWHEEL_CURATION_SERVICE_FEED_FOLLOWER_H_
#define FLYWHEEL_CURATION_SERVICE_FEED_FOLLOWER_H_

#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "curation_service/erasure_reporter.h"
#include "curation_service/feed_position.h"
#include "curation_service/upstream/ingest_client.h"
#include "shared/rpc/background_loop.h"
#include "shared/rpc/metrics.h"
#include "shared/sql/database.h"
#include "shared/time/deadline.h"

namespace flywheel::curation {

// Reads the feed of all projects on a thread of its own. What a message brings and the cursor after
// it are one write, so that every record takes effect exactly once, whatever is killed when. After
// any error it connects again, for ever, with pauses of 100 ms to 2 s; a record that this program
// does not understand is such an error, so it is never skipped.
class FeedFollower {
 public:
  // All pointers outlive this object.
  FeedFollower(sql::Database* database, IngestClient* client, FeedPosition* position,
               ErasureReporter* reporter, rpc::Metrics* metrics);
  FeedFollower(const FeedFollower&) = delete;
  FeedFollower& operator=(const FeedFollower&) = delete;
  ~FeedFollower() { Stop(); }

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
  absl::Status Keep(const FeedBatch& batch);
  // How following goes, for error().
  void Remember(const absl::Status& status);

  sql::Database* const database_;
  IngestClient* const client_;
  FeedPosition* const position_;
  ErasureReporter* const reporter_;
  mutable absl::Mutex mutex_;
  absl::Status last_status_ ABSL_GUARDED_BY(mutex_);
  // Last, so that its thread ends before what it uses.
  rpc::BackgroundLoop loop_;
};

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_FEED_FOLLOWER_H_

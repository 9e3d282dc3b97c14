// Follower of ingest's feed: keeps what curation needs of it.
#ifndef FLYWHEEL_CURATION_SERVICE_FEED_FOLLOWER_H_
#define FLYWHEEL_CURATION_SERVICE_FEED_FOLLOWER_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "curation_service/domain/record.h"
#include "shared/feed/erasure_reporter.h"
#include "shared/feed/feed_client.h"
#include "shared/feed/feed_loop.h"
#include "shared/feed/feed_position.h"
#include "shared/rpc/metrics.h"
#include "shared/sql/database.h"
#include "shared/time/deadline.h"

namespace flywheel::curation {

// Reads the feed of all projects, as feed::FeedLoop says, and scores what it brings. Thread-safe.
class FeedFollower {
 public:
  // All pointers outlive this object.
  FeedFollower(sql::Database* database, feed::FeedClient* client, feed::FeedPosition* position,
               feed::ErasureReporter* reporter, rpc::Metrics* metrics);
  FeedFollower(const FeedFollower&) = delete;
  FeedFollower& operator=(const FeedFollower&) = delete;

  // The methods of feed::FeedLoop.
  void Start() { loop_.Start(); }
  void Stop() { loop_.Stop(); }
  bool ingest_reachable() const { return loop_.ingest_reachable(); }
  absl::Status AwaitSequence(int64_t sequence, const Deadline& deadline) const {
    return loop_.AwaitSequence(sequence, deadline);
  }
  absl::Duration lag() const { return loop_.lag(); }
  std::string error() const { return loop_.error(); }

 private:
  // One message, in one write.
  absl::Status Keep(const FeedBatch& batch, feed::FeedLoop::Kept kept);

  sql::Database* const database_;
  feed::ErasureReporter* const reporter_;
  // Last, so that its thread ends before what it uses.
  feed::FeedLoop loop_;
};

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_FEED_FOLLOWER_H_

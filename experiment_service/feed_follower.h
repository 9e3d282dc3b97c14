// Follower of ingest's feed: takes outcomes from it, and forgets whom it names.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_FEED_FOLLOWER_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_FEED_FOLLOWER_H_

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "experiment_service/domain/feed_record.h"
#include "experiment_service/evidence_cache.h"
#include "experiment_service/exposure_recorder.h"
#include "experiment_service/serving_cache.h"
#include "experiment_service/unit_hasher.h"
#include "shared/feed/erasure_reporter.h"
#include "shared/feed/feed_client.h"
#include "shared/feed/feed_loop.h"
#include "shared/feed/feed_position.h"
#include "shared/rpc/metrics.h"
#include "shared/sql/database.h"
#include "shared/time/clock.h"

namespace flywheel::experiment {

// Reads the feed of all projects, as feed::FeedLoop says; feed_writer.h says what becomes of it.
// What became of outcomes is counted in flywheel_items_total{method="ReadFeed"}, and how far the
// feed was read shows in flywheel_feed_lag_seconds. Thread-safe.
class FeedFollower {
 public:
  // What it works on. All outlive this object.
  struct Parts {
    sql::Database* database;
    feed::FeedClient* client;
    const ServingCache* serving;
    EvidenceCache* evidence;
    ExposureRecorder* exposures;
    const UnitHasher* units;
    feed::ErasureReporter* reporter;
    const Clock* clock;
    rpc::Metrics* metrics;
  };

  // `keep` is how long outcomes of an experiment that was stopped are kept.
  FeedFollower(const Parts& parts, absl::Duration keep);
  FeedFollower(const FeedFollower&) = delete;
  FeedFollower& operator=(const FeedFollower&) = delete;

  // Begins at the stored cursor.
  void Start();
  // Returns when the thread has ended, which is prompt. May be called again.
  void Stop() { loop_.Stop(); }

 private:
  // One message, in one write.
  absl::Status Keep(const FeedBatch& batch, feed::FeedLoop::Kept kept);

  const Parts parts_;
  const absl::Duration keep_;
  feed::FeedPosition position_;
  // Last, so that its thread ends before what it uses.
  feed::FeedLoop loop_;
};

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_FEED_FOLLOWER_H_

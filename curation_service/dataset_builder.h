// Builds dataset versions.
#ifndef FLYWHEEL_CURATION_SERVICE_DATASET_BUILDER_H_
#define FLYWHEEL_CURATION_SERVICE_DATASET_BUILDER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "curation_service/domain/dataset.h"
#include "curation_service/domain/firewall.h"
#include "curation_service/feed_position.h"
#include "curation_service/store/dataset_store.h"
#include "shared/sql/database.h"
#include "shared/time/clock.h"

namespace flywheel::curation {

// What a client asks for.
struct DatasetRequest {
  std::string project;
  std::string dataset_version_id;
  DatasetOptions options;
  // Refuse unless the feed was read up to here; 0: take what is there.
  int64_t min_feed_sequence = 0;
};

struct BuiltDataset {
  DatasetVersion version;
  // An earlier call had built it.
  bool replayed = false;
};

// Thread-safe. One build runs at a time: each must know what those before it put on the train side,
// and a build holds all of an agent's scored record in memory.
class DatasetBuilder {
 public:
  // All pointers outlive this object.
  DatasetBuilder(sql::Database* database, FeedPosition* position, const Clock* clock)
      : database_(database), position_(position), clock_(clock) {}

  // Builds a version from one snapshot of the record, or answers with the one that an equal request
  // built. Waits up to `patience` for the feed. NOT_ENOUGH_DATA with RetryInfo where that is not
  // enough, and without it where no row is left to train on; ALREADY_EXISTS_WITH_OTHER_CONTENT for
  // an id that another request has used.
  absl::StatusOr<BuiltDataset> Build(const DatasetRequest& request, absl::Duration patience);

 private:
  // What a build reads.
  struct Snapshot {
    int64_t feed_sequence = 0;
    std::vector<Candidate> candidates;
    FirewallKeys train_keys;
  };

  absl::Status AwaitFeed(int64_t min_feed_sequence, absl::Duration patience);
  absl::StatusOr<std::optional<DatasetVersion>> FindBuilt(sql::Connection& connection,
                                                          const DatasetRequest& request,
                                                          const std::string& request_hash) const;
  absl::StatusOr<Snapshot> ReadSnapshot(const DatasetRequest& request);

  sql::Database* const database_;
  FeedPosition* const position_;
  const Clock* const clock_;
  absl::Mutex build_mutex_;
};

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_DATASET_BUILDER_H_

// Dataset builder: makes an immutable dataset version from one snapshot of the record.
#ifndef FLYWHEEL_CURATION_SERVICE_DATASET_BUILDER_H_
#define FLYWHEEL_CURATION_SERVICE_DATASET_BUILDER_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "curation_service/build_queue.h"
#include "curation_service/domain/dataset.h"
#include "curation_service/domain/dataset_assembly.h"
#include "curation_service/domain/firewall.h"
#include "curation_service/feed_position.h"
#include "curation_service/store/dataset_store.h"
#include "shared/rpc/actor.h"
#include "shared/sql/database.h"
#include "shared/status/created.h"
#include "shared/time/clock.h"
#include "shared/time/deadline.h"

namespace flywheel::curation {

// What a client asks for.
struct DatasetRequest {
  rpc::Actor actor;
  std::string dataset_version_id;
  DatasetOptions options;
  // Refuse unless the feed was read up to here; 0: take what is there.
  int64_t min_feed_sequence = 0;
};

// Thread-safe. Builds wait for each other in a BuildQueue. A build holds all of an agent's scored
// record in memory: some 2 kB and twice the texts of each interaction, and up to 900 MB for the
// label review.
class DatasetBuilder {
 public:
  // All pointers outlive this object. `max_interactions` bounds the scored interactions of an agent
  // that a version is built from.
  DatasetBuilder(sql::Database* database, FeedPosition* position, const Clock* clock,
                 int64_t max_interactions)
      : database_(database),
        position_(position),
        clock_(clock),
        max_interactions_(max_interactions) {}

  // Builds a version from one snapshot of the record, or answers with the one that an equal request
  // built. NOT_CAUGHT_UP where the feed did not come in time; NOT_ENOUGH_DATA where
  // no row is left to train on; ALREADY_EXISTS_WITH_OTHER_CONTENT for an id that another request
  // has used; LIMIT_EXCEEDED for an agent with too many interactions; BUSY with RetryInfo where too
  // many builds are before it; the error of `deadline`, after which nothing is stored. It waits for
  // the feed, and for the builds before it, until `wait_until` by the machine's clock.
  absl::StatusOr<Created<DatasetVersion>> Build(const DatasetRequest& request,
                                                absl::Time wait_until, const Deadline& deadline);

  // Removes what builds left that a crash ended, of all projects. Before the first Build.
  absl::Status RemoveUnfinished() { return RemoveUnfinished(""); }

 private:
  // What a build reads.
  struct Snapshot {
    int64_t feed_sequence = 0;
    // Of the project, whatever their agent, and whether anybody reacted or not.
    int64_t interactions_read = 0;
    Candidates candidates;
    FirewallKeys keys;
  };

  absl::Status AwaitFeed(int64_t min_feed_sequence, absl::Time wait_until,
                         const Deadline& deadline);
  absl::StatusOr<std::optional<DatasetVersion>> FindBuilt(const DatasetRequest& request,
                                                          const std::string& request_hash) const;
  absl::StatusOr<Snapshot> ReadSnapshot(const DatasetRequest& request, const Deadline& deadline);
  // One attempt at a version that does not exist; nothing where somebody was erased meanwhile, so
  // that the snapshot held what must not be written: then it is to be built anew.
  absl::StatusOr<std::optional<DatasetVersion>> TryBuild(const DatasetRequest& request,
                                                         const std::string& request_hash,
                                                         const Deadline& deadline);
  // In pieces; nobody sees the version before the last of them. False as above.
  absl::StatusOr<bool> Store(const DatasetRequest& request, const std::string& request_hash,
                             const DatasetAssembly& assembly, const Deadline& deadline);
  absl::Status RemoveUnfinished(const std::string& project);

  sql::Database* const database_;
  FeedPosition* const position_;
  const Clock* const clock_;
  const int64_t max_interactions_;
  BuildQueue queue_;
};

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_DATASET_BUILDER_H_

// Erasure relay: lists finished erasures to holders of row copies, and reports theirs to ingest.
#ifndef FLYWHEEL_CURATION_SERVICE_ERASURE_RELAY_H_
#define FLYWHEEL_CURATION_SERVICE_ERASURE_RELAY_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "curation_service/store/erasure_store.h"
#include "shared/feed/feed_client.h"
#include "shared/sql/database.h"

namespace flywheel::curation {

struct FinishedErasures {
  // In the order of the feed.
  std::vector<FinishedErasure> erasures;
  // Where the next page begins.
  int64_t next_cursor = 0;
};

// A keeper of copies, such as the eval gate, reads no feed: it asks here what was erased, and hands
// in what is for ingest's receipt. Nothing is kept of who asks. Thread-safe; the pointers outlive
// this object.
class ErasureRelay {
 public:
  ErasureRelay(sql::Database* database, feed::FeedClient* client)
      : database_(database), client_(client) {}

  // Up to `limit` erasures that were finished here after `cursor`; of all projects where `project`
  // is empty. A cursor beyond what was read of the feed comes from another store's life: then from
  // the first one on.
  absl::StatusOr<FinishedErasures> List(const std::string& project, int64_t cursor,
                                        int64_t limit) const;

  // Tells ingest that `store` has erased its copies. The errors of FeedClient::ReportErasure.
  absl::Status Report(const std::string& project, const std::string& erasure_id,
                      const std::string& store, int64_t rows) const;

 private:
  sql::Database* const database_;
  feed::FeedClient* const client_;
};

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_ERASURE_RELAY_H_

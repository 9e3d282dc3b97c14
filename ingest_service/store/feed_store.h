// The SQL of the feed, and of counts over the whole store.
#ifndef FLYWHEEL_INGEST_SERVICE_STORE_FEED_STORE_H_
#define FLYWHEEL_INGEST_SERVICE_STORE_FEED_STORE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "ingest_service/domain/record.h"
#include "shared/sql/connection.h"

namespace flywheel::ingest {

struct FeedPage {
  // Rising by sequence.
  std::vector<FeedEntry> entries;
  // Where to go on. After the last page, the newest sequence of the store.
  int64_t next_cursor = 0;
  bool caught_up = false;
};

// The mean of one metric over one group.
struct EvaluationMean {
  std::string name;
  std::string group;
  int64_t count = 0;
  double mean = 0;
};

struct StoreStats {
  int64_t interactions = 0;
  int64_t signals = 0;
  int64_t tool_calls = 0;
  int64_t last_sequence = 0;
  std::vector<EvaluationMean> evaluation_means;
};

// What one commit adds to a project.
struct Added {
  int64_t interactions = 0;
  int64_t signals = 0;
  int64_t tool_calls = 0;
};

// The SQL of the feed, its head, and the totals of projects. In the caller's transaction.
class FeedStore {
 public:
  explicit FeedStore(sql::Connection& connection) : connection_(connection) {}

  // Up to `limit` entries after `cursor`, of one project or (empty) of all; fewer where they hold
  // more than about 1 MiB, or where 20,000 records are not shown any more. Payloads are as the rows
  // have them. Inside a transaction, such as that of Database::Read, so that all of it is one
  // snapshot. CURSOR_AHEAD for a cursor beyond the newest sequence.
  absl::StatusOr<FeedPage> ReadPage(const std::string& project, int64_t cursor, int64_t limit);

  // The newest sequence that was ever given out; 0 where there was none.
  absl::StatusOr<int64_t> LastSequence();
  // The newest commit time among the records that are still there; 1970 where there is none.
  absl::StatusOr<absl::Time> LastCommitTime();
  // Inside the transaction that stores the record of this sequence.
  absl::Status SetLastSequence(int64_t sequence);

  // Inside the transaction that stores what is counted.
  absl::Status AddToTotals(const std::string& project, const Added& added);

  // Counts of one project; means over the newest revisions, grouped by an attribute (empty: one
  // group).
  absl::StatusOr<StoreStats> ReadStats(const std::string& project,
                                       const std::string& group_by_attribute);

  // Interactions and signals, every revision counted. From the totals: costs the same however many
  // there are.
  absl::StatusOr<int64_t> StoredRows(const std::string& project);

 private:
  sql::Connection& connection_;
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_STORE_FEED_STORE_H_

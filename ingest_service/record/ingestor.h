// Writes batches of records to the store, each in one durable commit.
#ifndef FLYWHEEL_INGEST_SERVICE_RECORD_INGESTOR_H_
#define FLYWHEEL_INGEST_SERVICE_RECORD_INGESTOR_H_

#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "ingest_service/domain/record.h"
#include "ingest_service/record/feed_reader.h"
#include "ingest_service/record/write_guard.h"
#include "shared/sql/database.h"
#include "shared/time/clock.h"

namespace flywheel::ingest {

// What became of a batch, one result a record in the order of the batch.
struct BatchResult {
  std::vector<ItemResult> results;
  // The highest sequence among them.
  int64_t commit_sequence = 0;

  void Add(ItemResult item) {
    commit_sequence = std::max(commit_sequence, item.sequence);
    results.push_back(std::move(item));
  }
};

// Writes records. Thread-safe; a call returns at once, and `done` runs after the commit on the
// store's thread for answers. BACK_PRESSURE, STORAGE_FULL and STORAGE_UNAVAILABLE mean that nothing
// of the batch is stored.
class Ingestor {
 public:
  using Done = std::function<void(absl::StatusOr<BatchResult>)>;
  // Runs first in the transaction of a write: all of both or nothing is stored. CHANGED_MEANWHILE,
  // before it has changed anything, gives the write up; any other error is one of the store.
  using Precondition = std::function<absl::Status(sql::Connection&)>;

  // All pointers outlive this object.
  Ingestor(sql::Database* database, FeedReader* feed, WriteGuard* write_guard, const Clock* clock)
      : database_(database), feed_(feed), write_guard_(write_guard), clock_(clock) {}

  // `size_bytes` is what the batch holds in memory until it is committed.
  void LogInteractions(std::string project, std::vector<InteractionRecord> records,
                       int64_t size_bytes, Done done);
  void RecordSignals(std::string project, std::vector<SignalRecord> records, int64_t size_bytes,
                     Done done);
  // The turns of a trace, if there are any, and what was said about them meanwhile, in one
  // transaction. Signals come with all of them or not at all: where one is refused they are, for
  // the same reason. The results are the interactions', then the signals'.
  void LogTrace(std::string project, std::vector<InteractionRecord> interactions,
                std::vector<SignalRecord> signals, int64_t size_bytes, Done done,
                Precondition precondition);

 private:
  struct FeedHead;

  // Inside a write, before and after records are appended: where the feed ends.
  absl::StatusOr<FeedHead> ReadHead(sql::Connection& connection) const;
  static absl::Status StoreHead(sql::Connection& connection, const std::string& project,
                                const FeedHead& head);
  // Append records behind the head, with a result of each. What is refused has a result; an error
  // is the store's, and undoes the commit.
  absl::Status AppendInteractions(sql::Connection& connection, const std::string& project,
                                  const std::vector<InteractionRecord>& records, FeedHead& head,
                                  BatchResult& result) const;
  absl::Status AppendSignals(sql::Connection& connection, const std::string& project,
                             const std::vector<SignalRecord>& records, FeedHead& head,
                             BatchResult& result) const;
  // After the commit.
  void Acknowledge(const absl::Status& committed, BatchResult result, const Done& done) const;

  sql::Database* const database_;
  FeedReader* const feed_;
  WriteGuard* const write_guard_;
  const Clock* const clock_;
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_RECORD_INGESTOR_H_

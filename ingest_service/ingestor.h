// The way in: batches of records become one durable commit.
#ifndef FLYWHEEL_INGEST_SERVICE_INGESTOR_H_
#define FLYWHEEL_INGEST_SERVICE_INGESTOR_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "ingest_service/admission.h"
#include "ingest_service/domain/record.h"
#include "ingest_service/feed_reader.h"
#include "shared/sql/database.h"
#include "shared/time/clock.h"

namespace flywheel::ingest {

// What became of a batch, one verdict a record in the order of the batch.
struct BatchResult {
  std::vector<ItemVerdict> verdicts;
  // The highest sequence among them.
  int64_t commit_sequence = 0;
};

// Writes records. Thread-safe; a call returns at once, and `done` runs after the commit on the
// store's thread for answers. BACK_PRESSURE, STORAGE_FULL and STORAGE_UNAVAILABLE mean that nothing
// of the batch is stored.
class Ingestor {
 public:
  using Done = std::function<void(absl::StatusOr<BatchResult>)>;
  // What belongs into the same transaction as a batch: all of both or nothing is stored.
  using Also = std::function<absl::Status(sql::Connection&)>;

  // All pointers outlive this object.
  Ingestor(sql::Database* database, FeedReader* feed, Admission* admission, const Clock* clock)
      : database_(database), feed_(feed), admission_(admission), clock_(clock) {}

  // `size_bytes` is what the batch holds in memory until it is committed.
  void LogInteractions(std::string project, std::vector<InteractionRecord> records,
                       int64_t size_bytes, Done done, Also also = nullptr);
  void RecordSignals(std::string project, std::vector<SignalRecord> records, int64_t size_bytes,
                     Done done);

 private:
  template <typename Record, typename Insert>
  void Write(std::string project, std::vector<Record> records, int64_t size_bytes, Insert insert,
             Done done, Also also);

  sql::Database* const database_;
  FeedReader* const feed_;
  Admission* const admission_;
  const Clock* const clock_;
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_INGESTOR_H_

// The way out: everything that was committed, in order, to whoever follows.
#ifndef FLYWHEEL_INGEST_SERVICE_FEED_READER_H_
#define FLYWHEEL_INGEST_SERVICE_FEED_READER_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "ingest_service/store/feed_store.h"
#include "shared/sql/database.h"

namespace flywheel::ingest {

// Reads the feed page by page, and lets followers sleep until the next commit. Thread-safe.
class FeedReader {
 public:
  explicit FeedReader(sql::Database* database) : database_(database) {}

  // The right to read the feed, given back when the object ends. A reader holds a thread and a page
  // for as long as its client takes, so their number is bounded.
  class Seat {
   public:
    explicit Seat(FeedReader* feed) : feed_(feed, &FeedReader::ReturnSeat) {}

   private:
    std::unique_ptr<FeedReader, void (*)(FeedReader*)> feed_;
  };

  // BUSY where 64 are taken.
  absl::StatusOr<Seat> TakeSeat();

  // Up to `limit` entries after `cursor`, of one project or (empty) of all.
  absl::StatusOr<FeedPage> ReadPage(const std::string& project, int64_t cursor, int64_t limit);

  // How many commits there were since the start of the process.
  int64_t commits() const;

  // Returns when there were more commits than `seen`, or after `timeout`.
  void WaitForCommit(int64_t seen, absl::Duration timeout);

  // Wakes the followers.
  void NotifyCommit();

 private:
  static void ReturnSeat(FeedReader* feed);

  sql::Database* const database_;
  mutable absl::Mutex mutex_;
  int64_t seats_taken_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t commits_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_FEED_READER_H_

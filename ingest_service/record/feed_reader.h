// Reads the feed of committed records by cursor, and wakes its followers.
#ifndef FLYWHEEL_INGEST_SERVICE_RECORD_FEED_READER_H_
#define FLYWHEEL_INGEST_SERVICE_RECORD_FEED_READER_H_

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "ingest_service/payloads/payload_reader.h"
#include "ingest_service/store/feed_store.h"
#include "shared/sql/database.h"
#include "shared/time/deadline.h"

namespace flywheel::ingest {

// Reads the feed page by page, and lets followers sleep until the next commit. Thread-safe.
class FeedReader {
 public:
  // `last_sequence` is the store's at this moment.
  FeedReader(sql::Database* database, PayloadReader* payloads, int64_t last_sequence)
      : database_(database), payloads_(payloads), last_sequence_(last_sequence) {}

  // The right to read the feed, given back when the object ends. A reader holds a thread and a page
  // for as long as its client takes, so their number is bounded.
  class StreamSlot {
   public:
    StreamSlot(FeedReader* feed, std::string project) : feed_(feed), project_(std::move(project)) {}
    StreamSlot(StreamSlot&& other) noexcept
        : feed_(std::exchange(other.feed_, nullptr)), project_(std::move(other.project_)) {}
    ~StreamSlot() {
      if (feed_ != nullptr) feed_->ReturnSlot(project_);
    }

   private:
    FeedReader* feed_;
    std::string project_;
  };

  // BUSY where a project has 8, or all projects together have 56; readers of all projects (empty)
  // have 8 of their own, so that no tenant can keep curation out.
  absl::StatusOr<StreamSlot> TakeSlot(const std::string& project);

  // Up to `limit` entries after `cursor`, of one project or (empty) of all. A page ends before a
  // record whose payload cannot be read, and the page that would begin with it is that error. What
  // was rewritten comes with the record as it is now.
  absl::StatusOr<FeedPage> ReadPage(const std::string& project, int64_t cursor, int64_t limit);

  // Returns when `sequence` is committed; NOT_CAUGHT_UP where that is not so after
  // five seconds. `deadline` is checked five times a second, and ends the wait with its error.
  absl::Status AwaitSequence(int64_t sequence, const Deadline& deadline);

  // The newest sequence that was committed.
  int64_t last_sequence() const;

  // Returns when a higher sequence than `seen` is committed, or after a fifth of a second.
  void WaitForMore(int64_t seen);

  // Wakes the followers. A replay's sequence is an old one, and wakes nobody.
  void NotifyCommit(int64_t sequence);

 private:
  void ReturnSlot(const std::string& project);
  // Gives rewrites the records that they name. A page that holds much of them ends early.
  absl::Status FillRewrites(FeedPage& page);
  absl::Status FillRewrite(FeedEntry& entry);

  sql::Database* const database_;
  PayloadReader* const payloads_;
  mutable absl::Mutex mutex_;
  std::map<std::string, int64_t> slots_ ABSL_GUARDED_BY(mutex_);
  // Of those, the ones of single projects.
  int64_t project_slots_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t last_sequence_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_RECORD_FEED_READER_H_

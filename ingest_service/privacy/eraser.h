// Erases the records of a person (right to erasure), of a session or of an interaction, in the
// background.
#ifndef FLYWHEEL_INGEST_SERVICE_PRIVACY_ERASER_H_
#define FLYWHEEL_INGEST_SERVICE_PRIVACY_ERASER_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "ingest_service/domain/privacy.h"
#include "ingest_service/record/feed_reader.h"
#include "ingest_service/record/write_guard.h"
#include "ingest_service/store/erasure_store.h"
#include "shared/rpc/actor.h"
#include "shared/rpc/background_loop.h"
#include "shared/rpc/metrics.h"
#include "shared/sql/database.h"
#include "shared/time/clock.h"
#include "shared/time/deadline.h"

namespace flywheel::ingest {

// What an erasure is asked with.
struct ErasureRequest {
  rpc::Actor actor;
  std::string erasure_id;
  Subject subject;
};

// Erases on a thread of its own, one erasure after the other: in pieces of at most 1,000 rows a
// write, so that others write in between, each with its tombstone; then empties the write-ahead
// log; then says so in the receipt. What a crash leaves is gone on with at the next start. A store
// that cannot be written is tried again until it can. Thread-safe.
class Eraser {
 public:
  // Takes payloads out of archives before their rows leave (Archive::EraseFromArchives).
  using EraseFromArchives =
      std::function<absl::Status(const std::string& project, absl::Span<const int64_t> sequences)>;

  // All pointers outlive this object; without `erase_from_archives` there are no archives.
  Eraser(sql::Database* database, FeedReader* feed, WriteGuard* write_guard, const Clock* clock,
         rpc::Metrics* metrics, EraseFromArchives erase_from_archives = nullptr);

  // Begins with what an earlier run left unfinished.
  void Start() { loop_.Start(); }

  // Returns when the thread has ended. May be called again.
  void Stop() { loop_.Stop(); }

  // Erases, and returns the receipt once ingest is clean; for an erasure that is known, waits for
  // that one. LEGAL_HOLD, ALREADY_EXISTS_WITH_OTHER_CONTENT; BUSY where 16 calls wait;
  // NOT_CAUGHT_UP where it takes longer than ten minutes; the error of
  // `deadline`, which is checked five times a second. The erasure goes on whatever is returned.
  absl::StatusOr<ErasureReceipt> Erase(const ErasureRequest& request, const Deadline& deadline);

  // NOT_FOUND.
  absl::StatusOr<ErasureReceipt> Get(const std::string& project, const std::string& erasure_id);

  // Returns the receipt once ingest is clean, of what has removed all that it had to; the errors of
  // Erase but the first two.
  absl::StatusOr<ErasureReceipt> AwaitReceipt(const std::string& project,
                                              const std::string& erasure_id,
                                              const Deadline& deadline);

  // A reader of the feed is clean, by this machine's clock. NOT_FOUND; LIMIT_EXCEEDED
  // where kMaxErasureReports other stores were before it.
  absl::Status Report(const std::string& project, const std::string& erasure_id,
                      const std::string& store, int64_t rows);

 private:
  // Keeps the erasure, unless it is known.
  absl::StatusOr<ErasureReceipt> Begin(const ErasureRequest& request);
  absl::StatusOr<ErasureReceipt> AwaitClean(const std::string& project,
                                            const std::string& erasure_id,
                                            const Deadline& deadline);

  // The loop's step: all that is under way, the oldest first, until nothing is left or the loop
  // stops.
  absl::StatusOr<absl::Duration> RunAll();
  absl::Status RunPiece(const StoredErasure& erasure);
  // Empties the log and fills in the receipt's time, unless a reader stands in the way for now.
  absl::Status Finish(const StoredErasure& erasure);
  absl::StatusOr<std::optional<StoredErasure>> NextUnderWay(int64_t skip);
  absl::StatusOr<std::optional<StoredErasure>> Find(const std::string& project,
                                                    const std::string& erasure_id);

  sql::Database* const database_;
  FeedReader* const feed_;
  WriteGuard* const write_guard_;
  const Clock* const clock_;
  const EraseFromArchives erase_from_archives_;
  // Before the next try to empty the log. The loop's.
  absl::Duration reader_pause_;

  mutable absl::Mutex mutex_;
  int64_t waiting_ ABSL_GUARDED_BY(mutex_) = 0;
  // Counts the erasures that became clean, so that who waits looks again.
  int64_t finished_ ABSL_GUARDED_BY(mutex_) = 0;
  // Last, so that its thread ends before what it uses.
  rpc::BackgroundLoop loop_;
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_PRIVACY_ERASER_H_

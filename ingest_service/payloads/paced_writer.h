// Paced writer: splits long changes into short commits that yield to ingest.
#ifndef FLYWHEEL_INGEST_SERVICE_PAYLOADS_PACED_WRITER_H_
#define FLYWHEEL_INGEST_SERVICE_PAYLOADS_PACED_WRITER_H_

#include <cstddef>
#include <cstdint>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "shared/sql/database.h"

namespace flywheel::ingest {

// Splits a long change into writes of a few rows and milliseconds, waits between them as long as
// the last one took, and stands back while much is queued. Each write is a commit of its own: a
// crash leaves some of the rows changed. Thread-safe.
class PacedWriter {
 public:
  // `max_queued_bytes` is the database's.
  PacedWriter(sql::Database* database, int64_t max_queued_bytes)
      : database_(database), max_queued_bytes_(max_queued_bytes) {}

  // Runs `one` for each index from 0 to `count`, in order. SHUTTING_DOWN after Stop(), with what
  // was committed until then; else the first error, with the write that it stood in undone.
  absl::Status Write(size_t count,
                     absl::FunctionRef<absl::Status(sql::Connection&, size_t index)> one);

  // Returns after `duration`, or at once when the writer was stopped.
  void Pause(absl::Duration duration);

  // Ends writes and pauses, those of later too.
  void Stop();
  bool stopped() const;

  // Held from the reading of payloads to the writing of what was made of them, by whoever gives
  // records another form (retention) or other texts (a scan): else the one would put back what the
  // other has replaced. Taken before the archive's lock.
  absl::Mutex& payload_changes() ABSL_LOCK_RETURNED(payload_changes_) { return payload_changes_; }

 private:
  bool Crowded() const;

  sql::Database* const database_;
  const int64_t max_queued_bytes_;
  absl::Mutex payload_changes_;
  mutable absl::Mutex mutex_;
  bool stopped_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_PAYLOADS_PACED_WRITER_H_

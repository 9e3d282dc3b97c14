// Tells ingest what curation has erased.
#ifndef FLYWHEEL_CURATION_SERVICE_ERASURE_REPORTER_H_
#define FLYWHEEL_CURATION_SERVICE_ERASURE_REPORTER_H_

#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "curation_service/neighbour/ingest_client.h"
#include "shared/sql/database.h"

namespace flywheel::curation {

// When the last tombstone of an erasure has been worked through, empties the write-ahead log, so
// that nothing of the person is left in it or in the file, and then reports to ingest. Both are
// tried again, with pauses of up to 2 s, until they are done: what is to be reported stands in the
// store, and outlives a restart. A report that ingest has no erasure for is dropped. Has a thread
// of its own. Thread-safe.
class ErasureReporter {
 public:
  // Starts with what is unreported. Both pointers outlive this object.
  ErasureReporter(sql::Database* database, IngestClient* client);
  ErasureReporter(const ErasureReporter&) = delete;
  ErasureReporter& operator=(const ErasureReporter&) = delete;
  ~ErasureReporter() { Stop(); }

  // Something may be to report.
  void Wake();

  // Returns when the thread has ended; prompt after IngestClient::Cancel. May be called again.
  void Stop();

 private:
  void Run();
  // Reports all that is to be reported, or returns the first error.
  absl::Status ReportAll();
  // False where the thread is to end.
  bool Pause(absl::Duration pause);
  bool HasWork() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return stopping_ || has_work_; }

  sql::Database* const database_;
  IngestClient* const client_;
  absl::Mutex mutex_;
  bool has_work_ ABSL_GUARDED_BY(mutex_) = true;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_ERASURE_REPORTER_H_

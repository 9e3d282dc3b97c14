// Retention worker: applies the rules of age in the background.
#ifndef FLYWHEEL_INGEST_SERVICE_RETENTION_RETENTION_WORKER_H_
#define FLYWHEEL_INGEST_SERVICE_RETENTION_RETENTION_WORKER_H_

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "ingest_service/domain/retention_rules.h"
#include "ingest_service/payloads/archive.h"
#include "ingest_service/payloads/paced_writer.h"
#include "ingest_service/payloads/payload_reader.h"
#include "ingest_service/retention/aged_pages.h"
#include "ingest_service/retention/compressor.h"
#include "ingest_service/retention/thinner.h"
#include "shared/privacy/pseudonymiser.h"
#include "shared/rpc/background_loop.h"
#include "shared/rpc/metrics.h"
#include "shared/sql/database.h"
#include "shared/time/clock.h"

namespace flywheel::ingest {

// What one run did.
struct RetentionReport {
  int64_t compressed = 0;
  int64_t archived = 0;
  int64_t thinned = 0;
  int64_t deleted_interactions = 0;
  int64_t deleted_signals = 0;

  bool empty() const {
    return compressed + archived + thinned + deleted_interactions + deleted_signals == 0;
  }
};

// One thread of low priority that brings every project to what the rules say, once an interval: it
// deletes, thins, compresses and archives, in this order, in writes of a few rows that give way to
// ingest. Safe to stop and to kill at any moment; the next run goes on. Thread-safe.
class RetentionWorker {
 public:
  // All pointers outlive this object.
  RetentionWorker(const RetentionRules& rules, absl::Duration interval, sql::Database* database,
                  PacedWriter* writer, PayloadReader* payloads, Archive* archive,
                  const Pseudonymiser* key, rpc::Metrics* metrics, const Clock* clock);
  ~RetentionWorker() { Stop(); }

  // Starts the thread, whose first run is after one interval. Without a rule it does nothing.
  void Start();

  // Shows flywheel_compressed_interactions, flywheel_archived_interactions,
  // flywheel_thinned_interactions, flywheel_payload_bytes_saved and
  // flywheel_retention_last_run_seconds (since 1970, of the last run without an error).
  void Observe(rpc::Metrics& metrics);

  // One run, now, on the caller's thread. The first error of a project ends its part, the other
  // projects go on; the first error is returned.
  absl::StatusOr<RetentionReport> Run();

  // Ends a run that is under way and the thread; returns when they have ended.
  void Stop();

 private:
  // The loop's step: one run, with a line in the log where it did something.
  absl::StatusOr<absl::Duration> RunAndTell();
  absl::Status RunProject(const std::string& project, RetentionReport& report)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(run_mutex_);
  absl::Status Delete(const std::string& project, const std::string& holds,
                      RetentionReport& report);
  absl::Status DeleteSignals(const std::string& project, const std::string& holds,
                             RetentionReport& report);
  absl::Status Thin(const std::string& project, const std::string& holds, RetentionReport& report)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(run_mutex_);
  absl::Status Compress(const std::string& project, RetentionReport& report)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(run_mutex_);
  absl::Status MoveToArchive(const std::string& project, RetentionReport& report);
  absl::StatusOr<PageResult> ArchivePage(const std::string& project,
                                         std::vector<AgedInteraction>& page,
                                         RetentionReport& report);
  absl::Status ReadTotals();

  const RetentionRules rules_;
  const absl::Duration interval_;
  sql::Database* const database_;
  PacedWriter* const writer_;
  PayloadReader* const payloads_;
  Archive* const archive_;
  const Clock* const clock_;
  // One run at a time.
  absl::Mutex run_mutex_;
  Compressor compressor_ ABSL_GUARDED_BY(run_mutex_);
  Thinner thinner_ ABSL_GUARDED_BY(run_mutex_);

  std::atomic<int64_t> compressed_ = 0;
  std::atomic<int64_t> archived_ = 0;
  std::atomic<int64_t> thinned_ = 0;
  std::atomic<int64_t> bytes_saved_ = 0;
  std::atomic<int64_t> last_run_seconds_ = 0;
  // Last, so that its thread ends before what it uses.
  rpc::BackgroundLoop loop_;
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_RETENTION_RETENTION_WORKER_H_

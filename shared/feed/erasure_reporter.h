// Erasure reporter: tells ingest in the background what a reader of its feed has erased.
#ifndef FLYWHEEL_SHARED_FEED_ERASURE_REPORTER_H_
#define FLYWHEEL_SHARED_FEED_ERASURE_REPORTER_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "shared/feed/feed_client.h"
#include "shared/rpc/background_loop.h"
#include "shared/rpc/metrics.h"
#include "shared/sql/database.h"

namespace flywheel::feed {

// When the last tombstone of an erasure has been worked through, empties the write-ahead log, so
// that nothing of the person is left in it or in the file, and then reports to ingest. Both are
// tried again, with pauses of up to 2 s, until they are done: what is to be reported stands in the
// store, and outlives a restart. A report that ingest has no erasure for is dropped. Has a thread
// of its own. Thread-safe.
class ErasureReporter {
 public:
  // `store` is the service's name in the receipt. All pointers outlive this object.
  ErasureReporter(std::string store, sql::Database* database, FeedClient* client,
                  rpc::Metrics* metrics);
  ErasureReporter(const ErasureReporter&) = delete;
  ErasureReporter& operator=(const ErasureReporter&) = delete;

  // Begins with what is unreported.
  void Start() { loop_.Start(); }

  // Returns when the thread has ended; prompt after FeedClient::Cancel. May be called again.
  void Stop() { loop_.Stop(); }

  // Something may be to report.
  void Wake() { loop_.Wake(); }

 private:
  // The loop's step: reports all that is to be reported, or returns the first error.
  absl::StatusOr<absl::Duration> ReportAll();

  const std::string store_;
  sql::Database* const database_;
  FeedClient* const client_;
  // Last, so that its thread ends before what it uses.
  rpc::BackgroundLoop loop_;
};

}  // namespace flywheel::feed

#endif  // FLYWHEEL_SHARED_FEED_ERASURE_REPORTER_H_

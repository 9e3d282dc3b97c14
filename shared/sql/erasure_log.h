// Store of what a reader of ingest's feed has erased, the table erasures.
#ifndef FLYWHEEL_SHARED_SQL_ERASURE_LOG_H_
#define FLYWHEEL_SHARED_SQL_ERASURE_LOG_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "shared/sql/connection.h"

namespace flywheel::sql {

// An erasure that is done here, and that ingest does not know of yet.
struct UnreportedErasure {
  std::string project;
  std::string erasure_id;
  int64_t erased_rows = 0;
};

// The table `erasures`, which each service that reads the feed has in its own migrations: (project,
// erasure_id, erased_rows, last_sequence, complete, reported), with an index over what is complete
// and not reported. Works in the caller's transaction.
class ErasureLog {
 public:
  explicit ErasureLog(Connection& connection) : connection_(connection) {}

  // Counts what one tombstone, at this place of the feed, took. One that was counted before counts
  // no more. A further one of what was reported, as after ingest was restored and asked again, is
  // to be reported again: ingest has another receipt.
  absl::Status AddTombstone(const std::string& project, const std::string& erasure_id,
                            int64_t erased_rows, int64_t sequence, bool last);

  absl::StatusOr<std::vector<UnreportedErasure>> Unreported(int64_t limit);
  absl::Status SetReported(const UnreportedErasure& erasure);

 protected:
  Connection& connection() { return connection_; }

 private:
  Connection& connection_;
};

}  // namespace flywheel::sql

#endif  // FLYWHEEL_SHARED_SQL_ERASURE_LOG_H_

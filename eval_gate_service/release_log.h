// Use cases VerifyReleaseLog and ListReleaseLog: whether what decided is still what was decided.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_RELEASE_LOG_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_RELEASE_LOG_H_

#include <cstdint>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "eval_gate_service/domain/release_chain.h"
#include "eval_gate_service/domain/release_log.h"
#include "shared/lists/list_page.h"
#include "shared/sql/database.h"
#include "shared/time/clock.h"

namespace flywheel::evalgate {

// What was looked at.
struct LogProgress {
  int64_t entries = 0;
  // Cases and outputs.
  int64_t items = 0;
};

// The logs of all projects. Whoever makes a thing that decides adds its entry in the same
// transaction (store/release_log_store.h). Thread-safe; the pointers outlive this object.
class ReleaseLog {
 public:
  ReleaseLog(sql::Database* database, const Clock* clock) : database_(database), clock_(clock) {}

  // Hashes the entries of what was there before the log, in pieces, in the start whose migrations
  // made them: where a crash ends it, the next start goes on. Later starts hash nothing: an entry
  // without a hash is a break. Before anything is added.
  absl::Status FillIn();

  // Computes the project's log anew until an entry does not hold, with all cases of its suites and
  // all outputs of its runs. `expected_head` is the entry_hash of an entry, in bytes; empty: none
  // is asked for. `progress` is told every 1,000 entries, and every 1,000 cases or outputs, how
  // many were looked at; its error ends the call. No snapshot is held for longer than that: what is
  // added meanwhile is looked at too.
  absl::StatusOr<ReleaseLogState> Verify(
      const std::string& project, const std::string& expected_head,
      absl::FunctionRef<absl::Status(const LogProgress&)> progress);

  // What the filter lets through, beyond a sequence; 0: from the beginning.
  absl::StatusOr<ListPage<ReleaseLogEntry>> List(const std::string& project,
                                                 const ReleaseLogFilter& filter, int64_t beyond,
                                                 int64_t page_size);

 private:
  // What stands behind an entry that was taken.
  absl::Status Inspect(const std::string& project, const ReleaseLogEntry& entry,
                       ReleaseChain& chain, LogProgress& looked_at,
                       absl::FunctionRef<absl::Status(const LogProgress&)> progress);

  sql::Database* const database_;
  const Clock* const clock_;
};

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_RELEASE_LOG_H_

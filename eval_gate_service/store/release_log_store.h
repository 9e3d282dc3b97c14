// SQL store of the release log.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_STORE_RELEASE_LOG_STORE_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_STORE_RELEASE_LOG_STORE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "eval_gate_service/domain/release_log.h"
#include "shared/sql/connection.h"
#include "shared/sql/list_range.h"

namespace flywheel::evalgate {

// An entry by its place, as lists want it.
struct StoredLogEntry {
  ReleaseLogEntry entry;
  // Its sequence.
  int64_t ordinal = 0;
};

// The SQL of release_log, to which entries are only added. In the caller's transaction.
class ReleaseLogStore {
 public:
  explicit ReleaseLogStore(sql::Connection& connection) : connection_(connection) {}

  // Adds the entry of a thing that this transaction has just stored whole.
  absl::Status Append(const std::string& project, const ReleaseThing& thing,
                      const std::string& created_by, absl::Time now);

  // Hashes up to `limit` entries of things of before that have no hash yet, of whatever project, in
  // their order. Returns how many there were: where it was fewer than `limit`, no later call hashes
  // any, as none does in a store to which no migration left some.
  absl::StatusOr<int64_t> FillIn(absl::Time now, int64_t limit);

  // Up to `limit` entries after a sequence, in their order.
  absl::StatusOr<std::vector<ReleaseLogEntry>> After(const std::string& project, int64_t sequence,
                                                     int64_t limit);

  // The last thing of a kind and of the same agent whose entry stands before that of `thing`;
  // nothing where there is none, or `thing` has no entry.
  absl::StatusOr<std::optional<ReleaseThing>> LastBefore(const std::string& project,
                                                         ReleaseKind kind,
                                                         const ReleaseThing& thing);

  // Whether the thing's entry says that it was there before the log; false without one, and where
  // the entry is not what it was written as.
  absl::StatusOr<bool> IsOfBefore(const std::string& project, const ReleaseThing& thing);

  // Up to `limit` of the range.
  absl::StatusOr<std::vector<StoredLogEntry>> List(const std::string& project,
                                                   const sql::ListRange& range, int64_t limit);

 private:
  // The entry before a sequence; nothing before the first.
  absl::StatusOr<std::optional<ReleaseLogEntry>> Before(const std::string& project,
                                                        int64_t sequence);

  sql::Connection& connection_;
};

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_STORE_RELEASE_LOG_STORE_H_

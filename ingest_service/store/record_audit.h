// Consistency check of the record, and point-in-time rewind. For tools that work on a file; the
// service itself needs neither.
#ifndef FLYWHEEL_INGEST_SERVICE_STORE_RECORD_AUDIT_H_
#define FLYWHEEL_INGEST_SERVICE_STORE_RECORD_AUDIT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "shared/sql/connection.h"

namespace flywheel::ingest {

// What a store holds. Reads every row.
struct RecordAudit {
  int64_t last_sequence = 0;
  int64_t interactions = 0;
  int64_t signals = 0;
  // What does not agree, a line each; empty where all does. After 100 of them one says that there
  // is more.
  std::vector<std::string> findings;
};

// Compares, in one snapshot, the head of the feed with the rows and the totals of every project
// with the rows. Opens a transaction on `connection` and leaves it open.
absl::StatusOr<RecordAudit> AuditRecord(sql::Connection& connection);

// The place in the feed of the last record before the first one that was committed after `time`.
absl::StatusOr<int64_t> LastSequenceAt(sql::Connection& connection, absl::Time time);

// Removes the interactions and signals after `last_sequence`, and the traces that came after
// `time`, and sets the totals right. What was forgotten, refused or held since stays so, and the
// head of the feed stays too: no reader meets another record under a number that it knows. In
// pieces, each a transaction of its own. Returns how many interactions and signals left.
absl::StatusOr<int64_t> RewindRecord(sql::Connection& connection, int64_t last_sequence,
                                     absl::Time time);

// Counts every row, inside the transaction of `connection`.
absl::Status CountTotalsAnew(sql::Connection& connection);

// Forgets what the other stores reported of erasures after `time`: they are restored as they were
// then, and will say so again.
absl::Status ForgetReportsAfter(sql::Connection& connection, absl::Time time);

// Files of the archive that the store needs, by name.
absl::StatusOr<std::vector<std::string>> ArchiveFileNames(sql::Connection& connection);

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_STORE_RECORD_AUDIT_H_

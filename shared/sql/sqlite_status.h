// Maps SQLite's result codes to errors: a full disk, a lock, damage, a mistake of ours.
#ifndef FLYWHEEL_SHARED_SQL_SQLITE_STATUS_H_
#define FLYWHEEL_SHARED_SQL_SQLITE_STATUS_H_

#include "absl/status/status.h"

struct sqlite3;

namespace flywheel::sql {

// STORAGE_FULL for a full disk or file, STORAGE_UNAVAILABLE for a locked or unreadable one,
// STORE_CORRUPT for a damaged one, INTERNAL for what only a mistake of ours can cause (wrong SQL, a
// broken constraint).
absl::Status SqliteStatus(sqlite3* database, int code);

}  // namespace flywheel::sql

#endif  // FLYWHEEL_SHARED_SQL_SQLITE_STATUS_H_

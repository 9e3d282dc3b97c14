#include "shared/sql/sqlite_status.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include "shared/status/errors.h"

namespace flywheel::sql {

absl::Status SqliteStatus(sqlite3* database, int code) {
  const std::string detail = fmt::format(
      "SQLite: {}", database == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(database));
  // The low byte is the kind of an extended code.
  switch (code & 0xff) {
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE:
      return absl::OkStatus();
    // A full disk: SQLite has undone the statement or the whole transaction, and Database tells
    // everybody who shared it.
    case SQLITE_FULL:
      return errors::StorageFull(detail);
    // Somebody else's lock, or a disk that fails: the same call may succeed later.
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_NOMEM:
    case SQLITE_PROTOCOL:
    case SQLITE_PERM:
      return errors::StorageUnavailable(detail);
    // The path lets Database tell its own damaged file from another one.
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: {
      const char* const path =
          database == nullptr ? nullptr : sqlite3_db_filename(database, "main");
      return errors::StoreCorrupt(path == nullptr ? "the store" : path, detail);
    }
    // Wrong SQL, a broken constraint, a value of the wrong type: ours to mend.
    default:
      return errors::Internal(detail);
  }
}

}  // namespace flywheel::sql

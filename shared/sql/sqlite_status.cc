#include "shared/sql/sqlite_status.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include "shared/status/errors.h"

namespace flywheel::sql {

absl::Status SqliteStatus(sqlite3* database, int code) {
  const std::string detail = fmt::format(
      "SQLite: {}", database == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(database));
  switch (code & 0xff) {
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE:
      return absl::OkStatus();
    case SQLITE_FULL:
      return errors::StorageFull(detail);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_NOMEM:
    case SQLITE_PROTOCOL:
    case SQLITE_PERM:
      return errors::StorageUnavailable(detail);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: {
      const char* const path =
          database == nullptr ? nullptr : sqlite3_db_filename(database, "main");
      return errors::StoreCorrupt(path == nullptr ? "the store" : path, detail);
    }
    default:
      return errors::Internal(detail);
  }
}

}  // namespace flywheel::sql

#include "shared/sql/connection.h"

#include <sqlite3.h>

#include <utility>

#include "absl/strings/string_view.h"
#include "shared/sql/migration_functions.h"
#include "shared/sql/sqlite_status.h"
#include "shared/sql/store_vfs.h"
#include "shared/status/status_macros.h"

namespace flywheel::sql {
namespace {

// Another process may hold the lock for the length of a commit, hardly longer.
constexpr int kBusyTimeoutMs = 5'000;
constexpr int kTruncateBusyTimeoutMs = 20;

}  // namespace

absl::StatusOr<std::unique_ptr<Connection>> Connection::Open(const std::string& path,
                                                             Access access) {
  const int flags =
      access == Access::kWrite ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;
  sqlite3* database = nullptr;
  const int code =
      sqlite3_open_v2(path.c_str(), &database, flags | SQLITE_OPEN_NOMUTEX, StoreVfs());
  std::unique_ptr<Connection> connection(new Connection(database));
  if (code != SQLITE_OK) return SqliteStatus(database, code);
  sqlite3_extended_result_codes(database, 1);
  sqlite3_busy_timeout(database, kBusyTimeoutMs);
  if (access == Access::kWrite) {
    // Of a new file; an old one keeps its own. Records are a kilobyte and more: fewer, larger pages
    // cost fewer calls of the system.
    RETURN_IF_ERROR(connection->Execute("PRAGMA page_size = 8192"));
    RETURN_IF_ERROR(connection->Execute("PRAGMA journal_mode = WAL"));
    RETURN_IF_ERROR(connection->Execute("PRAGMA synchronous = FULL"));
    // Until DisableAutoCheckpoint(): while migrating, and in the tools.
    RETURN_IF_ERROR(connection->Execute("PRAGMA wal_autocheckpoint = 4000"));
    // What a write may have to undo is kept in memory: a file for it is written and deleted at
    // every commit.
    RETURN_IF_ERROR(connection->Execute("PRAGMA temp_store = MEMORY"));
    // What is deleted is overwritten.
    RETURN_IF_ERROR(connection->Execute("PRAGMA secure_delete = ON"));
  }
  RETURN_IF_ERROR(connection->Execute("PRAGMA foreign_keys = ON"));
  // KiB. Readers share the file through mmap, and there may be sixteen of them.
  RETURN_IF_ERROR(connection->Execute(access == Access::kWrite ? "PRAGMA cache_size = -65536"
                                                               : "PRAGMA cache_size = -2048"));
  // Mapped pages count as the process's own, so a store of any size costs at most so many bytes.
  RETURN_IF_ERROR(connection->Execute("PRAGMA mmap_size = 67108864"));
  return connection;
}

Connection::~Connection() {
  for (auto& [sql, cached] : cache_) sqlite3_finalize(cached.statement);
  sqlite3_close_v2(database_);
}

Statement Connection::Prepare(std::string_view sql) {
  // A view: no copy of the text for each use.
  auto found = cache_.find(absl::string_view(sql.data(), sql.size()));
  if (found != cache_.end() && !found->second.in_use) {
    found->second.in_use = true;
    return Statement(database_, found->second.statement, &found->second.in_use, absl::OkStatus());
  }
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v3(database_, sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  if (code != SQLITE_OK)
    return Statement(database_, nullptr, nullptr, SqliteStatus(database_, code));
  // A statement that is running cannot be run again inside itself: this one lives for one use.
  if (found != cache_.end()) return Statement(database_, statement, nullptr, absl::OkStatus());
  CachedStatement& cached = cache_[std::string(sql)];
  cached = {statement, /*in_use=*/true};
  return Statement(database_, statement, &cached.in_use, absl::OkStatus());
}

absl::flat_hash_set<std::string> Connection::PreparedSql() const {
  absl::flat_hash_set<std::string> texts;
  for (const auto& [sql, cached] : cache_) texts.insert(sql);
  return texts;
}

absl::Status Connection::Execute(const char* sql) {
  return SqliteStatus(database_, sqlite3_exec(database_, sql, nullptr, nullptr, nullptr));
}

absl::Status Connection::DefineMigrationFunctions() {
  return SqliteStatus(database_, sql::DefineMigrationFunctions(database_));
}

int64_t Connection::ChangedRows() const { return sqlite3_changes64(database_); }

bool Connection::InTransaction() const { return sqlite3_get_autocommit(database_) == 0; }

void Connection::DisableAutoCheckpoint() {
  sqlite3_wal_hook(
      database_,
      [](void* pages, sqlite3*, const char*, int wal_pages) {
        *static_cast<int64_t*>(pages) = wal_pages;
        return SQLITE_OK;
      },
      &wal_pages_);
}

int64_t Connection::Checkpoint() {
  int moved = 0;
  const int code =
      sqlite3_wal_checkpoint_v2(database_, "main", SQLITE_CHECKPOINT_PASSIVE, nullptr, &moved);
  return code == SQLITE_OK ? moved : 0;
}

absl::StatusOr<bool> Connection::TruncateWal() {
  // Whoever waits for the writer waits for this too: a reader that is slow is met another time.
  sqlite3_busy_timeout(database_, kTruncateBusyTimeoutMs);
  const int code =
      sqlite3_wal_checkpoint_v2(database_, "main", SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
  sqlite3_busy_timeout(database_, kBusyTimeoutMs);
  if ((code & 0xff) == SQLITE_BUSY) return false;
  RETURN_IF_ERROR(SqliteStatus(database_, code));
  // Pages in memory still have in their unused parts what was cleaned on the way into the file: the
  // next write to one of them would carry it into the log again.
  sqlite3_db_release_memory(database_);
  return true;
}

Transaction::~Transaction() {
  // Nothing can be done about a rollback that fails: the next BEGIN tells.
  if (connection_.InTransaction()) static_cast<void>(connection_.Execute("ROLLBACK"));
}

// IMMEDIATE, so that a lock held elsewhere is met here and not half-way through.
absl::Status Transaction::Begin() { return connection_.Execute("BEGIN IMMEDIATE"); }

absl::Status Transaction::Commit() { return connection_.Execute("COMMIT"); }

}  // namespace flywheel::sql

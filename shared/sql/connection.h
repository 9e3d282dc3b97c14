// A SQLite connection with its cache of prepared statements.
#ifndef FLYWHEEL_SHARED_SQL_CONNECTION_H_
#define FLYWHEEL_SHARED_SQL_CONNECTION_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "absl/container/flat_hash_set.h"
#include "absl/container/node_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "shared/sql/statement.h"

struct sqlite3;

namespace flywheel::sql {

// What a connection is for.
enum class Access { kWrite, kRead };

// A connection with its prepared statements. Not thread-safe: Database hands each to one thread at
// a time. Foreign keys are enforced, and an acknowledged commit is on disk (WAL, synchronous=FULL).
class Connection {
 public:
  // Opens the file, which kWrite creates. STORAGE_UNAVAILABLE where that fails.
  static absl::StatusOr<std::unique_ptr<Connection>> Open(const std::string& path, Access access);

  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection();

  // A statement of the connection's cache, prepared once; errors show when it runs.
  Statement Prepare(std::string_view sql);

  // The texts of all statements that were prepared so far, for tests of their plans.
  absl::flat_hash_set<std::string> PreparedSql() const;

  // Runs SQL without parameters: schema, BEGIN, PRAGMA.
  absl::Status Execute(const char* sql);

  // Defines what migration_functions.h has.
  absl::Status DefineMigrationFunctions();

  // Rows that the newest INSERT, UPDATE or DELETE changed; 0 after ON CONFLICT DO NOTHING did
  // nothing.
  int64_t ChangedRows() const;

  // Whether BEGIN is in force. SQLite ends a transaction by itself on a full disk.
  bool InTransaction() const;

  // From here on this connection's commits never move anything from the log into the file: see
  // Checkpointer. wal_pages() tells how many pages are in the log after the newest of them.
  void DisableAutoCheckpoint();
  int64_t wal_pages() const { return wal_pages_; }

  // Moves from the write-ahead log into the file what no reader still wants otherwise, beside a
  // writer. Returns how many pages of the log are in the file then; 0 where that failed.
  int64_t Checkpoint();

  // Moves everything from the write-ahead log into the file and empties the log; outside of a
  // transaction. False where somebody still reads what was there before.
  absl::StatusOr<bool> TruncateWal();

 private:
  struct CachedStatement {
    sqlite3_stmt* statement = nullptr;
    bool in_use = false;
  };

  explicit Connection(sqlite3* database) : database_(database) {}

  sqlite3* database_;
  int64_t wal_pages_ = 0;
  // Node-based: a Statement points at its entry's mark.
  absl::node_hash_map<std::string, CachedStatement> cache_;
};

// BEGIN now, COMMIT when told, ROLLBACK otherwise.
class Transaction {
 public:
  explicit Transaction(Connection& connection) : connection_(connection) {}
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction();

  // Must come first, and once.
  absl::Status Begin();
  absl::Status Commit();

 private:
  Connection& connection_;
};

}  // namespace flywheel::sql

#endif  // FLYWHEEL_SHARED_SQL_CONNECTION_H_

#include "shared/sql/backup.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <memory>
#include <utility>

#include "shared/sql/connection.h"
#include "shared/sql/sqlite_status.h"
#include "shared/sql/store_vfs.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::sql {
namespace {

// About 16 MiB: often enough for who watches, and seldom enough to cost nothing.
constexpr int kPagesPerStep = 2'048;
constexpr int kPatienceMs = 5'000;
constexpr int kMaxFindings = 100;

struct Close {
  void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
};
using Handle = std::unique_ptr<sqlite3, Close>;

absl::StatusOr<Handle> Open(const std::string& path, int flags) {
  sqlite3* database = nullptr;
  const int code =
      sqlite3_open_v2(path.c_str(), &database, flags | SQLITE_OPEN_NOMUTEX, StoreVfs());
  Handle handle(database);
  if (code != SQLITE_OK) return SqliteStatus(database, code);
  sqlite3_extended_result_codes(database, 1);
  sqlite3_busy_timeout(database, kPatienceMs);
  return handle;
}

absl::Status Execute(sqlite3* database, const char* sql) {
  return SqliteStatus(database, sqlite3_exec(database, sql, nullptr, nullptr, nullptr));
}

absl::Status CopyPages(sqlite3* source, sqlite3* target, const ProgressFunction& progress) {
  sqlite3_backup* const backup = sqlite3_backup_init(target, "main", source, "main");
  if (backup == nullptr) return SqliteStatus(target, sqlite3_errcode(target));
  int code = SQLITE_OK;
  while (code == SQLITE_OK) {
    code = sqlite3_backup_step(backup, kPagesPerStep);
    const int total = sqlite3_backup_pagecount(backup);
    if (progress) progress(total - sqlite3_backup_remaining(backup), total);
  }
  const int finished = sqlite3_backup_finish(backup);
  return SqliteStatus(target, code == SQLITE_DONE ? finished : code);
}

absl::Status SyncFile(const std::string& path) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const bool synced = file >= 0 && fsync(file) == 0;
  const int problem = errno;
  if (file >= 0) close(file);
  if (synced) return absl::OkStatus();
  return errors::StorageUnavailable(fmt::format("{}: {}", path, std::strerror(problem)));
}

absl::Status Copy(const std::string& source_path, const std::string& target_path,
                  const ProgressFunction& progress) {
  ASSIGN_OR_RETURN(const Handle source, Open(source_path, SQLITE_OPEN_READONLY));
  // One snapshot from the first page to the last: without it every commit of somebody else would
  // begin the copy anew.
  RETURN_IF_ERROR(Execute(source.get(), "BEGIN; SELECT COUNT(*) FROM sqlite_master"));
  // For its owner alone, whatever the umask.
  const int file = open(target_path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0) {
    return errors::StorageUnavailable(fmt::format("{}: {}", target_path, std::strerror(errno)));
  }
  close(file);
  {
    ASSIGN_OR_RETURN(const Handle target,
                     Open(target_path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE));
    // Whoever finds half a copy throws it away: it is brought to the disk once, at its end.
    RETURN_IF_ERROR(Execute(target.get(), "PRAGMA synchronous = OFF"));
    RETURN_IF_ERROR(CopyPages(source.get(), target.get(), progress));
    RETURN_IF_ERROR(Execute(target.get(), "PRAGMA journal_mode = DELETE"));
  }
  return SyncFile(target_path);
}

}  // namespace

absl::Status CopyDatabase(const std::string& source, const std::string& target,
                          const ProgressFunction& progress) {
  if (access(target.c_str(), F_OK) == 0) {
    return errors::InvalidConfiguration("the copy", target, "a file that does not exist yet");
  }
  absl::Status status = Copy(source, target, progress);
  if (status.ok()) return status;
  std::error_code ignored;
  for (const char* suffix : {"", "-journal", "-wal", "-shm"}) {
    std::filesystem::remove(target + suffix, ignored);
  }
  return status;
}

absl::StatusOr<std::vector<std::string>> FindDamage(const std::string& path) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Connection> connection,
                   Connection::Open(path, Access::kRead));
  std::vector<std::string> findings;
  Statement integrity =
      connection->Prepare(fmt::format("PRAGMA integrity_check({})", kMaxFindings));
  while (integrity.Next()) {
    if (integrity.View(0) != "ok") findings.push_back(integrity.Text(0));
  }
  // Damage may be such that the search itself does not get far.
  if (errors::ReasonOf(integrity.status()) == Reason::kStoreCorrupt) {
    findings.push_back(errors::MessageOf(integrity.status()));
  } else {
    RETURN_IF_ERROR(integrity.status());
  }
  if (!findings.empty()) return findings;
  Statement keys = connection->Prepare("PRAGMA foreign_key_check");
  while (findings.size() < kMaxFindings && keys.Next()) {
    findings.push_back(fmt::format("row {} of {} refers to a row of {} that is not there",
                                   keys.Int64(1), keys.View(0), keys.View(2)));
  }
  RETURN_IF_ERROR(keys.status());
  return findings;
}

}  // namespace flywheel::sql

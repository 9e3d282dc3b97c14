#include "shared/sql/integrity.h"

#include <fmt/format.h>

#include <filesystem>
#include <system_error>

#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::sql {
namespace {

// 0 where there is no such file.
int64_t FileSize(const std::string& path) {
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  return error ? 0 : static_cast<int64_t>(size);
}

absl::StatusOr<int64_t> ReadPragma(Connection& connection, const char* sql) {
  Statement select = connection.Prepare(sql);
  const int64_t value = select.Next() ? select.Int64(0) : 0;
  RETURN_IF_ERROR(select.status());
  return value;
}

}  // namespace

bool WasLeftOpen(const std::string& path) { return FileSize(path + "-wal") > 0; }

absl::Status CheckIntegrity(Connection& connection, const std::string& path, bool left_open) {
  ASSIGN_OR_RETURN(const int64_t pages, ReadPragma(connection, "PRAGMA page_count"));
  ASSIGN_OR_RETURN(const int64_t page_bytes, ReadPragma(connection, "PRAGMA page_size"));
  const int64_t file_bytes = FileSize(path);
  // What the write-ahead log still holds, the file need not.
  if (!left_open && file_bytes < pages * page_bytes) {
    return errors::StoreCorrupt(
        path, fmt::format("{} bytes of {} are there", file_bytes, pages * page_bytes));
  }
  const int64_t bytes = pages * page_bytes;
  if (bytes > (left_open ? kCheckedAfterCrashBytes : kAlwaysCheckedBytes)) return absl::OkStatus();
  // Indexes are compared with their tables only where that takes no time.
  Statement check = connection.Prepare(bytes <= kAlwaysCheckedBytes ? "PRAGMA integrity_check(1)"
                                                                    : "PRAGMA quick_check(1)");
  if (check.Next() && check.View(0) != "ok") return errors::StoreCorrupt(path, check.View(0));
  return check.status();
}

}  // namespace flywheel::sql

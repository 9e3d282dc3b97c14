// Lock file: keeps a store to one process at a time.
#ifndef FLYWHEEL_SHARED_SQL_FILE_LOCK_H_
#define FLYWHEEL_SHARED_SQL_FILE_LOCK_H_

#include <string>
#include <utility>

#include "absl/status/statusor.h"

namespace flywheel::sql {

// Holds "PATH.lock" until it is destroyed or its process ends, however it ends. Movable.
class FileLock {
 public:
  // INVALID_CONFIGURATION where another process holds it, STORAGE_UNAVAILABLE where the file cannot
  // be made.
  static absl::StatusOr<FileLock> Take(const std::string& path);

  FileLock(FileLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;
  FileLock& operator=(FileLock&&) = delete;
  ~FileLock();

 private:
  explicit FileLock(int file) : file_(file) {}

  int file_;
};

}  // namespace flywheel::sql

#endif  // FLYWHEEL_SHARED_SQL_FILE_LOCK_H_

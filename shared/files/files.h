// Durable file I/O: new files, directories and renames that survive a crash whole.
#ifndef FLYWHEEL_SHARED_FILES_FILES_H_
#define FLYWHEEL_SHARED_FILES_FILES_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace flywheel {

// All answer STORAGE_FULL or STORAGE_UNAVAILABLE with the path and the system's words, where
// nothing else is said.

// What `error`, an errno, means for the file or directory at `path`.
absl::Status FileError(const std::string& path, int error);

// An open file or directory, which is closed at the end of its scope. For one thread at a time.
class File {
 public:
  // `flags` are those of open(2). A file that is made is for this user alone.
  static absl::StatusOr<File> Open(const std::string& path, int flags);

  File(File&& other) noexcept
      : path_(std::move(other.path_)), descriptor_(std::exchange(other.descriptor_, -1)) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File();

  // Fills `size` bytes from the place that was reached; returns how many, which are fewer at the
  // end of the file alone.
  absl::StatusOr<size_t> Read(char* bytes, size_t size) const;
  // The same from `offset` on.
  absl::StatusOr<size_t> ReadAt(int64_t offset, char* bytes, size_t size) const;
  absl::Status Write(std::string_view bytes) const;
  // What was written is on the disk when this returns.
  absl::Status Sync() const;
  int64_t size_bytes() const;

 private:
  File(std::string path, int descriptor) : path_(std::move(path)), descriptor_(descriptor) {}

  std::string path_;
  int descriptor_;
};

absl::StatusOr<std::string> ReadFile(const std::string& path);

// Makes a file that must not exist yet, for this user alone, which is on the disk when this
// returns. After an error it is not there, or is what was there before.
absl::Status WriteNewFile(const std::string& path, std::string_view content);

// Makes a directory for this user alone, and those above it. One that is there gets this mode too.
absl::Status MakeDirectory(const std::string& path);

// Makes the directory that `flag` names where it does not exist, for this user alone.
// INVALID_CONFIGURATION, which names the flag, where it cannot be made or written; STORAGE_FULL.
absl::Status MakeWritableDirectory(std::string_view flag, const std::string& path);

// Brings to the disk which names a directory has.
absl::Status SyncDirectory(const std::string& path);

// Gives a file or directory its final name, durably: after a crash it has the old name or the new
// one. Its content has to be on the disk before.
absl::Status RenameDurably(const std::string& from, const std::string& to);

}  // namespace flywheel

#endif  // FLYWHEEL_SHARED_FILES_FILES_H_

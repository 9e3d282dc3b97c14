#include "ingest_service/archive/folder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::ingest {
namespace {

constexpr char kTemporary[] = ".part";

absl::Status FileError(std::string_view what, const std::string& path) {
  const int error = errno;
  const std::string detail =
      fmt::format("archive file {}: {}: {}", path, what, std::strerror(error));
  return error == ENOSPC || error == EDQUOT ? errors::StorageFull(detail)
                                            : errors::StorageUnavailable(detail);
}

// Closes at the end of its scope.
class File {
 public:
  File(const std::string& path, int flags) : file_(open(path.c_str(), flags | O_CLOEXEC, 0600)) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (file_ >= 0) close(file_);
  }
  int number() const { return file_; }

 private:
  int file_;
};

absl::Status SyncDirectory(const std::string& path) {
  const File directory(path, O_RDONLY | O_DIRECTORY);
  if (directory.number() < 0 || fsync(directory.number()) != 0) return FileError("fsync", path);
  return absl::OkStatus();
}

absl::Status WriteDurably(const std::string& path, std::string_view bytes) {
  const File file(path, O_WRONLY | O_CREAT | O_TRUNC);
  if (file.number() < 0) return FileError("open", path);
  while (!bytes.empty()) {
    const ssize_t written = write(file.number(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return FileError("write", path);
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  if (fsync(file.number()) != 0) return FileError("fsync", path);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<ObjectStore>> Folder::Open(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error || access(path.c_str(), R_OK | W_OK | X_OK) != 0) {
    return errors::InvalidConfiguration("--archive-dir",
                                        fmt::format("'{}', which cannot be written", path),
                                        "a folder that this user may write");
  }
  return std::unique_ptr<ObjectStore>(new Folder(path));
}

absl::Status Folder::Put(const std::string& name, std::string_view bytes) {
  const std::string path = Path(name);
  const std::string folder = std::filesystem::path(path).parent_path();
  std::error_code error;
  if (std::filesystem::create_directories(folder, error)) RETURN_IF_ERROR(SyncDirectory(path_));
  RETURN_IF_ERROR(WriteDurably(path + kTemporary, bytes));
  if (rename((path + kTemporary).c_str(), path.c_str()) != 0) return FileError("rename", path);
  return SyncDirectory(folder);
}

absl::StatusOr<std::string> Folder::Get(const std::string& name, int64_t offset,
                                        int64_t size_bytes) {
  const std::string path = Path(name);
  const File file(path, O_RDONLY);
  if (file.number() < 0) {
    return errno == ENOENT ? errors::NotFound("archive file", path, "Restore it from a copy.")
                           : FileError("open", path);
  }
  std::string bytes(static_cast<size_t>(size_bytes), '\0');
  size_t got = 0;
  while (got < bytes.size()) {
    const ssize_t part = pread(file.number(), bytes.data() + got, bytes.size() - got,
                               offset + static_cast<int64_t>(got));
    if (part < 0 && errno == EINTR) continue;
    if (part < 0) return FileError("read", path);
    if (part == 0) return errors::StoreCorrupt(path, "the archive file is too short");
    got += static_cast<size_t>(part);
  }
  return bytes;
}

absl::Status Folder::Remove(const std::string& name) {
  const std::string path = Path(name);
  bool removed = false;
  for (const std::string& each : {path, path + kTemporary}) {
    if (unlink(each.c_str()) == 0) {
      removed = true;
    } else if (errno != ENOENT && errno != ENOTDIR) {
      return FileError("unlink", each);
    }
  }
  return removed ? SyncDirectory(std::filesystem::path(path).parent_path()) : absl::OkStatus();
}

}  // namespace flywheel::ingest

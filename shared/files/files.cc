#include "shared/files/files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "shared/status/errors.h"
#include "shared/status/no_room.h"
#include "shared/status/status_macros.h"

namespace flywheel {
namespace {

constexpr mode_t kOwnFile = 0600;
constexpr mode_t kOwnDirectory = 0700;
constexpr size_t kChunkBytes = 64 << 10;

// `read_some` reads up to so many bytes to a place, `done` bytes from the begin, as read(2) does.
template <typename ReadSome>
absl::StatusOr<size_t> Fill(const std::string& path, size_t size, const ReadSome& read_some) {
  size_t done = 0;
  while (done < size) {
    const ssize_t got = read_some(done);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return FileError(path, errno);
    if (got == 0) break;
    done += static_cast<size_t>(got);
  }
  return done;
}

}  // namespace

absl::Status FileError(const std::string& path, int error) {
  const std::string detail = fmt::format("{}: {}", path, std::strerror(error));
  return IsNoRoom(error) ? errors::StorageFull(detail) : errors::StorageUnavailable(detail);
}

absl::StatusOr<File> File::Open(const std::string& path, int flags) {
  const int descriptor = open(path.c_str(), flags | O_CLOEXEC, kOwnFile);
  if (descriptor < 0) return FileError(path, errno);
  return File(path, descriptor);
}

File::~File() {
  if (descriptor_ >= 0) close(descriptor_);
}

absl::StatusOr<size_t> File::Read(char* bytes, size_t size) const {
  return Fill(path_, size,
              [&](size_t done) { return read(descriptor_, bytes + done, size - done); });
}

absl::StatusOr<size_t> File::ReadAt(int64_t offset, char* bytes, size_t size) const {
  return Fill(path_, size, [&](size_t done) {
    return pread(descriptor_, bytes + done, size - done, offset + static_cast<int64_t>(done));
  });
}

absl::Status File::Write(std::string_view bytes) const {
  while (!bytes.empty()) {
    const ssize_t put = write(descriptor_, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return FileError(path_, errno);
    bytes.remove_prefix(static_cast<size_t>(put));
  }
  return absl::OkStatus();
}

absl::Status File::Sync() const {
  return fsync(descriptor_) == 0 ? absl::OkStatus() : FileError(path_, errno);
}

int64_t File::size_bytes() const {
  struct stat found = {};
  return fstat(descriptor_, &found) == 0 ? found.st_size : 0;
}

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  ASSIGN_OR_RETURN(const File file, File::Open(path, O_RDONLY));
  std::string content;
  while (true) {
    const size_t size = content.size();
    content.resize(size + kChunkBytes);
    ASSIGN_OR_RETURN(const size_t got, file.Read(content.data() + size, kChunkBytes));
    content.resize(size + got);
    if (got < kChunkBytes) return content;
  }
}

absl::Status WriteNewFile(const std::string& path, std::string_view content) {
  ASSIGN_OR_RETURN(const File file, File::Open(path, O_WRONLY | O_CREAT | O_EXCL));
  absl::Status status = file.Write(content);
  if (status.ok()) status = file.Sync();
  if (!status.ok()) unlink(path.c_str());
  return status;
}

absl::Status MakeDirectory(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (!error && chmod(path.c_str(), kOwnDirectory) == 0) return absl::OkStatus();
  return FileError(path, error ? error.value() : errno);
}

absl::Status MakeWritableDirectory(std::string_view flag, const std::string& path) {
  std::error_code error;
  // Without a name left over, of "a/" nobody could say whether it was made.
  const std::filesystem::path name = (std::filesystem::path(path) / "").parent_path();
  if (std::filesystem::create_directories(name, error)) chmod(path.c_str(), kOwnDirectory);
  if (!error && access(path.c_str(), W_OK | X_OK) == 0) return absl::OkStatus();
  const int problem = error ? error.value() : errno;
  absl::Status status = FileError(path, problem);
  if (errors::ReasonOf(status) == Reason::kStorageFull) return status;
  return errors::InvalidConfiguration(
      flag, fmt::format("'{}', which cannot be written ({})", path, std::strerror(problem)),
      "a directory that this user may write");
}

absl::Status SyncDirectory(const std::string& path) {
  ASSIGN_OR_RETURN(const File directory, File::Open(path, O_RDONLY | O_DIRECTORY));
  return directory.Sync();
}

absl::Status RenameDurably(const std::string& from, const std::string& to) {
  if (rename(from.c_str(), to.c_str()) != 0) return FileError(to, errno);
  const std::string parent = std::filesystem::path(to).parent_path().string();
  return SyncDirectory(parent.empty() ? "." : parent);
}

}  // namespace flywheel

#include "store_tools/files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <memory>
#include <utility>
#include <vector>

#include "shared/privacy/digest.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::store_tools {
namespace {

constexpr size_t kChunkBytes = 1 << 20;

absl::Status SystemError(const std::string& path, int error) {
  const std::string detail = fmt::format("{}: {}", path, std::strerror(error));
  return error == ENOSPC || error == EDQUOT || error == EFBIG ? errors::StorageFull(detail)
                                                              : errors::StorageUnavailable(detail);
}

// Closes what it holds. Movable.
class File {
 public:
  static absl::StatusOr<File> Open(const std::string& path, int flags) {
    const int file = open(path.c_str(), flags | O_CLOEXEC, 0600);
    if (file < 0) return SystemError(path, errno);
    return File(path, file);
  }
  File(File&& other) noexcept
      : path_(std::move(other.path_)), file_(std::exchange(other.file_, -1)) {}
  ~File() {
    if (file_ >= 0) close(file_);
  }

  // Fills `chunk`; fewer bytes at the end of the file alone.
  absl::StatusOr<size_t> Read(std::vector<char>& chunk) const {
    size_t filled = 0;
    while (filled < chunk.size()) {
      const ssize_t got = read(file_, chunk.data() + filled, chunk.size() - filled);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return SystemError(path_, errno);
      if (got == 0) break;
      filled += static_cast<size_t>(got);
    }
    return filled;
  }
  absl::Status Write(std::string_view bytes) const {
    while (!bytes.empty()) {
      const ssize_t put = write(file_, bytes.data(), bytes.size());
      if (put < 0 && errno == EINTR) continue;
      if (put < 0) return SystemError(path_, errno);
      bytes.remove_prefix(static_cast<size_t>(put));
    }
    return absl::OkStatus();
  }
  absl::Status Sync() const {
    return fsync(file_) == 0 ? absl::OkStatus() : SystemError(path_, errno);
  }
  int64_t size_bytes() const {
    struct stat found = {};
    return fstat(file_, &found) == 0 ? found.st_size : 0;
  }

 private:
  File(std::string path, int file) : path_(std::move(path)), file_(file) {}

  std::string path_;
  int file_;
};

// Reads to the end, and hands every piece to `use`.
template <typename Use>
absl::StatusOr<FileDigest> ReadThrough(const File& file, const Use& use) {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> hash(EVP_MD_CTX_new(),
                                                                     &EVP_MD_CTX_free);
  if (hash == nullptr || EVP_DigestInit_ex(hash.get(), EVP_sha256(), nullptr) != 1) {
    return errors::Internal("SHA-256 is not there");
  }
  FileDigest digest;
  std::vector<char> chunk(kChunkBytes);
  while (true) {
    ASSIGN_OR_RETURN(const size_t size, file.Read(chunk));
    if (size == 0) break;
    EVP_DigestUpdate(hash.get(), chunk.data(), size);
    digest.size_bytes += static_cast<int64_t>(size);
    RETURN_IF_ERROR(use(std::string_view(chunk.data(), size), digest.size_bytes));
  }
  std::string bytes(EVP_MAX_MD_SIZE, '\0');
  unsigned size = 0;
  EVP_DigestFinal_ex(hash.get(), reinterpret_cast<unsigned char*>(bytes.data()), &size);
  digest.sha256 = ToHex(std::string_view(bytes).substr(0, size));
  return digest;
}

absl::Status SyncDirectory(const std::string& path) {
  ASSIGN_OR_RETURN(const File directory, File::Open(path, O_RDONLY | O_DIRECTORY));
  return directory.Sync();
}

}  // namespace

absl::StatusOr<FileDigest> DigestFile(const std::string& path) {
  ASSIGN_OR_RETURN(const File file, File::Open(path, O_RDONLY));
  return ReadThrough(file, [](std::string_view, int64_t) { return absl::OkStatus(); });
}

absl::StatusOr<FileDigest> CopyFile(const std::string& source, const std::string& target,
                                    const sql::ProgressFunction& progress) {
  ASSIGN_OR_RETURN(const File from, File::Open(source, O_RDONLY));
  ASSIGN_OR_RETURN(const File to, File::Open(target, O_WRONLY | O_CREAT | O_EXCL));
  const int64_t total = from.size_bytes();
  ASSIGN_OR_RETURN(FileDigest digest,
                   ReadThrough(from, [&](std::string_view bytes, int64_t done) -> absl::Status {
                     RETURN_IF_ERROR(to.Write(bytes));
                     if (progress) progress(done, total);
                     return absl::OkStatus();
                   }));
  RETURN_IF_ERROR(to.Sync());
  return digest;
}

absl::Status WriteFile(const std::string& path, std::string_view content) {
  ASSIGN_OR_RETURN(const File file, File::Open(path, O_WRONLY | O_CREAT | O_EXCL));
  RETURN_IF_ERROR(file.Write(content));
  return file.Sync();
}

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  ASSIGN_OR_RETURN(const File file, File::Open(path, O_RDONLY));
  std::string content;
  RETURN_IF_ERROR(ReadThrough(file, [&](std::string_view bytes, int64_t) {
                    content.append(bytes);
                    return absl::OkStatus();
                  }).status());
  return content;
}

absl::Status MakeDirectory(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (!error && chmod(path.c_str(), 0700) == 0) return absl::OkStatus();
  return SystemError(path, error ? error.value() : errno);
}

absl::Status RenameDirectory(const std::string& from, const std::string& to) {
  RETURN_IF_ERROR(SyncDirectory(from));
  if (rename(from.c_str(), to.c_str()) != 0) return SystemError(to, errno);
  const std::string parent = std::filesystem::path(to).parent_path().string();
  return SyncDirectory(parent.empty() ? "." : parent);
}

}  // namespace flywheel::store_tools

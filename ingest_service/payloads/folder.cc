#include "ingest_service/payloads/folder.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "shared/files/files.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::ingest {
namespace {

constexpr char kTemporary[] = ".part";

}  // namespace

absl::StatusOr<std::unique_ptr<ObjectStore>> Folder::Open(const std::string& path) {
  RETURN_IF_ERROR(MakeWritableDirectory("--archive-dir", path));
  return std::unique_ptr<ObjectStore>(new Folder(path));
}

absl::Status Folder::Put(const std::string& name, std::string_view bytes) {
  const std::string path = Path(name);
  const std::string folder = std::filesystem::path(path).parent_path();
  std::error_code error;
  // A new folder survives a crash only once the one above it is on the disk.
  if (std::filesystem::create_directories(folder, error)) RETURN_IF_ERROR(SyncDirectory(path_));
  {
    // Whole or not at all: under another name first.
    ASSIGN_OR_RETURN(const File file, File::Open(path + kTemporary, O_WRONLY | O_CREAT | O_TRUNC));
    RETURN_IF_ERROR(file.Write(bytes));
    RETURN_IF_ERROR(file.Sync());
  }
  return RenameDurably(path + kTemporary, path);
}

absl::StatusOr<std::string> Folder::Get(const std::string& name, int64_t offset,
                                        int64_t size_bytes) {
  const std::string path = Path(name);
  // A file that is gone is told apart from a disk that fails.
  if (access(path.c_str(), F_OK) != 0 && errno == ENOENT) {
    return errors::NotFound("archive file", path, "Restore it from a copy.");
  }
  ASSIGN_OR_RETURN(const File file, File::Open(path, O_RDONLY));
  std::string bytes(static_cast<size_t>(size_bytes), '\0');
  ASSIGN_OR_RETURN(const size_t got, file.ReadAt(offset, bytes.data(), bytes.size()));
  if (got < bytes.size()) return errors::StoreCorrupt(path, "the archive file is too short");
  return bytes;
}

absl::Status Folder::Remove(const std::string& name) {
  const std::string path = Path(name);
  bool removed = false;
  // What a crash left half-written goes too; what is gone already is no error.
  for (const std::string& each : {path, path + kTemporary}) {
    if (unlink(each.c_str()) == 0) {
      removed = true;
    } else if (errno != ENOENT && errno != ENOTDIR) {
      return FileError(each, errno);
    }
  }
  return removed ? SyncDirectory(std::filesystem::path(path).parent_path()) : absl::OkStatus();
}

}  // namespace flywheel::ingest

#include "shared/sql/file_lock.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "shared/status/errors.h"

namespace flywheel::sql {

absl::StatusOr<FileLock> FileLock::Take(const std::string& path) {
  const std::string name = path + ".lock";
  const int file = open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0 && (errno == EACCES || errno == EROFS || errno == EPERM)) {
    return errors::InvalidConfiguration(
        "the store", fmt::format("{}, which cannot be written ({})", name, std::strerror(errno)),
        "a file in a directory that this user may write");
  }
  if (file < 0) {
    return errors::StorageUnavailable(fmt::format("{}: {}", name, std::strerror(errno)));
  }
  if (flock(file, LOCK_EX | LOCK_NB) != 0) {
    close(file);
    return errors::InvalidConfiguration("the store",
                                        fmt::format("{}, which another process uses", path),
                                        "a store of its own for every service: stop the other, or "
                                        "choose another --data-dir");
  }
  return FileLock(file);
}

FileLock::~FileLock() {
  if (file_ >= 0) close(file_);
}

}  // namespace flywheel::sql

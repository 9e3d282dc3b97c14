#include "shared/rpc/secret_file.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>

#include <optional>

#include "shared/status/errors.h"
#include "shared/text/quote.h"

namespace flywheel::rpc {
namespace {

constexpr mode_t kOthersMayWrite = S_IWGRP | S_IWOTH;
constexpr mode_t kOthersMayRead = S_IRGRP | S_IROTH;

// The permissions alone, such as 0640; nothing where there is no such file.
std::optional<mode_t> ModeOf(const std::string& path) {
  struct stat file = {};
  if (stat(path.c_str(), &file) != 0) return std::nullopt;
  return file.st_mode & (S_IRWXU | S_IRWXG | S_IRWXO);
}

}  // namespace

absl::Status CheckSecretFile(std::string_view flag, const std::string& path) {
  const std::optional<mode_t> mode = ModeOf(path);
  if (!mode) return absl::OkStatus();
  if ((*mode & kOthersMayWrite) != 0) {
    return errors::InvalidConfiguration(
        flag, fmt::format("'{}' of mode {:04o}, which others may write", path, *mode),
        fmt::format("a file that its owner alone may write: chmod 600 {}, and make new keys if you "
                    "do not know who wrote these",
                    path));
  }
  if ((*mode & kOthersMayRead) != 0) {
    spdlog::warn(
        "event=secret_file_open flag={} file={} mode={:04o} message=\"others may read these keys\"",
        flag, Quoted(path), *mode);
  }
  return absl::OkStatus();
}

void WarnOfOpenDirectory(std::string_view flag, const std::string& path) {
  const std::optional<mode_t> mode = ModeOf(path);
  if (!mode || (*mode & kOthersMayWrite) == 0) return;
  spdlog::warn(
      "event=data_dir_open flag={} directory={} mode={:04o} message=\"others may replace the "
      "store\"",
      flag, Quoted(path), *mode);
}

}  // namespace flywheel::rpc

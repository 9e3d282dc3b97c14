#include "store_tools/file_errors.h"

#include <fmt/format.h>

#include <cstring>

#include "shared/status/errors.h"

namespace flywheel::store_tools {

absl::Status ForCommand(const absl::Status& status, std::string_view outcome) {
  const Reason reason = errors::ReasonOf(status);
  if (reason != Reason::kStorageFull && reason != Reason::kStorageUnavailable) return status;
  const std::string detail = errors::MetadataOf(status)["detail"];
  const std::string message =
      reason == Reason::kStorageFull
          ? fmt::format("the disk is full ({}). {} Make space, then run it again.", detail, outcome)
          : fmt::format("{}. {}", detail, outcome);
  absl::Status said(status.code(), message);
  status.ForEachPayload(
      [&](absl::string_view url, const absl::Cord& payload) { said.SetPayload(url, payload); });
  return said;
}

std::string CannotBeRead(int error) {
  return fmt::format("cannot be read ({})", std::strerror(error));
}

absl::Status CheckGiven(std::string_view flag, const std::string& path) {
  if (!path.empty()) return absl::OkStatus();
  return errors::InvalidConfiguration(flag, "''", "a directory");
}

}  // namespace flywheel::store_tools

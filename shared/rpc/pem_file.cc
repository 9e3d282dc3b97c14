#include "shared/rpc/pem_file.h"

#include <fmt/format.h>

#include "shared/files/files.h"
#include "shared/status/errors.h"

namespace flywheel::rpc {

absl::StatusOr<std::string> ReadPemFile(std::string_view flag, const std::string& path) {
  absl::StatusOr<std::string> text = ReadFile(path);
  if (!text.ok()) {
    return errors::InvalidConfiguration(flag, fmt::format("'{}', which cannot be read", path),
                                        "a readable PEM file");
  }
  if (text->find("-----BEGIN ") == std::string::npos) {
    return errors::InvalidConfiguration(flag, fmt::format("'{}', which holds no PEM", path),
                                        "a PEM file, which has a line '-----BEGIN ...'");
  }
  return text;
}

}  // namespace flywheel::rpc

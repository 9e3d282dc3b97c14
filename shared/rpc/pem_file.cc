#include "shared/rpc/pem_file.h"

#include <fmt/format.h>

#include <fstream>
#include <sstream>
#include <utility>

#include "shared/status/errors.h"

namespace flywheel::rpc {

absl::StatusOr<std::string> ReadPemFile(std::string_view flag, const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  // A directory opens well and then cannot be read: this way that throws nothing.
  text << file.rdbuf();
  if (!file.is_open() || text.bad()) {
    return errors::InvalidConfiguration(flag, fmt::format("'{}', which cannot be read", path),
                                        "a readable PEM file");
  }
  if (text.str().find("-----BEGIN ") == std::string::npos) {
    return errors::InvalidConfiguration(flag, fmt::format("'{}', which holds no PEM", path),
                                        "a PEM file, which has a line '-----BEGIN ...'");
  }
  return std::move(text).str();
}

}  // namespace flywheel::rpc

// Reads PEM files: certificates and keys.
#ifndef FLYWHEEL_SHARED_RPC_PEM_FILE_H_
#define FLYWHEEL_SHARED_RPC_PEM_FILE_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace flywheel::rpc {

// The content of a PEM file. INVALID_CONFIGURATION, which names `flag` and the file, for one that
// cannot be read or that holds no PEM block: gRPC itself would say neither.
absl::StatusOr<std::string> ReadPemFile(std::string_view flag, const std::string& path);

}  // namespace flywheel::rpc

#endif  // FLYWHEEL_SHARED_RPC_PEM_FILE_H_

// Translates the error of an upstream call into the one that this service's caller gets.
#ifndef FLYWHEEL_SHARED_RPC_UPSTREAM_ERROR_H_
#define FLYWHEEL_SHARED_RPC_UPSTREAM_ERROR_H_

#include <grpcpp/support/status.h>

#include <string_view>

#include "absl/status/status.h"

namespace flywheel::rpc {

// UPSTREAM_UNAVAILABLE with RetryInfo where it does not answer, UPSTREAM_REFUSED where it refuses
// this service's key or role, else what the upstream said. OK stays OK. `service` is the short
// name, such as "ingest".
absl::Status UpstreamError(const grpc::Status& status, std::string_view service,
                           std::string_view address);

}  // namespace flywheel::rpc

#endif  // FLYWHEEL_SHARED_RPC_UPSTREAM_ERROR_H_

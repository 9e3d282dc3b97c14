// Converts absl::Status to grpc::Status and back: the one seam between the two.
#ifndef FLYWHEEL_SHARED_RPC_STATUS_TO_GRPC_H_
#define FLYWHEEL_SHARED_RPC_STATUS_TO_GRPC_H_

#include <grpcpp/support/status.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace flywheel::rpc {

// The wire form: the same code, the message, and every payload of `status` as a detail of a
// google.rpc.Status. `domain` (such as "ingest.flywheel") and `request_id` are added to ErrorInfo.
// The text of an INTERNAL error stays here: the caller gets the request id to look it up by.
grpc::Status ToGrpcStatus(const absl::Status& status, const std::string& domain,
                          const std::string& request_id);

// The trailer by which a server tells clients with a retryPolicy when to send again (gRFC A6).
inline constexpr std::string_view kRetryPushbackHeader = "grpc-retry-pushback-ms";

// Its value: the delay of RetryInfo, in whole milliseconds, at least 1; -1, which is never, for a
// RESOURCE_EXHAUSTED without RetryInfo, because a policy names codes and this one has both kinds.
// Nothing where the client's own delay is as good.
std::optional<int64_t> RetryPushbackMs(const absl::Status& status);

// The same code, message and payloads, for a client that branches on errors::ReasonOf.
absl::Status FromGrpcStatus(const grpc::Status& status);

}  // namespace flywheel::rpc

#endif  // FLYWHEEL_SHARED_RPC_STATUS_TO_GRPC_H_

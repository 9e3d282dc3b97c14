// The one seam between absl::Status and gRPC, in both directions.
#ifndef FLYWHEEL_SHARED_RPC_STATUS_TO_GRPC_H_
#define FLYWHEEL_SHARED_RPC_STATUS_TO_GRPC_H_

#include <grpcpp/support/status.h>

#include <string>

#include "absl/status/status.h"

namespace flywheel::rpc {

// The wire form: the same code, the message, and every payload of `status` as a detail of a
// google.rpc.Status. `domain` (such as "ingest.flywheel") and `request_id` are added to ErrorInfo.
// The text of an INTERNAL error stays here: the caller gets the request id to look it up by.
grpc::Status ToGrpcStatus(const absl::Status& status, const std::string& domain,
                          const std::string& request_id);

// The same code, message and payloads, for a client that branches on errors::ReasonOf.
absl::Status FromGrpcStatus(const grpc::Status& status);

}  // namespace flywheel::rpc

#endif  // FLYWHEEL_SHARED_RPC_STATUS_TO_GRPC_H_

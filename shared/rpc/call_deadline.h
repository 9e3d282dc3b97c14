// The deadline and cancellation of a gRPC call, as a Deadline.
#ifndef FLYWHEEL_SHARED_RPC_CALL_DEADLINE_H_
#define FLYWHEEL_SHARED_RPC_CALL_DEADLINE_H_

#include <grpcpp/server_context.h>

#include "absl/time/time.h"
#include "shared/rpc/endpoint.h"
#include "shared/time/deadline.h"

namespace flywheel::rpc {

// Left for an answer to arrive before the caller's deadline.
inline constexpr absl::Duration kAnswerTime = absl::Milliseconds(200);

// Passes `answer_time` before the caller's deadline, so that the answer arrives before it; never
// where the caller has none. CANCELLED where the caller is gone, SHUTTING_DOWN where the server
// stops. The context and the endpoint outlive what is returned.
Deadline CallDeadline(const grpc::ServerContext& context, const Endpoint& endpoint,
                      absl::Duration answer_time = absl::ZeroDuration());

}  // namespace flywheel::rpc

#endif  // FLYWHEEL_SHARED_RPC_CALL_DEADLINE_H_

#include "shared/rpc/call_deadline.h"

#include <chrono>

#include "shared/status/errors.h"

namespace flywheel::rpc {

Deadline CallDeadline(const grpc::ServerContext& context, const Endpoint& endpoint,
                      absl::Duration answer_time) {
  // gRPC's form of no deadline is one that is centuries away.
  const bool has_deadline =
      context.deadline() - std::chrono::system_clock::now() < std::chrono::hours(24 * 365);
  const absl::Time time =
      has_deadline ? absl::FromChrono(context.deadline()) - answer_time : absl::InfiniteFuture();
  return Deadline(time, [&context, &endpoint]() -> absl::Status {
    if (endpoint.draining()) return errors::ShuttingDown();
    return context.IsCancelled() ? errors::Cancelled() : absl::OkStatus();
  });
}

}  // namespace flywheel::rpc

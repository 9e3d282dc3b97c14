#include "cli/health.h"

#include <utility>

#include "absl/synchronization/notification.h"
#include "grpc/health/v1/health.grpc.pb.h"
#include "shared/rpc/status_to_grpc.h"
#include "shared/status/status_macros.h"

namespace flywheel::cli {

namespace v1 = grpc::health::v1;

absl::Status CheckHealth(const rpc::Channel& channel, absl::Duration timeout) {
  grpc::ClientContext context;
  channel.Prepare(context, timeout);
  const v1::HealthCheckRequest request;
  v1::HealthCheckResponse response;
  grpc::Status status;
  absl::Notification done;
  const auto stub = v1::Health::NewStub(channel.get());
  // Not the synchronous call: between two of those nobody works on the connection, and whoever asks
  // again and again until a server is up would meet it up to five seconds late.
  stub->async()->Check(&context, &request, &response, [&](grpc::Status result) {
    status = std::move(result);
    done.Notify();
  });
  done.WaitForNotification();
  RETURN_IF_ERROR(rpc::FromGrpcStatus(status));
  return response.status() == v1::HealthCheckResponse::SERVING
             ? absl::OkStatus()
             : absl::UnavailableError("it does not serve");
}

}  // namespace flywheel::cli

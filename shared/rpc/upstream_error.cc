#include "shared/rpc/upstream_error.h"

#include "shared/rpc/status_to_grpc.h"
#include "shared/status/errors.h"

namespace flywheel::rpc {

absl::Status UpstreamError(const grpc::Status& status, std::string_view service,
                           std::string_view address) {
  switch (status.error_code()) {
    case grpc::StatusCode::UNAVAILABLE:
    case grpc::StatusCode::DEADLINE_EXCEEDED:
      return errors::UpstreamUnavailable(service, address, status.error_message());
    case grpc::StatusCode::UNAUTHENTICATED:
    case grpc::StatusCode::PERMISSION_DENIED:
      return errors::UpstreamRefused(service, address, status.error_message());
    default:
      return FromGrpcStatus(status);
  }
}

}  // namespace flywheel::rpc

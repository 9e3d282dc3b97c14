#include "shared/rpc/neighbour_error.h"

#include "shared/rpc/status_to_grpc.h"
#include "shared/status/errors.h"

namespace flywheel::rpc {

absl::Status NeighbourError(const grpc::Status& status, std::string_view service,
                            std::string_view address) {
  switch (status.error_code()) {
    case grpc::StatusCode::UNAVAILABLE:
    case grpc::StatusCode::DEADLINE_EXCEEDED:
      return errors::NeighbourUnavailable(service, address, status.error_message());
    case grpc::StatusCode::UNAUTHENTICATED:
    case grpc::StatusCode::PERMISSION_DENIED:
      return errors::NeighbourRefused(service, address, status.error_message());
    default:
      return FromGrpcStatus(status);
  }
}

}  // namespace flywheel::rpc

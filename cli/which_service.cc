#include "cli/which_service.h"

#include <grpcpp/client_context.h>

#include "absl/time/time.h"
#include "cli/error_details.h"
#include "flywheel/audit/v1/audit_service.grpc.pb.h"
#include "shared/rpc/channel.h"
#include "shared/rpc/status_to_grpc.h"

namespace flywheel::cli {
namespace {

constexpr absl::Duration kWhoTimeout = absl::Seconds(2);
// Behind the name of a service in the domain of its errors.
constexpr std::string_view kDomainEnd = ".flywheel";

}  // namespace

std::string ServiceAt(const std::string& address) {
  rpc::Target target;
  target.address = address;
  const auto channel = rpc::Channel::Open(target);
  if (!channel.ok()) return "";
  grpc::ClientContext context;
  channel->Prepare(context, kWhoTimeout);
  // Every service has it, and refuses this order, or whoever asks, in its own name.
  audit::v1::ListAuditEventsRequest request;
  request.set_order(static_cast<common::v1::ListOrder>(-1));
  audit::v1::ListAuditEventsResponse response;
  const auto stub = audit::v1::AuditService::NewStub(channel->get());
  const absl::Status refused =
      rpc::FromGrpcStatus(stub->ListAuditEvents(&context, request, &response));
  const std::string domain = DomainOf(refused);
  if (!domain.ends_with(kDomainEnd)) return "";
  return "flywheel-" + domain.substr(0, domain.size() - kDomainEnd.size());
}

}  // namespace flywheel::cli

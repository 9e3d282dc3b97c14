#include "cli/health.h"

#include <google/protobuf/empty.pb.h>
#include <google/protobuf/unknown_field_set.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/impl/codegen/proto_utils.h>

#include "absl/synchronization/notification.h"
#include "shared/rpc/status_to_grpc.h"

namespace flywheel::cli {
namespace {

// HealthCheckResponse is one enum in field 1. Debian packages no health.proto, and one number needs
// no generated code: the field is read from those that Empty does not know.
constexpr int kStatusField = 1;
constexpr uint64_t kServing = 1;

using Message = google::protobuf::Empty;

bool SaysServing(const Message& response) {
  const google::protobuf::UnknownFieldSet& fields =
      response.GetReflection()->GetUnknownFields(response);
  for (int i = 0; i < fields.field_count(); ++i) {
    if (fields.field(i).number() == kStatusField) return fields.field(i).varint() == kServing;
  }
  return false;
}

}  // namespace

absl::Status CheckHealth(const rpc::Channel& channel, absl::Duration timeout) {
  grpc::ClientContext context;
  channel.Prepare(context, timeout);
  const Message request;
  Message response;
  grpc::Status status;
  absl::Notification done;
  grpc::TemplatedGenericStub<Message, Message> stub(channel.get());
  stub.UnaryCall(&context, "/grpc.health.v1.Health/Check", grpc::StubOptions(), &request, &response,
                 [&](grpc::Status result) {
                   status = std::move(result);
                   done.Notify();
                 });
  done.WaitForNotification();
  if (!status.ok()) return rpc::FromGrpcStatus(status);
  return SaysServing(response) ? absl::OkStatus() : absl::UnavailableError("it does not serve");
}

}  // namespace flywheel::cli

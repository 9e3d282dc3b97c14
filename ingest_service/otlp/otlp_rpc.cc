#include "ingest_service/otlp/otlp_rpc.h"

#include <grpcpp/support/slice.h>

#include <string>
#include <utility>

#include "ingest_service/otlp/export_decoder.h"
#include "shared/rpc/byte_buffer.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::ingest {
namespace {

template <typename Request>
absl::StatusOr<Request> Parse(const grpc::ByteBuffer& bytes) {
  grpc::Slice slice;
  Request request;
  if (!bytes.Valid()) return request;
  if (!bytes.DumpToSingleSlice(&slice).ok()) return errors::Internal("a request without bytes");
  RETURN_IF_ERROR(
      DecodeExport({reinterpret_cast<const char*>(slice.begin()), slice.size()}, &request));
  return request;
}

// Admits a call, and decodes its request: in this order, so that a stranger costs little.
template <typename Request>
absl::StatusOr<Request> Read(const grpc::CallbackServerContext& context, rpc::Endpoint& endpoint,
                             const grpc::ByteBuffer& request, rpc::Endpoint::Call& call) {
  const auto size_bytes = static_cast<int64_t>(request.Length());
  RETURN_IF_ERROR(endpoint.Admit(context, rpc::Role::kWriter, size_bytes, call));
  return Parse<Request>(request);
}

}  // namespace

grpc::ServerUnaryReactor* TraceRpc::Export(grpc::CallbackServerContext* context,
                                           const grpc::ByteBuffer* request,
                                           grpc::ByteBuffer* response) {
  grpc::ServerUnaryReactor* const reactor = context->DefaultReactor();
  rpc::Endpoint::Call call = endpoint_.Begin(*context, "ExportTraces");
  const auto message = Read<OtlpReceiver::TracesRequest>(*context, endpoint_, *request, call);
  if (!message.ok()) {
    reactor->Finish(endpoint_.Conclude(call, message.status()));
    return reactor;
  }
  const std::string project = call.caller.project;
  receiver_.ExportTraces(project, *message, static_cast<int64_t>(request->Length()),
                         [this, reactor, response, call = std::move(call)](
                             const absl::StatusOr<OtlpReceiver::TracesResponse>& answer) {
                           if (answer.ok()) *response = rpc::ToByteBuffer(*answer);
                           reactor->Finish(endpoint_.Conclude(call, answer.status()));
                         });
  return reactor;
}

grpc::ServerUnaryReactor* LogsRpc::Export(grpc::CallbackServerContext* context,
                                          const grpc::ByteBuffer* request,
                                          grpc::ByteBuffer* response) {
  grpc::ServerUnaryReactor* const reactor = context->DefaultReactor();
  rpc::Endpoint::Call call = endpoint_.Begin(*context, "ExportLogs");
  const auto message = Read<OtlpReceiver::LogsRequest>(*context, endpoint_, *request, call);
  if (!message.ok()) {
    reactor->Finish(endpoint_.Conclude(call, message.status()));
    return reactor;
  }
  const std::string project = call.caller.project;
  receiver_.ExportLogs(project, *message, static_cast<int64_t>(request->Length()),
                       [this, reactor, response, call = std::move(call)](
                           const absl::StatusOr<OtlpReceiver::LogsResponse>& answer) {
                         if (answer.ok()) *response = rpc::ToByteBuffer(*answer);
                         reactor->Finish(endpoint_.Conclude(call, answer.status()));
                       });
  return reactor;
}

grpc::ServerUnaryReactor* MetricsRpc::Export(grpc::CallbackServerContext* context,
                                             const grpc::ByteBuffer* request,
                                             grpc::ByteBuffer* response) {
  grpc::ServerUnaryReactor* const reactor = context->DefaultReactor();
  rpc::Endpoint::Call call = endpoint_.Begin(*context, "ExportMetrics");
  const absl::Status admitted =
      endpoint_.Admit(*context, rpc::Role::kWriter, static_cast<int64_t>(request->Length()), call);
  if (admitted.ok()) {
    receiver_.DropMetrics();
    *response = rpc::ToByteBuffer(
        opentelemetry::proto::collector::metrics::v1::ExportMetricsServiceResponse());
  }
  reactor->Finish(endpoint_.Conclude(call, admitted));
  return reactor;
}

}  // namespace flywheel::ingest

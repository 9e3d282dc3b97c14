#include "ingest_service/otlp/otlp_rpc.h"

#include <grpcpp/support/slice.h>

#include <chrono>
#include <string>
#include <string_view>
#include <utility>

#include "ingest_service/otlp/export_decoder.h"
#include "ingest_service/otlp/export_key.h"
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

// By the rules of every call; the key may come in all the ways that it may over HTTP.
absl::Status AdmitExport(const grpc::CallbackServerContext& context, rpc::Endpoint& endpoint,
                         const grpc::ByteBuffer& request, rpc::Endpoint::Call& call) {
  const auto& headers = context.client_metadata();
  const auto value = [&](const char* name) -> std::string_view {
    const auto found = headers.find(name);
    if (found == headers.end()) return {};
    return {found->second.data(), found->second.size()};
  };
  const std::string bearer = BearerOf(value("authorization"), value("x-api-key"));
  rpc::CallMetadata metadata{bearer, value("x-flywheel-project"), value("x-request-id")};
  for (const char* name : {"authorization", "x-api-key", "x-flywheel-project"}) {
    if (headers.count(name) > 1) metadata.repeated = name;
  }
  const auto size_bytes = static_cast<int64_t>(request.Length());
  RETURN_IF_ERROR(endpoint.Admit(metadata, rpc::Role::kWriter, size_bytes, call));
  // gRPC's deadlines are of the machine's own clock.
  if (context.deadline() <= std::chrono::system_clock::now()) return errors::DeadlineExceeded();
  return absl::OkStatus();
}

// Admits a call, and decodes its request: in this order, so that a stranger costs little.
template <typename Request>
absl::StatusOr<Request> Read(const grpc::CallbackServerContext& context, rpc::Endpoint& endpoint,
                             const grpc::ByteBuffer& request, rpc::Endpoint::Call& call) {
  RETURN_IF_ERROR(AdmitExport(context, endpoint, request, call));
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
  const absl::Status admitted = AdmitExport(*context, endpoint_, *request, call);
  if (admitted.ok()) {
    receiver_.DropMetrics();
    *response = rpc::ToByteBuffer(
        opentelemetry::proto::collector::metrics::v1::ExportMetricsServiceResponse());
  }
  reactor->Finish(endpoint_.Conclude(call, admitted));
  return reactor;
}

}  // namespace flywheel::ingest

#include "ingest_service/otlp/otlp_rpc.h"

#include <grpcpp/support/slice.h>

#include <string>
#include <utility>

#include "ingest_service/otlp/export_decoder.h"
#include "ingest_service/rpc/raw_batch.h"
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

// Both calls: `take` is OtlpReceiver's method for this kind of export.
template <typename Request, typename Response>
grpc::ServerUnaryReactor* Export(
    grpc::CallbackServerContext* context, rpc::Endpoint& endpoint, const OtlpReceiver& receiver,
    const char* method, const grpc::ByteBuffer& request,
    void (OtlpReceiver::*take)(const std::string&, const Request&, int64_t,
                               std::function<void(absl::StatusOr<Response>)>) const,
    grpc::ByteBuffer* response) {
  grpc::ServerUnaryReactor* const reactor = context->DefaultReactor();
  rpc::Endpoint::Call call = endpoint.Begin(*context, method);
  const auto size_bytes = static_cast<int64_t>(request.Length());
  const auto read = [&]() -> absl::StatusOr<Request> {
    RETURN_IF_ERROR(endpoint.Admit(*context, rpc::Role::kWriter, size_bytes, call));
    return Parse<Request>(request);
  };
  const absl::StatusOr<Request> message = read();
  if (!message.ok()) {
    reactor->Finish(endpoint.Conclude(call, message.status()));
    return reactor;
  }
  const std::string project = call.caller.project;
  (receiver.*take)(
      project, *message, size_bytes,
      [&endpoint, reactor, response, call = std::move(call)](absl::StatusOr<Response> answer) {
        if (answer.ok()) *response = ToByteBuffer(*answer);
        reactor->Finish(endpoint.Conclude(call, answer.status()));
      });
  return reactor;
}

}  // namespace

grpc::ServerUnaryReactor* TraceRpc::Export(grpc::CallbackServerContext* context,
                                           const grpc::ByteBuffer* request,
                                           grpc::ByteBuffer* response) {
  return ingest::Export<OtlpReceiver::TracesRequest, OtlpReceiver::TracesResponse>(
      context, endpoint_, receiver_, "ExportTraces", *request, &OtlpReceiver::ExportTraces,
      response);
}

grpc::ServerUnaryReactor* LogsRpc::Export(grpc::CallbackServerContext* context,
                                          const grpc::ByteBuffer* request,
                                          grpc::ByteBuffer* response) {
  return ingest::Export<OtlpReceiver::LogsRequest, OtlpReceiver::LogsResponse>(
      context, endpoint_, receiver_, "ExportLogs", *request, &OtlpReceiver::ExportLogs, response);
}

}  // namespace flywheel::ingest

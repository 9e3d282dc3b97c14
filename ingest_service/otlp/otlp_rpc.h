// OTLP's TraceService, LogsService and MetricsService over gRPC.
#ifndef FLYWHEEL_INGEST_SERVICE_OTLP_OTLP_RPC_H_
#define FLYWHEEL_INGEST_SERVICE_OTLP_OTLP_RPC_H_

#include <grpcpp/support/server_callback.h>

#include "ingest_service/otlp/otlp_receiver.h"
#include "opentelemetry/proto/collector/logs/v1/logs_service.grpc.pb.h"
#include "opentelemetry/proto/collector/metrics/v1/metrics_service.grpc.pb.h"
#include "opentelemetry/proto/collector/trace/v1/trace_service.grpc.pb.h"
#include "shared/rpc/endpoint.h"

namespace flywheel::ingest {

// All take their request as bytes, so that a call is admitted before anything is decoded, and
// hold no thread while they wait for the commit.
using TraceServiceBase =
    opentelemetry::proto::collector::trace::v1::TraceService::WithRawCallbackMethod_Export<
        opentelemetry::proto::collector::trace::v1::TraceService::Service>;
using LogsServiceBase =
    opentelemetry::proto::collector::logs::v1::LogsService::WithRawCallbackMethod_Export<
        opentelemetry::proto::collector::logs::v1::LogsService::Service>;

// Thread-safe.
class TraceRpc final : public TraceServiceBase {
 public:
  // Both outlive this object.
  TraceRpc(rpc::Endpoint* endpoint, const OtlpReceiver* receiver)
      : endpoint_(*endpoint), receiver_(*receiver) {}

  grpc::ServerUnaryReactor* Export(grpc::CallbackServerContext* context,
                                   const grpc::ByteBuffer* request,
                                   grpc::ByteBuffer* response) override;

 private:
  rpc::Endpoint& endpoint_;
  const OtlpReceiver& receiver_;
};

// Thread-safe.
class LogsRpc final : public LogsServiceBase {
 public:
  // Both outlive this object.
  LogsRpc(rpc::Endpoint* endpoint, const OtlpReceiver* receiver)
      : endpoint_(*endpoint), receiver_(*receiver) {}

  grpc::ServerUnaryReactor* Export(grpc::CallbackServerContext* context,
                                   const grpc::ByteBuffer* request,
                                   grpc::ByteBuffer* response) override;

 private:
  rpc::Endpoint& endpoint_;
  const OtlpReceiver& receiver_;
};

using MetricsServiceBase =
    opentelemetry::proto::collector::metrics::v1::MetricsService::WithRawCallbackMethod_Export<
        opentelemetry::proto::collector::metrics::v1::MetricsService::Service>;

// Takes metrics from whoever may write, counts the exports and drops them. Thread-safe.
class MetricsRpc final : public MetricsServiceBase {
 public:
  // Both outlive this object.
  MetricsRpc(rpc::Endpoint* endpoint, const OtlpReceiver* receiver)
      : endpoint_(*endpoint), receiver_(*receiver) {}

  grpc::ServerUnaryReactor* Export(grpc::CallbackServerContext* context,
                                   const grpc::ByteBuffer* request,
                                   grpc::ByteBuffer* response) override;

 private:
  rpc::Endpoint& endpoint_;
  const OtlpReceiver& receiver_;
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_OTLP_OTLP_RPC_H_

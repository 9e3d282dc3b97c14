// Receives OTLP exports of spans and log records, over whichever transport.
#ifndef FLYWHEEL_INGEST_SERVICE_OTLP_OTLP_RECEIVER_H_
#define FLYWHEEL_INGEST_SERVICE_OTLP_OTLP_RECEIVER_H_

#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "ingest_service/otlp/span_intake.h"
#include "ingest_service/privacy/inbound_filter.h"
#include "ingest_service/record/quotas.h"
#include "opentelemetry/proto/collector/logs/v1/logs_service.pb.h"
#include "opentelemetry/proto/collector/trace/v1/trace_service.pb.h"
#include "shared/rpc/metrics.h"

namespace flywheel::ingest {

// Takes exports of spans and of log records: prunes, redacts and pseudonymises them, and answers
// once they are on the disk. Of one bad span only that span is refused. Thread-safe.
//
// Errors of a whole export, of which nothing is stored then: BACK_PRESSURE, STORAGE_FULL,
// STORAGE_UNAVAILABLE, RECOGNISER_UNAVAILABLE, QUOTA_EXCEEDED and SHUTTING_DOWN carry RetryInfo,
// and the client may send again; every other error is for good.
class OtlpReceiver {
 public:
  using TracesRequest = opentelemetry::proto::collector::trace::v1::ExportTraceServiceRequest;
  using TracesResponse = opentelemetry::proto::collector::trace::v1::ExportTraceServiceResponse;
  using LogsRequest = opentelemetry::proto::collector::logs::v1::ExportLogsServiceRequest;
  using LogsResponse = opentelemetry::proto::collector::logs::v1::ExportLogsServiceResponse;

  // Called once, after the commit or at once where there is nothing to store; on the store's thread
  // for answers, so it must be quick.
  using TracesDone = std::function<void(absl::StatusOr<TracesResponse>)>;
  using LogsDone = std::function<void(absl::StatusOr<LogsResponse>)>;

  // All pointers outlive this object.
  OtlpReceiver(SpanIntake* intake, Quotas* quotas, const InboundFilter* filter,
               rpc::Metrics* metrics)
      : intake_(*intake), quotas_(*quotas), filter_(*filter), metrics_(*metrics) {}

  // `size_bytes` is the size of the request as it came; it counts against --max-queued-bytes. The
  // request is read before this returns. partial_success says how many spans were refused, and why;
  // and names a span of which nothing can be made although it seems to be an agent's.
  void ExportTraces(const std::string& project, const TracesRequest& request, int64_t size_bytes,
                    TracesDone done) const;

  // Records that are events of generative AI (their name begins with "gen_ai.") and name their
  // trace wait with its spans; all others are taken and dropped.
  void ExportLogs(const std::string& project, const LogsRequest& request, int64_t size_bytes,
                  LogsDone done) const;

  // Counts an export of metrics, none of which is kept.
  void DropMetrics() const;

 private:
  SpanIntake& intake_;
  Quotas& quotas_;
  const InboundFilter& filter_;
  rpc::Metrics& metrics_;
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_OTLP_OTLP_RECEIVER_H_

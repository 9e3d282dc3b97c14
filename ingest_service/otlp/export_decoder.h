// Decodes OTLP export requests; one malformed span spoils no other.
#ifndef FLYWHEEL_INGEST_SERVICE_OTLP_EXPORT_DECODER_H_
#define FLYWHEEL_INGEST_SERVICE_OTLP_EXPORT_DECODER_H_

#include <string_view>

#include "absl/status/status.h"
#include "opentelemetry/proto/collector/logs/v1/logs_service.pb.h"
#include "opentelemetry/proto/collector/trace/v1/trace_service.pb.h"

namespace flywheel::ingest {

// Decodes protobuf. A single span or log record that cannot be decoded, because a text in it is not
// UTF-8, takes nothing else along: one without ids stands in its place, which the receiver refuses
// alone. INVALID_ARGUMENT where the bytes are no export at all, TOO_LARGE where they would become
// more than a million messages.
absl::Status DecodeExport(
    std::string_view bytes,
    opentelemetry::proto::collector::trace::v1::ExportTraceServiceRequest* request);
absl::Status DecodeExport(
    std::string_view bytes,
    opentelemetry::proto::collector::logs::v1::ExportLogsServiceRequest* request);

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_OTLP_EXPORT_DECODER_H_

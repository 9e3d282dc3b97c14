// Reads a span of any semantic convention into one form.
#ifndef FLYWHEEL_INGEST_SERVICE_OTLP_SPAN_READER_H_
#define FLYWHEEL_INGEST_SERVICE_OTLP_SPAN_READER_H_

#include <string>
#include <vector>

#include "ingest_service/otlp/attribute_view.h"
#include "ingest_service/otlp/trace_span.h"
#include "opentelemetry/proto/trace/v1/trace.pb.h"

namespace flywheel::ingest {

// Understands the GenAI conventions of OpenTelemetry, new and old, OpenInference, OpenLLMetry,
// traceAI and what some frameworks have of their own; docs/integrate/opentelemetry.md says what
// becomes of which attribute. `events` are those that came as log records of this span. Takes
// whatever comes: what makes no sense is left out.
TraceSpan ReadSpan(
    const opentelemetry::proto::trace::v1::Span& span,
    const opentelemetry::proto::common::v1::InstrumentationScope& scope,
    const google::protobuf::RepeatedPtrField<opentelemetry::proto::common::v1::KeyValue>& resource,
    const std::vector<const opentelemetry::proto::trace::v1::Span::Event*>& events);

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_OTLP_SPAN_READER_H_

// Reads messages and documents from span events.
#ifndef FLYWHEEL_INGEST_SERVICE_OTLP_EVENT_READER_H_
#define FLYWHEEL_INGEST_SERVICE_OTLP_EVENT_READER_H_

#include <string_view>
#include <vector>

#include "ingest_service/otlp/trace_span.h"
#include "opentelemetry/proto/trace/v1/trace.pb.h"

namespace flywheel::ingest {

// Whether an event of this name carries what its span could carry itself.
bool HoldsSpanAttributes(std::string_view name);

// Adds messages and documents of the older events, where the span has none of its own; of a tool's
// span what it was given and what it answered. A span that speaks with a model in its events is a
// model's, unless its kind is known, or it is `named`: has an operation.
void ReadEvents(const std::vector<const opentelemetry::proto::trace::v1::Span::Event*>& events,
                bool named, TraceSpan& span);

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_OTLP_EVENT_READER_H_

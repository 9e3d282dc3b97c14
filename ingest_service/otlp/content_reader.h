// Reads what was said at a span: messages and texts.
#ifndef FLYWHEEL_INGEST_SERVICE_OTLP_CONTENT_READER_H_
#define FLYWHEEL_INGEST_SERVICE_OTLP_CONTENT_READER_H_

#include "ingest_service/otlp/attribute_view.h"
#include "ingest_service/otlp/trace_span.h"

namespace flywheel::ingest {

// Fills in messages, input, output and instructions of a span that has its kind.
void ReadContent(const AttributeView& attributes, TraceSpan& span);

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_OTLP_CONTENT_READER_H_

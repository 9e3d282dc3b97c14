// Classifies a span: agent, model, tool, retriever and so on.
#ifndef FLYWHEEL_INGEST_SERVICE_OTLP_SPAN_KIND_READER_H_
#define FLYWHEEL_INGEST_SERVICE_OTLP_SPAN_KIND_READER_H_

#include <string_view>

#include "ingest_service/otlp/attribute_view.h"
#include "ingest_service/otlp/trace_span.h"

namespace flywheel::ingest {

// By the name that its convention gives it, or by what it carries.
SpanKind ReadSpanKind(const AttributeView& attributes, std::string_view span_name);

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_OTLP_SPAN_KIND_READER_H_

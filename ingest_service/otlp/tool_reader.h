// Reads what a tool was given and what it answered.
#ifndef FLYWHEEL_INGEST_SERVICE_OTLP_TOOL_READER_H_
#define FLYWHEEL_INGEST_SERVICE_OTLP_TOOL_READER_H_

#include "ingest_service/otlp/attribute_view.h"
#include "ingest_service/otlp/trace_span.h"

namespace flywheel::ingest {

// Of the span of a tool, after its texts.
void ReadTool(const AttributeView& attributes, TraceSpan& span);

// Arguments without what a decorator or a framework put around them: {"inputs": {...}},
// {"args": [], "kwargs": {...}}.
std::string UnwrapArguments(const std::string& text);

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_OTLP_TOOL_READER_H_

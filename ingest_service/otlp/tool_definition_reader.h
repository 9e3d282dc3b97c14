// Reads definitions of tools: what a model was told that it may call.
#ifndef FLYWHEEL_INGEST_SERVICE_OTLP_TOOL_DEFINITION_READER_H_
#define FLYWHEEL_INGEST_SERVICE_OTLP_TOOL_DEFINITION_READER_H_

#include "ingest_service/otlp/attribute_view.h"
#include "ingest_service/otlp/trace_span.h"

namespace flywheel::ingest {

// Sets `span.tool_definitions`: of a model or an agent from a list of its own, else from its
// request; of a tool from what its span says of it. In whichever shape: OpenAI's, Anthropic's,
// Gemini's, Bedrock's, the AI SDK's, Haystack's. Call after the span's kind and tool are read.
void ReadToolDefinitions(const AttributeView& attributes, TraceSpan& span);

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_OTLP_TOOL_DEFINITION_READER_H_

// Builds the parent-child trees of a trace's spans.
#ifndef FLYWHEEL_INGEST_SERVICE_OTLP_SPAN_FOREST_H_
#define FLYWHEEL_INGEST_SERVICE_OTLP_SPAN_FOREST_H_

#include <vector>

#include "ingest_service/otlp/trace_span.h"

namespace flywheel::ingest {

// A span at its place, with what the spans above it mean for it.
struct SpanNode {
  const TraceSpan* span = nullptr;
  // 0 for a span whose parent is not here.
  int depth = 0;
  bool under_evaluator = false;
  // The nearest tool's span above, whose insides are no word of the conversation around it; null
  // for none.
  const TraceSpan* tool_above = nullptr;
  // A model's span above says the same already, because two libraries watched one call.
  bool output_is_above = false;
  bool model_usage_is_above = false;
};

// All spans by start; those of one start by depth. Parents that form a ring count as missing.
std::vector<SpanNode> ArrangeSpans(const std::vector<TraceSpan>& spans);

// Whether it says anything of how much it used.
bool HasUsage(const TraceSpan& span);

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_OTLP_SPAN_FOREST_H_

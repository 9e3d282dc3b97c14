// Reads evaluation scores from spans and their events.
#ifndef FLYWHEEL_INGEST_SERVICE_OTLP_EVALUATION_READER_H_
#define FLYWHEEL_INGEST_SERVICE_OTLP_EVALUATION_READER_H_

#include <vector>

#include "ingest_service/otlp/attribute_view.h"
#include "ingest_service/otlp/trace_span.h"
#include "opentelemetry/proto/trace/v1/trace.pb.h"

namespace flywheel::ingest {

// Adds gen_ai.evaluation.result events, OpenInference's annotations and evaluations of spans,
// traces and sessions, and what a span of the kind EVALUATOR found. One that has neither a score
// nor a label that means yes or no is left out. At most 1,000.
void ReadEvaluations(const AttributeView& attributes,
                     const std::vector<const opentelemetry::proto::trace::v1::Span::Event*>& events,
                     TraceSpan& span);

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_OTLP_EVALUATION_READER_H_

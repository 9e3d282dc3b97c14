// Reads evaluation scores from spans and their events.
#ifndef FLYWHEEL_INGEST_SERVICE_OTLP_EVALUATION_READER_H_
#define FLYWHEEL_INGEST_SERVICE_OTLP_EVALUATION_READER_H_

#include <string>
#include <string_view>
#include <vector>

#include "ingest_service/otlp/attribute_view.h"
#include "ingest_service/otlp/trace_span.h"
#include "opentelemetry/proto/trace/v1/trace.pb.h"

namespace flywheel::ingest {

// The conventions' name of a score.
inline constexpr std::string_view kEvaluationEvent = "gen_ai.evaluation.result";
// On such an event: the session that it is about, in the place of a span.
inline constexpr std::string_view kEvaluatedSession = "flywheel.evaluated.session_id";

// Adds gen_ai.evaluation.result events, OpenInference's annotations and evaluations of spans,
// traces and sessions, and what a span of the kind EVALUATOR found. One that has neither a score
// nor a label that means yes or no is left out. At most 1,000.
void ReadEvaluations(const AttributeView& attributes,
                     const std::vector<const opentelemetry::proto::trace::v1::Span::Event*>& events,
                     TraceSpan& span);

// The 16 bytes of a trace's id for a score of a session, which has no trace: the same each time
// that the score is given. Empty for a session whose id may name somebody, as its hash would too.
std::string TraceOfSessionScore(const std::string& session_id, const std::string& name,
                                const std::string& identifier);

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_OTLP_EVALUATION_READER_H_

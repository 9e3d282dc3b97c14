// Sample traces: one request as different instrumentations and versions send it.
#ifndef FLYWHEEL_TESTS_INGEST_SERVICE_OTLP_SAMPLE_TRACES_H_
#define FLYWHEEL_TESTS_INGEST_SERVICE_OTLP_SAMPLE_TRACES_H_

#include "tests/ingest_service/otlp/trace_builder.h"

namespace flywheel::ingest {

// In all of them somebody asks support-bot for the weather in Paris; a model calls get_weather with
// {"city":"Paris"} as call_1 and is told 12 degrees; it answers "12 degrees and rain.". 220 and 35
// tokens.
TraceBuilder GenAiTrace(uint64_t trace, absl::Time start);
TraceBuilder OldGenAiEventsTrace(uint64_t trace, absl::Time start);
TraceBuilder OpenLlmetryTrace(uint64_t trace, absl::Time start);
TraceBuilder OpenInferenceTrace(uint64_t trace, absl::Time start);
TraceBuilder TraceAiTrace(uint64_t trace, absl::Time start);

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_TESTS_INGEST_SERVICE_OTLP_SAMPLE_TRACES_H_

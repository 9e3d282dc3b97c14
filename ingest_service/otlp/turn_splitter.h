// Splits a trace that holds a conversation into its turns.
#ifndef FLYWHEEL_INGEST_SERVICE_OTLP_TURN_SPLITTER_H_
#define FLYWHEEL_INGEST_SERVICE_OTLP_TURN_SPLITTER_H_

#include <vector>

#include "ingest_service/otlp/trace_span.h"

namespace flywheel::ingest {

// Of one trace; a further turn of it goes into the last.
inline constexpr size_t kMaxTurns = 500;

// The spans of each turn, in order; one list where the trace is one turn. A voice session, a
// websocket or a script may have one span around many turns. They are told apart where that span
// says nothing itself, and what is below it, one after the other, was asked different things: by
// the same agent, or by a model that was told the earlier question as history. What stands above
// the turns goes with each of them, as no more than names.
std::vector<std::vector<TraceSpan>> SplitTurns(const std::vector<TraceSpan>& spans);

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_OTLP_TURN_SPLITTER_H_

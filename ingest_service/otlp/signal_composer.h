// Composes signals from the evaluation scores of a trace.
#ifndef FLYWHEEL_INGEST_SERVICE_OTLP_SIGNAL_COMPOSER_H_
#define FLYWHEEL_INGEST_SERVICE_OTLP_SIGNAL_COMPOSER_H_

#include <string>
#include <vector>

#include "flywheel/ingest/v1/interaction.pb.h"
#include "ingest_service/otlp/interaction_composer.h"
#include "ingest_service/otlp/trace_span.h"

namespace flywheel::ingest {

// One valid signal a score: about `interaction_id` or, where its span links to another trace, about
// that trace's first interaction; about `session_id` where it says so. Its id is made of trace,
// span, name and identifier, its revision of the second of its time: a resend is a replay, and a
// score of the same name in a later second replaces an earlier one. Of several in one second the
// last of this trace is made. At most 10,000.
std::vector<v1::Signal> ComposeSignals(const std::vector<TraceSpan>& spans, const TraceFacts& facts,
                                       const std::string& interaction_id,
                                       const std::string& session_id);

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_OTLP_SIGNAL_COMPOSER_H_

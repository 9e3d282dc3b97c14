// Reads who and what a span is about: agent, model, versions, session, user.
#ifndef FLYWHEEL_INGEST_SERVICE_OTLP_IDENTITY_READER_H_
#define FLYWHEEL_INGEST_SERVICE_OTLP_IDENTITY_READER_H_

#include <string>
#include <vector>

#include "ingest_service/otlp/attribute_view.h"
#include "ingest_service/otlp/trace_span.h"

namespace flywheel::ingest {

// Fills in the names of a span that has its name and its kind.
void ReadIdentity(const AttributeView& attributes, TraceSpan& span);

// What the user is called in the preparer's output, the newest name first; at least one, which is
// empty where nobody is named.
std::vector<std::string> ReadUsers(const AttributeView& attributes);

// The conversation that a span names, else its session; empty where it names neither.
std::string ReadSession(const AttributeView& attributes);

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_OTLP_IDENTITY_READER_H_

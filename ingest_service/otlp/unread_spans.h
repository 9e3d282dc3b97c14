// Recognises agents' spans in words that are not understood.
#ifndef FLYWHEEL_INGEST_SERVICE_OTLP_UNREAD_SPANS_H_
#define FLYWHEEL_INGEST_SERVICE_OTLP_UNREAD_SPANS_H_

#include "opentelemetry/proto/trace/v1/trace.pb.h"

namespace flywheel::ingest {

// Whether a span seems to tell of an agent or a model, by the words in the names of its attributes,
// and no convention that is read here has any of them: it would vanish without a word.
bool IsUnread(const opentelemetry::proto::trace::v1::Span& span);

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_OTLP_UNREAD_SPANS_H_

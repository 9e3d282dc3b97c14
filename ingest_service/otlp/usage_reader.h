// Reads what a span used: tokens, money and, where only its response says, which model.
#ifndef FLYWHEEL_INGEST_SERVICE_OTLP_USAGE_READER_H_
#define FLYWHEEL_INGEST_SERVICE_OTLP_USAGE_READER_H_

#include "ingest_service/otlp/attribute_view.h"
#include "ingest_service/otlp/trace_span.h"

namespace flywheel::ingest {

// Of single attributes, or of the objects in which some libraries put all of it.
void ReadUsage(const AttributeView& attributes, TraceSpan& span);

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_OTLP_USAGE_READER_H_

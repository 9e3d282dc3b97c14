// Finds calls of models that two spans tell of.
#ifndef FLYWHEEL_INGEST_SERVICE_OTLP_TWIN_SPANS_H_
#define FLYWHEEL_INGEST_SERVICE_OTLP_TWIN_SPANS_H_

#include <vector>

#include "ingest_service/otlp/trace_span.h"

namespace flywheel::ingest {

// Makes one call of two spans that tell of the same: with one id of the response or, from different
// libraries, beside each other, at one time, of one model and with equal counts of tokens. The one
// that says less is a model's span no more.
void MergeTwins(std::vector<TraceSpan>& spans);

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_OTLP_TWIN_SPANS_H_

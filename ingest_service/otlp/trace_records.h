// Converts a complete trace into the records to store.
#ifndef FLYWHEEL_INGEST_SERVICE_OTLP_TRACE_RECORDS_H_
#define FLYWHEEL_INGEST_SERVICE_OTLP_TRACE_RECORDS_H_

#include "absl/status/statusor.h"
#include "ingest_service/domain/waiting_span.h"
#include "ingest_service/otlp/trace_assembler.h"
#include "ingest_service/privacy/inbound_filter.h"
#include "shared/time/clock.h"

namespace flywheel::ingest {

// What the trace maps to, through the filter that every interaction and signal passes: its texts
// are redacted a second time, as a whole.
absl::StatusOr<AssembledTrace> AssembleTrace(const WaitingTrace& trace, InboundFilter& filter,
                                             const Clock& clock);

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_OTLP_TRACE_RECORDS_H_

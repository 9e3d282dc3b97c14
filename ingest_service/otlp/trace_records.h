// From a trace to the records that are stored.
#ifndef FLYWHEEL_INGEST_SERVICE_OTLP_TRACE_RECORDS_H_
#define FLYWHEEL_INGEST_SERVICE_OTLP_TRACE_RECORDS_H_

#include "absl/status/statusor.h"
#include "ingest_service/domain/waiting_span.h"
#include "ingest_service/otlp/trace_assembler.h"
#include "ingest_service/rpc/convert.h"
#include "shared/time/clock.h"

namespace flywheel::ingest {

// What the trace maps to, on the way that every interaction and signal takes: validated, redacted
// once more, hashed and looked at for noise.
absl::StatusOr<AssembledTrace> AssembleTrace(const WaitingTrace& trace,
                                             const PrivacyFilter& privacy, const Clock& clock);

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_OTLP_TRACE_RECORDS_H_

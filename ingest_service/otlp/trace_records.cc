#include "ingest_service/otlp/trace_records.h"

#include <string>
#include <utility>

#include "ingest_service/otlp/trace_mapper.h"
#include "ingest_service/rpc/validate.h"
#include "shared/status/status_macros.h"

namespace flywheel::ingest {

absl::StatusOr<AssembledTrace> AssembleTrace(const WaitingTrace& trace,
                                             const PrivacyFilter& privacy, const Clock& clock) {
  MappedTrace mapped = MapTrace(trace);
  AssembledTrace assembled;
  const std::string& project = trace.key.project;
  if (mapped.interaction) {
    RETURN_IF_ERROR(Validate(*mapped.interaction, clock.Now(), "interaction."));
    ASSIGN_OR_RETURN(assembled.interaction, ToRecord(*mapped.interaction, project, privacy));
  }
  for (v1::Signal& signal : mapped.signals) {
    RETURN_IF_ERROR(Validate(signal, clock.Now(), "signal."));
    ASSIGN_OR_RETURN(SignalRecord record, ToRecord(signal, project, privacy));
    assembled.signals.push_back(std::move(record));
  }
  return assembled;
}

}  // namespace flywheel::ingest

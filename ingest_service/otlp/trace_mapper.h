// Pure mapping of a trace to an interaction and its signals.
#ifndef FLYWHEEL_INGEST_SERVICE_OTLP_TRACE_MAPPER_H_
#define FLYWHEEL_INGEST_SERVICE_OTLP_TRACE_MAPPER_H_

#include <optional>
#include <vector>

#include "flywheel/ingest/v1/interaction.pb.h"
#include "ingest_service/domain/missing_text_detector.h"
#include "ingest_service/domain/waiting_span.h"

namespace flywheel::ingest {

struct MappedTrace {
  // Not set where no span tells of an agent's work.
  std::optional<v1::Interaction> interaction;
  // What its user was called under older keys, the newest first.
  std::vector<std::string> earlier_user_ids;
  std::vector<v1::Signal> signals;
  // Of the interaction.
  ModelText text = ModelText::kNoCalls;
};

// A pure function of the trace; everything that it makes is valid. Placeholders get small numbers,
// in the order of the spans. What cannot be decoded is left out.
MappedTrace MapTrace(const WaitingTrace& trace);

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_OTLP_TRACE_MAPPER_H_

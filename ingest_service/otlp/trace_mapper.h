// Pure mapping of a trace to an interaction and its signals.
#ifndef FLYWHEEL_INGEST_SERVICE_OTLP_TRACE_MAPPER_H_
#define FLYWHEEL_INGEST_SERVICE_OTLP_TRACE_MAPPER_H_

#include <string>
#include <vector>

#include "flywheel/ingest/v1/interaction.pb.h"
#include "ingest_service/domain/missing_text_detector.h"
#include "ingest_service/domain/waiting_span.h"

namespace flywheel::ingest {

// A turn of a conversation.
struct MappedTurn {
  v1::Interaction interaction;
  // What its user was called under older keys, the newest first.
  std::vector<std::string> earlier_user_ids;
};

struct MappedTrace {
  // In order; none where no span tells of an agent's work.
  std::vector<MappedTurn> turns;
  std::vector<v1::Signal> signals;
  // Of all turns: text where one has some.
  ModelText text = ModelText::kNoCalls;
};

// A pure function of the trace; everything that it makes is valid. Placeholders get small numbers,
// in the order of the spans. What cannot be decoded is left out.
MappedTrace MapTrace(const WaitingTrace& trace);

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_OTLP_TRACE_MAPPER_H_

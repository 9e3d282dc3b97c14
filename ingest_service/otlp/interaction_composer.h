// Composes one interaction from the spans of a trace.
#ifndef FLYWHEEL_INGEST_SERVICE_OTLP_INTERACTION_COMPOSER_H_
#define FLYWHEEL_INGEST_SERVICE_OTLP_INTERACTION_COMPOSER_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "flywheel/ingest/v1/interaction.pb.h"
#include "ingest_service/otlp/span_forest.h"

namespace flywheel::ingest {

// What is known of a trace beside its spans.
struct TraceFacts {
  std::string trace_id;
  // 0 for the first part of the trace, and for the first turn of the part.
  int64_t part = 0;
  int64_t turn = 0;
  // No span without a parent has come.
  bool has_no_root = false;
  // There was more than one interaction may hold.
  bool cut = false;
  // When the first span came: for times that make no sense.
  absl::Time arrival_time;
  // Of the first part; empty where it does not say, or there is none.
  std::string session_id;
  std::string user_id;
  std::string agent;
};

// A time of the wire, or `otherwise` where an interaction may not have it.
absl::Time TimeOf(uint64_t unix_nano, absl::Time otherwise);

// A valid interaction of at most about 1.5 MiB; nullopt where no span tells of an agent's work.
std::optional<v1::Interaction> ComposeInteraction(const std::vector<SpanNode>& nodes,
                                                  const TraceFacts& facts);

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_OTLP_INTERACTION_COMPOSER_H_

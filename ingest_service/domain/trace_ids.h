// Deterministic ids of the interactions that traces become.
#ifndef FLYWHEEL_INGEST_SERVICE_DOMAIN_TRACE_IDS_H_
#define FLYWHEEL_INGEST_SERVICE_DOMAIN_TRACE_IDS_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace flywheel::ingest {

inline constexpr std::string_view kTraceInteractionPrefix = "otel-";
// Of a trace's id: lower-case and hexadecimal.
inline constexpr size_t kTraceIdDigits = 32;

// "otel-TRACE", and "otel-TRACE.2" and so on for further parts; "-2" and so on behind that for
// further turns of one part. Both count from 0.
inline std::string InteractionIdOf(std::string_view trace_id, int64_t part, int64_t turn = 0) {
  std::string id = std::string(kTraceInteractionPrefix) + std::string(trace_id);
  if (part > 0) id += "." + std::to_string(part + 1);
  if (turn > 0) id += "-" + std::to_string(turn + 1);
  return id;
}

// The trace of any turn's interaction; empty for an interaction that came from no trace.
inline std::string TraceIdOf(std::string_view interaction_id) {
  if (interaction_id.rfind(kTraceInteractionPrefix, 0) != 0) return "";
  return std::string(interaction_id.substr(kTraceInteractionPrefix.size(), kTraceIdDigits));
}

// The first interaction of the trace, of any of its interactions; empty for one that came from no
// trace.
inline std::string FirstPartOf(std::string_view interaction_id) {
  const std::string trace_id = TraceIdOf(interaction_id);
  return trace_id.empty() ? "" : InteractionIdOf(trace_id, 0);
}

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_DOMAIN_TRACE_IDS_H_

// Sums what the models of a trace used.
#ifndef FLYWHEEL_INGEST_SERVICE_OTLP_USAGE_TOTAL_H_
#define FLYWHEEL_INGEST_SERVICE_OTLP_USAGE_TOTAL_H_

#include <cstdint>
#include <optional>

#include "ingest_service/otlp/interaction_parts.h"

namespace flywheel::ingest {

struct Usage {
  std::optional<int64_t> prompt_tokens;
  std::optional<int64_t> completion_tokens;
  std::optional<double> cost_usd;
};

// The sum over models' calls that have no model's call with figures above them, and over agents and
// chains below which no model says any: those work elsewhere, and tell their total alone. Of agents
// inside of each other the outermost counts.
Usage SumUsage(const TraceRoles& roles);

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_OTLP_USAGE_TOTAL_H_

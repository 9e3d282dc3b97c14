// An outcome as a client sent it, and what became of it.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_OUTCOME_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_OUTCOME_H_

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace flywheel::experiment {

// One measurement of one unit.
struct Outcome {
  std::string outcome_id;
  // Either this, or the experiment and the unit's id.
  std::string assignment_token;
  std::string experiment_id;
  std::string user_id;
  std::string session_id;
  // Empty: that of the unit's arm.
  std::string served_version;
  bool fallback = false;
  std::string metric;
  double value = 0;
  absl::Time event_time;
  int64_t revision = 0;
  // Not OK where the item breaks the contract: it is rejected with this, and its other fields say
  // nothing.
  absl::Status malformed;
};

// One that follows from ingest's feed: an interaction of a unit has one of a metric at most.
struct FedOutcome {
  std::string outcome_id;
  size_t metric = 0;  // Its position in the plan.
  double value = 0;
  absl::Time event_time;
  // Empty: that of the unit's arm.
  std::string served_version;
};

// Its id. No client's has a '/'.
inline std::string FedOutcomeId(const std::string& interaction_id, size_t metric) {
  return fmt::format("feed/{}/{}", interaction_id, metric);
}

enum class OutcomeStatus { kStored = 1, kReplayed = 2, kConflict = 3, kRejected = 4 };

// What became of one outcome; `why` is OK where it was stored or replayed.
struct OutcomeResult {
  OutcomeStatus status = OutcomeStatus::kStored;
  absl::Status why;
};

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_OUTCOME_H_

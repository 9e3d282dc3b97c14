// Records outcomes: tells new ones from replays, stores them, and has them counted.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_OUTCOME_RECORDER_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_OUTCOME_RECORDER_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "experiment_service/outcome_counts_cache.h"
#include "experiment_service/serving_cache.h"
#include "experiment_service/unit_hasher.h"
#include "shared/sql/database.h"
#include "shared/time/clock.h"

namespace flywheel::experiment {

// One measurement of one unit, as a client sent it.
struct Outcome {
  std::string outcome_id;
  std::string experiment_id;
  std::string unit_id;
  std::string metric;
  double value = 0;
  absl::Time event_time;
  // Not OK where the item breaks the contract: it is rejected with this, and its other fields say
  // nothing.
  absl::Status malformed;
};

enum class OutcomeStatus { kStored = 1, kReplayed = 2, kConflict = 3, kRejected = 4 };

// What became of one outcome; `why` is OK where it was stored or replayed.
struct OutcomeResult {
  OutcomeStatus status = OutcomeStatus::kStored;
  absl::Status why;
};

// Takes outcomes. Thread-safe.
class OutcomeRecorder {
 public:
  // All pointers outlive this object.
  OutcomeRecorder(sql::Database* database, const ServingCache* serving, OutcomeCountsCache* counts,
                  const UnitHasher* units, const Clock* clock)
      : database_(database), serving_(serving), counts_(counts), units_(units), clock_(clock) {}

  // Stores what is new, in one commit, and answers in the order of the batch. An outcome exposes
  // its unit; the arm comes from the assignment's hash, so those that come before their exposure
  // was written count too. Rejected with INVALID_ARGUMENT is what happened before the experiment
  // was made, which would hide what the arms do, and a metric that the plan does not name; with
  // ALREADY_ENDED what comes new after the stop, which froze the evidence. An error means that
  // nothing was stored.
  absl::StatusOr<std::vector<OutcomeResult>> Record(const std::string& project,
                                                    const std::vector<Outcome>& outcomes,
                                                    int64_t size_bytes);

 private:
  sql::Database* const database_;
  const ServingCache* const serving_;
  OutcomeCountsCache* const counts_;
  const UnitHasher* const units_;
  const Clock* const clock_;
};

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_OUTCOME_RECORDER_H_

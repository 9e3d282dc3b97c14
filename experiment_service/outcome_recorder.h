// Outcome recorder: stores batches of outcomes and has them counted.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_OUTCOME_RECORDER_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_OUTCOME_RECORDER_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "experiment_service/evidence_cache.h"
#include "experiment_service/exposure_recorder.h"
#include "experiment_service/outcome.h"
#include "experiment_service/serving_cache.h"
#include "experiment_service/unit_hasher.h"
#include "shared/sql/database.h"
#include "shared/time/clock.h"

namespace flywheel::experiment {

// Takes outcomes. Thread-safe.
class OutcomeRecorder {
 public:
  // All pointers outlive this object.
  OutcomeRecorder(sql::Database* database, const ServingCache* serving, EvidenceCache* evidence,
                  ExposureRecorder* exposures, const UnitHasher* units, const Clock* clock)
      : database_(database),
        serving_(serving),
        evidence_(evidence),
        exposures_(exposures),
        units_(units),
        clock_(clock) {}

  // Stores what is new, in one commit, and answers in the order of the batch; outcome_batch.h says
  // what counts. An error means that nothing was stored.
  absl::StatusOr<std::vector<OutcomeResult>> Record(const std::string& project,
                                                    const std::vector<Outcome>& outcomes,
                                                    int64_t size_bytes);

 private:
  sql::Database* const database_;
  const ServingCache* const serving_;
  EvidenceCache* const evidence_;
  ExposureRecorder* const exposures_;
  const UnitHasher* const units_;
  const Clock* const clock_;
};

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_OUTCOME_RECORDER_H_

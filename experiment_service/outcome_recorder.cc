#include "experiment_service/outcome_recorder.h"

#include <utility>

#include "experiment_service/ordered_commit.h"
#include "experiment_service/outcome_batch.h"
#include "shared/status/status_macros.h"
#include "shared/time/stored_time.h"

namespace flywheel::experiment {

absl::StatusOr<std::vector<OutcomeResult>> OutcomeRecorder::Record(
    const std::string& project, const std::vector<Outcome>& outcomes, int64_t size_bytes) {
  // Exposures first, in the order of their happening: the units that have an outcome must not be on
  // record before those that have none.
  RETURN_IF_ERROR(exposures_->Flush());
  std::vector<OutcomeResult> results;
  std::vector<Evidence> evidence;
  const absl::Time now = StoredTime(clock_->Now());
  RETURN_IF_ERROR(CommitThenPublish(
      *database_, size_bytes,
      [&](sql::Connection& connection) -> absl::Status {
        results.clear();
        OutcomeBatch batch(connection, project, *serving_, *units_, now);
        for (const Outcome& outcome : outcomes) {
          ASSIGN_OR_RETURN(OutcomeResult result, batch.Record(outcome));
          results.push_back(std::move(result));
        }
        ASSIGN_OR_RETURN(evidence, batch.Finish());
        return absl::OkStatus();
      },
      [&] { evidence_->Put(std::move(evidence)); }));
  return results;
}

}  // namespace flywheel::experiment

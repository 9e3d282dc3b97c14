// Use case FinishRun: from then on the run is what is known of the version on the suite.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_RUN_FINISHER_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_RUN_FINISHER_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "eval_gate_service/contamination.h"
#include "eval_gate_service/domain/run.h"
#include "eval_gate_service/outcome_cache.h"
#include "eval_gate_service/store/seal_store.h"
#include "shared/rpc/actor.h"
#include "shared/sql/database.h"
#include "shared/status/created.h"
#include "shared/time/clock.h"
#include "shared/time/deadline.h"

namespace flywheel::evalgate {

// ALREADY_ENDED, for whoever would begin or finish another run of the version on the suite.
absl::Status AlreadyFinished(const Run& finished);

// Finishes runs. Thread-safe; the pointers outlive this object.
class RunFinisher {
 public:
  RunFinisher(sql::Database* database, const ContaminationFinder* contamination,
              OutcomeCache* outcomes, const Clock* clock)
      : database_(database), contamination_(contamination), outcomes_(outcomes), clock_(clock) {}

  // Its entry in the release log vouches for its outputs. NOT_FOUND; NOT_ENOUGH_DATA where an
  // attempt has no answer; ALREADY_ENDED where it was aborted or another run was finished;
  // CHANGED_MEANWHILE while cases of the suite are erased; PERMISSION_DENIED; the errors of
  // ContaminationFinder::Find and of `deadline`, after which it goes on.
  absl::StatusOr<Created<Run>> Finish(const rpc::Actor& actor, const std::string& run_id,
                                      const Deadline& deadline);

 private:
  // Seals the outputs that came before there were seals, some in a write.
  absl::Status SealOutputs(const SealedThing& run, const Deadline& deadline);
  // Reads what became of the cases, for the verdict that comes next.
  void HoldOutcomes(const std::string& project, const Run& finished, const Deadline& deadline);

  sql::Database* const database_;
  const ContaminationFinder* const contamination_;
  OutcomeCache* const outcomes_;
  const Clock* const clock_;
};

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_RUN_FINISHER_H_

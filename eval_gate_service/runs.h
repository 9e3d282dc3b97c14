// Use cases StartRun, FinishRun, AbortRun, GetRun, WatchRun and ListRuns.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_RUNS_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_RUNS_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "eval_gate_service/contamination.h"
#include "eval_gate_service/domain/run.h"
#include "eval_gate_service/outcome_cache.h"
#include "eval_gate_service/store/seal_store.h"
#include "shared/lists/list_page.h"
#include "shared/rpc/actor.h"
#include "shared/sql/database.h"
#include "shared/status/created.h"
#include "shared/time/clock.h"
#include "shared/time/deadline.h"

namespace flywheel::evalgate {

// What StartRun asks for.
struct RunRequest {
  std::string run_id;
  std::string suite_id;
  std::string model_version;
  int attempts_per_case = 1;
  Labels labels = {};
};

// The runs of all projects. A run begins, takes outputs (OutputIntake), and ends once. Thread-safe;
// the pointers outlive this object.
class Runs {
 public:
  Runs(sql::Database* database, const ContaminationFinder* contamination, OutcomeCache* outcomes,
       const Clock* clock)
      : database_(database), contamination_(contamination), outcomes_(outcomes), clock_(clock) {}

  // NOT_FOUND for the suite; ALREADY_ENDED where the version finished a run on it; LIMIT_EXCEEDED
  // where kMostUnfinishedRuns did not finish; PERMISSION_DENIED;
  // ALREADY_EXISTS_WITH_OTHER_CONTENT.
  absl::StatusOr<Created<Run>> Start(const rpc::Actor& actor, const RunRequest& request);

  // Its entry in the release log vouches for its outputs. NOT_FOUND; NOT_ENOUGH_DATA where an
  // attempt has no answer; ALREADY_ENDED where it was aborted or another run was finished;
  // CHANGED_MEANWHILE while cases of the suite are erased; PERMISSION_DENIED; the errors of
  // ContaminationFinder::Find and of `deadline`, after which it goes on.
  absl::StatusOr<Created<Run>> Finish(const rpc::Actor& actor, const std::string& run_id,
                                      const Deadline& deadline);

  // NOT_FOUND; ALREADY_ENDED where it is finished; PERMISSION_DENIED.
  absl::StatusOr<Created<Run>> Abort(const rpc::Actor& actor, const std::string& run_id,
                                     const std::string& reason);

  // NOT_FOUND.
  absl::StatusOr<Run> Get(const std::string& project, const std::string& run_id);

  // How many attempts of the run passed. Nothing where it is not finished, or nobody may see it
  // before a verdict (RequireSeen).
  absl::StatusOr<std::optional<int64_t>> CountPassed(const std::string& project, const Run& run);

  // The run once it ended, or its progress is not `seen`, which is looked for every half second for
  // as long as `may_go_on`. NOT_FOUND; the error of `may_go_on`.
  absl::StatusOr<Run> AwaitChange(const std::string& project, const std::string& run_id,
                                  const std::optional<RunProgress>& seen,
                                  absl::FunctionRef<absl::Status()> may_go_on);

  // What the filter lets through, beyond an ordinal; 0: from the beginning. A page ends early where
  // it reaches 1 MiB.
  absl::StatusOr<ListPage<Run>> List(const std::string& project, const RunFilter& filter,
                                     int64_t beyond, int64_t page_size);

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

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_RUNS_H_

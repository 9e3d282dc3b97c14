// Use cases StartRun and AbortRun: how runs begin, and how they end without a result.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_RUNS_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_RUNS_H_

#include <string>

#include "absl/status/statusor.h"
#include "eval_gate_service/domain/run.h"
#include "shared/lists/list_filter.h"
#include "shared/rpc/actor.h"
#include "shared/sql/database.h"
#include "shared/status/created.h"
#include "shared/time/clock.h"

namespace flywheel::evalgate {

// What StartRun asks for.
struct RunRequest {
  std::string run_id;
  std::string suite_id;
  std::string model_version;
  int attempts_per_case = 1;
  Labels labels = {};
};

// The runs of all projects. A run begins, takes outputs (OutputIntake), and ends once: it is
// aborted here, or finished by RunFinisher. Thread-safe; the pointers outlive this object.
class Runs {
 public:
  Runs(sql::Database* database, const Clock* clock) : database_(database), clock_(clock) {}

  // NOT_FOUND for the suite; ALREADY_ENDED where the version finished a run on it; LIMIT_EXCEEDED
  // where kMostUnfinishedRuns did not finish; PERMISSION_DENIED;
  // ALREADY_EXISTS_WITH_OTHER_CONTENT.
  absl::StatusOr<Created<Run>> Start(const rpc::Actor& actor, const RunRequest& request);

  // NOT_FOUND; ALREADY_ENDED where it is finished; PERMISSION_DENIED.
  absl::StatusOr<Created<Run>> Abort(const rpc::Actor& actor, const std::string& run_id,
                                     const std::string& reason);

 private:
  sql::Database* const database_;
  const Clock* const clock_;
};

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_RUNS_H_

// Training runs: opens them by the trigger, leases them to trainers, keeps their results.
#ifndef FLYWHEEL_CURATION_SERVICE_TRAINING_RUNS_H_
#define FLYWHEEL_CURATION_SERVICE_TRAINING_RUNS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "curation_service/domain/cold_start.h"
#include "curation_service/domain/model_version.h"
#include "curation_service/domain/training_run.h"
#include "curation_service/domain/trigger.h"
#include "shared/lists/list_page.h"
#include "shared/rpc/actor.h"
#include "shared/sql/database.h"
#include "shared/status/created.h"
#include "shared/time/clock.h"

namespace flywheel::curation {

struct TrainingRequest {
  rpc::Actor actor;
  std::string training_run_id;
  std::string dataset_version_id;
  TrainingPolicy policy;
  double performance_change = 0;
  // Not empty: open it whatever the trigger says.
  std::string force_reason;
  Labels labels;
};

struct LeaseRequest {
  rpc::Actor actor;
  std::string trainer;
  // The agents that it can train.
  std::vector<std::string> agents;
  absl::Duration duration;
};

struct TrainingReport {
  rpc::Actor actor;
  std::string training_run_id;
  std::string trainer;
  TrainingResult result;
  // Where it succeeded: what came of it. Agent and run are the run's.
  ModelVersion version;
};

// Thread-safe. A run goes from open to leased to succeeded or failed; a lease that ends lets it be
// leased again, but whoever held it may still report as long as nobody else took it. What is not
// complete may be cancelled.
class TrainingRuns {
 public:
  // All pointers outlive this object.
  TrainingRuns(sql::Database* database, const Clock* clock) : database_(database), clock_(clock) {}

  // Whether to train `agent` now, by what was scored since its last successful run.
  absl::StatusOr<TriggerDecision> CheckTrigger(const std::string& project, const std::string& agent,
                                               const TrainingPolicy& policy,
                                               double performance_change) const;

  // How far the agent has come from having no data.
  absl::StatusOr<ColdStart> GetColdStart(const std::string& project,
                                         const std::string& agent) const;

  // Opens a run if the trigger says so at this moment and the agent has no run that is open or
  // leased, or if forced. NOT_FOUND for the dataset; NOT_TRIGGERED where the trigger says no;
  // ALREADY_UNDER_WAY where another run is; ALREADY_EXISTS_WITH_OTHER_CONTENT.
  absl::StatusOr<Created<TrainingRun>> Open(const TrainingRequest& request);

  // The run of its agents that the trainer holds, its lease renewed, or else the oldest of theirs
  // that waits; empty where none does.
  absl::StatusOr<std::optional<TrainingRun>> Lease(const LeaseRequest& request);

  // Keeps what came of a run, and registers its model version. NOT_FOUND; LEASE_LOST where the
  // trainer, by name and key, was not the last to lease it; ALREADY_ENDED where it was cancelled;
  // ALREADY_EXISTS_WITH_OTHER_CONTENT where it was completed otherwise; the errors of
  // RegisterVersion.
  absl::StatusOr<Created<TrainingRun>> Complete(const TrainingReport& report);

  // Takes back a run that is open or leased. Where that was done before, the first reason stays.
  // NOT_FOUND; ALREADY_ENDED where it is complete.
  absl::StatusOr<Created<TrainingRun>> Cancel(const rpc::Actor& actor,
                                              const std::string& training_run_id,
                                              const std::string& reason);

  // NOT_FOUND.
  absl::StatusOr<TrainingRun> Get(const std::string& project,
                                  const std::string& training_run_id) const;

  // What the filter lets through, beyond an ordinal; 0: from the beginning. A page ends early where
  // it reaches 1 MiB.
  absl::StatusOr<ListPage<TrainingRun>> List(const std::string& project,
                                             const TrainingRunFilter& filter, int64_t beyond,
                                             int64_t page_size) const;

 private:
  sql::Database* const database_;
  const Clock* const clock_;
};

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_TRAINING_RUNS_H_

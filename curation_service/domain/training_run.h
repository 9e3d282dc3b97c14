// Training runs and their leases.
#ifndef FLYWHEEL_CURATION_SERVICE_DOMAIN_TRAINING_RUN_H_
#define FLYWHEEL_CURATION_SERVICE_DOMAIN_TRAINING_RUN_H_

#include <map>
#include <optional>
#include <string>

#include "absl/time/time.h"
#include "curation_service/domain/trigger.h"
#include "shared/lists/list_filter.h"

namespace flywheel::curation {

// The numbers of flywheel.curation.v1.TrainingRunState.
enum class TrainingRunState { kOpen = 1, kLeased = 2, kSucceeded = 3, kFailed = 4, kCancelled = 5 };

// What a trainer reports.
struct TrainingResult {
  bool succeeded = false;
  // Where it succeeded.
  std::string model_version;
  std::string artifact_uri;
  std::map<std::string, double> metrics;
  // Where it did not.
  std::string failure;
};

// One run as it is stored.
struct TrainingRun {
  std::string training_run_id;
  std::string dataset_version_id;
  // The agent of the dataset.
  std::string agent;
  TrainingRunState state = TrainingRunState::kOpen;
  TriggerDecision trigger;
  absl::Time create_time;
  // Who leased it last, also after the lease has ended, by name and by the id of the key; empty
  // before the first lease.
  std::string trainer;
  std::string leased_by = {};
  // Where state is kLeased.
  absl::Time lease_expire_time;
  // Where it is complete or cancelled.
  absl::Time complete_time;
  TrainingResult result;
  // Where it is cancelled: who did, and why.
  std::string cancel_reason;
  // Ids of keys; empty where the server had none, the second one also before that.
  std::string created_by = {};
  std::string completed_by = {};
  Labels labels;

  // A trainer has reported.
  bool complete() const {
    return state == TrainingRunState::kSucceeded || state == TrainingRunState::kFailed;
  }

  // The state as others see it: a lease that has ended makes the run open again.
  TrainingRunState StateAt(absl::Time now) const {
    return state == TrainingRunState::kLeased && lease_expire_time <= now ? TrainingRunState::kOpen
                                                                          : state;
  }
};

// Which runs to list.
struct TrainingRunFilter {
  ListFilter list;
  // Empty: in any state.
  std::optional<TrainingRunState> state;
  // Empty: whatever came of it.
  std::string model_version;

  // All but the agent.
  bool Matches(const TrainingRun& run, absl::Time now) const {
    return list.Matches(run.create_time, run.labels) && (!state || run.StateAt(now) == *state) &&
           (model_version.empty() || run.result.model_version == model_version);
  }
};

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_DOMAIN_TRAINING_RUN_H_

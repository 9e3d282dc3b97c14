#include "experiment_service/analyst.h"

#include "experiment_service/not_found.h"

namespace flywheel::experiment {

absl::StatusOr<Analysis> Analyst::Analyze(const std::string& project,
                                          const std::string& experiment_id) const {
  const LiveExperimentPtr live = serving_->FindExperiment(project, experiment_id);
  if (live == nullptr) return NoSuchExperiment(experiment_id);
  const size_t arms = live->experiment.arms.size();
  return experiment::Analyze(
      live->experiment, live->assignment.shares(),
      counts_->Find(live->ordinal, arms, live->experiment.plan.metrics.size()));
}

}  // namespace flywheel::experiment

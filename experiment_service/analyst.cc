#include "experiment_service/analyst.h"

#include "shared/status/errors.h"

namespace flywheel::experiment {

absl::StatusOr<Analysis> Analyst::Analyze(const std::string& project,
                                          const std::string& experiment_id) const {
  const LiveExperimentPtr live = serving_->FindExperiment(project, experiment_id);
  if (live == nullptr) {
    return errors::NotFound("experiment", experiment_id,
                            "List the experiments to see which exist.");
  }
  const size_t arms = live->experiment.arms.size();
  return experiment::Analyze(live->experiment, live->assignment.shares(),
                             counts_->Find(live->sequence, arms));
}

}  // namespace flywheel::experiment

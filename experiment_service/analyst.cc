#include "experiment_service/analyst.h"

#include <utility>

#include "experiment_service/domain/days_left.h"
#include "experiment_service/refusals.h"
#include "shared/time/stored_time.h"

namespace flywheel::experiment {

absl::StatusOr<AnalysedExperiment> Analyst::Analyze(const std::string& project,
                                                    const std::string& experiment_id) const {
  const LiveExperimentPtr live = serving_->FindExperiment(project, experiment_id);
  if (live == nullptr) return NoSuchExperiment(experiment_id);
  return Analyze(*live, *evidence_->Find(*live));
}

AnalysedExperiment Analyst::Analyze(const LiveExperiment& live, const Evidence& evidence) const {
  const Experiment& experiment = live.experiment;
  const bool stopped = experiment.state == State::kStopped;
  const absl::Time as_of = stopped ? experiment.stop_time : StoredTime(clock_->Now());
  AnalysedExperiment analysed{
      experiment::Analyze(experiment, live.assignment.shares(), evidence.counts, as_of), {}};
  AddDaysLeft(experiment, live.assignment.shares(), evidence.counts, analysed.analysis);
  for (Comparison& comparison : analysed.analysis.comparisons) {
    Standing standing = evidence.standings[comparison.arm];
    standing.intervals = Narrow(standing.intervals, comparison);
    // Of a CONTINUE the newest look says most. What else the time has changed since the last write,
    // the next one writes.
    if (!stopped || standing.decision.recommendation == Recommendation::kContinue) {
      standing.decision = Stand(standing.decision, comparison.look);
    }
    const bool open = standing.decision.recommendation == Recommendation::kContinue;
    if (!open) comparison.expected_days_left.reset();
    analysed.standings.push_back(std::move(standing));
  }
  return analysed;
}

}  // namespace flywheel::experiment

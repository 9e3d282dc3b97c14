#include "experiment_service/analysis_watch.h"

#include <iterator>

#include "absl/time/clock.h"
#include "experiment_service/domain/experiment.h"
#include "experiment_service/live_experiment.h"
#include "experiment_service/refusals.h"

namespace flywheel::experiment {

WatchedAnalysisPtr AnalysisTopic::Newest(bool unseen) {
  absl::MutexLock lock(&mutex_);
  const absl::Time now = absl::Now();
  // A clock that was set back hides nothing.
  if (newest_ != nullptr && now >= made_ && now - made_ < kInterval) return newest_;
  // In this order: of an experiment that shows as stopped the last evidence is there already.
  const LiveExperimentPtr live = serving_->FindExperiment(project_, experiment_id_);
  const std::shared_ptr<const Evidence> known = evidence_->FindKnown(live->ordinal);
  const bool stopped = live->experiment.state == State::kStopped;
  const bool changed = newest_ == nullptr || known != made_of_ || (stopped && !newest_->is_last);
  if (!changed && (!unseen || newest_->is_last)) return newest_;
  const int64_t change = newest_ == nullptr ? 1 : newest_->change + (changed ? 1 : 0);
  newest_ = std::make_shared<const WatchedAnalysis>(WatchedAnalysis{
      change, analyst_->Analyze(*live, known == nullptr ? *evidence_->Find(*live) : *known),
      stopped});
  made_of_ = known;
  made_ = now;
  metrics_->CountItems("WatchAnalysis", "analysed", 1);
  return newest_;
}

absl::StatusOr<std::shared_ptr<AnalysisTopic>> AnalysisWatch::Watch(
    const std::string& project, const std::string& experiment_id) {
  if (serving_->FindExperiment(project, experiment_id) == nullptr) {
    return NoSuchExperiment(experiment_id);
  }
  absl::MutexLock lock(&mutex_);
  std::weak_ptr<AnalysisTopic>& known = topics_[{project, experiment_id}];
  std::shared_ptr<AnalysisTopic> topic = known.lock();
  if (topic != nullptr) return topic;
  topic = std::make_shared<AnalysisTopic>(project, experiment_id, analyst_, serving_, evidence_,
                                          metrics_);
  known = topic;
  // Those that nobody watches any more.
  for (auto it = topics_.begin(); it != topics_.end();) {
    it = it->second.expired() ? topics_.erase(it) : std::next(it);
  }
  return topic;
}

}  // namespace flywheel::experiment

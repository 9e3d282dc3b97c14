// Analysis watch: one analysis a change of an experiment, however many watch it.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_ANALYSIS_WATCH_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_ANALYSIS_WATCH_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "experiment_service/analyst.h"
#include "experiment_service/evidence.h"
#include "experiment_service/evidence_cache.h"
#include "experiment_service/serving_cache.h"
#include "shared/rpc/metrics.h"

namespace flywheel::experiment {

// An analysis that all watchers of an experiment share.
struct WatchedAnalysis {
  // From 1, higher with every change of what it is made of. The analysis of an old change may be
  // made anew, for its time.
  int64_t change = 0;
  AnalysedExperiment analysed;
  // The experiment was stopped: nothing changes any more.
  bool is_last = false;
};
using WatchedAnalysisPtr = std::shared_ptr<const WatchedAnalysis>;

// One experiment that somebody watches. Computes when it is asked, and only where the evidence is
// another than before (of which the passing of time is a part: see ExperimentClock), or the
// experiment was stopped; at most once in kInterval. So what it costs depends neither on the number
// of its watchers nor on that of the writes between. Thread-safe.
class AnalysisTopic {
 public:
  static constexpr absl::Duration kInterval = absl::Seconds(1);

  // Made by AnalysisWatch. All pointers outlive this object.
  AnalysisTopic(std::string project, std::string experiment_id, const Analyst* analyst,
                const ServingCache* serving, const EvidenceCache* evidence, rpc::Metrics* metrics)
      : project_(std::move(project)),
        experiment_id_(std::move(experiment_id)),
        analyst_(analyst),
        serving_(serving),
        evidence_(evidence),
        metrics_(metrics) {}

  // The analysis of the newest change. Of this moment where it was `unseen`: whoever begins to
  // watch wants to know how it is now. Never null.
  WatchedAnalysisPtr Newest(bool unseen);

 private:
  const std::string project_;
  const std::string experiment_id_;
  const Analyst* const analyst_;
  const ServingCache* const serving_;
  const EvidenceCache* const evidence_;
  rpc::Metrics* const metrics_;

  absl::Mutex mutex_;
  WatchedAnalysisPtr newest_ ABSL_GUARDED_BY(mutex_);
  // What it was made of; null where nothing was known.
  std::shared_ptr<const Evidence> made_of_ ABSL_GUARDED_BY(mutex_);
  // By the machine's clock.
  absl::Time made_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
};

// The experiments that are watched at the moment. Each analysis is counted as an item "analysed" of
// WatchAnalysis. Thread-safe.
class AnalysisWatch {
 public:
  // All pointers outlive this object and what it hands out.
  AnalysisWatch(const Analyst* analyst, const ServingCache* serving, const EvidenceCache* evidence,
                rpc::Metrics* metrics)
      : analyst_(analyst), serving_(serving), evidence_(evidence), metrics_(metrics) {}

  // The experiment, to be kept for as long as it is watched. NOT_FOUND.
  absl::StatusOr<std::shared_ptr<AnalysisTopic>> Watch(const std::string& project,
                                                       const std::string& experiment_id);

 private:
  using Key = std::pair<std::string, std::string>;  // Project, then experiment id.

  const Analyst* const analyst_;
  const ServingCache* const serving_;
  const EvidenceCache* const evidence_;
  rpc::Metrics* const metrics_;

  absl::Mutex mutex_;
  std::map<Key, std::weak_ptr<AnalysisTopic>> topics_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_ANALYSIS_WATCH_H_

// Experiment clock: notices in the background what the passing of time changes of an experiment.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_EXPERIMENT_CLOCK_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_EXPERIMENT_CLOCK_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "experiment_service/evidence_cache.h"
#include "experiment_service/live_experiment.h"
#include "experiment_service/serving_cache.h"
#include "shared/rpc/background_loop.h"
#include "shared/rpc/metrics.h"
#include "shared/sql/database.h"
#include "shared/time/clock.h"

namespace flywheel::experiment {

// Two things come with time alone. Once the window of a unit is over, it either has an outcome or
// will have none, and the arms can be compared by that: such units are counted in the order of
// their exposure, some thousands a write. And once an experiment has run as long as its plan asks,
// or allows, what stands for its treatments may change: it is looked at. Nothing of this happens to
// an experiment that was stopped: the stop froze what it found. Thread-safe.
class ExperimentClock {
 public:
  // All pointers outlive this object.
  ExperimentClock(sql::Database* database, const ServingCache* serving, EvidenceCache* evidence,
                  const Clock* clock, rpc::Metrics* metrics);
  ExperimentClock(const ExperimentClock&) = delete;
  ExperimentClock& operator=(const ExperimentClock&) = delete;

  void Start() { loop_.Start(); }
  void Stop() { loop_.Stop(); }

 private:
  // The loop's step.
  absl::StatusOr<absl::Duration> Tick();
  // Until no unit of the experiment has come of age that is not counted.
  absl::Status CountMatured(const LiveExperimentPtr& live, absl::Time now);
  absl::Status CountSome(const LiveExperimentPtr& live, absl::Time until, absl::Time now);
  // Where its plan's durations make a difference since the last tick.
  absl::Status LookAgain(const LiveExperimentPtr& live, absl::Time now);

  sql::Database* const database_;
  const ServingCache* const serving_;
  EvidenceCache* const evidence_;
  const Clock* const clock_;
  absl::Time last_tick_ = absl::InfinitePast();  // Of the loop.
  // The last one: its step uses all others.
  rpc::BackgroundLoop loop_;
};

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_EXPERIMENT_CLOCK_H_

// Unit maturity: notices in the background that units have had their time to report.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_UNIT_MATURITY_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_UNIT_MATURITY_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "experiment_service/arm_counts_cache.h"
#include "experiment_service/live_experiment.h"
#include "experiment_service/serving_cache.h"
#include "shared/rpc/background_loop.h"
#include "shared/rpc/metrics.h"
#include "shared/sql/database.h"
#include "shared/time/clock.h"

namespace flywheel::experiment {

// Once the window of a unit is over, it either has an outcome or will have none, and the arms can
// be compared by that. Counts such units in the order of their exposure, some thousands a write. Of
// an experiment that was stopped no more come of age: the stop froze what it found. Thread-safe.
class UnitMaturity {
 public:
  // All pointers outlive this object.
  UnitMaturity(sql::Database* database, const ServingCache* serving, ArmCountsCache* counts,
               const Clock* clock, rpc::Metrics* metrics);
  UnitMaturity(const UnitMaturity&) = delete;
  UnitMaturity& operator=(const UnitMaturity&) = delete;

  void Start() { loop_.Start(); }
  void Stop() { loop_.Stop(); }

 private:
  // The loop's step.
  absl::StatusOr<absl::Duration> CountAll();
  // Until no unit of the experiment has come of age that is not counted.
  absl::Status Count(const LiveExperiment& live);

  sql::Database* const database_;
  const ServingCache* const serving_;
  ArmCountsCache* const counts_;
  const Clock* const clock_;
  // The last one: its step uses all others.
  rpc::BackgroundLoop loop_;
};

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_UNIT_MATURITY_H_

// Ramp runner: acts in the background on what stands for the treatments of an experiment.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_RAMP_RUNNER_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_RAMP_RUNNER_H_

#include <cstdint>
#include <map>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "experiment_service/domain/ramp_rule.h"
#include "experiment_service/evidence_cache.h"
#include "experiment_service/live_experiment.h"
#include "experiment_service/promoter.h"
#include "experiment_service/serving_cache.h"
#include "shared/rpc/background_loop.h"
#include "shared/rpc/metrics.h"
#include "shared/sql/connection.h"
#include "shared/sql/database.h"
#include "shared/time/clock.h"

namespace flywheel::experiment {

// Every second, for each running experiment that has a ramp: what the rule (ramp_rule.h) says by
// what is in memory, which costs no read. Where it says something, one transaction looks at the
// experiment once more, asks the rule by what it then finds in the store, and writes state, event
// and audit row, or a stop. So whatever ends this process leaves a ramp before a change or after
// it, and the next process goes on from there.
//
// Promotions come last in a round, because they wait for the gate: harm is acted upon first. One
// that is refused is asked for again after a minute, for as long as SHIP stands; until then the
// ramp keeps its step. Thread-safe.
class RampRunner {
 public:
  // All pointers outlive this object.
  RampRunner(sql::Database* database, ServingCache* serving, EvidenceCache* evidence,
             Promoter* promoter, const Clock* clock, rpc::Metrics* metrics);
  RampRunner(const RampRunner&) = delete;
  RampRunner& operator=(const RampRunner&) = delete;

  void Start() { loop_.Start(); }
  // Waits for a question to the gate that is under way, 5 s at most.
  void Stop() { loop_.Stop(); }

 private:
  // The loop's step.
  absl::StatusOr<absl::Duration> Tick();
  // By what is in memory, which may be behind the store.
  RampAction ActionOf(const LiveExperiment& live, absl::Time now) const;
  // Does what the store's state asks for, unless that is nothing or a promotion.
  absl::Status Act(const LiveExperiment& live, absl::Time now);
  // Writes it, and changes `stored`.
  absl::Status Write(sql::Connection& connection, const RampAction& action, absl::Time now,
                     StoredExperiment& stored) const;
  absl::Status Promote(const LiveExperiment& live, const RampAction& action, absl::Time now);
  // That the promotion was refused, where that is not written yet.
  absl::Status NoteRefusal(const LiveExperiment& live, const RampAction& action,
                           const absl::Status& refusal, absl::Time now);

  sql::Database* const database_;
  ServingCache* const serving_;
  EvidenceCache* const evidence_;
  Promoter* const promoter_;
  const Clock* const clock_;
  // When a promotion that was refused is asked for again, by the experiment's ordinal. Of the loop.
  std::map<int64_t, absl::Time> next_attempts_;
  // The last one: its step uses all others.
  rpc::BackgroundLoop loop_;
};

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_RAMP_RUNNER_H_

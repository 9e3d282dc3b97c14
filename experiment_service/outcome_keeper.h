// Outcome keeper: deletes in the background what is kept no longer.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_OUTCOME_KEEPER_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_OUTCOME_KEEPER_H_

#include <cstdint>
#include <set>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "experiment_service/serving_cache.h"
#include "shared/rpc/background_loop.h"
#include "shared/rpc/metrics.h"
#include "shared/sql/connection.h"
#include "shared/sql/database.h"
#include "shared/time/clock.h"

namespace flywheel::experiment {

// Of an experiment that was stopped longer ago than outcomes are kept: its outcomes, its units and
// what they add up to, and what was read of the feed for it. Its counts, decisions and promotions
// stay: they name nobody, and are what was found. Signals of the feed leave when their experiment
// is stopped, or after a day in which their interaction did not come. All in writes of some
// milliseconds. Thread-safe.
class OutcomeKeeper {
 public:
  // How long a signal waits for its interaction.
  static constexpr absl::Duration kSignalsWait = absl::Hours(24);

  // `keep` may be infinite. All pointers outlive this object.
  OutcomeKeeper(sql::Database* database, const ServingCache* serving, const Clock* clock,
                absl::Duration keep, rpc::Metrics* metrics);
  OutcomeKeeper(const OutcomeKeeper&) = delete;
  OutcomeKeeper& operator=(const OutcomeKeeper&) = delete;

  void Start() { loop_.Start(); }
  void Stop() { loop_.Stop(); }

 private:
  // Removes some rows, and returns how many there were.
  using Piece = absl::FunctionRef<absl::StatusOr<int64_t>(sql::Connection&)>;

  // The loop's step.
  absl::StatusOr<absl::Duration> Tick();
  absl::Status RemoveSignals(int64_t experiment, absl::Time before);
  absl::Status RemoveOutcomes(int64_t experiment);
  // Until nothing is left, or the loop stops.
  absl::Status RemoveAll(Piece piece);

  sql::Database* const database_;
  const ServingCache* const serving_;
  const Clock* const clock_;
  const absl::Duration keep_;
  // Stopped experiments that have no signals, and no outcomes any more. Of the loop.
  std::set<int64_t> without_signals_;
  std::set<int64_t> without_outcomes_;
  // The last one: its step uses all others.
  rpc::BackgroundLoop loop_;
};

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_OUTCOME_KEEPER_H_

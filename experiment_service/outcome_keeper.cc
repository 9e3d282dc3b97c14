#include "experiment_service/outcome_keeper.h"

#include "experiment_service/store/feed_signal_store.h"
#include "experiment_service/store/feed_store.h"
#include "experiment_service/store/outcome_store.h"
#include "experiment_service/store/unit_store.h"
#include "shared/status/status_macros.h"
#include "shared/time/stored_time.h"

namespace flywheel::experiment {
namespace {

constexpr absl::Duration kInterval = absl::Seconds(1);
// So that no outcome waits long behind such a write.
constexpr int64_t kRowsPerWrite = 1'000;
// In the place of an experiment: signals that wait for their interaction.
constexpr int64_t kWaiting = 0;

}  // namespace

OutcomeKeeper::OutcomeKeeper(sql::Database* database, const ServingCache* serving,
                             const Clock* clock, absl::Duration keep, rpc::Metrics* metrics)
    : database_(database),
      serving_(serving),
      clock_(clock),
      keep_(keep),
      loop_(
          {.name = "outcome_keeper", .niceness = 10}, [this] { return Tick(); }, metrics) {}

absl::StatusOr<absl::Duration> OutcomeKeeper::Tick() {
  const absl::Time now = StoredTime(clock_->Now());
  RETURN_IF_ERROR(RemoveSignals(kWaiting, now - kSignalsWait));
  for (const LiveExperimentPtr& live : serving_->All()) {
    if (loop_.stopping()) break;
    if (live->experiment.state != State::kStopped) continue;
    if (!without_signals_.contains(live->ordinal)) {
      RETURN_IF_ERROR(RemoveSignals(live->ordinal, now));
      if (!loop_.stopping()) without_signals_.insert(live->ordinal);
    }
    const bool is_due = live->experiment.stop_time < now - keep_;
    if (!is_due || without_outcomes_.contains(live->ordinal)) continue;
    // Signals of a session may have come to it since.
    RETURN_IF_ERROR(RemoveSignals(live->ordinal, now));
    RETURN_IF_ERROR(RemoveOutcomes(live->ordinal));
    if (!loop_.stopping()) without_outcomes_.insert(live->ordinal);
  }
  return kInterval;
}

absl::Status OutcomeKeeper::RemoveSignals(int64_t experiment, absl::Time before) {
  // A read first: mostly there is nothing to do, and nothing to be written.
  ASSIGN_OR_RETURN(const bool is_any, database_->Read([&](sql::Connection& connection) {
    return FeedSignalStore(connection).HasAny(experiment, before);
  }));
  if (!is_any) return absl::OkStatus();
  return RemoveAll([&](sql::Connection& connection) {
    return FeedSignalStore(connection).RemoveSome(experiment, before, kRowsPerWrite);
  });
}

absl::Status OutcomeKeeper::RemoveOutcomes(int64_t experiment) {
  RETURN_IF_ERROR(RemoveAll([&](sql::Connection& connection) {
    return OutcomeStore(connection).RemoveSome(experiment, kRowsPerWrite);
  }));
  RETURN_IF_ERROR(RemoveAll([&](sql::Connection& connection) {
    return UnitStore(connection).RemoveSome(experiment, kRowsPerWrite);
  }));
  return RemoveAll([&](sql::Connection& connection) {
    return FeedStore(connection).RemoveSome(experiment, kRowsPerWrite);
  });
}

absl::Status OutcomeKeeper::RemoveAll(Piece piece) {
  int64_t removed = 1;
  while (removed > 0 && !loop_.stopping()) {
    ASSIGN_OR_RETURN(
        removed, database_->Write([&](sql::Connection& connection) { return piece(connection); }));
  }
  return absl::OkStatus();
}

}  // namespace flywheel::experiment

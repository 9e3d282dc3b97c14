#include "experiment_service/experiment_clock.h"

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "experiment_service/domain/outcome_columns.h"
#include "experiment_service/evidence_writer.h"
#include "experiment_service/ordered_commit.h"
#include "experiment_service/store/experiment_store.h"
#include "experiment_service/store/unit_store.h"
#include "shared/status/status_macros.h"
#include "shared/time/stored_time.h"

namespace flywheel::experiment {
namespace {

constexpr absl::Duration kInterval = absl::Seconds(1);
// So that no outcome waits long behind such a write.
constexpr int64_t kUnitsPerWrite = 5'000;

}  // namespace

ExperimentClock::ExperimentClock(sql::Database* database, const ServingCache* serving,
                                 EvidenceCache* evidence, const Clock* clock, rpc::Metrics* metrics)
    : database_(database),
      serving_(serving),
      evidence_(evidence),
      clock_(clock),
      loop_(
          {.name = "experiment_clock"}, [this] { return Tick(); }, metrics) {}

absl::StatusOr<absl::Duration> ExperimentClock::Tick() {
  const absl::Time now = StoredTime(clock_->Now());
  absl::Status first_failure;
  for (const LiveExperimentPtr& live : serving_->Running()) {
    if (loop_.stopping()) return kInterval;
    // What fails for one must not hold up the others.
    absl::Status done = CountMatured(live, now);
    done.Update(LookAgain(live, now));
    first_failure.Update(done);
  }
  RETURN_IF_ERROR(first_failure);
  last_tick_ = now;
  return kInterval;
}

absl::Status ExperimentClock::CountMatured(const LiveExperimentPtr& live, absl::Time now) {
  const absl::Time until = now - live->experiment.plan.MaturesAfter();
  while (!loop_.stopping()) {
    bool is_any = false;
    RETURN_IF_ERROR(database_->Read([&](sql::Connection& connection) -> absl::Status {
      ASSIGN_OR_RETURN(const ExperimentProgress progress,
                       ExperimentStore(connection).Progress(live->ordinal));
      ASSIGN_OR_RETURN(
          is_any, UnitStore(connection).HasUnitsIn(live->ordinal, progress.matured_through, until));
      is_any = is_any && !progress.stop_time;
      return absl::OkStatus();
    }));
    if (!is_any) return absl::OkStatus();
    RETURN_IF_ERROR(CountSome(live, until, now));
  }
  return absl::OkStatus();
}

absl::Status ExperimentClock::CountSome(const LiveExperimentPtr& live, absl::Time until,
                                        absl::Time now) {
  const size_t columns = ColumnCount(live->experiment.plan.metrics);
  std::vector<Evidence> evidence;
  return CommitThenPublish(
      *database_, sql::Database::kSmallWriteBytes,
      [&](sql::Connection& connection) -> absl::Status {
        evidence.clear();
        EvidenceWriter writer(connection, now);
        ASSIGN_OR_RETURN(const ExperimentProgress progress, writer.Progress(*live));
        if (progress.stop_time) return absl::OkStatus();
        UnitStore units(connection);
        ASSIGN_OR_RETURN(
            const absl::Time end,
            units.EndOfRange(live->ordinal, progress.matured_through, until, kUnitsPerWrite));
        RETURN_IF_ERROR(units.ForEachIn(
            live->ordinal, progress.matured_through, end, columns, [&](const StoredUnit& unit) {
              UnitState after = unit.state;
              after.matured = true;
              return writer.Count(live, unit.key.arm, unit.state, after);
            }));
        RETURN_IF_ERROR(ExperimentStore(connection).SetMaturedThrough(live->ordinal, end));
        ASSIGN_OR_RETURN(evidence, writer.Finish());
        return absl::OkStatus();
      },
      [&] { evidence_->Put(std::move(evidence)); });
}

absl::Status ExperimentClock::LookAgain(const LiveExperimentPtr& live, absl::Time now) {
  const auto passed = [&](absl::Duration duration) {
    const absl::Time moment = live->experiment.create_time + duration;
    return duration > absl::ZeroDuration() && last_tick_ < moment && moment <= now;
  };
  const AnalysisPlan& plan = live->experiment.plan;
  if (!passed(plan.min_duration) && !passed(plan.max_duration)) return absl::OkStatus();
  std::vector<Evidence> evidence;
  return CommitThenPublish(
      *database_, sql::Database::kSmallWriteBytes,
      [&](sql::Connection& connection) {
        evidence.clear();
        return LookAt(connection, live, now, evidence);
      },
      [&] { evidence_->Put(std::move(evidence)); });
}

}  // namespace flywheel::experiment

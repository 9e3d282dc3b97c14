#include "experiment_service/unit_maturity.h"

#include <cstdint>
#include <vector>

#include "experiment_service/ordered_commit.h"
#include "experiment_service/store/experiment_store.h"
#include "experiment_service/store/unit_store.h"
#include "experiment_service/unit_writer.h"
#include "shared/status/status_macros.h"

namespace flywheel::experiment {
namespace {

constexpr absl::Duration kInterval = absl::Seconds(1);
// So that no outcome waits long behind such a write.
constexpr int64_t kUnitsPerWrite = 5'000;

}  // namespace

UnitMaturity::UnitMaturity(sql::Database* database, const ServingCache* serving,
                           ArmCountsCache* counts, const Clock* clock, rpc::Metrics* metrics)
    : database_(database),
      serving_(serving),
      counts_(counts),
      clock_(clock),
      loop_(
          {.name = "unit_maturity"}, [this] { return CountAll(); }, metrics) {}

absl::StatusOr<absl::Duration> UnitMaturity::CountAll() {
  for (const LiveExperimentPtr& live : serving_->Running()) {
    if (loop_.stopping()) break;
    RETURN_IF_ERROR(Count(*live));
  }
  return kInterval;
}

absl::Status UnitMaturity::Count(const LiveExperiment& live) {
  const AnalysisPlan& plan = live.experiment.plan;
  const absl::Time until = clock_->Now() - plan.MaturesAfter();
  while (!loop_.stopping()) {
    bool is_any = false;
    RETURN_IF_ERROR(database_->Read([&](sql::Connection& connection) -> absl::Status {
      ASSIGN_OR_RETURN(const ExperimentProgress progress,
                       ExperimentStore(connection).Progress(live.ordinal));
      ASSIGN_OR_RETURN(
          is_any, UnitStore(connection).HasUnitsIn(live.ordinal, progress.matured_through, until));
      is_any = is_any && !progress.stop_time;
      return absl::OkStatus();
    }));
    if (!is_any) return absl::OkStatus();
    std::vector<StoredCounts> counts;
    RETURN_IF_ERROR(CommitThenPublish(
        *database_, sql::Database::kSmallWriteBytes,
        [&](sql::Connection& connection) -> absl::Status {
          counts.clear();
          UnitWriter writer(connection);
          ASSIGN_OR_RETURN(const ExperimentProgress progress, writer.Progress(live));
          if (progress.stop_time) return absl::OkStatus();
          UnitStore units(connection);
          ASSIGN_OR_RETURN(
              const absl::Time end,
              units.EndOfRange(live.ordinal, progress.matured_through, until, kUnitsPerWrite));
          ASSIGN_OR_RETURN(
              const std::vector<MaturedUnits> matured,
              units.CountRange(live.ordinal, progress.matured_through, end, plan.metrics.size()));
          for (const MaturedUnits& arm : matured) {
            ASSIGN_OR_RETURN(ArmCounts* const arm_counts, writer.Counts(live, arm.arm));
            arm_counts->matured_units += arm.units;
            for (size_t i = 0; i < arm.with_outcome.size(); ++i) {
              arm_counts->metrics[i].CountMatured(arm.with_outcome[i]);
            }
          }
          RETURN_IF_ERROR(ExperimentStore(connection).SetMaturedThrough(live.ordinal, end));
          ASSIGN_OR_RETURN(counts, writer.Finish());
          return absl::OkStatus();
        },
        [&] { counts_->Put(counts); }));
  }
  return absl::OkStatus();
}

}  // namespace flywheel::experiment

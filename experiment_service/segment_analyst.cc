#include "experiment_service/segment_analyst.h"

#include <cstddef>
#include <utility>

#include "absl/status/status.h"
#include "experiment_service/domain/segment_analysis.h"
#include "experiment_service/refusals.h"
#include "experiment_service/store/arm_counts_store.h"
#include "experiment_service/store/segment_store.h"
#include "shared/status/status_macros.h"
#include "shared/time/stored_time.h"

namespace flywheel::experiment {

absl::StatusOr<SegmentMoment> SegmentAnalyst::Look(const std::string& project,
                                                   const std::string& experiment_id) const {
  LiveExperimentPtr live = serving_->FindExperiment(project, experiment_id);
  if (live == nullptr) return NoSuchExperiment(experiment_id);
  const Experiment& experiment = live->experiment;
  const absl::Time as_of =
      experiment.state == State::kStopped ? experiment.stop_time : StoredTime(clock_->Now());
  ASSIGN_OR_RETURN(Counts counts, Read(*live));
  return SegmentMoment{std::move(live), as_of, std::move(counts.arms), std::move(counts.cells)};
}

absl::StatusOr<int> SegmentAnalyst::CountAlarmed() const {
  int alarmed = 0;
  for (const LiveExperimentPtr& live : serving_->Running()) {
    if (live->experiment.plan.segments.empty()) continue;
    ASSIGN_OR_RETURN(const Counts counts, Read(*live));
    const bool is_alarmed =
        !FindSegmentAlerts(live->experiment, live->assignment.shares(), counts.cells).empty();
    alarmed += is_alarmed ? 1 : 0;
  }
  return alarmed;
}

absl::StatusOr<SegmentAnalyst::Counts> SegmentAnalyst::Read(const LiveExperiment& live) const {
  const AnalysisPlan& plan = live.experiment.plan;
  const size_t arms = live.experiment.arms.size();
  Counts counts;
  RETURN_IF_ERROR(database_->Read([&](sql::Connection& connection) -> absl::Status {
    counts = {{}, EmptySegmentCounts(plan, arms)};
    for (size_t arm = 0; arm < arms; ++arm) {
      ASSIGN_OR_RETURN(ArmCounts of_arm,
                       ArmCountsStore(connection).Find(live.ordinal, arm, plan.metrics.size()));
      counts.arms.push_back(std::move(of_arm));
    }
    return SegmentStore(connection).ReadCells(live.ordinal, counts.cells);
  }));
  return counts;
}

}  // namespace flywheel::experiment

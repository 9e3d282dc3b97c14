#include "experiment_service/evidence_writer.h"

#include <utility>

#include "experiment_service/domain/analysis.h"
#include "experiment_service/domain/analysis_text.h"
#include "experiment_service/domain/counts_text.h"
#include "experiment_service/domain/outcome_columns.h"
#include "experiment_service/domain/standing.h"
#include "experiment_service/store/arm_counts_store.h"
#include "experiment_service/store/decision_store.h"
#include "experiment_service/store/segment_store.h"
#include "shared/hashing/sha256.h"
#include "shared/status/status_macros.h"

namespace flywheel::experiment {

absl::StatusOr<ExperimentProgress> EvidenceWriter::Progress(const LiveExperiment& live) {
  const auto [known, is_new] = progress_.try_emplace(live.ordinal);
  if (is_new) {
    ASSIGN_OR_RETURN(known->second, ExperimentStore(connection_).Progress(live.ordinal));
  }
  return known->second;
}

absl::StatusOr<UnitState> EvidenceWriter::Find(const LiveExperiment& live, const UnitKey& key) {
  ASSIGN_OR_RETURN(UnitState state,
                   UnitStore(connection_).Find(key, ColumnCount(live.experiment.plan.metrics)));
  if (state.exposed()) {
    ASSIGN_OR_RETURN(const ExperimentProgress progress, Progress(live));
    state.matured = *state.expose_time <= progress.matured_through;
  }
  return state;
}

absl::Status EvidenceWriter::Expose(const LiveExperiment& live, const Exposure& exposure,
                                    UnitState& state) {
  const AnalysisPlan& plan = live.experiment.plan;
  state.totals.resize(ColumnCount(plan.metrics));
  // The first one counts, in whatever order they come to be known.
  if (!state.exposed() || exposure.time < *state.expose_time) {
    state.expose_time = exposure.time;
    state.segments = exposure.segments;
    state.segments.resize(plan.segments.size());
  }
  ASSIGN_OR_RETURN(const ExperimentProgress progress, Progress(live));
  state.matured = *state.expose_time <= progress.matured_through;
  return absl::OkStatus();
}

absl::Status EvidenceWriter::Put(const LiveExperimentPtr& live, const UnitKey& key,
                                 const UnitState& before, const UnitState& after) {
  RETURN_IF_ERROR(UnitStore(connection_).Put(key, before, after));
  ASSIGN_OR_RETURN(const ExperimentProgress progress, Progress(*live));
  return progress.stop_time ? absl::OkStatus() : Count(live, key.arm, before, after);
}

absl::StatusOr<int64_t> EvidenceWriter::Erase(const LiveExperimentPtr& live, const UnitKey& key) {
  ASSIGN_OR_RETURN(const UnitState before, Find(*live, key));
  ASSIGN_OR_RETURN(const int64_t rows, UnitStore(connection_).Remove(key));
  ASSIGN_OR_RETURN(const ExperimentProgress progress, Progress(*live));
  if (progress.stop_time) return rows;
  RETURN_IF_ERROR(UnitStore(connection_).PutErasure(key, now_));
  RETURN_IF_ERROR(Count(live, key.arm, before, UnitState()));
  return rows;
}

absl::StatusOr<bool> EvidenceWriter::IsErased(const UnitKey& key, const UnitState& state,
                                              absl::Time expose_time) {
  // What is on record since then is no later than any erasure.
  if (state.exposed() && *state.expose_time <= expose_time) return false;
  ASSIGN_OR_RETURN(const std::optional<absl::Time> erased, UnitStore(connection_).FindErasure(key));
  return erased && expose_time <= *erased;
}

absl::Status EvidenceWriter::Count(const LiveExperimentPtr& live, size_t arm,
                                   const UnitState& before, const UnitState& after) {
  const AnalysisPlan& plan = live->experiment.plan;
  ASSIGN_OR_RETURN(ArmCounts* const counts, Counts(live, arm));
  counts->Count(plan.metrics, before, after);
  for (const CellChange& change : CellChanges(plan.segments.size(), before, after)) {
    ASSIGN_OR_RETURN(ArmCounts* const cell,
                     Counts(live, SegmentCell{change.segment, change.value, arm}));
    cell->Count(plan.metrics, *change.before, *change.after);
  }
  return absl::OkStatus();
}

absl::StatusOr<ArmCounts*> EvidenceWriter::Counts(const LiveExperimentPtr& live, size_t arm) {
  Touch(live);
  const auto [known, is_new] = touched_[live->ordinal].counts.try_emplace(arm);
  if (is_new) {
    ASSIGN_OR_RETURN(
        known->second,
        ArmCountsStore(connection_).Find(live->ordinal, arm, live->experiment.plan.metrics.size()));
  }
  return &known->second;
}

absl::StatusOr<ArmCounts*> EvidenceWriter::Counts(const LiveExperimentPtr& live,
                                                  const SegmentCell& cell) {
  Touch(live);
  const auto [known, is_new] = touched_[live->ordinal].cells.try_emplace(cell);
  if (is_new) {
    ASSIGN_OR_RETURN(known->second,
                     SegmentStore(connection_)
                         .FindCell(live->ordinal, cell, live->experiment.plan.metrics.size()));
  }
  return &known->second;
}

absl::StatusOr<std::vector<Evidence>> EvidenceWriter::Finish() {
  std::vector<Evidence> changed;
  for (const auto& [ordinal, touched] : touched_) {
    ASSIGN_OR_RETURN(Evidence evidence, Settle(touched));
    changed.push_back(std::move(evidence));
  }
  return changed;
}

absl::StatusOr<Evidence> EvidenceWriter::Settle(const Touched& touched) {
  const LiveExperiment& live = *touched.live;
  ArmCountsStore store(connection_);
  Evidence evidence{live.ordinal, {}, {}};
  for (size_t arm = 0; arm < live.experiment.arms.size(); ++arm) {
    const auto changed = touched.counts.find(arm);
    if (changed != touched.counts.end()) {
      RETURN_IF_ERROR(store.Put({live.ordinal, arm, changed->second}));
      evidence.counts.push_back(changed->second);
    } else {
      ASSIGN_OR_RETURN(ArmCounts counts,
                       store.Find(live.ordinal, arm, live.experiment.plan.metrics.size()));
      evidence.counts.push_back(std::move(counts));
    }
    ASSIGN_OR_RETURN(Standing standing, DecisionStore(connection_).FindStanding(live.ordinal, arm));
    evidence.standings.push_back(std::move(standing));
  }
  for (const auto& [cell, counts] : touched.cells) {
    RETURN_IF_ERROR(SegmentStore(connection_).PutCell(live.ordinal, cell, counts));
  }
  ASSIGN_OR_RETURN(const ExperimentProgress progress, Progress(live));
  if (!progress.stop_time) RETURN_IF_ERROR(Decide(live, evidence));
  return evidence;
}

absl::Status EvidenceWriter::Decide(const LiveExperiment& live, Evidence& evidence) {
  const Analysis analysis =
      Analyze(live.experiment, live.assignment.shares(), evidence.counts, now_);
  DecisionStore store(connection_);
  for (const Comparison& comparison : analysis.comparisons) {
    Standing& standing = evidence.standings[comparison.arm];
    standing.intervals = Narrow(standing.intervals, comparison);
    RETURN_IF_ERROR(store.PutIntervals(live.ordinal, comparison.arm, standing.intervals));
    Decision stands = Stand(standing.decision, comparison.look);
    if (!IsNewDecision(standing, stands)) continue;
    const StoredDecision decision{0,
                                  comparison.arm,
                                  std::move(stands),
                                  now_,
                                  CountsText(evidence.counts),
                                  Sha256(AnalysisText(analysis))};
    ASSIGN_OR_RETURN(standing.sequence, store.Insert(live.ordinal, decision));
    standing.decision = decision.decision;
    standing.decide_time = now_;
  }
  return absl::OkStatus();
}

absl::Status LookAt(sql::Connection& connection, const LiveExperimentPtr& live, absl::Time now,
                    std::vector<Evidence>& evidence) {
  EvidenceWriter writer(connection, now);
  writer.Touch(live);
  ASSIGN_OR_RETURN(std::vector<Evidence> looked_at, writer.Finish());
  evidence.push_back(std::move(looked_at.front()));
  return absl::OkStatus();
}

}  // namespace flywheel::experiment

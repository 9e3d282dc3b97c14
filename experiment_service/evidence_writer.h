// Evidence writer: changes units within one write, counts them, and decides by the counts.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_EVIDENCE_WRITER_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_EVIDENCE_WRITER_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "experiment_service/domain/arm_counts.h"
#include "experiment_service/domain/segment_counts.h"
#include "experiment_service/domain/unit_state.h"
#include "experiment_service/evidence.h"
#include "experiment_service/live_experiment.h"
#include "experiment_service/store/experiment_store.h"
#include "experiment_service/store/unit_store.h"
#include "shared/sql/connection.h"

namespace flywheel::experiment {

// One write's work on the evidence of experiments. Reads and writes the counts of each arm, and of
// each cell of the plan's segments, once, however many of its units change, and looks at each
// experiment once, at the end: what changes of a verdict is written with what changed it. Lives
// within a transaction.
class EvidenceWriter {
 public:
  // `now` is the time of what is decided.
  EvidenceWriter(sql::Connection& connection, absl::Time now)
      : connection_(connection), now_(now) {}

  // Where an experiment stands by the store, which may be ahead of what is held in memory.
  absl::StatusOr<ExperimentProgress> Progress(const LiveExperiment& live);

  // What is known of a unit.
  absl::StatusOr<UnitState> Find(const LiveExperiment& live, const UnitKey& key);
  // Takes `state`, of whatever was known, to what it is after an exposure.
  absl::Status Expose(const LiveExperiment& live, const Exposure& exposure, UnitState& state);
  // Writes `after` in the place of `before`, which Find gave. The counts of an experiment that was
  // stopped stay as they are.
  absl::Status Put(const LiveExperimentPtr& live, const UnitKey& key, const UnitState& before,
                   const UnitState& after);

  // Forgets a unit, as if it had never come; returns how many rows there were. The counts of an
  // experiment that was stopped stay as they are.
  absl::StatusOr<int64_t> Erase(const LiveExperimentPtr& live, const UnitKey& key);
  // Whether an exposure of a unit, which Find said this of, is from before its erasure: it must not
  // come back by it.
  absl::StatusOr<bool> IsErased(const UnitKey& key, const UnitState& state, absl::Time expose_time);

  // Counts a change of a unit of an arm that time made, of which nothing is written.
  absl::Status Count(const LiveExperimentPtr& live, size_t arm, const UnitState& before,
                     const UnitState& after);

  // An arm's counts, to be changed.
  absl::StatusOr<ArmCounts*> Counts(const LiveExperimentPtr& live, size_t arm);
  // The same of the units with one value of a segment of the plan.
  absl::StatusOr<ArmCounts*> Counts(const LiveExperimentPtr& live, const SegmentCell& cell);

  // Has an experiment looked at, though nothing of it changed but the time.
  void Touch(const LiveExperimentPtr& live) { touched_[live->ordinal].live = live; }

  // Writes the counts, looks at the experiments, and writes what is decided of those that run;
  // returns the evidence as it is now. The last call.
  absl::StatusOr<std::vector<Evidence>> Finish();

 private:
  struct Touched {
    LiveExperimentPtr live;
    // Those that may have changed, by arm and by cell.
    std::map<size_t, ArmCounts> counts;
    std::map<SegmentCell, ArmCounts> cells;
  };

  absl::StatusOr<Evidence> Settle(const Touched& touched);
  absl::Status Decide(const LiveExperiment& live, Evidence& evidence);

  sql::Connection& connection_;
  const absl::Time now_;
  std::map<int64_t, ExperimentProgress> progress_;
  std::map<int64_t, Touched> touched_;
};

// A look within one write at an experiment of which nothing changed but the time: the last one
// where the write stops it, for what stands then stands for good. Appends what is to be published
// after the commit to `evidence`.
absl::Status LookAt(sql::Connection& connection, const LiveExperimentPtr& live, absl::Time now,
                    std::vector<Evidence>& evidence);

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_EVIDENCE_WRITER_H_

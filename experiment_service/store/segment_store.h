// Store of segments: those of plans, and the counts of their cells.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_STORE_SEGMENT_STORE_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_STORE_SEGMENT_STORE_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "experiment_service/domain/arm_counts.h"
#include "experiment_service/domain/segment_counts.h"
#include "experiment_service/domain/segments.h"
#include "shared/sql/connection.h"

namespace flywheel::experiment {

// Reads and writes the tables `experiment_segments` and `segment_tallies`. Works in the caller's
// transaction.
class SegmentStore {
 public:
  explicit SegmentStore(sql::Connection& connection) : connection_(connection) {}

  // Of a new experiment.
  absl::Status Insert(int64_t experiment, const std::vector<Segment>& segments);
  // In the plan's order.
  absl::StatusOr<std::vector<Segment>> Read(int64_t experiment);

  // Empty ones of `metrics` metrics where nothing is counted.
  absl::StatusOr<ArmCounts> FindCell(int64_t experiment, const SegmentCell& cell, size_t metrics);
  absl::Status PutCell(int64_t experiment, const SegmentCell& cell, const ArmCounts& counts);
  // Those of all cells that are counted take their places in `counts`, which has all of the plan's.
  absl::Status ReadCells(int64_t experiment, SegmentCounts& counts);

 private:
  sql::Connection& connection_;
};

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_STORE_SEGMENT_STORE_H_

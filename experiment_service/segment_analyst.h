// Segment analyst: analyses an experiment by the segments of its plan.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_SEGMENT_ANALYST_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_SEGMENT_ANALYST_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "experiment_service/domain/arm_counts.h"
#include "experiment_service/domain/segment_counts.h"
#include "experiment_service/live_experiment.h"
#include "experiment_service/serving_cache.h"
#include "shared/sql/database.h"
#include "shared/time/clock.h"

namespace flywheel::experiment {

// What is stored of an experiment's segments at one moment.
struct SegmentMoment {
  LiveExperimentPtr live;
  absl::Time as_of;
  std::vector<ArmCounts> arms;
  SegmentCounts cells;
};

// Looks at experiments by segments, by one read of what is stored: a row a cell, however many
// outcomes there are. The evidence in memory has no cells, so that those who never ask pay nothing.
// Thread-safe.
class SegmentAnalyst {
 public:
  // All pointers outlive this object.
  SegmentAnalyst(sql::Database* database, const ServingCache* serving, const Clock* clock)
      : database_(database), serving_(serving), clock_(clock) {}

  // At this moment: all that was acknowledged counts. NOT_FOUND.
  absl::StatusOr<SegmentMoment> Look(const std::string& project,
                                     const std::string& experiment_id) const;

  // In how many running experiments the data of some value cannot be trusted.
  absl::StatusOr<int> CountAlarmed() const;

 private:
  // Of one moment.
  struct Counts {
    std::vector<ArmCounts> arms;
    SegmentCounts cells;
  };

  absl::StatusOr<Counts> Read(const LiveExperiment& live) const;

  sql::Database* const database_;
  const ServingCache* const serving_;
  const Clock* const clock_;
};

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_SEGMENT_ANALYST_H_

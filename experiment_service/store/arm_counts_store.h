// Store of arm counts, the tables arm_tallies and metric_tallies: a row an arm, and one a metric.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_STORE_ARM_COUNTS_STORE_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_STORE_ARM_COUNTS_STORE_H_

#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "experiment_service/domain/arm_counts.h"
#include "shared/sql/connection.h"

namespace flywheel::experiment {

// An arm's counts at one moment.
struct StoredCounts {
  int64_t experiment = 0;  // StoredExperiment::ordinal.
  size_t arm = 0;          // Its place among the arms.
  ArmCounts counts;
};

// Reads and writes the tables `arm_tallies` and `metric_tallies`. Works in the caller's
// transaction.
class ArmCountsStore {
 public:
  explicit ArmCountsStore(sql::Connection& connection) : connection_(connection) {}

  // Empty ones of `metrics` metrics where nothing is counted.
  absl::StatusOr<ArmCounts> Find(int64_t experiment, size_t arm, size_t metrics);

  absl::Status Put(const StoredCounts& stored);

 private:
  absl::Status ReadMetrics(int64_t experiment, size_t arm, ArmCounts& counts);

  sql::Connection& connection_;
};

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_STORE_ARM_COUNTS_STORE_H_

// Store of randomisation units, the table experiment_units.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_STORE_UNIT_STORE_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_STORE_UNIT_STORE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "experiment_service/domain/outcome_counts.h"
#include "shared/sql/connection.h"

namespace flywheel::experiment {

// A unit in an experiment.
struct UnitKey {
  int64_t experiment = 0;  // StoredExperiment::ordinal.
  std::string unit_hash;
  size_t arm = 0;
};

// Reads and writes the table `experiment_units`. Works in the caller's transaction.
class UnitStore {
 public:
  explicit UnitStore(sql::Connection& connection) : connection_(connection) {}

  // Adds the unit where it is new, and `value` to its outcomes where there is one. Returns what
  // changed.
  absl::StatusOr<UnitChange> Record(const UnitKey& key, std::optional<double> value,
                                    absl::Time now);

  // Whether there is a unit at all, of any experiment.
  absl::StatusOr<bool> HasUnits();

 private:
  sql::Connection& connection_;
};

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_STORE_UNIT_STORE_H_

// Counts of an arm: its units, and their outcomes by metric.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_ARM_COUNTS_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_ARM_COUNTS_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "experiment_service/domain/outcome_counts.h"
#include "experiment_service/domain/unit_state.h"

namespace flywheel::experiment {

// All that an analysis needs of an arm. A value type.
struct ArmCounts {
  // Units that were exposed.
  int64_t exposed_units = 0;
  // Those of them that were served another version too; they are in nothing below.
  int64_t mixed_units = 0;
  // Those that count and have come of age.
  int64_t matured_units = 0;
  // Outcomes of units that were served without an assignment.
  int64_t fallback_outcomes = 0;
  // One a metric of the plan.
  std::vector<OutcomeCounts> metrics;

  ArmCounts() = default;
  explicit ArmCounts(size_t metrics_count) : metrics(metrics_count) {}

  // Units that were served what their arm serves.
  int64_t counted_units() const { return exposed_units - mixed_units; }

  // One unit has become what it is after. Both states have the totals of all columns, or none.
  // REQUIRES: metrics as many as here.
  void Count(const std::vector<Metric>& plan, const UnitState& before, const UnitState& after);

  // What counts for the metric at a position: with the units that have no outcome where they have a
  // value; nothing of a ratio while there is nothing to divide by.
  OutcomeCounts Counted(const Metric& metric, size_t position) const;
  // The same without a copy of what is here; what is not is made in `made`.
  const OutcomeCounts& Counted(const Metric& metric, size_t position,
                               std::optional<OutcomeCounts>& made) const;
};

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_ARM_COUNTS_H_

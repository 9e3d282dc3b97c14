// Builders of counts with known content.
#ifndef FLYWHEEL_TESTS_EXPERIMENT_SERVICE_DOMAIN_KNOWN_COUNTS_H_
#define FLYWHEEL_TESTS_EXPERIMENT_SERVICE_DOMAIN_KNOWN_COUNTS_H_

#include <vector>

#include "experiment_service/domain/arm_counts.h"
#include "experiment_service/domain/outcome_counts.h"

namespace flywheel::experiment {

inline void AddUnit(double value, OutcomeCounts& counts) {
  UnitTotal total;
  total.Add(value);
  counts.Add(total, /*matured=*/false);
}

inline OutcomeCounts CountsOf(const std::vector<double>& values) {
  OutcomeCounts counts;
  for (const double value : values) AddUnit(value, counts);
  return counts;
}

inline OutcomeCounts Proportion(int ones, int units) {
  OutcomeCounts counts;
  for (int i = 0; i < units; ++i) AddUnit(i < ones ? 1 : 0, counts);
  return counts;
}

// An arm of which every exposed unit has an outcome.
inline ArmCounts AllReport(const OutcomeCounts& outcomes) {
  ArmCounts arm;
  arm.exposed_units = outcomes.units();
  arm.metrics = {outcomes};
  return arm;
}

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_TESTS_EXPERIMENT_SERVICE_DOMAIN_KNOWN_COUNTS_H_

// Builders of counts with known content.
#ifndef FLYWHEEL_TESTS_EXPERIMENT_SERVICE_DOMAIN_KNOWN_COUNTS_H_
#define FLYWHEEL_TESTS_EXPERIMENT_SERVICE_DOMAIN_KNOWN_COUNTS_H_

#include <cstdint>
#include <vector>

#include "experiment_service/domain/arm_counts.h"
#include "experiment_service/domain/outcome_counts.h"

namespace flywheel::experiment {

inline void AddUnit(double value, OutcomeCounts& counts) {
  UnitTotal total;
  total.Add(value);
  counts.Add(Metric(), total, /*matured=*/false);
}

inline OutcomeCounts CountsOf(const std::vector<double>& values) {
  OutcomeCounts counts;
  for (const double value : values) AddUnit(value, counts);
  return counts;
}

// Of any size at once.
inline OutcomeCounts Proportion(int64_t ones, int64_t units) {
  OutcomeCounts::Parts parts;
  parts.units = units;
  parts.outcomes = units;
  parts.sum.Add(static_cast<double>(ones));
  parts.sum_of_squares = parts.sum;
  return OutcomeCounts(parts);
}

// An arm of which every exposed unit has an outcome of every metric.
inline ArmCounts AllReport(const std::vector<OutcomeCounts>& metrics) {
  ArmCounts arm;
  arm.exposed_units = metrics.front().units();
  arm.metrics = metrics;
  return arm;
}
inline ArmCounts AllReport(const OutcomeCounts& outcomes) {
  return AllReport(std::vector<OutcomeCounts>{outcomes});
}

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_TESTS_EXPERIMENT_SERVICE_DOMAIN_KNOWN_COUNTS_H_

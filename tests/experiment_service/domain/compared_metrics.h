// Builders of metrics and of what they are compared by.
#ifndef FLYWHEEL_TESTS_EXPERIMENT_SERVICE_DOMAIN_COMPARED_METRICS_H_
#define FLYWHEEL_TESTS_EXPERIMENT_SERVICE_DOMAIN_COMPARED_METRICS_H_

#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

#include "experiment_service/domain/decision_boundary.h"
#include "experiment_service/domain/metric_comparison.h"
#include "experiment_service/domain/outcome_counts.h"
#include "tests/experiment_service/domain/known_counts.h"

namespace flywheel::experiment {

inline MetricBoundaries Boundaries(int64_t planned_units = 0, int treatments = 1, int metrics = 1) {
  constexpr double kAlpha = 0.05;
  return {DecisionBoundary(kAlpha / treatments, planned_units),
          DecisionBoundary(kAlpha / treatments / metrics, planned_units), kAlpha, treatments,
          metrics};
}

inline Metric Superior() {
  Metric metric;
  metric.name = "accepted";
  return metric;
}
inline Metric NotInferior(double margin = 0.05) {
  Metric metric = Superior();
  metric.goal = Goal::kNotInferior;
  metric.margin = margin;
  return metric;
}
inline Metric LowerIsBetter(Metric metric) {
  metric.direction = Direction::kLowerIsBetter;
  return metric;
}
inline Metric Absolute(Metric metric) {
  metric.scale = Scale::kAbsolute;
  return metric;
}

inline MetricComparison Compare(const Metric& metric, const OutcomeCounts& control,
                                const OutcomeCounts& treatment) {
  return CompareMetric(metric, Boundaries(), control, treatment);
}

inline OutcomeCounts Constant(double value, int units) {
  return CountsOf(std::vector<double>(static_cast<size_t>(units), value));
}

inline OutcomeCounts Lognormal(double factor, int units, std::mt19937_64& random) {
  std::lognormal_distribution<double> value(0, 0.5);
  OutcomeCounts counts;
  for (int i = 0; i < units; ++i) AddUnit(factor * value(random), counts);
  return counts;
}

// The same rates of zeros in place of ones.
inline OutcomeCounts Zeros(int64_t zeros, int64_t units) {
  return Proportion(units - zeros, units);
}

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_TESTS_EXPERIMENT_SERVICE_DOMAIN_COMPARED_METRICS_H_

// Lifts by segment: a treatment and its control among the units with each value of a segment.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_SEGMENT_LIFTS_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_SEGMENT_LIFTS_H_

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "experiment_service/domain/experiment.h"
#include "experiment_service/domain/metric_comparison.h"
#include "experiment_service/domain/outcome_counts.h"
#include "experiment_service/domain/segments.h"

namespace flywheel::experiment {

// Of these units an arm must have as many, and of rates expect as many ones and zeros, for its lift
// to be held against others': Cochran's Q goes by standard errors, which smaller arms do not have.
inline constexpr double kMinUnitsForHeterogeneity = 10;
inline constexpr double kMinExpectedForHeterogeneity = 5;
// Below this p-value of one look the arms have different mixes of values.
inline constexpr double kArmMixDiffers = 0.001;

// Whether the lifts of the values differ by more than chance has them.
struct LiftHeterogeneity {
  int values = 0;  // Of which enough is known.
  double q = 0;    // Cochran's, of their absolute lifts.
  double one_look_p_value = 1;
  double p_value = 1;  // Always valid, for all segments and treatments together.
};

// One metric of one treatment over the values of a segment. A value's comparison has intervals and
// a p-value that hold for all values of all segments and all treatments together.
struct SegmentLifts {
  size_t arm = 0;     // Of the treatment.
  size_t metric = 0;  // Its place in the plan.
  // By the values' numbers. `proof` and `message` of them are of no use: a segment decides nothing.
  std::vector<MetricComparison> values;
  double pooled_lift = 0;  // Absolute, over all units.
  // The mean of the values' absolute lifts by their units of both arms; nothing where no value has
  // units in both.
  std::optional<double> post_stratified_lift;
  LiftHeterogeneity heterogeneity;
  double arm_mix_p_value = 1;  // Chi-square, of one look.
  // Whether the pooled lift misleads: its sign is not that of the post-stratified one, and either
  // the arms have different mixes of values, or it is the sign of no value.
  bool simpson = false;
  // For people: what to make of it.
  std::string message;
};

// The units that count for the metric, in one value or in all.
struct ArmPair {
  OutcomeCounts control;
  OutcomeCounts treatment;
};

// What is the same for all lifts of an experiment.
struct SegmentFamily {
  double alpha = 0.05;  // Of the plan.
  int treatments = 1;
  int segments = 1;
  int values = 1;  // Of all segments together.
};

// All but arm and metric's place. `values` are by the values' numbers.
SegmentLifts CompareValues(const Metric& metric, const Segment& segment,
                           const SegmentFamily& family, const ArmPair& all,
                           const std::vector<ArmPair>& values);

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_SEGMENT_LIFTS_H_

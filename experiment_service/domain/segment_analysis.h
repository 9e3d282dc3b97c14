// Analysis of an experiment by segments: lifts by value, and whether each value's data are sound.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_SEGMENT_ANALYSIS_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_SEGMENT_ANALYSIS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "experiment_service/domain/arm_counts.h"
#include "experiment_service/domain/experiment.h"
#include "experiment_service/domain/segment_counts.h"
#include "experiment_service/domain/segment_lifts.h"

namespace flywheel::experiment {

// One value's units. The p-values are always valid, and adjusted for the values of all segments of
// the plan (Holm).
struct ValueQuality {
  std::vector<int64_t> exposed_units;  // One an arm.
  double sample_ratio_p_value = 1;
  double missing_outcomes_p_value = 1;
  // "accepted: control 95 of 100 exposed units, treatment 80 of 101", of the metric for which it is
  // least; empty where nothing is left out.
  std::string reporting;
};

// One segment.
struct SegmentResult {
  size_t segment = 0;                // Its place in the plan.
  std::vector<ValueQuality> values;  // By the values' numbers.
  std::vector<SegmentLifts> lifts;   // By treatment, of each by metric.
};

// The numbers are those of the contract.
enum class SegmentAlertKind { kSampleRatioMismatch = 1, kMissingOutcomes = 2 };

// A value whose data cannot be trusted.
struct SegmentAlert {
  SegmentAlertKind kind = SegmentAlertKind::kSampleRatioMismatch;
  size_t segment = 0;
  size_t value = 0;
  double p_value = 1;
  // For people: what is amiss, and what to do.
  std::string message;
};

// An experiment by segments at one moment.
struct SegmentAnalysis {
  absl::Time as_of;
  std::vector<SegmentResult> segments;
  std::vector<SegmentAlert> alerts;
};

// The analysis of `cells`, the counts of which those of the arms are `counts`. A pure function of
// them. It decides nothing: recommendations are about all units.
//
// With probability 1 - alpha no look at any time shows a lift, among the values of all segments, of
// a metric that has none; with another 1 - alpha none says that a metric's lift depends on a
// segment on which it does not. That a value's arms are sound has the alarms' own levels, for all
// values together. Metrics share nothing: each is a question of its own.
SegmentAnalysis AnalyzeSegments(const Experiment& experiment, const std::vector<double>& shares,
                                const std::vector<ArmCounts>& counts, const SegmentCounts& cells,
                                absl::Time as_of);

// The alerts alone, which cost less.
std::vector<SegmentAlert> FindSegmentAlerts(const Experiment& experiment,
                                            const std::vector<double>& shares,
                                            const SegmentCounts& cells);

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_SEGMENT_ANALYSIS_H_

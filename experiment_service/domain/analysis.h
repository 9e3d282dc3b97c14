// Analysis of an experiment: always-valid intervals, p-values and the sample ratio, from counts.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_ANALYSIS_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_ANALYSIS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "experiment_service/domain/arm_counts.h"
#include "experiment_service/domain/decision.h"
#include "experiment_service/domain/experiment.h"
#include "statistics/interval.h"

namespace flywheel::experiment {

// One arm's figures.
struct ArmResult {
  std::string arm_id;
  int64_t exposed_units = 0;
  int64_t units = 0;
  double mean = 0;
  double standard_deviation = 0;  // n - 1; 0 below two units.
  int64_t units_with_outcome = 0;
  int64_t matured_units = 0;
  int64_t matured_units_with_outcome = 0;
  int64_t mixed_units = 0;
  int64_t fallback_outcomes = 0;
};

// One treatment against the control. Where no relative lift exists, relative_lift is 0, its
// interval the whole line and the p-value that of the difference of the means; 1 where not even
// that exists.
struct Comparison {
  std::string arm_id;
  double absolute_lift = 0;
  double relative_lift = 0;
  statistics::Interval relative_interval;
  // Two-sided, times the number of treatments: below alpha wherever the interval excludes 0.
  double p_value = 1;
  Decision decision;
};

// An experiment at one moment.
struct Analysis {
  std::string experiment_id;
  std::vector<ArmResult> arms;
  std::vector<Comparison> comparisons;
  double sample_ratio_p_value = 1;
  double sample_ratio_always_valid_p_value = 1;
  double missing_outcomes_always_valid_p_value = 1;
  int64_t outcomes = 0;
};

// The analysis of `counts`, one an arm in the experiment's order. A pure function of them: it
// costs the same for ten units and for ten million, and whoever has the counts can repeat it.
//
// Each comparison is held against the always-valid boundary of a normal mixture
// (statistics/sequential.h) at N* = planned_units and alpha divided by the number of treatments
// (Bonferroni), so that with probability 1 - alpha no look at any time says SHIP or ROLLBACK of a
// treatment that is like its control. Every look stands by itself; nothing of earlier ones is kept,
// so that a replay of the same outcomes cannot give another answer.
Analysis Analyze(const Experiment& experiment, const std::vector<double>& shares,
                 const std::vector<ArmCounts>& counts);

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_ANALYSIS_H_

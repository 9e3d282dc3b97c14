// Analysis of an experiment: always-valid comparisons, and whether the data can be trusted.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_ANALYSIS_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_ANALYSIS_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "experiment_service/domain/arm_counts.h"
#include "experiment_service/domain/decision.h"
#include "experiment_service/domain/experiment.h"
#include "experiment_service/domain/metric_comparison.h"
#include "experiment_service/domain/outcome_counts.h"

namespace flywheel::experiment {

// One arm's figures of one metric.
struct ArmMetric {
  std::string metric;
  int64_t units = 0;  // That count.
  double mean = 0;
  double standard_deviation = 0;  // n - 1; 0 below two units.
  int64_t units_with_outcome = 0;
  int64_t matured_units_with_outcome = 0;
  int64_t outcomes = 0;
  // Of the sum of squared deviations, that of the unit which is furthest from the mean, to the
  // accuracy of the histogram; nothing where that is not known, or values are all 0 or 1.
  std::optional<double> largest_unit_share = {};
  // Of a metric that is a quantile; nothing where no unit counts.
  std::optional<double> quantile = {};
};

// One arm's figures.
struct ArmResult {
  std::string arm_id;
  int64_t exposed_units = 0;
  double expected_share = 0;  // Of the exposed units, by the weights.
  int64_t matured_units = 0;
  int64_t mixed_units = 0;
  int64_t fallback_outcomes = 0;
  std::vector<ArmMetric> metrics;  // In the plan's order.
};

// One treatment against the control.
struct Comparison {
  size_t arm = 0;  // Its place among the arms.
  std::string arm_id;
  std::vector<MetricComparison> metrics;  // In the plan's order.
  // What this look says.
  Decision look;
};

// An experiment at one moment.
struct Analysis {
  std::string experiment_id;
  absl::Time as_of;
  std::vector<ArmResult> arms;
  std::vector<Comparison> comparisons;
  double sample_ratio_p_value = 1;  // Chi-square, of one look.
  DataQuality quality;
};

// What counts of an arm for the metric at this place of the plan: units with an outcome, and where
// the metric says what no outcome means, all others too.
OutcomeCounts Counted(const Metric& metric, const ArmCounts& counts, size_t position);

// Whether counts, one an arm, can be trusted.
DataQuality QualityOf(const Experiment& experiment, const std::vector<double>& shares,
                      const std::vector<ArmCounts>& counts);

// The analysis of `counts`, one an arm in the experiment's order, as of a time at which it runs or
// at which it was stopped. A pure function of them: it costs the same for ten units and for ten
// million, and whoever has the counts can repeat it.
//
// Each treatment has alpha divided by their number (Bonferroni), and asks about its gain and its
// harm by the boundaries of decision_boundary.h: with probability 1 - alpha no look at any time
// is wrong: none says ROLLBACK of a treatment that is not worse, nor SHIP of one that does not
// reach its goal, so that under kSuperior one that is like its control gets neither. Guardrails
// need no share of alpha for a SHIP, which all of them must allow, and divide that of a ROLLBACK
// with the primary metric. Secondary metrics decide nothing, and take nothing from those: they
// share an alpha of the same size among themselves, for both sides.
Analysis Analyze(const Experiment& experiment, const std::vector<double>& shares,
                 const std::vector<ArmCounts>& counts, absl::Time as_of);

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_ANALYSIS_H_

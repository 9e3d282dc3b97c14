#include "experiment_service/domain/analysis.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "experiment_service/domain/contrast.h"
#include "experiment_service/domain/largest_unit.h"
#include "experiment_service/domain/missing_outcomes.h"
#include "experiment_service/domain/outcome_counts.h"
#include "statistics/sample_ratio.h"

namespace flywheel::experiment {

namespace {

// Whether no unit's value is known to change any more: each has one outcome at most, and where none
// counts as a value, has had its time.
bool IsSettled(const Metric& metric, const ArmCounts& counts, size_t position) {
  const OutcomeCounts& outcomes = counts.metrics[position];
  const bool had_their_time =
      !metric.value_without_outcome || counts.matured_units == counts.counted_units();
  return had_their_time && outcomes.outcomes() == outcomes.units();
}

ArmMetric Describe(const Metric& metric, const OutcomeCounts& outcomes,
                   const OutcomeCounts& counted) {
  const statistics::Moments moments = counted.moments();
  ArmMetric result;
  result.metric = metric.name;
  result.units = counted.units();
  result.mean = moments.mean();
  result.standard_deviation = moments.count() < 2 ? 0 : std::sqrt(moments.variance());
  result.units_with_outcome = outcomes.units();
  result.matured_units_with_outcome = outcomes.matured_units();
  result.outcomes = outcomes.outcomes();
  if (metric.quantile) {
    if (const auto sample = QuantileOf(*metric.quantile, counted)) {
      result.quantile = sample->estimate();
    }
  }
  if (const auto largest = LargestUnitOf(counted, moments))
    result.largest_unit_share = largest->share;
  return result;
}

std::vector<int64_t> ExposedUnits(const std::vector<ArmCounts>& counts) {
  std::vector<int64_t> exposed;
  for (const ArmCounts& arm : counts) exposed.push_back(arm.exposed_units);
  return exposed;
}

// The metrics whose units are left out without an outcome share the error of the check. What
// decides nothing holds nothing either.
void CheckReporting(const Experiment& experiment, const std::vector<double>& shares,
                    const std::vector<ArmCounts>& counts, DataQuality& quality) {
  const std::vector<Metric>& metrics = experiment.plan.metrics;
  double checked = 0;
  const size_t deciding = experiment.plan.deciding();
  // What units have an outcome of they mostly have an outcome of all metrics of.
  std::optional<ReportingArms> last;
  for (size_t i = 0; i < deciding; ++i) checked += metrics[i].value_without_outcome ? 0 : 1;
  for (size_t i = 0; i < deciding; ++i) {
    if (metrics[i].value_without_outcome) continue;
    ReportingArms arms = ReportingOf(counts, i);
    if (arms == last) continue;
    last = arms;
    const double p_value = std::fmin(1, checked * MissingOutcomesPValue(shares, arms));
    if (!(p_value < quality.missing_outcomes_p_value)) continue;
    quality.missing_outcomes_p_value = p_value;
    quality.reporting =
        fmt::format("{}: {}", metrics[i].name, experiment::Describe(experiment.arms, arms));
  }
}

// The boundaries of a plan's metrics.
class Boundaries {
 public:
  Boundaries(const AnalysisPlan& plan, int treatments)
      : deciding_(Shared(plan, treatments, static_cast<int>(plan.deciding()))),
        // None of them comes after another one, so that they share both sides.
        secondary_(Shared(plan, treatments * SecondaryCount(plan), 1)) {}

  // `settled`: no value changes any more. Else the plan's part is not spent.
  const MetricBoundaries& Of(const Metric& metric, bool settled) const {
    const Pair& pair = metric.secondary ? secondary_ : deciding_;
    return settled ? pair.with_plan : pair.without_plan;
  }

 private:
  struct Pair {
    MetricBoundaries with_plan;
    MetricBoundaries without_plan;
  };

  static int SecondaryCount(const AnalysisPlan& plan) {
    return std::max(1, static_cast<int>(plan.metrics.size() - plan.deciding()));
  }
  static Pair Shared(const AnalysisPlan& plan, int treatments, int metrics) {
    const double alpha = plan.alpha / treatments;
    const DecisionBoundary goal(alpha, plan.planned_units);
    const DecisionBoundary harm(alpha / metrics, plan.planned_units);
    return {{goal, harm, plan.alpha, treatments, metrics},
            {goal.WithoutPlan(), harm.WithoutPlan(), plan.alpha, treatments, metrics}};
  }

  Pair deciding_;
  Pair secondary_;
};

absl::Duration RunningTime(const Experiment& experiment, absl::Time as_of) {
  const bool stopped = experiment.state == State::kStopped && experiment.stop_time < as_of;
  return (stopped ? experiment.stop_time : as_of) - experiment.create_time;
}

}  // namespace

DataQuality QualityOf(const Experiment& experiment, const std::vector<double>& shares,
                      const std::vector<ArmCounts>& counts) {
  DataQuality quality;
  for (const ArmCounts& arm : counts) {
    quality.exposed_units += arm.exposed_units;
    quality.mixed_units += arm.mixed_units;
  }
  // Refuses where no unit is counted, or where all weight lies on one arm: then nothing is amiss.
  const auto log_e_value = statistics::SampleRatioMixtureLogEValue(ExposedUnits(counts), shares);
  if (log_e_value.ok()) {
    quality.sample_ratio_p_value = statistics::PValueOfLogEValue(*log_e_value);
  }
  CheckReporting(experiment, shares, counts, quality);
  return quality;
}

Analysis Analyze(const Experiment& experiment, const std::vector<double>& shares,
                 const std::vector<ArmCounts>& counts, absl::Time as_of) {
  const AnalysisPlan& plan = experiment.plan;
  const size_t metrics = plan.metrics.size();
  Analysis analysis;
  analysis.experiment_id = experiment.experiment_id;
  analysis.as_of = as_of;
  // What is not in `counts` as it counts.
  std::vector<std::optional<OutcomeCounts>> made(counts.size() * metrics);
  std::vector<std::vector<const OutcomeCounts*>> counted(counts.size());
  for (size_t arm = 0; arm < counts.size(); ++arm) {
    ArmResult result{experiment.arms[arm].arm_id,
                     counts[arm].exposed_units,
                     shares[arm],
                     counts[arm].matured_units,
                     counts[arm].mixed_units,
                     counts[arm].fallback_outcomes,
                     {}};
    for (size_t i = 0; i < metrics; ++i) {
      counted[arm].push_back(&counts[arm].Counted(plan.metrics[i], i, made[arm * metrics + i]));
      result.metrics.push_back(
          Describe(plan.metrics[i], counts[arm].metrics[i], *counted[arm].back()));
    }
    analysis.arms.push_back(std::move(result));
  }
  const auto sample_ratio = statistics::SampleRatioTest(ExposedUnits(counts), shares);
  if (sample_ratio.ok()) analysis.sample_ratio_p_value = sample_ratio->p_value;
  analysis.quality = QualityOf(experiment, shares, counts);

  const size_t control = experiment.ControlIndex();
  const Boundaries boundaries(plan, static_cast<int>(counts.size()) - 1);
  for (size_t arm = 0; arm < counts.size(); ++arm) {
    if (arm == control) continue;
    Comparison comparison{arm, experiment.arms[arm].arm_id, {}, {}};
    for (size_t i = 0; i < metrics; ++i) {
      const bool settled = IsSettled(plan.metrics[i], counts[control], i) &&
                           IsSettled(plan.metrics[i], counts[arm], i);
      comparison.metrics.push_back(CompareMetric(plan.metrics[i],
                                                 boundaries.Of(plan.metrics[i], settled),
                                                 *counted[control][i], *counted[arm][i]));
      comparison.metrics.back().role = plan.RoleOf(i);
    }
    comparison.look =
        Decide(plan, analysis.quality, comparison.metrics, RunningTime(experiment, as_of));
    analysis.comparisons.push_back(std::move(comparison));
  }
  return analysis;
}

}  // namespace flywheel::experiment

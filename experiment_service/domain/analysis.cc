#include "experiment_service/domain/analysis.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "experiment_service/domain/mean_difference.h"
#include "experiment_service/domain/missing_outcomes.h"
#include "experiment_service/domain/outcome_counts.h"
#include "experiment_service/domain/relative_lift.h"
#include "statistics/sample_ratio.h"
#include "statistics/sequential.h"

namespace flywheel::experiment {
namespace {

using statistics::SequentialBoundary;
using statistics::Sides;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// What counts of an arm for the metric that decides.
OutcomeCounts Counted(const Metric& metric, const ArmCounts& counts) {
  const OutcomeCounts& outcomes = counts.metrics.front();
  if (!metric.value_without_outcome) return outcomes;
  return outcomes.WithOthers(counts.counted_units() - outcomes.units(),
                             *metric.value_without_outcome);
}

ArmResult Describe(const Arm& arm, const ArmCounts& counts, const OutcomeCounts& counted) {
  const statistics::Moments moments = counted.moments();
  const OutcomeCounts& outcomes = counts.metrics.front();
  ArmResult result;
  result.arm_id = arm.arm_id;
  result.exposed_units = counts.exposed_units;
  result.units = counted.units();
  result.mean = moments.mean();
  result.standard_deviation = moments.count() < 2 ? 0 : std::sqrt(moments.variance());
  result.units_with_outcome = outcomes.units();
  result.matured_units = counts.matured_units;
  result.matured_units_with_outcome = outcomes.matured_units();
  result.mixed_units = counts.mixed_units;
  result.fallback_outcomes = counts.fallback_outcomes;
  return result;
}

void CheckSampleRatio(const std::vector<double>& shares, const std::vector<ArmCounts>& counts,
                      Analysis& analysis) {
  std::vector<int64_t> exposed;
  for (const ArmCounts& arm : counts) exposed.push_back(arm.exposed_units);
  // Both refuse where no unit is counted, or where all weight lies on one arm: then nothing is
  // amiss.
  const auto test = statistics::SampleRatioTest(exposed, shares);
  if (test.ok()) analysis.sample_ratio_p_value = test->p_value;
  const auto log_e_value = statistics::SampleRatioLogEValue(exposed, shares);
  if (log_e_value.ok()) {
    analysis.sample_ratio_always_valid_p_value = statistics::PValueOfLogEValue(*log_e_value);
  }
}

// What the always-valid boundaries say of a lift, with the alpha of one treatment.
void Look(const AnalysisPlan& plan, int treatments, const RelativeLift& lift,
          Comparison& comparison, Evidence& evidence) {
  const double alpha = plan.alpha / treatments;
  const auto planned_units = static_cast<double>(plan.planned_units);
  const auto two_sided = SequentialBoundary::Create(planned_units, alpha, Sides::kTwoSided);
  const auto one_sided = SequentialBoundary::Create(planned_units, alpha, Sides::kGreater);
  comparison.relative_lift = lift.relative();
  evidence.relative_lift = lift.relative();
  evidence.one_sided_lower = -kInfinity;
  if (!two_sided.ok() || !one_sided.ok()) return;  // The plan was checked when it was made.
  comparison.relative_interval = lift.Within(two_sided->Multiplier(lift.units()));
  comparison.p_value =
      std::min(1.0, treatments * std::exp(two_sided->LogPValue(lift.ZOfNoLift(), lift.units())));
  evidence.one_sided_lower = lift.Within(one_sided->Multiplier(lift.units())).lower;
  if (lift.binary()) evidence.smallest_expected_count = lift.SmallestExpectedCount();
  evidence.interval = comparison.relative_interval;
  evidence.computable = true;
}

bool IsWholeLine(const statistics::Interval& interval) {
  return interval.lower == -kInfinity && interval.upper == kInfinity;
}

// The same for the means' difference, where the relative lift says nothing of harm. It is the same
// question: where Fieller's interval has bounds, it lies below 0 exactly where this one does, so
// that nothing is asked twice.
void LookAtMeans(const AnalysisPlan& plan, int treatments, const MeanDifference& difference,
                 Comparison& comparison, Evidence& evidence) {
  if (const auto p_value = difference.SeparationPValue()) {
    comparison.p_value = std::min(1.0, treatments * *p_value);
    evidence.separation_p_value = comparison.p_value;
    return;
  }
  const auto boundary = SequentialBoundary::Create(static_cast<double>(plan.planned_units),
                                                   plan.alpha / treatments, Sides::kTwoSided);
  if (!boundary.ok()) return;  // The plan was checked when it was made.
  const double units = difference.units();
  evidence.absolute_interval = difference.Within(boundary->Multiplier(units));
  comparison.p_value =
      std::min(1.0, treatments * std::exp(boundary->LogPValue(difference.Z(), units)));
}

}  // namespace

Analysis Analyze(const Experiment& experiment, const std::vector<double>& shares,
                 const std::vector<ArmCounts>& counts) {
  const AnalysisPlan& plan = experiment.plan;
  Analysis analysis;
  analysis.experiment_id = experiment.experiment_id;
  Evidence common;
  common.smallest_arm_units = std::numeric_limits<int64_t>::max();
  std::vector<OutcomeCounts> counted;
  for (size_t i = 0; i < counts.size(); ++i) {
    counted.push_back(Counted(plan.primary(), counts[i]));
    analysis.arms.push_back(Describe(experiment.arms[i], counts[i], counted[i]));
    analysis.outcomes += counted[i].outcomes();
    common.smallest_arm_units = std::min(common.smallest_arm_units, counted[i].units());
    common.exposed_units += counts[i].exposed_units;
    common.mixed_units += counts[i].mixed_units;
  }
  CheckSampleRatio(shares, counts, analysis);
  common.sample_ratio_always_valid_p_value = analysis.sample_ratio_always_valid_p_value;
  if (!plan.primary().value_without_outcome) {
    const ReportingArms arms = ReportingOf(counts, /*metric=*/0);
    analysis.missing_outcomes_always_valid_p_value = MissingOutcomesPValue(shares, arms);
    common.missing_outcomes_always_valid_p_value = analysis.missing_outcomes_always_valid_p_value;
    common.reporting = Describe(experiment.arms, arms);
  }

  const size_t control = experiment.ControlIndex();
  const int treatments = static_cast<int>(counts.size()) - 1;
  common.control_units = counted[control].units();
  for (size_t i = 0; i < counts.size(); ++i) {
    if (i == control) continue;
    Comparison comparison;
    comparison.arm_id = experiment.arms[i].arm_id;
    comparison.absolute_lift = analysis.arms[i].mean - analysis.arms[control].mean;
    Evidence evidence = common;
    evidence.treatment_units = counted[i].units();
    if (const auto lift = RelativeLift::Estimate(counted[control], counted[i])) {
      Look(plan, treatments, *lift, comparison, evidence);
    }
    evidence.absolute_lift = comparison.absolute_lift;
    const auto difference =
        MeanDifference::Estimate(counted[control].moments(), counted[i].moments());
    if (difference && IsWholeLine(comparison.relative_interval)) {
      LookAtMeans(plan, treatments, *difference, comparison, evidence);
    }
    comparison.decision = Decide(plan, evidence);
    analysis.comparisons.push_back(std::move(comparison));
  }
  return analysis;
}

}  // namespace flywheel::experiment

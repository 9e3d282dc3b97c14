// Metrics that are a quantile of the units' values.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

#include "experiment_service/domain/analysis.h"
#include "experiment_service/domain/contrast.h"
#include "experiment_service/domain/metric_comparison.h"
#include "tests/experiment_service/domain/known_counts.h"

namespace flywheel::experiment {
namespace {

using testing::HasSubstr;

Metric Latency(double quantile) {
  Metric metric;
  metric.name = "latency_ms";
  metric.direction = Direction::kLowerIsBetter;
  metric.quantile = quantile;
  return metric;
}

OutcomeCounts Lognormal(double factor, int64_t units, uint64_t seed) {
  std::mt19937_64 random(seed);
  std::lognormal_distribution<> value(6, 1);
  OutcomeCounts counts;
  for (int64_t i = 0; i < units; ++i) AddUnit(factor * value(random), counts);
  return counts;
}

OutcomeCounts Constant(double value, int64_t units) {
  return OutcomeCounts().WithOthers(units, value);
}

MetricComparison Compare(const Metric& metric, const OutcomeCounts& control,
                         const OutcomeCounts& treatment, int64_t planned_units = 0) {
  const DecisionBoundary boundary(0.05, planned_units);
  return CompareMetric(metric, {boundary, boundary, 0.05, 1, 1}, control, treatment);
}

TEST(QuantileComparison, FindsALowerLatency) {
  for (const double nu : {0.5, 0.9, 0.95, 0.99}) {
    const OutcomeCounts control = Lognormal(1, 40'000, 1);
    const OutcomeCounts treatment = Lognormal(0.8, 40'000, 2);
    const MetricComparison gain = Compare(Latency(nu), control, treatment);
    EXPECT_EQ(gain.proof, Proof::kGoal) << nu;
    EXPECT_NEAR(gain.relative_lift.value(), -0.2, 0.06);
    EXPECT_TRUE(gain.relative_interval.Contains(-0.2)) << nu;
    EXPECT_LT(gain.goal_bound.value(), -0.02);
    EXPECT_THAT(gain.message, HasSubstr(nu == 0.95 ? "p95 of latency_ms" : "of latency_ms"));
    EXPECT_EQ(Compare(Latency(nu), treatment, control).proof, Proof::kHarm) << nu;
  }
}

TEST(QuantileComparison, SeesWhatOneWhaleHidesFromTheMean) {
  OutcomeCounts control = Lognormal(1, 5'000, 3);
  AddUnit(1e11, control);
  const OutcomeCounts treatment = Lognormal(0.7, 5'000, 4);
  Metric mean = Latency(0.5);
  mean.quantile.reset();
  EXPECT_EQ(Compare(mean, control, treatment).proof, Proof::kNothing);
  EXPECT_EQ(Compare(Latency(0.5), control, treatment).proof, Proof::kGoal);
}

TEST(QuantileComparison, LeavesArmsThatAreAlikeUndecided) {
  const MetricComparison comparison =
      Compare(Latency(0.95), Lognormal(1, 20'000, 5), Lognormal(1, 20'000, 6));
  EXPECT_EQ(comparison.proof, Proof::kNothing);
  EXPECT_TRUE(comparison.relative_interval.Contains(0));
  EXPECT_TRUE(comparison.absolute_interval.Contains(0));
  Metric guardrail = Latency(0.95);
  guardrail.goal = Goal::kNotInferior;
  guardrail.margin = 0.2;
  EXPECT_EQ(Compare(guardrail, Lognormal(1, 20'000, 5), Lognormal(1, 20'000, 6)).proof,
            Proof::kGoal);
}

TEST(QuantileComparison, AsksForUnitsBeyondTheQuantile) {
  EXPECT_EQ(MinUnitsForQuantile(0.5), 10);
  EXPECT_EQ(MinUnitsForQuantile(0.95), 76);
  EXPECT_EQ(MinUnitsForQuantile(0.99), 396);
  EXPECT_EQ(MinUnitsForQuantile(0.01), 396);
  EXPECT_EQ(MinUnitsForQuantile(0.999), 3'996);
  const MetricComparison few = Compare(Latency(0.95), Constant(100, 75), Constant(900, 75));
  EXPECT_EQ(few.proof, Proof::kTooFewUnits);
  EXPECT_THAT(few.message, HasSubstr("the smaller arm has 75 units, want 76"));
  EXPECT_EQ(Compare(Latency(0.95), Constant(100, 76), Constant(900, 76)).proof, Proof::kNothing)
      << "a control's p95 may still lie beyond all that was seen";
  EXPECT_EQ(Compare(Latency(0.95), Constant(100, 400), Constant(900, 400)).proof, Proof::kHarm);
}

bool IsAnswer(Proof proof) {
  return proof == Proof::kHarm || proof == Proof::kGoal || proof == Proof::kGain;
}

TEST(QuantileComparison, CallsNoConstantsApartThatAreTheSame) {
  for (const double value : {0.0, 100.0, -3.0}) {
    const MetricComparison same =
        Compare(Latency(0.5), Constant(value, 5'000), Constant(value, 90));
    EXPECT_FALSE(IsAnswer(same.proof)) << value;
    EXPECT_EQ(same.absolute_lift, 0);
    EXPECT_EQ(same.log_p_value, 0);
  }
  // Nor such as fall into one bucket of the histogram.
  EXPECT_FALSE(
      IsAnswer(Compare(Latency(0.5), Constant(100.1, 5'000), Constant(100.2, 5'000)).proof));
  EXPECT_EQ(Compare(Latency(0.5), Constant(100, 5'000), Constant(110, 5'000)).proof, Proof::kHarm);
  EXPECT_EQ(Compare(Latency(0.5), Constant(100, 5'000), Constant(90, 5'000)).proof, Proof::kGoal);
}

TEST(QuantileComparison, IsNotMisledByTies) {
  // Half of the answers come from a cache.
  OutcomeCounts control = Constant(0, 510).WithOthers(490, 300);
  OutcomeCounts treatment = Constant(0, 490).WithOthers(510, 300);
  const MetricComparison comparison = Compare(Latency(0.5), control, treatment);
  EXPECT_EQ(comparison.proof, Proof::kNothing);
  EXPECT_NEAR(comparison.absolute_lift, 300, 3);
  EXPECT_FALSE(comparison.relative_lift);
  EXPECT_THAT(comparison.message, HasSubstr("plan with SCALE_ABSOLUTE"));
}

TEST(QuantileComparison, JudgesAControlBelowZeroInItsUnit) {
  Metric metric = Latency(0.5);
  metric.scale = Scale::kAbsolute;
  metric.min_lift = 1;
  EXPECT_EQ(Compare(metric, Constant(-5, 500), Constant(-10, 500)).proof, Proof::kGoal);
  metric.min_lift = 6;
  EXPECT_EQ(Compare(metric, Constant(-5, 500), Constant(-10, 500)).proof, Proof::kFutile);
}

TEST(QuantileComparison, CountsWhoHasNoOutcomeAsThePlanSays) {
  Experiment experiment;
  experiment.arms = {{"control", "v1", 1, true}, {"treatment", "v2", 1}};
  experiment.plan.metrics = {Latency(0.9)};
  experiment.plan.metrics[0].value_without_outcome = 60'000;  // Gave up.
  std::vector<ArmCounts> counts = {AllReport(Lognormal(1, 900, 7)),
                                   AllReport(Lognormal(1, 800, 8))};
  counts[0].exposed_units = 920;
  counts[1].exposed_units = 1'000;
  const Analysis analysis = Analyze(experiment, {0.5, 0.5}, counts, absl::UnixEpoch());
  EXPECT_NEAR(analysis.arms[0].metrics[0].quantile.value(), 1'600, 400);
  EXPECT_NEAR(analysis.arms[1].metrics[0].quantile.value(), 60'000, 300);
  EXPECT_EQ(analysis.comparisons[0].metrics[0].proof, Proof::kHarm);
}

TEST(QuantileComparison, SaysNothingWhereValuesAreNotKnown) {
  const OutcomeCounts moments = OutcomeCounts::OfMoments(5'000, 400, 300);
  const MetricComparison comparison = Compare(Latency(0.5), moments, moments);
  EXPECT_EQ(comparison.proof, Proof::kTooFewUnits);
  EXPECT_FALSE(comparison.goal_bound);
}

// Figures never contradict one another.
TEST(QuantileComparison, IsOfOneMindAboutEverything) {
  for (const double factor : {0.6, 0.9, 0.97, 1.0, 1.1, 1.6}) {
    for (const int64_t planned : {0, 3'000}) {
      const OutcomeCounts control = Lognormal(1, 2'000, 9);
      const OutcomeCounts treatment = Lognormal(factor, 700, 10);
      const MetricComparison one = Compare(Latency(0.9), control, treatment, planned);
      const bool excludes = !one.absolute_interval.Contains(0);
      EXPECT_EQ(one.log_p_value < std::log(0.05), excludes) << factor;
      EXPECT_EQ(!one.relative_interval.Contains(0), excludes) << factor;
      EXPECT_EQ(one.proof == Proof::kHarm, one.absolute_interval.lower > 0) << factor;
      EXPECT_EQ(one.proof == Proof::kGoal, one.goal_bound.value() < one.goal_lift) << factor;
    }
  }
}

}  // namespace
}  // namespace flywheel::experiment

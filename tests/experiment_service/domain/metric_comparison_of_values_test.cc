// Metric comparisons of other values than 0 and 1, and of both in random plenty.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

#include "absl/time/time.h"
#include "experiment_service/domain/arm_counts.h"
#include "experiment_service/domain/exact_sum.h"
#include "experiment_service/domain/metric_comparison.h"
#include "experiment_service/domain/unit_state.h"
#include "tests/experiment_service/domain/compared_metrics.h"
#include "tests/experiment_service/domain/known_counts.h"

namespace flywheel::experiment {
namespace {

using ::testing::HasSubstr;

TEST(MetricComparison, CallsALowerLatencyBetter) {
  std::mt19937_64 random(5);
  const OutcomeCounts control = Lognormal(1, 5'000, random);
  const OutcomeCounts treatment = Lognormal(0.8, 5'000, random);
  const MetricComparison comparison = Compare(LowerIsBetter(Superior()), control, treatment);
  EXPECT_EQ(comparison.proof, Proof::kGoal);
  EXPECT_NEAR(comparison.relative_lift.value(), -0.2, 0.05);
  EXPECT_EQ(comparison.goal_lift, -0.02);
  EXPECT_LT(comparison.goal_bound.value(), -0.02);
  EXPECT_EQ(Compare(LowerIsBetter(Superior()), treatment, control).proof, Proof::kHarm);
  EXPECT_EQ(Compare(LowerIsBetter(NotInferior()), control, control).proof, Proof::kGoal);
}

OutcomeCounts Negative(const OutcomeCounts& counts) {
  OutcomeCounts::Parts parts = counts.parts();
  ExactSum negative;
  for (const double part : parts.sum.parts()) negative.Subtract(part);
  parts.sum = negative;
  parts.other_units = parts.units;
  return OutcomeCounts(parts);
}

TEST(MetricComparison, MirrorsItselfWhereLowerIsBetter) {
  std::mt19937_64 random(6);
  const OutcomeCounts control = Lognormal(1, 900, random);
  for (const double factor : {0.7, 0.9, 1.0, 1.1, 1.4}) {
    const OutcomeCounts treatment = Lognormal(factor, 300, random);
    for (const Metric& metric :
         {Superior(), NotInferior(), Absolute(Superior()), Absolute(NotInferior())}) {
      for (const int64_t planned : {0, 1'200}) {
        const MetricBoundaries boundaries = Boundaries(planned, 2, 3);
        const MetricComparison higher = CompareMetric(metric, boundaries, control, treatment);
        const MetricComparison lower = CompareMetric(LowerIsBetter(metric), boundaries,
                                                     Negative(control), Negative(treatment));
        EXPECT_EQ(higher.proof, lower.proof);
        EXPECT_NEAR(higher.log_p_value, lower.log_p_value, 1e-9);
        EXPECT_EQ(higher.goal_lift, -lower.goal_lift);
        EXPECT_NEAR(higher.goal_bound.value(), -lower.goal_bound.value(), 1e-9);
        EXPECT_NEAR(higher.absolute_interval.lower, -lower.absolute_interval.upper, 1e-9);
        EXPECT_NEAR(higher.absolute_interval.upper, -lower.absolute_interval.lower, 1e-9);
        EXPECT_NEAR(higher.relative_interval.lower, -lower.relative_interval.upper, 1e-9);
        EXPECT_NEAR(higher.relative_interval.upper, -lower.relative_interval.lower, 1e-9);
        EXPECT_NEAR(higher.shrunk_relative_lift.value(), -lower.shrunk_relative_lift.value(), 1e-9);
      }
    }
  }
}

// Figures never contradict one another: the p-value the intervals, or the bound the proof.
TEST(MetricComparison, IsOfOneMindAboutEverything) {
  std::mt19937_64 random(8);
  const double rates[] = {0.005, 0.1, 0.4, 0.9, 0.97, 0.99};
  int beyond = 0, goals = 0;
  for (int i = 0; i < 3'000; ++i) {
    const double rate = rates[random() % 6];
    const double lift = std::normal_distribution<>(0, 0.2)(random);
    const double treated = lift > 0 ? rate + (1 - rate) * std::min(1.0, lift) : rate * (1 + lift);
    const int64_t n = 50 << (random() % 10);
    const int64_t m = 50 << (random() % 10);
    const OutcomeCounts control =
        Proportion(std::binomial_distribution<int64_t>(n, rate)(random), n);
    const OutcomeCounts treatment = Proportion(
        std::binomial_distribution<int64_t>(m, std::clamp(treated, 0.0, 1.0))(random), m);
    Metric metric = i % 2 == 0 ? Superior() : NotInferior();
    if (i % 3 == 0) metric = Absolute(metric);
    if (i % 5 < 2) metric = LowerIsBetter(metric);
    const MetricComparison c =
        CompareMetric(metric, Boundaries(i % 7 < 3 ? 2'000 : 0), control, treatment);
    const bool rejected = c.log_p_value <= std::log(0.05);
    EXPECT_EQ(rejected, !c.absolute_interval.Contains(0)) << i;
    if (c.relative_lift) {
      EXPECT_EQ(rejected, !c.relative_interval.Contains(0)) << i;
    }
    const int sign = metric.gain_sign();
    const bool reached = c.goal_bound && sign * *c.goal_bound >= sign * c.goal_lift;
    if (c.proof == Proof::kGoal) {
      EXPECT_TRUE(reached) << i;
    }
    if (c.proof == Proof::kGoal && metric.goal == Goal::kSuperior) {
      EXPECT_TRUE(rejected) << i;
    }
    if (c.proof == Proof::kHarm) {
      EXPECT_FALSE(reached) << i;
    }
    beyond += rejected ? 1 : 0;
    goals += c.proof == Proof::kGoal ? 1 : 0;
  }
  EXPECT_GT(beyond, 500);
  EXPECT_GT(goals, 500);
}

TEST(MetricComparison, ComparesConstantsByHowTheyFallApart) {
  const MetricComparison worse = Compare(Superior(), Constant(0.7, 50), Constant(0.5, 50));
  EXPECT_EQ(worse.proof, Proof::kSeparatedHarm);
  EXPECT_LT(worse.log_p_value, std::log(1e-20));
  EXPECT_THAT(worse.message, HasSubstr("all 50 units have one value, all 50 of the control another "
                                       "one, means -0.2 apart"));
  EXPECT_EQ(Compare(Superior(), Constant(0.5, 50), Constant(0.7, 50)).proof, Proof::kGoal);
  EXPECT_EQ(Compare(NotInferior(0.3), Constant(0.5, 50), Constant(0.7, 50)).proof, Proof::kGoal);
  EXPECT_EQ(Compare(Superior(), Constant(0.5, 50), Constant(0.505, 50)).proof,
            Proof::kNotComputable)
      << "less than is worth shipping";
  EXPECT_THAT(Compare(Superior(), Constant(20, 1'500), Constant(40, 1'500)).message,
              HasSubstr("with a probability of at most 1e-90"));
  EXPECT_EQ(Compare(Superior(), Constant(0.5, 50), Constant(0.5, 50)).proof, Proof::kNotComputable);
  EXPECT_EQ(Compare(LowerIsBetter(Superior()), Constant(0.5, 50), Constant(0.7, 50)).proof,
            Proof::kSeparatedHarm);
  EXPECT_EQ(Compare(NotInferior(0.3), Constant(0.7, 50), Constant(0.5, 50)).proof,
            Proof::kNotComputable)
      << "it is within the margin";
  EXPECT_EQ(Compare(Absolute(NotInferior(0.1)), Constant(0.7, 50), Constant(0.5, 50)).proof,
            Proof::kSeparatedHarm);
  EXPECT_EQ(Compare(NotInferior(0.5), Constant(0, 50), Constant(-0.1, 50)).proof,
            Proof::kSeparatedHarm)
      << "no loss is a part of nothing";
  // Among so many tests, 2 in 184,756 is not rare.
  EXPECT_EQ(
      CompareMetric(Superior(), Boundaries(0, 100, 50), Constant(0.7, 10), Constant(0.5, 10)).proof,
      Proof::kNotComputable);
  EXPECT_TRUE(std::isfinite(
      Compare(Superior(), Constant(0.7, 100'000), Constant(0.5, 100'000)).log_p_value));
}

TEST(MetricComparison, SeesHarmWhereTheControlsMeanMayBeZero) {
  std::mt19937_64 random(12);
  OutcomeCounts control, treatment;
  for (int i = 0; i < 500; ++i) {
    AddUnit(std::normal_distribution<>(0, 1)(random), control);
    AddUnit(std::normal_distribution<>(-0.5, 1)(random), treatment);
  }
  for (const Metric& metric : {Superior(), Absolute(Superior())}) {
    const MetricComparison comparison = Compare(metric, control, treatment);
    EXPECT_EQ(comparison.proof, Proof::kHarm) << comparison.message;
    EXPECT_LT(comparison.log_p_value, std::log(0.05));
    EXPECT_TRUE(comparison.relative_interval.Contains(-1e300));
    EXPECT_LT(comparison.absolute_interval.upper, 0);
  }
  const MetricComparison from_zero = Compare(Superior(), Constant(0, 500), treatment);
  EXPECT_EQ(from_zero.proof, Proof::kHarm);
  EXPECT_FALSE(from_zero.relative_lift.has_value());
  EXPECT_FALSE(from_zero.goal_bound.has_value());
}

// A value a unit: the sum of its outcomes, at most the cap.
OutcomeCounts Sums(const Metric& metric, const std::vector<std::vector<double>>& units) {
  ArmCounts counts(1);
  for (const std::vector<double>& outcomes : units) {
    UnitState state;
    state.expose_time = absl::UnixEpoch();
    state.totals.resize(1);
    for (const double value : outcomes) state.totals[0].Add(value);
    counts.Count({metric}, UnitState(), state);
  }
  return counts.metrics[0];
}

TEST(MetricComparison, OfCappedSumsIsNotBlindedByOneOfThem) {
  std::mt19937_64 random(9);
  std::vector<std::vector<double>> control, treatment;
  for (int i = 0; i < 2'000; ++i) {
    control.push_back({std::exponential_distribution<>(1)(random), 1});
    treatment.push_back({std::exponential_distribution<>(1)(random), 0.4});
  }
  treatment[0] = {1e6, 3};
  Metric metric = Superior();
  metric.aggregation = Aggregation::kSum;
  EXPECT_EQ(Compare(metric, Sums(metric, control), Sums(metric, treatment)).proof, Proof::kNothing);
  metric.cap = 10;
  const MetricComparison capped = Compare(metric, Sums(metric, control), Sums(metric, treatment));
  EXPECT_EQ(capped.proof, Proof::kHarm);
  EXPECT_NEAR(capped.relative_lift.value(), -0.3, 0.06);
}

TEST(MetricComparison, OfWhetherThereIsAnyIsOneOfProportions) {
  Metric metric = LowerIsBetter(Superior());
  metric.aggregation = Aggregation::kAny;
  std::vector<std::vector<double>> control, treatment;
  for (int i = 0; i < 1'000; ++i) {
    control.push_back(i % 5 == 0 ? std::vector<double>{0, 7, 1} : std::vector<double>{0, 0});
    treatment.push_back(i % 10 == 0 ? std::vector<double>{2} : std::vector<double>{0});
  }
  const MetricComparison any = Compare(metric, Sums(metric, control), Sums(metric, treatment));
  EXPECT_EQ(any.relative_lift, -0.5);
  EXPECT_EQ(any.proof, Proof::kGoal);
  metric.aggregation = Aggregation::kCount;
  const MetricComparison count = Compare(metric, Sums(metric, control), Sums(metric, treatment));
  EXPECT_NEAR(count.absolute_lift, (0.9 * 1 + 0.1 * 1) - (0.8 * 2 + 0.2 * 3), 1e-12);
}

// Below 1e-15 the squares of values are not kept, and nobody knows whether they vary.
TEST(MetricComparison, OfValuesNearNothingProvesNothing) {
  std::mt19937_64 random(9);
  for (const double scale : {1e-14, 1e-16, 1e-19, 1e-20, 1e-25}) {
    const auto arm = [&] { return Lognormal(scale, 500, random); };
    for (const Metric& metric : {Superior(), LowerIsBetter(Superior()), NotInferior()}) {
      const Proof proof = Compare(metric, arm(), arm()).proof;
      EXPECT_NE(proof, Proof::kSeparatedHarm) << scale;
      EXPECT_NE(proof, Proof::kHarm) << scale;
      EXPECT_TRUE(metric.goal == Goal::kNotInferior || proof != Proof::kGoal) << scale;
    }
  }
}

}  // namespace
}  // namespace flywheel::experiment

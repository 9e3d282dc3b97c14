// Ratios: sums over sums, by the delta method.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>
#include <utility>
#include <vector>

#include "experiment_service/domain/analysis.h"
#include "experiment_service/domain/contrast.h"
#include "statistics/moments.h"
#include "tests/experiment_service/domain/known_counts.h"

namespace flywheel::experiment {
namespace {

Metric CostPerAnswer() {
  Metric metric;
  metric.name = "cost";
  metric.denominator = "answers";
  metric.aggregation = Aggregation::kSum;
  return metric;
}

UnitTotal Total(const std::vector<double>& values) {
  UnitTotal total;
  for (const double value : values) total.Add(value);
  return total;
}

using Unit = std::pair<double, double>;  // Cost and answers.

OutcomeCounts CountsOf(const std::vector<Unit>& units) {
  OutcomeCounts counts;
  for (const auto& [cost, answers] : units) {
    counts.Add(CostPerAnswer(), Total({cost}), /*matured=*/false, Total({answers}));
  }
  return counts;
}

std::vector<Unit> ManyUnits(size_t count, double cost, uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<Unit> units;
  for (size_t i = 0; i < count; ++i) {
    const int answers = 1 + std::poisson_distribution<>(3)(random);
    units.emplace_back(cost * answers * std::lognormal_distribution<>(0, 0.4)(random), answers);
  }
  return units;
}

// The textbook's way: moments of both, and their covariance.
double DeltaVariance(const std::vector<Unit>& units) {
  statistics::BivariateMoments moments;
  for (const auto& [cost, answers] : units) moments.Add(cost, answers);
  const double mean = moments.y().mean();
  const double ratio = moments.x().mean() / mean;
  return (moments.x().variance() - 2 * ratio * moments.covariance() +
          ratio * ratio * moments.y().variance()) /
         (mean * mean);
}

TEST(RatioMetric, IsTheSumOverTheSumWithTheVarianceOfTheDeltaMethod) {
  const std::vector<Unit> units = ManyUnits(500, 0.3, 1);
  double cost = 0, answers = 0;
  for (const auto& [one_cost, one_answers] : units) {
    cost += one_cost;
    answers += one_answers;
  }
  const statistics::Moments moments = CountsOf(units).moments();
  EXPECT_EQ(moments.count(), 500);
  EXPECT_NEAR(moments.mean() / (cost / answers), 1, 1e-13);
  EXPECT_NEAR(moments.variance() / DeltaVariance(units), 1, 1e-11);
}

// What the variance is for: with users of a few events each, it is that of ratios of many samples.
TEST(RatioMetric, VariesFromSampleToSampleAsItsVarianceSays) {
  statistics::Moments ratios, variances;
  for (uint64_t seed = 0; seed < 1'000; ++seed) {
    const statistics::Moments one = CountsOf(ManyUnits(200, 1, seed)).moments();
    ratios.Add(one.mean());
    variances.Add(one.variance_of_mean());
  }
  EXPECT_NEAR(variances.mean() / ratios.variance(), 1, 0.15);
}

// Three answers for the same cost each, or one: no user is dearer than another.
TEST(RatioMetric, HasNoVarianceWhereEveryUnitHasTheSameRatio) {
  OutcomeCounts counts;
  for (int i = 1; i <= 1'000; ++i) {
    counts.Add(CostPerAnswer(), Total({0.1 * i}), /*matured=*/false, Total({1.0 * i}));
  }
  EXPECT_NEAR(counts.moments().mean(), 0.1, 1e-15);
  EXPECT_EQ(counts.moments().m2(), 0);
}

TEST(RatioMetric, KeepsItsDigitsFarFromZero) {
  std::vector<Unit> units;
  for (int i = 0; i < 1'000; ++i) units.emplace_back(1e9 + (i % 2), 1e3);
  const statistics::Moments moments = CountsOf(units).moments();
  EXPECT_NEAR(std::sqrt(moments.variance()) / (0.5e-3 * std::sqrt(1000.0 / 999)), 1, 1e-9);
}

TEST(RatioMetric, CountsAUnitThatHasEitherAndTakesTheOtherFor0) {
  OutcomeCounts counts = CountsOf({{1, 2}, {3, 4}});
  counts.Add(CostPerAnswer(), Total({5}), /*matured=*/true, UnitTotal());
  EXPECT_EQ(counts.units(), 3);
  EXPECT_EQ(counts.matured_units(), 1);
  EXPECT_EQ(counts.outcomes(), 5);
  EXPECT_DOUBLE_EQ(counts.moments().mean(), 9.0 / 6) << "a cost without an answer is a cost";
  counts.Add(CostPerAnswer(), UnitTotal(), /*matured=*/false, Total({1, 2}));
  EXPECT_DOUBLE_EQ(counts.moments().mean(), 1);
  counts.Add(CostPerAnswer(), UnitTotal(), /*matured=*/false, UnitTotal());
  EXPECT_EQ(counts.units(), 4) << "without an outcome nobody counts";
}

TEST(RatioMetric, HoldsTheCapForAUnitsOwnSumAlone) {
  Metric metric = CostPerAnswer();
  metric.cap = 10;
  OutcomeCounts counts;
  counts.Add(metric, Total({50, 50}), /*matured=*/false, Total({30}));
  EXPECT_DOUBLE_EQ(counts.moments().mean(), 10.0 / 30);
}

TEST(RatioMetric, ForgetsAUnitThatIsTakenOut) {
  const std::vector<Unit> units = ManyUnits(200, 0.3, 2);
  OutcomeCounts counts = CountsOf(units);
  const UnitTotal cost = Total({1e12}), answers = Total({7e11});
  counts.Add(CostPerAnswer(), cost, /*matured=*/true, answers);
  counts.Remove(CostPerAnswer(), cost, /*matured=*/true, answers);
  const OutcomeCounts expected = CountsOf(units);
  EXPECT_EQ(counts.units(), expected.units());
  EXPECT_EQ(counts.matured_units(), 0);
  EXPECT_DOUBLE_EQ(counts.moments().mean(), expected.moments().mean());
  EXPECT_NEAR(counts.moments().m2() / expected.moments().m2(), 1, 1e-6);
}

TEST(RatioMetric, IsMadeFromTheMomentsOfAWarehouse) {
  const std::vector<Unit> units = ManyUnits(300, 2, 3);
  statistics::BivariateMoments moments;
  for (const auto& [cost, answers] : units) moments.Add(cost, answers);
  const OutcomeCounts made = OutcomeCounts::OfRatio(
      300, {moments.x().mean(), std::sqrt(moments.x().variance()), moments.y().mean(),
            std::sqrt(moments.y().variance()), moments.covariance()});
  const OutcomeCounts counted = CountsOf(units);
  EXPECT_EQ(made.units(), 300);
  EXPECT_NEAR(made.moments().mean() / counted.moments().mean(), 1, 1e-12);
  EXPECT_NEAR(made.moments().variance() / counted.moments().variance(), 1, 1e-9);
  EXPECT_NEAR(made.DenominatorZ() / counted.DenominatorZ(), 1, 1e-9);
  EXPECT_FALSE(OutcomeCounts::OfRatio(0, {}).is_ratio());
}

// Ones over ones are a rate in form, and no rate: nobody flips one coin a user.
TEST(RatioMetric, IsNeverAProportion) {
  EXPECT_FALSE(CountsOf({{1, 1}, {0, 1}}).binary());
  EXPECT_FALSE(Contrast::Estimate(CountsOf({{1, 1}, {0, 1}, {1, 1}}), CountsOf({{1, 1}, {0, 1}}))
                   .value()
                   .binary());
}

TEST(RatioMetric, IsComparedByWelchAndFiellerWithThoseVariances) {
  const std::vector<Unit> control = ManyUnits(400, 0.3, 4);
  const std::vector<Unit> treatment = ManyUnits(300, 0.33, 5);
  const Contrast contrast = Contrast::Estimate(CountsOf(control), CountsOf(treatment)).value();
  const double pooled =
      (399 * DeltaVariance(control) + 299 * DeltaVariance(treatment)) / (399 + 299);
  const double variance = std::max(pooled, DeltaVariance(control)) / 400 +
                          std::max(pooled, DeltaVariance(treatment)) / 300;
  EXPECT_NEAR(contrast.StandardError() / std::sqrt(variance), 1, 1e-9);
  EXPECT_NEAR(contrast.Z(Scale::kAbsolute, 0) / (contrast.absolute() / std::sqrt(variance)), 1,
              0.01)
      << "by Student's t, which is hardly another one here";
  EXPECT_FALSE(contrast.SeparationLogPValue());
}

// In the share of answers that a user gave, more answers alone are no change.
TEST(RatioMetric, IsTheSameWhereUsersOnlyComeMoreOften) {
  std::vector<Unit> control = ManyUnits(2'000, 0.3, 6);
  std::vector<Unit> treatment = ManyUnits(2'000, 0.3, 7);
  for (auto& [cost, answers] : treatment) {
    cost *= 2;
    answers *= 2;
  }
  const Contrast contrast = Contrast::Estimate(CountsOf(control), CountsOf(treatment)).value();
  EXPECT_LT(std::fabs(contrast.Z(Scale::kRelative, 0)), 3);
  EXPECT_LT(std::fabs(*contrast.relative()), 0.05);
}

MetricComparison Compared(const OutcomeCounts& control, const OutcomeCounts& treatment) {
  const DecisionBoundary boundary(0.05, 0);
  return CompareMetric(CostPerAnswer(), {boundary, boundary}, control, treatment);
}

TEST(RatioMetric, SaysNothingWhileWhatItDividesByIsUnsure) {
  std::vector<Unit> control(40, {1, 1});
  std::vector<Unit> treatment(40, {5, 1});
  for (size_t i = 0; i < 40; ++i) {
    control[i].first += 0.01 * static_cast<double>(i);
    treatment[i].first += 0.01 * static_cast<double>(i);
  }
  EXPECT_EQ(Compared(CountsOf(control), CountsOf(treatment)).proof, Proof::kGoal)
      << "everybody has an answer";
  for (size_t i = 2; i < 40; ++i) treatment[i] = {0, 0};
  treatment[0] = treatment[1] = {500, 100};
  const MetricComparison unsure = Compared(CountsOf(control), CountsOf(treatment));
  EXPECT_EQ(unsure.proof, Proof::kTooFewUnits);
  EXPECT_NE(unsure.message.find("cost: the mean of answers lies 1.4 standard errors above 0"),
            std::string::npos)
      << unsure.message;
}

Experiment TwoRatios() {
  Experiment experiment;
  experiment.arms = {{"control", "v1", 1, true}, {"treatment", "v2", 1, false}};
  Metric latency = CostPerAnswer();
  latency.name = "latency";
  latency.goal = Goal::kNotInferior;
  Metric answers;
  answers.name = "answers";
  answers.aggregation = Aggregation::kCount;
  answers.goal = Goal::kNotInferior;
  experiment.plan.metrics = {CostPerAnswer(), latency, answers};
  return experiment;
}

TEST(RatioMetric, SharesItsDenominatorWithOthersAndWithAMetricOfThatName) {
  const Experiment experiment = TwoRatios();
  EXPECT_EQ(experiment.plan.columns(), 3u) << "the answers are counted once";
  EXPECT_EQ(experiment.plan.FindColumn("answers"), 2u);
  EXPECT_FALSE(experiment.plan.FindColumn("answer"));
  ArmCounts counts(3);
  UnitState before;
  before.expose_time = absl::UnixEpoch();
  before.totals.resize(3);
  counts.Count(experiment.plan.metrics, {}, before);
  UnitState after = before;
  after.totals[2].Add(1);
  after.totals[2].Add(1);
  counts.Count(experiment.plan.metrics, before, after);
  for (const OutcomeCounts& metric : counts.metrics) EXPECT_EQ(metric.units(), 1);
  before = after;
  after.totals[0].Add(3);
  after.totals[1].Add(500);
  counts.Count(experiment.plan.metrics, before, after);
  EXPECT_EQ(counts.metrics[0].moments().mean(), 1.5);
  EXPECT_EQ(counts.metrics[1].moments().mean(), 250);
  EXPECT_EQ(counts.metrics[2].moments().mean(), 2);
  EXPECT_EQ(counts.metrics[2].outcomes(), 2);
}

TEST(RatioMetric, HasAColumnForADenominatorThatIsNoMetric) {
  Experiment experiment = TwoRatios();
  experiment.plan.metrics.pop_back();
  EXPECT_EQ(experiment.plan.columns(), 3u);
  EXPECT_EQ(ColumnNames(experiment.plan.metrics)[2], "answers");
  EXPECT_EQ(DenominatorColumn(experiment.plan.metrics, 1), 2u);
  EXPECT_FALSE(DenominatorColumn({Metric()}, 0));
}

TEST(RatioMetric, OfNobodyWithADenominatorIsNothing) {
  ArmCounts counts(1);
  counts.exposed_units = 5;
  UnitState unit;
  unit.expose_time = absl::UnixEpoch();
  unit.totals = {Total({3}), UnitTotal()};
  counts.Count({CostPerAnswer()}, {}, unit);
  EXPECT_EQ(counts.metrics[0].units(), 1);
  EXPECT_EQ(counts.Counted(CostPerAnswer(), 0).units(), 0);
  Metric counted_as_0 = CostPerAnswer();
  counted_as_0.value_without_outcome = 0;
  EXPECT_EQ(counts.Counted(counted_as_0, 0).units(), 0);
}

// Who has neither adds nothing to either sum.
TEST(RatioMetric, IsTheSameWhetherSilentUnitsCountOrNot) {
  ArmCounts counts(1);
  counts.metrics[0] = CountsOf(ManyUnits(900, 0.3, 8));
  counts.exposed_units = 1'000;
  Metric metric = CostPerAnswer();
  const statistics::Moments left_out = counts.Counted(metric, 0).moments();
  metric.value_without_outcome = 0;
  const statistics::Moments counted = counts.Counted(metric, 0).moments();
  EXPECT_EQ(counted.count(), 1'000);
  EXPECT_DOUBLE_EQ(counted.mean(), left_out.mean());
  EXPECT_NEAR(counted.variance_of_mean() / left_out.variance_of_mean(), 1, 1e-3);
}

}  // namespace
}  // namespace flywheel::experiment

#include "statistics/moments.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

namespace flywheel::statistics {
namespace {

// NIST's log relative error: about the number of correct digits.
double CorrectDigits(double got, double want) {
  return got == want ? 17.0 : -std::log10(std::fabs(got - want) / std::fabs(want));
}

// NIST StRD univariate data: `first`, then 500 times (`low`, `high`).
std::vector<double> NumAcc(double first, double low, double high) {
  std::vector<double> values = {first};
  for (int i = 0; i < 500; ++i) {
    values.push_back(low);
    values.push_back(high);
  }
  return values;
}

Moments MomentsOf(const std::vector<double>& values) {
  Moments moments;
  for (const double value : values) moments.Add(value);
  return moments;
}

TEST(MomentsTest, KeepsEightDigitsOnTheNumericalAccuracyDataOfNist) {
  const struct {
    std::vector<double> values;
    double mean;
    double standard_deviation;
  } cases[] = {
      {{10000001, 10000003, 10000002}, 10000002, 1.0},
      {NumAcc(1.2, 1.1, 1.3), 1.2, 0.1},
      {NumAcc(1000000.2, 1000000.1, 1000000.3), 1000000.2, 0.1},
      {NumAcc(10000000.2, 10000000.1, 10000000.3), 10000000.2, 0.1},
  };
  for (const auto& c : cases) {
    const Moments moments = MomentsOf(c.values);
    EXPECT_GE(CorrectDigits(moments.mean(), c.mean), 14.0) << c.mean;
    EXPECT_GE(CorrectDigits(std::sqrt(moments.variance()), c.standard_deviation), 8.0) << c.mean;
  }
}

TEST(MomentsTest, OfFewerThanTwoValuesHaveNoVariance) {
  Moments moments;
  EXPECT_EQ(moments.mean(), 0.0);
  EXPECT_TRUE(std::isnan(moments.variance()));
  moments.Add(3.0);
  EXPECT_EQ(moments.mean(), 3.0);
  EXPECT_TRUE(std::isnan(moments.variance()));
  EXPECT_TRUE(std::isnan(moments.variance_of_mean()));
  moments.Add(5.0);
  EXPECT_EQ(moments.variance(), 2.0);
  EXPECT_EQ(moments.variance_of_mean(), 1.0);
}

TEST(MomentsTest, MergeInAnyOrderToTheSameValues) {
  std::mt19937_64 random(7);
  std::normal_distribution<double> normal(1000.0, 3.0);
  std::vector<Moments> shards(64);
  Moments sequential;
  for (int i = 0; i < 20000; ++i) {
    const double value = normal(random);
    sequential.Add(value);
    shards[random() % shards.size()].Add(value);
  }
  for (int order = 0; order < 50; ++order) {
    std::shuffle(shards.begin(), shards.end(), random);
    Moments merged;
    for (const Moments& shard : shards) merged.Merge(shard);
    EXPECT_EQ(merged.count(), sequential.count());
    EXPECT_NEAR(merged.mean() / sequential.mean(), 1.0, 1e-12);
    EXPECT_NEAR(merged.m2() / sequential.m2(), 1.0, 1e-12);
  }
}

TEST(MomentsTest, MergingWithNothingChangesNothing) {
  const Moments full = MomentsOf({1.0, 4.0, 9.0});
  Moments merged = full;
  merged.Merge(Moments());
  EXPECT_EQ(merged.m2(), full.m2());
  Moments empty;
  empty.Merge(full);
  EXPECT_EQ(empty.count(), 3);
  EXPECT_EQ(empty.mean(), full.mean());
  EXPECT_EQ(empty.m2(), full.m2());
}

TEST(MomentsTest, OfAProportionAreThoseOfItsZerosAndOnes) {
  const Moments added = MomentsOf({1, 1, 1, 0, 0, 0, 0, 0, 0, 0});
  const Moments proportion = Moments::OfProportion(3, 10);
  EXPECT_EQ(proportion.count(), added.count());
  EXPECT_NEAR(proportion.mean(), added.mean(), 1e-15);
  EXPECT_NEAR(proportion.variance(), added.variance(), 1e-15);
  EXPECT_EQ(Moments::OfProportion(0, 0).count(), 0);
}

TEST(BivariateMomentsTest, HaveTheCovarianceOfTheirPairs) {
  BivariateMoments moments;
  EXPECT_TRUE(std::isnan(moments.covariance()));
  for (const double x : {1.0, 2.0, 3.0, 4.0}) moments.Add(x, 10.0 - 2.0 * x);
  EXPECT_NEAR(moments.covariance(), -2.0 * moments.x().variance(), 1e-14);
  EXPECT_NEAR(moments.y().variance(), 4.0 * moments.x().variance(), 1e-14);
}

TEST(BivariateMomentsTest, MergeToWhatAddingThemAllGives) {
  std::mt19937_64 random(11);
  std::normal_distribution<double> normal(50.0, 2.0);
  BivariateMoments all, left, right;
  for (int i = 0; i < 5000; ++i) {
    const double x = normal(random);
    const double y = 0.5 * x + normal(random);
    all.Add(x, y);
    (i % 3 == 0 ? left : right).Add(x, y);
  }
  BivariateMoments merged;
  merged.Merge(right);
  merged.Merge(BivariateMoments());
  merged.Merge(left);
  EXPECT_EQ(merged.count(), all.count());
  EXPECT_NEAR(merged.covariance() / all.covariance(), 1.0, 1e-12);
  EXPECT_NEAR(merged.y().m2() / all.y().m2(), 1.0, 1e-12);
}

}  // namespace
}  // namespace flywheel::statistics

#include "statistics/quantile_likelihood.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <random>
#include <vector>

namespace flywheel::statistics {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// Each value for itself.
QuantileSample Of(std::vector<double> values, double nu) {
  std::map<double, double> counts;
  for (const double value : values) ++counts[value];
  std::vector<ValueBucket> buckets;
  for (const auto& [value, count] : counts) buckets.push_back({value, value, count});
  return QuantileSample(buckets, nu);
}

std::vector<double> Lognormal(int64_t units, double factor, std::mt19937_64& random) {
  std::lognormal_distribution<> value(6, 1);
  std::vector<double> values;
  for (int64_t i = 0; i < units; ++i) values.push_back(factor * value(random));
  return values;
}

// D by its definition.
double Deviance(double up_to, double units, double nu) {
  const auto term = [](double x, double mean) { return x == 0 ? 0 : x * std::log(x / mean); };
  return 2 * (term(up_to, units * nu) + term(units - up_to, units * (1 - nu)));
}

TEST(QuantileSample, FindsTheQuantileWithinItsBucket) {
  const std::vector<ValueBucket> buckets = {{0, 0, 30}, {10, 20, 40}, {30, 50, 30}};
  EXPECT_EQ(QuantileSample(buckets, 0.2).estimate(), 0);
  EXPECT_DOUBLE_EQ(QuantileSample(buckets, 0.5).estimate(), 15);
  EXPECT_DOUBLE_EQ(QuantileSample(buckets, 0.85).estimate(), 40);
  EXPECT_DOUBLE_EQ(QuantileSample({{7, 7, 1}}, 0.5).estimate(), 7);
}

TEST(QuantileSample, StepsFromValueToValue) {
  const QuantileSample sample = Of({1, 2, 3, 4}, 0.5);
  ASSERT_EQ(sample.upwards().size(), 4U);
  // 2 of 4 lie up to 2, and up to all that is below 3.
  EXPECT_EQ(sample.upwards()[0].x, 2);
  EXPECT_EQ(sample.upwards()[1].x, 3);
  EXPECT_NEAR(sample.upwards()[1].deviance, 0, 1e-15);
  EXPECT_EQ(sample.upwards()[2].x, 4);
  EXPECT_NEAR(sample.upwards()[2].deviance, Deviance(3, 4, 0.5), 1e-12);
  EXPECT_EQ(sample.upwards()[3].x, kInfinity);
  EXPECT_NEAR(sample.upwards()[3].deviance, Deviance(4, 4, 0.5), 1e-12);
  ASSERT_EQ(sample.downwards().size(), 3U);
  EXPECT_EQ(sample.downwards()[1].x, 1);
  EXPECT_NEAR(sample.downwards()[1].deviance, Deviance(1, 4, 0.5), 1e-12);
  EXPECT_EQ(sample.downwards()[2].x, -kInfinity);
  EXPECT_NEAR(sample.downwards()[2].deviance, Deviance(0, 4, 0.5), 1e-12);
}

// Thomas and Grunkemeier's interval is that of the order statistics whose binomial counts fit.
TEST(QuantilePair, OfAControlThatIsKnownHasTheIntervalOfOrderStatistics) {
  std::vector<double> values;
  for (int i = 1; i <= 100; ++i) values.push_back(i);
  const QuantilePair pair(QuantileSample({{0, 0, 1e12}}, 0.5), Of(values, 0.5));
  const Interval interval = pair.DifferenceWithin(1.96, 1.96);
  // 40 to 60 of 100: 2 (40 ln .8 + 60 ln 1.2) = 4.03 is just beyond 1.96^2 = 3.84, 41 is within.
  EXPECT_EQ(interval.lower, 41);
  EXPECT_EQ(interval.upper, 60);
}

TEST(QuantilePair, HasAZThatFallsAndIntervalsThatItGives) {
  std::mt19937_64 random(1);
  for (const double nu : {0.1, 0.5, 0.95, 0.99}) {
    const QuantilePair pair(Of(Lognormal(2'000, 1, random), nu),
                            Of(Lognormal(1'500, 1.2, random), nu));
    double last = kInfinity;
    for (double ratio = 0; ratio < 5; ratio += 0.01) {
      const double z = pair.ZOfRatio(ratio);
      EXPECT_LE(z, last);
      last = z;
    }
    const Interval ratios = pair.RatioWithin(2, 3);
    EXPECT_LE(pair.ZOfRatio(ratios.lower * (1 + 1e-9)), 2);
    EXPECT_GT(pair.ZOfRatio(ratios.lower * (1 - 1e-9)), 2);
    EXPECT_GE(pair.ZOfRatio(ratios.upper * (1 - 1e-9)), -3);
    EXPECT_LT(pair.ZOfRatio(ratios.upper * (1 + 1e-9)), -3);
    const Interval differences = pair.DifferenceWithin(2, 3);
    EXPECT_LE(pair.ZOfDifference(differences.lower + 1e-6), 2);
    EXPECT_GT(pair.ZOfDifference(differences.lower - 1e-6), 2);
    EXPECT_GE(pair.ZOfDifference(differences.upper - 1e-6), -3);
    EXPECT_LT(pair.ZOfDifference(differences.upper + 1e-6), -3);
    EXPECT_EQ(pair.ZOfRatio(1), pair.ZOfDifference(0));
  }
}

// The least sum over every q, sought one by one.
TEST(QuantilePair, FindsTheQuantileThatFitsBothArmsBest) {
  std::mt19937_64 random(2);
  const std::vector<double> control = Lognormal(300, 1, random);
  const std::vector<double> treatment = Lognormal(200, 1.3, random);
  const auto up_to = [](const std::vector<double>& values, double x, bool below) {
    return static_cast<double>(std::count_if(
        values.begin(), values.end(), [&](double one) { return below ? one < x : one <= x; }));
  };
  const auto deviance = [&](const std::vector<double>& values, double x) {
    const auto units = static_cast<double>(values.size());
    const double fits = std::clamp(0.9 * units, up_to(values, x, true), up_to(values, x, false));
    return Deviance(fits, units, 0.9);
  };
  double least = kInfinity;
  for (const auto* values : {&control, &treatment}) {
    for (const double q : *values) {
      least = std::min(least, deviance(control, q) + deviance(treatment, q));
    }
  }
  const QuantilePair pair(Of(control, 0.9), Of(treatment, 0.9));
  EXPECT_NEAR(pair.ZOfDifference(0), std::sqrt(least), 1e-9);
  EXPECT_GT(pair.ZOfDifference(0), 1);
}

TEST(QuantilePair, MirrorsItself) {
  std::mt19937_64 random(3);
  const std::vector<double> control = Lognormal(400, 1, random);
  const std::vector<double> treatment = Lognormal(700, 1.1, random);
  const QuantilePair pair(Of(control, 0.5), Of(treatment, 0.5));
  const QuantilePair turned(Of(treatment, 0.5), Of(control, 0.5));
  EXPECT_DOUBLE_EQ(pair.ZOfRatio(1.05), -turned.ZOfRatio(1 / 1.05));
  EXPECT_DOUBLE_EQ(pair.DifferenceWithin(2, 3).lower, -turned.DifferenceWithin(3, 2).upper);
  EXPECT_NEAR(pair.RatioWithin(2, 3).upper, 1 / turned.RatioWithin(3, 2).lower, 1e-12);
}

TEST(QuantilePair, CallsNoTwoQuantilesOfOneBucketDifferent) {
  // Both medians lie between 100 and 101, at whichever ends.
  const QuantilePair pair(QuantileSample({{1, 2, 49'000}, {100, 101, 51'000}}, 0.5),
                          QuantileSample({{100, 101, 51'000}, {200, 202, 49'000}}, 0.5));
  EXPECT_EQ(pair.ZOfDifference(0), 0);
  EXPECT_EQ(pair.ZOfRatio(1), 0);
  EXPECT_TRUE(pair.DifferenceWithin(0, 0).Contains(0));
}

TEST(QuantilePair, IsNotMisledByTies) {
  // Half of either arm has 0, and by chance a few more or less: the median is 0 or 5.
  const QuantilePair pair(QuantileSample({{0, 0, 510}, {5, 5, 490}}, 0.5),
                          QuantileSample({{0, 0, 490}, {5, 5, 510}}, 0.5));
  EXPECT_LT(std::fabs(pair.ZOfDifference(0)), 1);
  EXPECT_EQ(pair.treatment().estimate() - pair.control().estimate(), 5);
  // Constants are no evidence of anything but of themselves.
  const QuantileSample constant({{3, 3, 50}}, 0.5);
  EXPECT_EQ(QuantilePair(constant, constant).ZOfRatio(1), 0);
  EXPECT_EQ(QuantilePair(constant, constant).ZOfDifference(0), 0);
  const QuantilePair apart(constant, QuantileSample({{2, 2, 50}}, 0.5));
  EXPECT_NEAR(apart.ZOfDifference(0), -std::sqrt(100 * std::log(2.0)), 1e-9);
  EXPECT_EQ(apart.DifferenceWithin(2, 2).lower, -1);
  EXPECT_EQ(apart.DifferenceWithin(2, 2).upper, -1);
}

TEST(QuantilePair, LeavesEndsOpenThatTheDataDoNotExclude) {
  std::mt19937_64 random(4);
  // 40 values say nothing about how large the 99 % quantile may be.
  const QuantilePair few(Of(Lognormal(40, 1, random), 0.99), Of(Lognormal(40, 1, random), 0.99));
  EXPECT_EQ(few.DifferenceWithin(3, 3).upper, kInfinity);
  EXPECT_EQ(few.DifferenceWithin(3, 3).lower, -kInfinity);
  EXPECT_EQ(few.RatioWithin(3, 3).upper, kInfinity);
  EXPECT_EQ(few.RatioWithin(3, 3).lower, 0);
  EXPECT_EQ(few.DifferenceWithin(kInfinity, kInfinity).upper, kInfinity);
  // A control that may have the quantile 0 has no ratio.
  const QuantilePair zeros(QuantileSample({{0, 0, 49}, {5, 5, 51}}, 0.5),
                           QuantileSample({{5, 5, 100}}, 0.5));
  EXPECT_EQ(zeros.RatioWithin(2, 2).upper, kInfinity);
  const QuantilePair none(QuantileSample({{-3, -3, 100}}, 0.5), QuantileSample({{5, 5, 9}}, 0.5));
  EXPECT_EQ(none.ZOfRatio(1), 0);
}

// Whatever the distribution: one look at 95 % is wrong in about 5 %, at each of these sizes.
TEST(QuantilePair, IsRarelyWrongAboutArmsThatAreAlike) {
  std::mt19937_64 random(5);
  const struct {
    double nu;
    int64_t control, treatment;
  } cases[] = {{0.5, 40, 40}, {0.5, 900, 100}, {0.95, 800, 200}, {0.99, 3'600, 400}};
  for (const auto& [nu, control, treatment] : cases) {
    int wrong = 0;
    for (int i = 0; i < 1'000; ++i) {
      const QuantilePair pair(Of(Lognormal(control, 1, random), nu),
                              Of(Lognormal(treatment, 1, random), nu));
      wrong += std::fabs(pair.ZOfRatio(1)) > 1.96 ? 1 : 0;
    }
    EXPECT_LE(wrong, 75) << nu;
    EXPECT_GE(wrong, 8) << nu << ": and it is not blind";
  }
}

TEST(QuantileSample, HasTheStandardErrorOfItsDensity) {
  std::mt19937_64 random(6);
  std::uniform_real_distribution<> value(0, 1);
  std::vector<double> values;
  for (int i = 0; i < 40'000; ++i) values.push_back(value(random));
  // sqrt(nu (1 - nu) / n) / density.
  EXPECT_NEAR(Of(values, 0.5).StandardError() / 0.0025, 1, 0.1);
  EXPECT_NEAR(Of(values, 0.9).StandardError() / 0.0015, 1, 0.1);
}

}  // namespace
}  // namespace flywheel::statistics

#include "statistics/paired.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "statistics/refusal.h"

namespace flywheel::statistics {
namespace {

TEST(McNemarTest, ReproducesTheComparisonOfTwoRealModels) {
  // 1,319 school mathematics questions: 383 only the baseline has, 95 only the candidate.
  const auto result = McNemarTest({383, 95});
  ASSERT_TRUE(result.ok());
  EXPECT_NEAR(result->p_value / 5.116157326697435e-42, 1.0, 1e-11);
  EXPECT_NEAR(result->p_value_worse / 2.558078663348718e-42, 1.0, 1e-11);
}

TEST(McNemarTest, CountsTheTailsOfSmallTablesExactly) {
  // 2 (1 + 10 + 45)/1024 and (1 + 10 + 45)/1024.
  EXPECT_NEAR(McNemarTest({8, 2})->p_value, 112.0 / 1024.0, 1e-15);
  EXPECT_NEAR(McNemarTest({8, 2})->p_value_worse, 56.0 / 1024.0, 1e-15);
  EXPECT_NEAR(McNemarTest({2, 8})->p_value, 112.0 / 1024.0, 1e-15);
  EXPECT_NEAR(McNemarTest({2, 8})->p_value_worse, 1013.0 / 1024.0, 1e-15);
  EXPECT_NEAR(McNemarTest({5, 0})->p_value_worse, 1.0 / 32.0, 1e-16);
}

TEST(McNemarTest, NeverExceedsOne) {
  EXPECT_EQ(McNemarTest({3, 3})->p_value, 1.0);
  EXPECT_EQ(McNemarTest({0, 0})->p_value, 1.0);
  EXPECT_EQ(McNemarTest({0, 0})->p_value_worse, 1.0);
}

TEST(McNemarTest, RefusesANegativeCount) {
  EXPECT_EQ(RefusalOf(McNemarTest({-1, 3}).status()), Refusal::kArgumentOutOfRange);
}

TEST(PairedDifferenceTest, ReproducesTheComparisonOfTwoRealModels) {
  std::vector<double> baseline, candidate;
  const auto add = [&](int cases, double base, double cand) {
    baseline.insert(baseline.end(), cases, base);
    candidate.insert(candidate.end(), cases, cand);
  };
  add(383, 1, 0);
  add(95, 0, 1);
  add(747, 1, 1);
  add(94, 0, 0);
  const auto result = PairedDifference(baseline, candidate, 0.05);
  ASSERT_TRUE(result.ok());
  EXPECT_NEAR(result->mean, -0.21834723275208492, 1e-14);
  EXPECT_NEAR(result->standard_error, 0.015452709205254178, 1e-14);
  EXPECT_NEAR(result->interval.lower, -0.24866182474977458, 1e-12);
  EXPECT_NEAR(result->interval.upper, -0.18803264075439527, 1e-12);
  EXPECT_EQ(result->degrees_of_freedom, 1318.0);
}

TEST(PairedDifferenceTest, RefusesWhatHasNoAnswer) {
  const std::vector<double> a = {1, 0, 1};
  EXPECT_EQ(RefusalOf(PairedDifference(a, a, 0.05).status()), Refusal::kZeroVariance);
  EXPECT_EQ(RefusalOf(PairedDifference(a, std::vector<double>{1, 0}, 0.05).status()),
            Refusal::kSizeMismatch);
  EXPECT_EQ(RefusalOf(PairedDifference(Moments(1, 0.5, 0.0), 0.05).status()),
            Refusal::kTooFewUnits);
  EXPECT_EQ(RefusalOf(PairedDifference(Moments(9, 0.5, 1.0), 0.0).status()),
            Refusal::kArgumentOutOfRange);
  const std::vector<double> broken = {1, std::numeric_limits<double>::quiet_NaN(), 0};
  EXPECT_EQ(RefusalOf(PairedDifference(a, broken, 0.05).status()), Refusal::kArgumentOutOfRange);
}

}  // namespace
}  // namespace flywheel::statistics

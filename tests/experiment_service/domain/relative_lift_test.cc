#include "experiment_service/domain/relative_lift.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

#include "statistics/fieller.h"
#include "tests/experiment_service/domain/known_counts.h"

namespace flywheel::experiment {
namespace {

// Z of the hypothesis pT = ratio * pC, its rates found by trying all of them.
double BruteForceZ(double ones_c, double n_c, double ones_t, double n_t, double ratio) {
  double best = -std::numeric_limits<double>::infinity();
  double rate = 0;
  constexpr int kSteps = 1'000'000;
  for (int i = 1; i < kSteps; ++i) {
    const double p = i / (kSteps * std::max(1.0, ratio));
    const double log_likelihood = ones_c * std::log(p) + (n_c - ones_c) * std::log1p(-p) +
                                  ones_t * std::log(ratio * p) +
                                  (n_t - ones_t) * std::log1p(-ratio * p);
    if (log_likelihood > best) {
      best = log_likelihood;
      rate = p;
    }
  }
  const double variance =
      ratio * rate * (1 - ratio * rate) / n_t + ratio * ratio * rate * (1 - rate) / n_c;
  return (ones_t / n_t - ratio * ones_c / n_c) / std::sqrt(variance);
}

TEST(RelativeLift, BoundsProportionsWhereTheScoreReachesTheMultiplier) {
  const auto lift = RelativeLift::Estimate(Proportion(12, 90), Proportion(19, 80));
  ASSERT_TRUE(lift.has_value());
  EXPECT_NEAR(lift->relative(), (19.0 / 80) / (12.0 / 90) - 1, 1e-12);
  const statistics::Interval interval = lift->Within(2.5);
  EXPECT_NEAR(BruteForceZ(12, 90, 19, 80, 1 + interval.lower), 2.5, 1e-4);
  EXPECT_NEAR(BruteForceZ(12, 90, 19, 80, 1 + interval.upper), -2.5, 1e-4);
  EXPECT_NEAR(BruteForceZ(12, 90, 19, 80, 1), lift->ZOfNoLift(), 1e-4);
}

TEST(RelativeLift, IsNotSureOfASmallArmWithoutAnySuccess) {
  const auto lift = RelativeLift::Estimate(Proportion(100, 1'000), Proportion(0, 20));
  ASSERT_TRUE(lift.has_value());
  const statistics::Interval interval = lift->Within(3);
  EXPECT_EQ(interval.lower, -1);
  EXPECT_GT(interval.upper, 0.5);
}

TEST(RelativeLift, AgreesWithFiellersIntervalInLargeArms) {
  std::mt19937_64 random(3);
  std::normal_distribution<double> value(10, 4);
  OutcomeCounts control, treatment;
  for (int i = 0; i < 20'000; ++i) {
    AddUnit(value(random), control);
    AddUnit(value(random) + 0.3, treatment);
  }
  const auto lift = RelativeLift::Estimate(control, treatment);
  ASSERT_TRUE(lift.has_value());
  const auto reference = statistics::FiellerInterval(control.moments(), treatment.moments(), 0.05);
  ASSERT_TRUE(reference.ok());
  const statistics::Interval interval = lift->Within(1.959963984540054);
  EXPECT_NEAR(interval.lower, reference->interval.lower, 1e-4);
  EXPECT_NEAR(interval.upper, reference->interval.upper, 1e-4);
}

TEST(RelativeLift, CallsALessNegativeTreatmentBetter) {
  std::mt19937_64 random(4);
  std::normal_distribution<double> noise(0, 1);
  OutcomeCounts control, treatment;
  for (int i = 0; i < 500; ++i) {
    AddUnit(-10 + noise(random), control);
    AddUnit(-8 + noise(random), treatment);
  }
  const auto lift = RelativeLift::Estimate(control, treatment);
  ASSERT_TRUE(lift.has_value());
  EXPECT_NEAR(lift->relative(), 0.2, 0.02);
  const statistics::Interval interval = lift->Within(3);
  EXPECT_GT(interval.lower, 0.15);
  EXPECT_LT(interval.upper, 0.25);
  EXPECT_LT(interval.lower, lift->relative());
  EXPECT_GT(interval.upper, lift->relative());
}

TEST(RelativeLift, SaysNothingAboutAControlThatMayBeZero) {
  const auto lift =
      RelativeLift::Estimate(CountsOf({-1.5, 2, -2, 1.6, 0.1}), CountsOf({3, 4, 5, 4, 3.5}));
  ASSERT_TRUE(lift.has_value());
  EXPECT_EQ(lift->Within(2).lower, -std::numeric_limits<double>::infinity());
  EXPECT_EQ(lift->Within(2).upper, std::numeric_limits<double>::infinity());
}

TEST(RelativeLift, GivesAConstantArmThePooledSpread) {
  const auto lift =
      RelativeLift::Estimate(CountsOf({1.5, 2.5, 2, 1, 3, 2}), CountsOf({2.5, 2.5, 2.5}));
  ASSERT_TRUE(lift.has_value());
  EXPECT_TRUE(lift->Within(2).Contains(0));
}

TEST(RelativeLift, DoesNotExistWithoutAControlMeanOrASpread) {
  EXPECT_FALSE(RelativeLift::Estimate(Proportion(0, 50), Proportion(5, 50)).has_value());
  EXPECT_FALSE(RelativeLift::Estimate(Proportion(50, 50), Proportion(50, 50)).has_value());
  EXPECT_FALSE(RelativeLift::Estimate(CountsOf({2.5, 2.5}), CountsOf({3.5, 3.5})).has_value());
  EXPECT_FALSE(RelativeLift::Estimate(Proportion(1, 1), Proportion(5, 50)).has_value());
  EXPECT_TRUE(RelativeLift::Estimate(Proportion(50, 50), Proportion(0, 50)).has_value());
}

}  // namespace
}  // namespace flywheel::experiment

#include "experiment_service/domain/decision_boundary.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>

namespace flywheel::experiment {
namespace {

constexpr double kLittle = 1e-7;
constexpr double kUnits[] = {20, 500, 9'999, 10'000, 10'001, 1e6};

TEST(DecisionBoundary, HasAPValueOfAtMostAlphaExactlyBeyondABoundary) {
  for (const double alpha : {0.05, 0.01, 0.05 / 9, 1e-9}) {
    for (const int64_t planned : {0, 100, 10'000}) {
      const DecisionBoundary boundary(alpha, planned);
      for (const double units : kUnits) {
        const double gain = boundary.Gain(units);
        EXPECT_LE(boundary.LogPValue(gain * (1 + kLittle), units), std::log(alpha));
        EXPECT_GT(boundary.LogPValue(gain * (1 - kLittle), units), std::log(alpha));
        const double harm = -boundary.Harm(units);
        EXPECT_LE(boundary.LogPValue(harm * (1 + kLittle), units), std::log(alpha));
        EXPECT_GT(boundary.LogPValue(harm * (1 - kLittle), units), std::log(alpha));
        EXPECT_EQ(boundary.LogPValue(0, units), 0);
      }
    }
  }
}

TEST(DecisionBoundary, IsSymmetricWithoutAPlan) {
  const DecisionBoundary boundary(0.05, 0);
  for (const double units : kUnits) {
    EXPECT_EQ(boundary.Gain(units), boundary.Harm(units));
    EXPECT_EQ(boundary.LogPValue(3, units), boundary.LogPValue(-3, units));
    EXPECT_LT(boundary.GainAlone(units), boundary.Gain(units)) << "one question has all of alpha";
  }
}

TEST(DecisionBoundary, IsNearThatOfAFixedTestAtThePlan) {
  const DecisionBoundary boundary(0.05, 10'000);
  // 2 (1 - Phi(b)) is a quarter of alpha, and half of it for one question alone.
  EXPECT_NEAR(boundary.Gain(10'000), 2.4977, 1e-4);
  EXPECT_NEAR(boundary.GainAlone(10'000), 2.2414, 1e-4);
  EXPECT_NEAR(boundary.Gain(5'000), 2.4977 * std::sqrt(2), 2e-4) << "z sqrt(t) is what counts";
  EXPECT_GT(boundary.Gain(10'001), 3) << "the plan's part is spent";
  EXPECT_GT(boundary.Gain(1e6), DecisionBoundary(0.05, 0).Gain(1e6)) << "and is paid for";
}

TEST(DecisionBoundary, HasAnEyeForRareHarmWhereThereIsAPlan) {
  const DecisionBoundary planned(0.05, 10'000);
  const DecisionBoundary unplanned(0.05, 0);
  EXPECT_LT(planned.Harm(10'000), 0.9 * unplanned.Harm(10'000));
  for (const double units : {20.0, 500.0, 1e6}) {
    EXPECT_GT(planned.Harm(units), unplanned.Harm(units));
    EXPECT_LT(planned.Harm(units), 1.03 * unplanned.Harm(units))
        << "and great harm is found as soon";
  }
}

TEST(DecisionBoundary, IsOutOfReachWithoutUnits) {
  const DecisionBoundary boundary(0.05, 100);
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(boundary.Gain(0), kInfinity);
  EXPECT_EQ(boundary.GainAlone(0), kInfinity);
  EXPECT_EQ(boundary.Harm(0), kInfinity);
  EXPECT_EQ(boundary.LogPValue(10, 0), 0);
}

TEST(DecisionBoundary, WidensWithASmallerAlpha) {
  for (const double units : kUnits) {
    for (const int64_t planned : {0, 10'000}) {
      const DecisionBoundary wide(0.01, planned);
      const DecisionBoundary narrow(0.05, planned);
      EXPECT_GT(wide.Gain(units), narrow.Gain(units));
      EXPECT_GT(wide.GainAlone(units), narrow.GainAlone(units));
      EXPECT_GT(wide.Harm(units), narrow.Harm(units));
    }
  }
}

TEST(DecisionBoundary, IsOneForEveryAlpha) {
  for (const double alpha : {5e-324, 1e-300, 1e-12, 1e-6 / 9 / 21}) {
    for (const int64_t planned_units : {int64_t{0}, int64_t{2}, int64_t{1'000'000'000}}) {
      const DecisionBoundary boundary(alpha, planned_units);
      EXPECT_GT(boundary.Harm(1'000), 4);
      EXPECT_GT(boundary.GainAlone(1'000), 4);
    }
  }
}

// While values change and units do not, every look would spend what the plan has once.
TEST(DecisionBoundary, SpendsNothingOnThePlanWithoutIt) {
  const DecisionBoundary planned(0.05, 2'000);
  const DecisionBoundary without = planned.WithoutPlan();
  EXPECT_GT(without.Gain(2'000), planned.Gain(2'000));
  EXPECT_GT(without.GainAlone(2'000), planned.GainAlone(2'000));
  EXPECT_GE(without.Harm(2'000), planned.Harm(2'000));
  EXPECT_EQ(without.Gain(1e9), planned.Gain(1e9)) << "beyond the plan there is none";
}

}  // namespace
}  // namespace flywheel::experiment

#include "experiment_service/domain/mean_difference.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "experiment_service/domain/contrast.h"
#include "tests/experiment_service/domain/known_counts.h"

namespace flywheel::experiment {
namespace {

std::optional<MeanDifference> Between(const OutcomeCounts& control,
                                      const OutcomeCounts& treatment) {
  return MeanDifference::Estimate(control.moments(), treatment.moments());
}

OutcomeCounts Constant(double value, int units) {
  return CountsOf(std::vector<double>(static_cast<size_t>(units), value));
}

TEST(MeanDifference, IsThatOfWelchWhereTheVariancesAreAlike) {
  const OutcomeCounts control = CountsOf({-2, 1, 3, -1, 0.5, -1.5});
  const OutcomeCounts treatment = CountsOf({-4, -1, 1, -3, -1.5, -3.5});
  const auto difference = Between(control, treatment);
  ASSERT_TRUE(difference.has_value());
  const statistics::Interval interval = difference->Within(1.959963984540054);
  EXPECT_NEAR(difference->estimate(), -2, 1e-12);
  // Both sums of squares are 17.5, so the standard error is sqrt(17.5/15), with 10 degrees of
  // freedom.
  const double half_width = 2.2281388519862744 * std::sqrt(17.5 / 15);
  EXPECT_NEAR(interval.lower, -2 - half_width, 1e-9);
  EXPECT_NEAR(interval.upper, -2 + half_width, 1e-9);
}

TEST(MeanDifference, LiesBelowZeroExactlyWhereABoundedRelativeLiftDoes) {
  std::mt19937_64 random(8);
  int below = 0;
  for (int i = 0; i < 200; ++i) {
    std::normal_distribution<double> value(5, 2);
    OutcomeCounts control, treatment;
    for (int unit = 0; unit < 60; ++unit) {
      AddUnit(value(random), control);
      AddUnit(value(random) - 0.02 * i, treatment);
    }
    const bool absolute = Between(control, treatment)->Within(3).upper < 0;
    const auto contrast = Contrast::Estimate(control, treatment);
    EXPECT_EQ(absolute, contrast->Within(Scale::kRelative, {3, 3}).upper < 0);
    below += absolute ? 1 : 0;
  }
  EXPECT_GT(below, 50);
  EXPECT_LT(below, 150);
}

TEST(MeanDifference, GivesAConstantArmThePooledSpread) {
  const auto difference = Between(Constant(0, 10), CountsOf({0, 0, 0, 0, 0, 0, 0, 0, 0, -1}));
  ASSERT_TRUE(difference.has_value());
  EXPECT_TRUE(difference->varies());
  EXPECT_GT(difference->control().m2(), 0);
  EXPECT_TRUE(difference->Within(2).Contains(0));
  EXPECT_FALSE(difference->SeparationLogPValue().has_value());
}

TEST(MeanDifference, WantsTwoUnitsInEachArm) {
  EXPECT_FALSE(Between(Constant(1, 1), Constant(0, 50)).has_value());
  EXPECT_FALSE(Between(Constant(1, 50), Constant(0, 1)).has_value());
}

TEST(MeanDifference, CountsTheWaysToDealUnitsThatAreSeparated) {
  // Six units of which three are 2.5: 20 ways to choose three, two of which separate the arms.
  const auto difference = Between(Constant(3.5, 3), Constant(2.5, 3));
  ASSERT_TRUE(difference.has_value());
  EXPECT_FALSE(difference->varies());
  EXPECT_NEAR(difference->SeparationLogPValue().value(), std::log(0.1), 1e-12);
  EXPECT_EQ(difference->Within(1).upper, std::numeric_limits<double>::infinity());
  // 184,756 ways to choose ten of twenty.
  EXPECT_NEAR(*Between(Constant(1, 10), Constant(0.5, 10))->SeparationLogPValue(),
              std::log(2 / 184'756.0), 1e-12);
  // Where the probability itself is none any more: 2^-200,000 sqrt(pi 100,000) 2.
  EXPECT_NEAR(*Between(Constant(1, 100'000), Constant(0.5, 100'000))->SeparationLogPValue(),
              -138'622.41, 0.01);
}

TEST(MeanDifference, DoesNotTakeRoundingForADifference) {
  for (const double value : {0.1, -0.3, 1e12 / 3, 1e-9 / 7}) {
    for (int units = 2; units < 200; ++units) {
      EXPECT_FALSE(Between(Constant(value, 50), Constant(value, units))->SeparationLogPValue())
          << value << " in " << units;
    }
  }
  // Means of several outcomes are rounded themselves.
  OutcomeCounts control;
  for (int unit = 0; unit < 100; ++unit) {
    UnitTotal total;
    for (int i = 0; i <= unit % 7; ++i) total.Add(0.1);
    control.Add(Metric(), total, /*matured=*/false);
  }
  EXPECT_FALSE(Between(control, Constant(0.1, 30))->SeparationLogPValue());
}

// The bound holds for all looks together: two values, both equally probable, in two equal arms.
TEST(MeanDifference, SeldomSeesEqualArmsSeparatedHoweverOftenItIsLookedAt) {
  std::mt19937_64 random(9);
  constexpr int kExperiments = 40'000;
  int separated = 0;
  for (int e = 0; e < kExperiments; ++e) {
    std::vector<OutcomeCounts> arms(2);
    bool ever = false;
    for (int unit = 0; unit < 24 && !ever; ++unit) {
      AddUnit(random() % 2 == 0 ? 1.0 : 0.5, arms[random() % 2]);
      const auto difference = Between(arms[0], arms[1]);
      ever = difference && difference->SeparationLogPValue().value_or(0) <= std::log(0.1);
    }
    separated += ever ? 1 : 0;
  }
  const double share = separated / static_cast<double>(kExperiments);
  EXPECT_LE(share, 0.1);
  EXPECT_GT(share, 0.001) << "it is not that nothing is ever seen";
}

}  // namespace
}  // namespace flywheel::experiment

#include "statistics/proportion.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "statistics/distributions.h"
#include "statistics/refusal.h"
#include "statistics/welch.h"

namespace flywheel::statistics {
namespace {

TEST(WilsonTest, ReproducesThePublishedIntervalsOfNewcombe) {
  const struct {
    Proportion proportion;
    double lower, upper;
  } cases[] = {{{81, 263}, 0.2553, 0.3662},
               {{15, 148}, 0.0624, 0.1605},
               {{0, 20}, 0.0, 0.1611},
               {{1, 29}, 0.0061, 0.1718}};
  for (const auto& c : cases) {
    const auto interval = WilsonInterval(c.proportion, 0.05);
    ASSERT_TRUE(interval.ok());
    EXPECT_NEAR(interval->lower, c.lower, 5e-5);
    EXPECT_NEAR(interval->upper, c.upper, 5e-5);
  }
}

TEST(WilsonTest, OneSidedBoundsAreTheEndsOfTheTwoSidedIntervalAtTwiceAlpha) {
  const Proportion proportion{195, 205};
  const auto interval = WilsonInterval(proportion, 0.10);
  EXPECT_DOUBLE_EQ(*WilsonLowerBound(proportion, 0.05), interval->lower);
  EXPECT_DOUBLE_EQ(*WilsonUpperBound(proportion, 0.05), interval->upper);
}

TEST(WilsonTest, FirstClearsAFloorOf92AtThePublishedNumberOfCases) {
  // The first n at which round(rate n) successes of n have a lower bound of .92 or more.
  const struct {
    double rate;
    std::int64_t cases;
  } published[] = {{1.0, 32}, {0.98, 54}, {0.96, 108}, {0.95, 205}, {0.94, 457}};
  for (const auto& p : published) {
    std::int64_t n = 1;
    // nearbyint rounds halves to even, as the published numbers were made.
    while (*WilsonLowerBound({std::llrint(std::nearbyint(p.rate * n)), n}, 0.05) < 0.92) ++n;
    EXPECT_EQ(n, p.cases) << p.rate;
  }
}

TEST(CasesNeededTest, HoldForEveryLargerCountAtTheSameRate) {
  EXPECT_EQ(*CasesNeededToDecideFloor(1.0, 0.92, 0.05), 32);
  EXPECT_EQ(*CasesNeededToDecideFloor(0.98, 0.92, 0.05), 56);
  EXPECT_EQ(*CasesNeededToDecideFloor(0.96, 0.92, 0.05), 125);
  EXPECT_EQ(*CasesNeededToDecideFloor(0.95, 0.92, 0.05), 222);
  EXPECT_EQ(*CasesNeededToDecideFloor(0.94, 0.92, 0.05), 498);
  for (const double rate : {0.94, 0.95, 0.96, 0.98, 1.0}) {
    const std::int64_t needed = *CasesNeededToDecideFloor(rate, 0.92, 0.05);
    for (std::int64_t n = needed; n < needed + 500; ++n) {
      const std::int64_t successes = std::llrint(std::ceil(rate * n - 1e-9));
      EXPECT_GE(*WilsonLowerBound({successes, n}, 0.05), 0.92) << rate << " of " << n;
    }
  }
  EXPECT_LT(*WilsonLowerBound({49, 50}, 0.05), 0.92);
}

TEST(CasesNeededTest, AlsoDecideThatAFloorIsBroken) {
  const std::int64_t needed = *CasesNeededToDecideFloor(0.90, 0.92, 0.05);
  const std::int64_t tens = (needed + 9) / 10 * 10;
  EXPECT_LE(*WilsonUpperBound({tens * 9 / 10, tens}, 0.05), 0.92);
  EXPECT_GT(*WilsonUpperBound({(tens - 20) * 9 / 10, tens - 20}, 0.05), 0.92);
}

TEST(CasesNeededTest, RefuseARateAtItsFloor) {
  EXPECT_EQ(RefusalOf(CasesNeededToDecideFloor(0.92, 0.92, 0.05).status()), Refusal::kRateAtFloor);
  EXPECT_EQ(RefusalOf(CasesNeededToDecideFloor(1.1, 0.92, 0.05).status()),
            Refusal::kArgumentOutOfRange);
  EXPECT_EQ(RefusalOf(CasesNeededToDecideFloor(0.9, 1.0, 0.05).status()),
            Refusal::kArgumentOutOfRange);
  EXPECT_EQ(RefusalOf(CasesNeededToDecideFloor(0.9, 0.92, 0.5).status()),
            Refusal::kArgumentOutOfRange);
  EXPECT_EQ(RefusalOf(CasesNeededToDecideFloor(0.5, 0.5 + 1e-15, 0.05).status()),
            Refusal::kArgumentOutOfRange);
}

TEST(NewcombeTest, ReproducesThePublishedDifference) {
  const auto interval = NewcombeInterval({48, 80}, {56, 70}, 0.05);
  ASSERT_TRUE(interval.ok());
  EXPECT_NEAR(interval->lower, 0.0524, 5e-5);
  EXPECT_NEAR(interval->upper, 0.3339, 5e-5);
}

TEST(NewcombeTest, HasAWidthEvenWhenBothRatesAreExtreme) {
  const auto interval = NewcombeInterval({10, 10}, {0, 10}, 0.05);
  ASSERT_TRUE(interval.ok());
  EXPECT_GE(interval->lower, -1.0);
  EXPECT_GT(interval->upper, -1.0);
  EXPECT_LT(NewcombeInterval({10, 10}, {10, 10}, 0.05)->lower, 0.0);
}

TEST(PooledScoreTest, IsTheSquareRootOfPearsonsChiSquare) {
  const auto result = PooledScoreTest({48, 80}, {56, 70});
  ASSERT_TRUE(result.ok());
  // 2x2 chi-square without continuity correction: n (ad - bc)^2 / (product of the margins).
  const double chi_square = 150.0 * std::pow(56.0 * 32 - 14.0 * 48, 2) / (70.0 * 80 * 104 * 46);
  EXPECT_NEAR(result->z * result->z, chi_square, 1e-12);
  EXPECT_NEAR(result->p_value, ChiSquareSf(chi_square, 1.0), 1e-14);
  EXPECT_DOUBLE_EQ(result->difference, 0.2);
}

TEST(PooledScoreTest, RefusesWhatHasNoAnswer) {
  EXPECT_EQ(RefusalOf(PooledScoreTest({0, 10}, {0, 20}).status()), Refusal::kZeroVariance);
  EXPECT_EQ(RefusalOf(PooledScoreTest({10, 10}, {20, 20}).status()), Refusal::kZeroVariance);
  EXPECT_EQ(RefusalOf(PooledScoreTest({0, 0}, {1, 2}).status()), Refusal::kTooFewUnits);
  EXPECT_EQ(RefusalOf(PooledScoreTest({3, 2}, {1, 2}).status()), Refusal::kArgumentOutOfRange);
  EXPECT_EQ(RefusalOf(PooledScoreTest({-1, 2}, {1, 2}).status()), Refusal::kArgumentOutOfRange);
  EXPECT_EQ(RefusalOf(WilsonInterval({1, 2}, 1.0).status()), Refusal::kArgumentOutOfRange);
}

// The exact probability, over all outcomes of two arms with the same true rate, that `rejects`.
double FalseAlarmRate(int control_units, int treatment_units, double rate,
                      const std::function<bool(const Proportion&, const Proportion&)>& rejects) {
  double sum = 0.0;
  for (int c = 0; c <= control_units; ++c) {
    const double control_probability = BinomialProbability(c, control_units, rate);
    if (control_probability < 1e-12) continue;
    for (int t = 0; t <= treatment_units; ++t) {
      const double probability =
          control_probability * BinomialProbability(t, treatment_units, rate);
      if (probability < 1e-12) continue;
      if (rejects({c, control_units}, {t, treatment_units})) sum += probability;
    }
  }
  return sum;
}

TEST(PooledScoreTest, HoldsItsLevelForSmallUnequalArmsWhereWelchDoesNot) {
  const double score =
      FalseAlarmRate(30, 270, 0.02, [](const auto& control, const auto& treatment) {
        const auto result = PooledScoreTest(control, treatment);
        return result.ok() && result->p_value < 0.05;
      });
  const double welch =
      FalseAlarmRate(30, 270, 0.02, [](const auto& control, const auto& treatment) {
        const auto result = WelchTest(Moments::OfProportion(control.successes, control.trials),
                                      Moments::OfProportion(treatment.successes, treatment.trials),
                                      EffectScale::kAbsolute, 0.05);
        return result.ok() && result->p_value < 0.05;
      });
  EXPECT_NEAR(score, 0.041, 0.005);
  EXPECT_NEAR(welch, 0.429, 0.02);
}

}  // namespace
}  // namespace flywheel::statistics

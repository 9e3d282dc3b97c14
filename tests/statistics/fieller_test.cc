#include "statistics/fieller.h"

#include <gtest/gtest.h>

#include <cmath>

#include "statistics/distributions.h"
#include "statistics/effect.h"
#include "statistics/refusal.h"

namespace flywheel::statistics {
namespace {

TEST(FiellerTest, MatchesItsFormulaOnSmallArms) {
  const auto lift =
      FiellerInterval(Moments::OfProportion(6, 30), Moments::OfProportion(9, 30), 0.05);
  ASSERT_TRUE(lift.ok());
  EXPECT_TRUE(lift->bounded);
  EXPECT_NEAR(lift->estimate, 0.5, 1e-14);
  EXPECT_NEAR(lift->g, 0.5298563890612588, 1e-13);
  EXPECT_NEAR(lift->interval.lower, -0.43109020012574795, 1e-12);
  EXPECT_NEAR(lift->interval.upper, 4.812119167019214, 1e-12);
}

TEST(FiellerTest, EndsAreTheLiftsThatALinearTestJustAccepts) {
  // Fieller's defining property: mT - q mC is exactly z standard errors from 0 at both ends.
  const Moments control(200, 3.0, 900.0);
  const Moments treatment(120, 4.0, 700.0);
  const auto lift = FiellerInterval(control, treatment, 0.1);
  ASSERT_TRUE(lift.ok());
  for (const double end : {lift->interval.lower, lift->interval.upper}) {
    const double q = 1.0 + end;
    const double z = (treatment.mean() - q * control.mean()) /
                     std::sqrt(treatment.variance_of_mean() + q * q * control.variance_of_mean());
    EXPECT_NEAR(std::fabs(z), NormalQuantile(0.95), 1e-12);
  }
}

TEST(FiellerTest, ReportsThatNothingIsBoundedWhenTheControlMeanMayBeZero) {
  const auto lift = FiellerInterval(Moments(20, 0.1, 40.0), Moments(20, 5.0, 40.0), 0.05);
  ASSERT_TRUE(lift.ok());
  EXPECT_FALSE(lift->bounded);
  EXPECT_GE(lift->g, 1.0);
  EXPECT_TRUE(std::isinf(lift->interval.lower));
  EXPECT_TRUE(std::isinf(lift->interval.upper));
}

TEST(FiellerTest, MirrorsWhenTheControlMeanIsNegative) {
  const auto positive = FiellerInterval(Moments(90, 2.0, 60.0), Moments(90, 2.4, 60.0), 0.05);
  const auto negative = FiellerInterval(Moments(90, -2.0, 60.0), Moments(90, -2.4, 60.0), 0.05);
  ASSERT_TRUE(positive.ok() && negative.ok());
  EXPECT_NEAR(negative->estimate, -positive->estimate, 1e-14);
  EXPECT_NEAR(negative->interval.lower, -positive->interval.upper, 1e-14);
  EXPECT_NEAR(negative->interval.upper, -positive->interval.lower, 1e-14);
}

TEST(FiellerTest, RefusesWhatHasNoAnswer) {
  const Moments varied(50, 1.0, 10.0);
  EXPECT_EQ(RefusalOf(FiellerInterval(Moments(50, 0.0, 1.0), varied, 0.05).status()),
            Refusal::kZeroControlMean);
  EXPECT_EQ(RefusalOf(FiellerInterval(Moments(50, 1e-320, 0.0), varied, 0.05).status()),
            Refusal::kZeroControlMean);
  EXPECT_EQ(RefusalOf(FiellerInterval(Moments(1, 1.0, 0.0), varied, 0.05).status()),
            Refusal::kTooFewUnits);
  EXPECT_EQ(RefusalOf(FiellerInterval(Moments(9, 1.0, 0.0), Moments(9, 2.0, 0.0), 0.05).status()),
            Refusal::kZeroVariance);
  // No success at all in the treatment: a lift of exactly -100 % without any doubt is no answer.
  EXPECT_EQ(
      RefusalOf(FiellerInterval(Moments::OfProportion(150, 300), Moments::OfProportion(0, 30), 0.05)
                    .status()),
      Refusal::kZeroVariance);
  EXPECT_EQ(RefusalOf(FiellerInterval(varied, varied, 2.0).status()), Refusal::kArgumentOutOfRange);
}

double BinomialProbability(int successes, int trials, double p) {
  return BinomialCdf(successes, trials, p) - BinomialCdf(successes - 1, trials, p);
}

TEST(FiellerTest, CoversAsPromisedOnSmallArmsWhereTheDeltaMethodDoesNot) {
  // Exact coverage of a lift of 0, over all outcomes with a defined lift, 30 units per arm at 20 %.
  double fieller = 0.0;
  double delta = 0.0;
  double defined = 0.0;
  for (int c = 1; c <= 30; ++c) {
    for (int t = 0; t <= 30; ++t) {
      const double probability = BinomialProbability(c, 30, 0.2) * BinomialProbability(t, 30, 0.2);
      const Moments control = Moments::OfProportion(c, 30);
      const Moments treatment = Moments::OfProportion(t, 30);
      const auto exact = FiellerInterval(control, treatment, 0.05);
      const auto approximate = EstimateEffect(control, treatment, EffectScale::kRelative);
      if (!exact.ok() || !approximate.ok()) continue;
      defined += probability;
      if (exact->interval.Contains(0.0)) fieller += probability;
      const double reach = 1.959963984540054 * approximate->standard_error;
      if (std::fabs(approximate->estimate) <= reach) delta += probability;
    }
  }
  EXPECT_GT(defined, 0.99);
  EXPECT_NEAR(fieller / defined, 0.965, 0.001);
  EXPECT_NEAR(delta / defined, 0.910, 0.002);
}

}  // namespace
}  // namespace flywheel::statistics

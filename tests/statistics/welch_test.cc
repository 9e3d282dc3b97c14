#include "statistics/welch.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "statistics/refusal.h"

namespace flywheel::statistics {
namespace {

// Moments from a sum and a sum of squares, as GrowthBook's own test vectors are stated.
Moments FromSums(std::int64_t n, double sum, double sum_of_squares) {
  const double mean = sum / static_cast<double>(n);
  return Moments(n, mean, sum_of_squares - sum * mean);
}

const Moments kControl = FromSums(3407, 1396.87, 52377.9767);
const Moments kTreatment = FromSums(3461, 2422.7, 134698.29);

TEST(WelchTest, ReproducesTheRelativeVectorOfGrowthBook) {
  const auto result = WelchTest(kControl, kTreatment, EffectScale::kRelative, 0.05);
  ASSERT_TRUE(result.ok());
  EXPECT_NEAR(result->effect.estimate, 0.7073170731707317, 1e-14);
  EXPECT_NEAR(result->interval.lower, -0.03526008906611777, 1e-13);
  EXPECT_NEAR(result->interval.upper, 1.449894235407581, 1e-13);
  EXPECT_NEAR(result->p_value, 0.06191182745618362, 1e-14);
  EXPECT_EQ(result->effect.units, 6868.0);
}

TEST(WelchTest, ReproducesTheAbsoluteVectorOfGrowthBook) {
  const auto result = WelchTest(kControl, kTreatment, EffectScale::kAbsolute, 0.05);
  ASSERT_TRUE(result.ok());
  EXPECT_NEAR(result->effect.estimate, 0.29, 1e-14);
  EXPECT_NEAR(result->effect.degrees_of_freedom, 5841.742032093565, 1e-8);
  EXPECT_NEAR(result->interval.lower, 0.04537789255929009, 1e-14);
  EXPECT_NEAR(result->interval.upper, 0.5346221074407098, 1e-14);
  EXPECT_NEAR(result->p_value, 0.020158402643586957, 1e-15);
}

TEST(WelchTest, KeepsATinyPValueAsALogarithm) {
  const auto far = WelchTest(Moments(1000000, 0.0, 1e6), Moments(1000000, 0.0316, 1e6),
                             EffectScale::kAbsolute, 0.05);
  ASSERT_TRUE(far.ok());
  EXPECT_NEAR(far->t, 22.34, 0.01);
  EXPECT_GT(far->p_value, 1e-111);
  EXPECT_LT(far->p_value, 1e-109);
  EXPECT_NEAR(std::log(far->p_value), far->log_p_value, 1e-9);
  const auto beyond = WelchTest(Moments(1000000, 0.0, 1e6), Moments(1000000, 1.0, 1e6),
                                EffectScale::kAbsolute, 0.05);
  ASSERT_TRUE(beyond.ok());
  EXPECT_EQ(beyond->p_value, 0.0);
  EXPECT_LT(beyond->log_p_value, -200000.0);
  EXPECT_TRUE(std::isfinite(beyond->log_p_value));
}

TEST(WelchTest, ExcludesZeroExactlyWhenThePValueIsBelowAlpha) {
  for (int shift = -60; shift <= 60; ++shift) {
    const auto result = WelchTest(Moments(40, 5.0, 60.0), Moments(25, 5.0 + shift / 50.0, 11.0),
                                  EffectScale::kAbsolute, 0.05);
    ASSERT_TRUE(result.ok());
    EXPECT_EQ(result->p_value < 0.05, !result->interval.Contains(0.0)) << shift;
  }
}

TEST(WelchTest, GivesNoDifferenceAPValueOfOne) {
  const auto result = WelchTest(kControl, kControl, EffectScale::kRelative, 0.05);
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result->p_value, 1.0);
  EXPECT_EQ(result->effect.estimate, 0.0);
}

TEST(WelchTest, CallsALargerTreatmentMeanALiftWhenTheControlMeanIsNegative) {
  const auto result =
      WelchTest(Moments(100, -2.0, 50.0), Moments(100, -1.0, 50.0), EffectScale::kRelative, 0.05);
  ASSERT_TRUE(result.ok());
  EXPECT_DOUBLE_EQ(result->effect.estimate, 0.5);
  EXPECT_GT(result->interval.lower, 0.0);
}

TEST(WelchTest, RefusesWithTheReasonWhatHasNoAnswer) {
  const Moments varied(50, 1.0, 10.0);
  const auto reason = [](const Moments& control, const Moments& treatment, EffectScale scale,
                         double alpha = 0.05) {
    return RefusalOf(WelchTest(control, treatment, scale, alpha).status());
  };
  EXPECT_EQ(reason(Moments(50, 0.0, 10.0), varied, EffectScale::kRelative),
            Refusal::kZeroControlMean);
  EXPECT_EQ(reason(Moments(50, 1e-320, 10.0), varied, EffectScale::kRelative),
            Refusal::kZeroControlMean);
  EXPECT_EQ(reason(Moments(50, 1.0, 0.0), Moments(50, 2.0, 0.0), EffectScale::kAbsolute),
            Refusal::kZeroVariance);
  EXPECT_EQ(reason(varied, Moments(50, 0.0, 0.0), EffectScale::kRelative), Refusal::kZeroVariance);
  EXPECT_EQ(reason(Moments(1, 1.0, 0.0), varied, EffectScale::kAbsolute), Refusal::kTooFewUnits);
  EXPECT_EQ(reason(varied, Moments(), EffectScale::kAbsolute), Refusal::kTooFewUnits);
  EXPECT_EQ(reason(varied, varied, EffectScale::kAbsolute, 0.0), Refusal::kArgumentOutOfRange);
  const Moments poisoned(50, std::numeric_limits<double>::quiet_NaN(), 1.0);
  EXPECT_EQ(reason(poisoned, varied, EffectScale::kAbsolute), Refusal::kArgumentOutOfRange);
}

}  // namespace
}  // namespace flywheel::statistics

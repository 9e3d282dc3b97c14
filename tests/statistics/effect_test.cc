#include "statistics/effect.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "statistics/distributions.h"
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

// What Welch's test makes of an effect: its two-sided p-value, and half of its 95 % interval.
double WelchPValue(const Effect& effect) {
  return 2.0 * StudentTSf(effect.estimate / effect.standard_error, effect.degrees_of_freedom);
}
double WelchHalfWidth(const Effect& effect) {
  return effect.standard_error * StudentTQuantile(0.975, effect.degrees_of_freedom);
}

TEST(EffectTest, ReproducesTheRelativeVectorOfGrowthBook) {
  const auto effect = EstimateEffect(kControl, kTreatment, EffectScale::kRelative);
  ASSERT_TRUE(effect.ok());
  EXPECT_NEAR(effect->estimate, 0.7073170731707317, 1e-14);
  EXPECT_NEAR(effect->estimate - WelchHalfWidth(*effect), -0.03526008906611777, 1e-13);
  EXPECT_NEAR(effect->estimate + WelchHalfWidth(*effect), 1.449894235407581, 1e-13);
  EXPECT_NEAR(WelchPValue(*effect), 0.06191182745618362, 1e-14);
  EXPECT_EQ(effect->units, 6868.0);
}

TEST(EffectTest, ReproducesTheAbsoluteVectorOfGrowthBook) {
  const auto effect = EstimateEffect(kControl, kTreatment, EffectScale::kAbsolute);
  ASSERT_TRUE(effect.ok());
  EXPECT_NEAR(effect->estimate, 0.29, 1e-14);
  EXPECT_NEAR(effect->degrees_of_freedom, 5841.742032093565, 1e-8);
  EXPECT_NEAR(effect->estimate - WelchHalfWidth(*effect), 0.04537789255929009, 1e-14);
  EXPECT_NEAR(effect->estimate + WelchHalfWidth(*effect), 0.5346221074407098, 1e-14);
  EXPECT_NEAR(WelchPValue(*effect), 0.020158402643586957, 1e-15);
}

TEST(EffectTest, CallsALargerTreatmentMeanALiftWhenTheControlMeanIsNegative) {
  const auto effect =
      EstimateEffect(Moments(100, -2.0, 50.0), Moments(100, -1.0, 50.0), EffectScale::kRelative);
  ASSERT_TRUE(effect.ok());
  EXPECT_DOUBLE_EQ(effect->estimate, 0.5);
  EXPECT_GT(effect->estimate - WelchHalfWidth(*effect), 0.0);
}

TEST(EffectTest, RefusesWithTheReasonWhatHasNoAnswer) {
  const Moments varied(50, 1.0, 10.0);
  const auto reason = [](const Moments& control, const Moments& treatment, EffectScale scale) {
    return RefusalOf(EstimateEffect(control, treatment, scale).status());
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
  const Moments poisoned(50, std::numeric_limits<double>::quiet_NaN(), 1.0);
  EXPECT_EQ(reason(poisoned, varied, EffectScale::kAbsolute), Refusal::kArgumentOutOfRange);
}

}  // namespace
}  // namespace flywheel::statistics

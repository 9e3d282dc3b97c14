#include "experiment_service/domain/contrast.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "statistics/fieller.h"
#include "tests/experiment_service/domain/known_counts.h"

namespace flywheel::experiment {
namespace {

using statistics::Interval;

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr Scale kScales[] = {Scale::kRelative, Scale::kAbsolute};

Contrast Between(const OutcomeCounts& control, const OutcomeCounts& treatment) {
  return Contrast::Estimate(control, treatment).value();
}

double LogLikelihood(double ones, double units, double rate) {
  return (ones > 0 ? ones * std::log(rate) : 0) +
         (units > ones ? (units - ones) * std::log1p(-rate) : 0);
}

// The distance of the data from what a hypothesis makes of the control's rate, by trying all rates.
template <typename Function>
double BruteForceZ(double ones_c, double n_c, double ones_t, double n_t, const Function& treated) {
  double best = -kInfinity;
  constexpr int kSteps = 1'000'000;
  for (int i = 1; i < kSteps; ++i) {
    const double p = i / static_cast<double>(kSteps);
    const double q = treated(p);
    if (!(q > 0 && q < 1)) continue;
    best = std::max(best, LogLikelihood(ones_c, n_c, p) + LogLikelihood(ones_t, n_t, q));
  }
  const double free =
      LogLikelihood(ones_c, n_c, ones_c / n_c) + LogLikelihood(ones_t, n_t, ones_t / n_t);
  return std::copysign(std::sqrt(2 * std::max(0.0, free - best)),
                       ones_t / n_t - treated(ones_c / n_c));
}

TEST(Contrast, HoldsTheLikelihoodRatioAgainstHypothesesAboutProportions) {
  const Contrast contrast = Between(Proportion(12, 90), Proportion(19, 80));
  EXPECT_TRUE(contrast.binary());
  EXPECT_NEAR(contrast.relative().value(), (19.0 / 80) / (12.0 / 90) - 1, 1e-12);
  EXPECT_NEAR(contrast.absolute(), 19.0 / 80 - 12.0 / 90, 1e-12);
  for (const double lift : {-0.3, 0.0, 0.02, 3.5}) {
    EXPECT_NEAR(contrast.Z(Scale::kRelative, lift),
                BruteForceZ(12, 90, 19, 80, [&](double p) { return (1 + lift) * p; }), 1e-4);
  }
  for (const double lift : {-0.3, 0.0, 0.05}) {
    EXPECT_NEAR(contrast.Z(Scale::kAbsolute, lift),
                BruteForceZ(12, 90, 19, 80, [&](double p) { return p + lift; }), 1e-4);
  }
}

OutcomeCounts Normal(double mean, double deviation, int units, std::mt19937_64& random) {
  std::normal_distribution<double> value(mean, deviation);
  OutcomeCounts counts;
  for (int i = 0; i < units; ++i) AddUnit(value(random), counts);
  return counts;
}

TEST(Contrast, EndsItsIntervalsWhereZReachesThem) {
  std::mt19937_64 random(2);
  const std::vector<Contrast> contrasts = {
      Between(Proportion(12, 90), Proportion(19, 80)),
      Between(Proportion(19'800, 20'000), Proportion(199, 200)),
      Between(Proportion(3, 9'900), Proportion(1, 100)),
      Between(Normal(10, 4, 50, random), Normal(11, 2, 30, random)),
      Between(Normal(-10, 4, 200, random), Normal(-11, 5, 30, random)),
  };
  for (const Contrast& contrast : contrasts) {
    for (const Scale scale : kScales) {
      const Interval interval = contrast.Within(scale, {2.2, 3.1});
      EXPECT_NEAR(contrast.Z(scale, interval.lower), 2.2, 1e-6);
      EXPECT_NEAR(contrast.Z(scale, interval.upper), -3.1, 1e-6);
      const Interval open = contrast.Within(scale, {2.2, kInfinity});
      EXPECT_DOUBLE_EQ(open.lower, interval.lower);
      EXPECT_GE(open.upper, contrast.binary() && scale == Scale::kAbsolute ? 1 : kInfinity);
    }
    EXPECT_NEAR(contrast.Z(Scale::kRelative, 0), contrast.Z(Scale::kAbsolute, 0), 1e-9)
        << "no lift is no lift";
  }
}

TEST(Contrast, KnowsHowLittleANewArmWithoutSuccessSays) {
  const Interval interval =
      Between(Proportion(100, 1'000), Proportion(0, 20)).Within(Scale::kRelative, {3, 3});
  EXPECT_EQ(interval.lower, -1);
  EXPECT_GT(interval.upper, 0.5);
  const Contrast none = Between(Proportion(0, 1'000), Proportion(0, 1'000));
  EXPECT_TRUE(none.computable());
  EXPECT_FALSE(none.relative().has_value());
  for (const Scale scale : kScales) EXPECT_EQ(none.Z(scale, 0), 0);
  EXPECT_EQ(none.SmallestExpected(Scale::kRelative, 0), 0);
  EXPECT_LT(none.Within(Scale::kAbsolute, {3, 3}).upper, 0.01);
}

TEST(Contrast, KnowsHowMuchANewArmWithoutFailureSays) {
  const Contrast perfect = Between(Proportion(1'000, 1'000), Proportion(500, 500));
  EXPECT_EQ(perfect.relative(), 0);
  EXPECT_EQ(perfect.Z(Scale::kRelative, 0), 0);
  // The likeliest control is perfect, and 500 successes in a row have a probability of .95^500.
  EXPECT_NEAR(perfect.Z(Scale::kRelative, -0.05), std::sqrt(-1'000 * std::log(0.95)), 1e-9);
  EXPECT_NEAR(perfect.Z(Scale::kAbsolute, -0.05), std::sqrt(-1'000 * std::log(0.95)), 1e-9);
  const Interval interval = perfect.Within(Scale::kRelative, {3, 3});
  EXPECT_NEAR(interval.lower, std::exp(-9.0 / 1'000) - 1, 1e-9);
  EXPECT_GT(interval.upper, 0);
  EXPECT_EQ(perfect.ZOfComplement(1), 0);
}

TEST(Contrast, ExpectsTheRarestOutcomeOfEitherArm) {
  const Contrast contrast = Between(Proportion(10, 1'000), Proportion(0, 100));
  EXPECT_NEAR(contrast.SmallestExpected(Scale::kRelative, 0), 100 * 10 / 1'100.0, 1e-9);
  EXPECT_NEAR(contrast.SmallestExpected(Scale::kAbsolute, 0), 100 * 10 / 1'100.0, 1e-9);
  EXPECT_EQ(Between(CountsOf({1, 2, 3}), CountsOf({1, 2, 4})).SmallestExpected(Scale::kRelative, 0),
            kInfinity);
}

TEST(Contrast, ComparesZerosWhereNoLiftIsLeft) {
  const Contrast contrast = Between(Proportion(986, 1'000), Proportion(9'970, 10'000));
  EXPECT_NEAR(contrast.ZOfComplement(1), contrast.Z(Scale::kRelative, 0), 1e-9);
  EXPECT_GT(contrast.ZOfComplement(0.9), 0);
  EXPECT_LT(contrast.ZOfComplement(0.1), 0);
  EXPECT_NEAR(contrast.ZOfComplement(contrast.ComplementAbove(2.5)), 2.5, 1e-6);
  EXPECT_EQ(Between(Proportion(500, 500), Proportion(500, 500)).ComplementAbove(2.5), kInfinity);
}

TEST(Contrast, AgreesWithFiellersIntervalInLargeArms) {
  std::mt19937_64 random(3);
  const OutcomeCounts control = Normal(10, 4, 20'000, random);
  const OutcomeCounts treatment = Normal(10.3, 4, 20'000, random);
  const auto reference = statistics::FiellerInterval(control.moments(), treatment.moments(), 0.05);
  ASSERT_TRUE(reference.ok());
  const Interval interval =
      Between(control, treatment).Within(Scale::kRelative, {1.959963984540054, 1.959963984540054});
  EXPECT_NEAR(interval.lower, reference->interval.lower, 1e-4);
  EXPECT_NEAR(interval.upper, reference->interval.upper, 1e-4);
}

TEST(Contrast, CallsALessNegativeTreatmentBetter) {
  std::mt19937_64 random(4);
  const OutcomeCounts control = Normal(-10, 1, 500, random);
  const OutcomeCounts treatment = Normal(-8, 1, 500, random);
  const Contrast contrast = Between(control, treatment);
  EXPECT_NEAR(contrast.relative().value(), 0.2, 0.02);
  EXPECT_GT(contrast.Z(Scale::kRelative, 0.1), 3);
  EXPECT_LT(contrast.Z(Scale::kRelative, 0.3), -3);
  const Interval interval = contrast.Within(Scale::kRelative, {3, 3});
  EXPECT_GT(interval.lower, 0.15);
  EXPECT_LT(interval.upper, 0.25);
  EXPECT_LT(interval.lower, contrast.relative().value());
  EXPECT_GT(interval.upper, contrast.relative().value());
}

TEST(Contrast, SaysNothingRelativeToAControlThatMayBeZero) {
  const Contrast contrast = Between(CountsOf({-1.5, 2, -2, 1.6, 0.1}), CountsOf({3, 4, 5, 4, 3.5}));
  EXPECT_EQ(contrast.Within(Scale::kRelative, {2, 2}).lower, -kInfinity);
  EXPECT_EQ(contrast.Within(Scale::kRelative, {2, 2}).upper, kInfinity);
  EXPECT_GT(contrast.Within(Scale::kAbsolute, {2, 2}).lower, 0);
  EXPECT_GT(contrast.Z(Scale::kRelative, 0), 2);
}

TEST(Contrast, MirrorsItselfInANegativeMetric) {
  std::mt19937_64 random(5);
  OutcomeCounts control, treatment, negative_control, negative_treatment;
  std::lognormal_distribution<double> value(0, 1);
  for (int i = 0; i < 300; ++i) {
    const double of_control = value(random);
    const double of_treatment = 0.8 * value(random);
    AddUnit(of_control, control);
    AddUnit(-of_control, negative_control);
    AddUnit(of_treatment, treatment);
    AddUnit(-of_treatment, negative_treatment);
  }
  const Contrast contrast = Between(control, treatment);
  const Contrast negative = Between(negative_control, negative_treatment);
  for (const Scale scale : kScales) {
    for (const double lift : {-0.3, -0.05, 0.0, 0.02}) {
      EXPECT_NEAR(contrast.Z(scale, lift), -negative.Z(scale, -lift), 1e-9);
    }
    const Interval interval = contrast.Within(scale, {2, 3});
    const Interval mirrored = negative.Within(scale, {3, 2});
    EXPECT_NEAR(interval.lower, -mirrored.upper, 1e-9);
    EXPECT_NEAR(interval.upper, -mirrored.lower, 1e-9);
  }
}

TEST(Contrast, GivesAConstantArmThePooledSpread) {
  const Contrast contrast = Between(CountsOf({1.5, 2.5, 2, 1, 3, 2}), CountsOf({2.5, 2.5, 2.5}));
  EXPECT_TRUE(contrast.Within(Scale::kRelative, {2, 2}).Contains(0));
}

TEST(Contrast, NeedsASpreadOrProportions) {
  EXPECT_FALSE(Contrast::Estimate(Proportion(1, 1), Proportion(5, 50)).has_value());
  const Contrast constant = Between(CountsOf({2.5, 2.5}), CountsOf({3.5, 3.5}));
  EXPECT_FALSE(constant.computable());
  EXPECT_EQ(constant.Z(Scale::kAbsolute, 0), 0);
  EXPECT_EQ(constant.Within(Scale::kAbsolute, {2, 2}).lower, -kInfinity);
  EXPECT_NEAR(constant.SeparationLogPValue().value(), std::log(2 / 6.0), 1e-12);
  for (const Contrast& proportions : {Between(Proportion(0, 50), Proportion(5, 50)),
                                      Between(Proportion(50, 50), Proportion(0, 50)),
                                      Between(Proportion(50, 50), Proportion(50, 50))}) {
    EXPECT_TRUE(proportions.computable());
    EXPECT_FALSE(proportions.SeparationLogPValue().has_value());
  }
}

}  // namespace
}  // namespace flywheel::experiment

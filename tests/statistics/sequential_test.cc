#include "statistics/sequential.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

#include "statistics/refusal.h"

namespace flywheel::statistics {
namespace {

SequentialBoundary Boundary(double planned_units, double alpha, Sides sides) {
  return *SequentialBoundary::Create(planned_units, alpha, sides);
}

Moments FromSums(std::int64_t n, double sum, double sum_of_squares) {
  const double mean = sum / static_cast<double>(n);
  return Moments(n, mean, sum_of_squares - sum * mean);
}

TEST(SequentialBoundaryTest, ReproducesThePublishedMultipliers) {
  const SequentialBoundary boundary = Boundary(5000, 0.05, Sides::kTwoSided);
  const struct {
    double units, multiplier;
  } published[] = {{100, 6.694388617},  {1000, 3.363887726},  {5000, 3.035208990},
                   {6461, 3.038517493}, {20000, 3.127114144}, {1e6, 3.656536466}};
  for (const auto& p : published) {
    EXPECT_NEAR(boundary.Multiplier(p.units), p.multiplier, 1e-9) << p.units;
  }
}

TEST(SequentialBoundaryTest, ReproducesTheRelativeVectorOfGrowthBook) {
  const auto effect = EstimateEffect(FromSums(3000, 1396.87, 52377.9767),
                                     FromSums(3461, 2422.7, 134698.29), EffectScale::kRelative);
  ASSERT_TRUE(effect.ok());
  const SequentialLook look = Boundary(1000, 0.05, Sides::kTwoSided).Look(*effect);
  EXPECT_NEAR(effect->estimate, 0.5033610858562358, 1e-14);
  EXPECT_NEAR(look.interval.lower, -0.5584405051077315, 1e-12);
  EXPECT_NEAR(look.interval.upper, 1.5651626768202032, 1e-12);
}

TEST(SequentialBoundaryTest, IsTheNormalMixtureOfConfseq) {
  // confseq: best_rho(100, .05) = 12.60056, and the two-sided bound of the sum at variance 100.
  const SequentialBoundary boundary = Boundary(100, 0.05, Sides::kTwoSided);
  EXPECT_NEAR(1.0 / boundary.rho_squared(), 12.60056, 5e-6);
  EXPECT_NEAR(boundary.Multiplier(100) * std::sqrt(100.0), 30.35209, 5e-6);
}

TEST(SequentialBoundaryTest, MatchesItsOneSidedFormula) {
  const SequentialBoundary boundary = Boundary(5000, 0.05, Sides::kGreater);
  EXPECT_NEAR(boundary.Multiplier(100), 6.606888049147894, 1e-12);
  EXPECT_NEAR(boundary.Multiplier(5000), 2.7790942353135217, 1e-12);
  EXPECT_NEAR(boundary.Multiplier(1e6), 3.429911889145918, 1e-12);
}

TEST(SequentialBoundaryTest, PValueIsAlphaExactlyWhereTheIntervalTouchesZero) {
  for (const Sides sides : {Sides::kTwoSided, Sides::kGreater}) {
    for (const double alpha : {0.001, 0.05, 0.2}) {
      const SequentialBoundary boundary = Boundary(5000, alpha, sides);
      for (const double units : {10.0, 300.0, 5000.0, 1e7}) {
        const double edge = boundary.Multiplier(units);
        EXPECT_NEAR(boundary.LogPValue(edge, units), std::log(alpha), 1e-9) << units;
      }
    }
  }
}

TEST(SequentialBoundaryTest, OneSidedSeesOnlyTheEffectAboveZero) {
  const SequentialBoundary boundary = Boundary(5000, 0.05, Sides::kGreater);
  const SequentialLook harm = boundary.Look({-5.0, 1.0, 100, 5000});
  EXPECT_EQ(harm.p_value, 1.0);
  EXPECT_TRUE(std::isinf(harm.interval.upper));
  const SequentialLook gain = boundary.Look({5.0, 1.0, 100, 5000});
  EXPECT_LT(gain.p_value, 0.001);
  EXPECT_GT(gain.interval.lower, 0.0);
  EXPECT_TRUE(std::isinf(gain.interval.upper));
}

TEST(SequentialBoundaryTest, KeepsATinyPValueAsALogarithm) {
  for (const Sides sides : {Sides::kTwoSided, Sides::kGreater}) {
    const SequentialBoundary boundary = Boundary(5000, 0.05, sides);
    const double log_p = boundary.LogPValue(1000.0, 1e6);
    EXPECT_LT(log_p, -490000.0);
    EXPECT_TRUE(std::isfinite(log_p));
    EXPECT_GT(std::exp(boundary.LogPValue(37.0, 1e6)), 0.0);
  }
}

TEST(SequentialBoundaryTest, SaysNothingWithoutAStandardErrorOrUnits) {
  const SequentialBoundary boundary = Boundary(5000, 0.05, Sides::kTwoSided);
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const Effect& effect : {Effect{1.0, 0.0, 10, 100}, Effect{1.0, nan, 10, 100},
                               Effect{1.0, 0.1, 10, 0}, Effect{nan, 0.1, 10, 100}}) {
    const SequentialLook look = boundary.Look(effect);
    EXPECT_EQ(look.p_value, 1.0);
    EXPECT_TRUE(std::isinf(look.interval.lower));
    EXPECT_TRUE(std::isinf(look.interval.upper));
  }
}

TEST(SequentialBoundaryTest, RefusesAPlanThatItCannotTuneFor) {
  const auto reason = [](double planned, double alpha, Sides sides) {
    return RefusalOf(SequentialBoundary::Create(planned, alpha, sides).status());
  };
  EXPECT_EQ(reason(0, 0.05, Sides::kTwoSided), Refusal::kArgumentOutOfRange);
  EXPECT_EQ(reason(std::numeric_limits<double>::infinity(), 0.05, Sides::kTwoSided),
            Refusal::kArgumentOutOfRange);
  EXPECT_EQ(reason(100, 0.5, Sides::kGreater), Refusal::kArgumentOutOfRange);
  EXPECT_EQ(reason(100, 0.5, Sides::kTwoSided), std::nullopt);
  EXPECT_EQ(reason(100, 1.0, Sides::kTwoSided), Refusal::kArgumentOutOfRange);
}

TEST(SequentialStateTest, KeepsTheSmallestPValueAndTheIntersection) {
  SequentialState state;
  EXPECT_EQ(state.p_value(), 1.0);
  state.Observe({0.02, std::log(0.02), {0.1, 2.0}});
  state.Observe({0.5, std::log(0.5), {-1.0, 1.5}});
  EXPECT_EQ(state.looks, 2);
  EXPECT_NEAR(state.p_value(), 0.02, 1e-15);
  EXPECT_EQ(state.interval.lower, 0.1);
  EXPECT_EQ(state.interval.upper, 1.5);
  EXPECT_FALSE(state.contradictory());
  state.Observe({0.5, std::log(0.5), {1.6, 3.0}});
  EXPECT_TRUE(state.contradictory());
}

TEST(SequentialStateTest, ContinuesFromItsStoredFields) {
  SequentialState original;
  original.Observe({0.3, std::log(0.3), {-1.0, 2.0}});
  SequentialState restored{original.looks, original.min_log_p_value, original.interval};
  const SequentialLook next{0.04, std::log(0.04), {0.2, 3.0}};
  original.Observe(next);
  restored.Observe(next);
  EXPECT_EQ(restored.looks, original.looks);
  EXPECT_EQ(restored.p_value(), original.p_value());
  EXPECT_EQ(restored.interval.lower, original.interval.lower);
  EXPECT_EQ(restored.interval.upper, original.interval.upper);
}

// How often, over many experiments of 200 looks, a false alarm was raised at any look.
struct FalseAlarms {
  int fixed = 0;
  int two_sided = 0;
  int one_sided = 0;
  int true_effect_excluded = 0;
};

FalseAlarms RunAaExperiments(int experiments, int looks, int units_per_look, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::normal_distribution<double> normal(2.0, 1.0);
  const SequentialBoundary two_sided = Boundary(5000, 0.05, Sides::kTwoSided);
  const SequentialBoundary one_sided = Boundary(5000, 0.05, Sides::kGreater);
  FalseAlarms alarms;
  for (int experiment = 0; experiment < experiments; ++experiment) {
    Moments control, treatment;
    SequentialState both, greater;
    bool fixed_alarm = false;
    for (int look = 0; look < looks; ++look) {
      for (int unit = 0; unit < units_per_look; ++unit) {
        control.Add(normal(random));
        treatment.Add(normal(random));
      }
      const auto effect = EstimateEffect(control, treatment, EffectScale::kAbsolute);
      fixed_alarm |= std::fabs(effect->estimate) >= 1.96 * effect->standard_error;
      both.Observe(two_sided.Look(*effect));
      greater.Observe(one_sided.Look(*effect));
    }
    alarms.fixed += fixed_alarm ? 1 : 0;
    alarms.two_sided += both.p_value() <= 0.05 ? 1 : 0;
    alarms.one_sided += greater.p_value() <= 0.05 ? 1 : 0;
    alarms.true_effect_excluded += both.interval.Contains(0.0) ? 0 : 1;
  }
  return alarms;
}

TEST(SequentialBoundaryTest, RaisesFewFalseAlarmsInAaExperimentsHoweverOftenLookedAt) {
  const int experiments = 1000;
  const FalseAlarms alarms = RunAaExperiments(experiments, 200, 25, /*seed=*/20240601);
  EXPECT_LE(alarms.two_sided, experiments * 5 / 100);
  EXPECT_LE(alarms.one_sided, experiments * 5 / 100);
  EXPECT_EQ(alarms.true_effect_excluded, alarms.two_sided);
  // The same data and looks with a fixed test: what the boundary is for.
  EXPECT_GT(alarms.fixed, experiments * 30 / 100);
  // A boundary that never alarms would pass the above: it must still find an effect.
  EXPECT_GT(alarms.two_sided + alarms.one_sided, 0);
  const SequentialBoundary boundary = Boundary(5000, 0.05, Sides::kTwoSided);
  EXPECT_LT(boundary.LogPValue(4.0, 10000), std::log(0.05));
}

}  // namespace
}  // namespace flywheel::statistics

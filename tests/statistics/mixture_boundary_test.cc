#include "statistics/mixture_boundary.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numbers>
#include <random>

#include "statistics/likelihood_ratio.h"
#include "statistics/refusal.h"

namespace flywheel::statistics {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

MixtureBoundary Boundary(double alpha) { return *MixtureBoundary::Create(alpha); }

TEST(MixtureBoundaryTest, MatchesItsFormula) {
  // The mean of the five e-values in 60-digit arithmetic.
  const struct {
    double alpha, z, units, log_e;
  } references[] = {{0.05, 3, 1000, 1.9610592515131418},
                    {0.05, -4.5, 37, 5.2707864766681926},
                    {0.01, 2, 1e6, -0.59408841502620296},
                    {0.05, 60, 1e5, 1794.0188388406087},
                    {0.05, 0, 5000, -0.7002033502469995}};
  for (const auto& r : references) {
    EXPECT_NEAR(Boundary(r.alpha).LogEValue(r.z, r.units), r.log_e, 1e-12 * (1 + r.log_e)) << r.z;
    EXPECT_NEAR(Boundary(r.alpha).LogPValue(r.z, r.units), std::min(0.0, -r.log_e),
                1e-12 * (1 + r.log_e));
  }
}

TEST(MixtureBoundaryTest, HasTheMultiplierAtWhichTheEValueDecides) {
  // The root of ln E = -ln alpha by halves, in 60-digit arithmetic.
  const struct {
    double alpha, units, multiplier;
  } references[] = {
      {0.05, 1, 11.180306021518643},    {0.05, 20, 4.0449023876331273},
      {0.05, 1000, 3.3915911815076938}, {0.05, 50000, 3.3532991391493152},
      {0.05, 1e6, 3.3801214397878638},  {0.05, 1e9, 4.175792551113836},
      {0.01, 20, 4.4136878237294963},   {0.01, 1e6, 3.8660727952732927},
      {1e-6, 1, 11.469665619376958},    {1e-6, 1e9, 6.3591031520252441},
  };
  for (const auto& r : references) {
    EXPECT_NEAR(Boundary(r.alpha).Multiplier(r.units), r.multiplier, 2e-12 * r.multiplier);
  }
  for (const double alpha : {1e-300, 1e-6, 0.05, 0.9}) {
    for (double units = 1e-3; units < 1e18; units *= 7.3) {
      const double edge = Boundary(alpha).Multiplier(units);
      EXPECT_NEAR(Boundary(alpha).LogPValue(edge, units), std::log(alpha),
                  1e-11 * (1.0 - std::log(alpha)))
          << alpha << " " << units;
    }
  }
}

// Of the plan alone, at its own number of units, for an alpha of .05: arXiv 2103.06476v7.
double BestMultiplier(double plan) {
  const double log_term = -2 * std::log(0.05);
  const double rho_squared = (log_term + std::log1p(log_term)) / plan;
  const double scaled = plan * rho_squared;
  return std::sqrt((scaled + 1) / scaled * (std::log1p(scaled) + log_term));
}

TEST(MixtureBoundaryTest, StaysNearTheBestOfItsPlans) {
  const MixtureBoundary mixture = Boundary(0.05);
  // GrowthBook's multiplier at its plan of 5,000.
  ASSERT_NEAR(BestMultiplier(5000), 3.035208990, 1e-9);
  for (const double plan : MixtureBoundary::kPlans) {
    const double best = BestMultiplier(plan);
    EXPECT_GT(mixture.Multiplier(plan), best);
    EXPECT_LT(mixture.Multiplier(plan), 1.18 * best) << plan;
  }
}

TEST(MixtureBoundaryTest, RisesWithTheDistanceFromZeroOnEitherSide) {
  const MixtureBoundary boundary = Boundary(0.05);
  for (const double units : {1.0, 50.0, 3e4, 1e9}) {
    double last = boundary.LogEValue(0.0, units);
    for (double z = 0.1; z < 50.0; z += 0.1) {
      const double log_e = boundary.LogEValue(z, units);
      EXPECT_GT(log_e, last);
      EXPECT_EQ(log_e, boundary.LogEValue(-z, units));
      last = log_e;
    }
  }
}

TEST(MixtureBoundaryTest, IsAFairBet) {
  // The mean of E over a standard normal z is 1 at any number of units.
  for (const double units : {10.0, 300.0, 2000.0}) {
    double mean = 0.0;
    const double step = 0.05;
    for (double z = -150.0; z <= 150.0; z += step) {
      mean += step * std::exp(Boundary(0.05).LogEValue(z, units) - 0.5 * z * z);
    }
    EXPECT_NEAR(mean / std::sqrt(2.0 * std::numbers::pi), 1.0, 1e-9) << units;
  }
}

TEST(MixtureBoundaryTest, SaysNothingWithoutUnitsAndEverythingAboutTheImpossible) {
  const MixtureBoundary boundary = Boundary(0.05);
  for (const double units : {0.0, -1.0, kNan, kInfinity}) {
    EXPECT_EQ(boundary.Multiplier(units), kInfinity);
    EXPECT_EQ(boundary.LogEValue(9.0, units), 0.0);
    EXPECT_EQ(boundary.LogPValue(9.0, units), 0.0);
  }
  EXPECT_EQ(boundary.LogEValue(kNan, 100.0), 0.0);
  EXPECT_EQ(boundary.LogEValue(kInfinity, 100.0), kInfinity);
  EXPECT_EQ(boundary.LogPValue(-kInfinity, 100.0), -kInfinity);
  EXPECT_TRUE(std::isfinite(boundary.LogPValue(1e5, 1e6)));
  EXPECT_TRUE(std::isfinite(boundary.Multiplier(1e-300)));
  EXPECT_NEAR(boundary.Multiplier(1.7e308), 26.6, 0.1);  // nearly sqrt(ln units)
}

TEST(MixtureBoundaryTest, RefusesWhatIsNoProbability) {
  for (const double alpha : {0.0, 1.0, -0.1, kNan}) {
    EXPECT_EQ(RefusalOf(MixtureBoundary::Create(alpha).status()), Refusal::kArgumentOutOfRange);
  }
}

// Two arms of 0/1 outcomes, looked at on a grid of sizes, by the gate of 10 units an arm and one
// expected of the rarer outcome.
struct Experiment {
  double share;  // of control
  double control_rate;
  double treatment_rate;
  double most_units;
};

// The units of treatment at the first look that decided, or infinity.
double UnitsToDecision(const Experiment& experiment, const MixtureBoundary& boundary,
                       std::mt19937_64& random) {
  const auto draw = [&](double trials, double rate) {
    std::binomial_distribution<std::int64_t> binomial(static_cast<std::int64_t>(trials), rate);
    return static_cast<double>(binomial(random));
  };
  BinomialSample control, treatment;
  double units = 0.0;
  while (units < experiment.most_units) {
    const double more = std::max(1.0, std::floor(0.05 * units));
    const double more_control = draw(more, experiment.share);
    control.units += more_control;
    control.successes += draw(more_control, experiment.control_rate);
    treatment.units += more - more_control;
    treatment.successes += draw(more - more_control, experiment.treatment_rate);
    units += more;
    if (control.units < 10 || treatment.units < 10) continue;
    if (*SmallestExpectedAtRatio(control, treatment, 1.0) < 1.0) continue;
    const double z = *SignedRootOfRatio(control, treatment, 1.0);
    if (std::fabs(z) >= boundary.Multiplier(units)) return treatment.units;
  }
  return kInfinity;
}

TEST(MixtureBoundaryTest, RarelyDecidesBetweenEqualArmsHoweverOftenLookedAt) {
  const MixtureBoundary boundary = Boundary(0.05);
  std::mt19937_64 random(31);
  for (const double share : {0.5, 0.99}) {
    for (const double rate : {0.9, 0.02}) {
      int alarms = 0;
      for (int i = 0; i < 1000; ++i) {
        const double units = UnitsToDecision({share, rate, rate, 1e5}, boundary, random);
        alarms += std::isfinite(units) ? 1 : 0;
      }
      EXPECT_LE(alarms, 50) << share << " " << rate;
      EXPECT_GT(alarms, 0);
    }
  }
}

TEST(MixtureBoundaryTest, FindsADeadVersionAfterAHandfulOfUnits) {
  const MixtureBoundary boundary = Boundary(0.05);
  std::mt19937_64 random(32);
  for (const double share : {0.5, 0.99}) {
    int early = 0;
    for (int i = 0; i < 300; ++i) {
      early += UnitsToDecision({share, 0.9, 0.0, 1e5}, boundary, random) <= 11 ? 1 : 0;
    }
    EXPECT_GE(early, 150) << share;
  }
}

}  // namespace
}  // namespace flywheel::statistics

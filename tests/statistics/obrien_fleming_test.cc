#include "statistics/obrien_fleming.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

#include "statistics/refusal.h"

namespace flywheel::statistics {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

OBrienFlemingBoundary Boundary(double planned_units, double alpha) {
  return *OBrienFlemingBoundary::Create(planned_units, alpha);
}

TEST(OBrienFlemingBoundaryTest, HasTheMultiplierOfTheReflectionPrinciple) {
  // The root of erfc(b/sqrt(2)) = alpha in 60-digit arithmetic.
  EXPECT_NEAR(Boundary(5000, 0.05).Multiplier(5000), 1.9599639845400542, 1e-14);
  EXPECT_NEAR(Boundary(5000, 0.025).Multiplier(5000), 2.2414027276049454, 1e-14);
  EXPECT_NEAR(Boundary(5000, 0.001).Multiplier(5000), 3.2905267314918948, 1e-14);
  EXPECT_NEAR(Boundary(5000, 0.05).Multiplier(1250), 2 * 1.9599639845400542, 1e-14);
}

TEST(OBrienFlemingBoundaryTest, EndsWithThePlan) {
  const OBrienFlemingBoundary boundary = Boundary(5000, 0.05);
  for (const double units : {0.0, -1.0, 5000.1, kInfinity, kNan}) {
    EXPECT_EQ(boundary.Multiplier(units), kInfinity);
    EXPECT_EQ(boundary.LogPValue(100.0, units), 0.0);
  }
}

TEST(OBrienFlemingBoundaryTest, GivesThePValueOfItsOneSide) {
  // ln erfc(z sqrt(t/2)) in 60-digit arithmetic.
  const struct {
    double z, progress, log_p;
  } references[] = {{2, 0.5, -1.8496055099332482},  {3, 1, -5.9145790409504042},
                    {40, 0.9, -723.86268379185151}, {36, 0.95, -619.38447421696583},
                    {1000, 1, -500007.13354763162}, {0.1, 0.2, -0.036322332917113245}};
  for (const auto& r : references) {
    EXPECT_NEAR(Boundary(1.0, 0.05).LogPValue(r.z, r.progress), r.log_p, -1e-13 * r.log_p);
  }
  for (const double z : {0.0, -3.0, kNan}) {
    EXPECT_EQ(Boundary(5000, 0.05).LogPValue(z, 1000), 0.0);
  }
  EXPECT_EQ(Boundary(5000, 0.05).LogPValue(kInfinity, 1000), -kInfinity);
}

TEST(OBrienFlemingBoundaryTest, RejectsExactlyWhereThePValueIsAlpha) {
  for (const double alpha : {1e-6, 0.025, 0.5, 0.99}) {
    const OBrienFlemingBoundary boundary = Boundary(7000, alpha);
    for (const double units : {1.0, 300.0, 7000.0}) {
      EXPECT_NEAR(boundary.LogPValue(boundary.Multiplier(units), units), std::log(alpha), 1e-11);
    }
  }
}

TEST(OBrienFlemingBoundaryTest, RefusesAPlanThatIsNone) {
  const auto reason = [](double planned, double alpha) {
    return RefusalOf(OBrienFlemingBoundary::Create(planned, alpha).status());
  };
  EXPECT_EQ(reason(0, 0.05), Refusal::kArgumentOutOfRange);
  EXPECT_EQ(reason(kInfinity, 0.05), Refusal::kArgumentOutOfRange);
  EXPECT_EQ(reason(kNan, 0.05), Refusal::kArgumentOutOfRange);
  EXPECT_EQ(reason(100, 0.0), Refusal::kArgumentOutOfRange);
  EXPECT_EQ(reason(100, 1.0), Refusal::kArgumentOutOfRange);
}

// The share of experiments that reject at any of 1,000 looks on the way to the plan, when z is
// normal with a mean of `drift` at the plan.
double RejectedShare(double alpha, double drift, std::uint64_t seed) {
  const int experiments = 4000;
  const int looks = 1000;
  const OBrienFlemingBoundary boundary = Boundary(looks, alpha);
  std::mt19937_64 random(seed);
  std::normal_distribution<double> step(drift / std::sqrt(looks), 1.0);
  int rejected = 0;
  for (int experiment = 0; experiment < experiments; ++experiment) {
    double sum = 0.0;
    for (int look = 1; look <= looks; ++look) {
      sum += step(random);
      if (sum / std::sqrt(look) < boundary.Multiplier(look)) continue;
      ++rejected;
      break;
    }
  }
  return static_cast<double>(rejected) / experiments;
}

TEST(OBrienFlemingBoundaryTest, SpendsAlphaAndLosesLittlePower) {
  // Alpha but for what falls between two looks; two standard errors of it are .007.
  const double spent = RejectedShare(0.05, 0.0, 41);
  EXPECT_LE(spent, 0.057);
  EXPECT_GE(spent, 0.038);
  // A fixed test at .05 on the same side has a power of .80.
  EXPECT_GE(RejectedShare(0.05, 1.6449 + 0.8416, 42), 0.68);
}

}  // namespace
}  // namespace flywheel::statistics

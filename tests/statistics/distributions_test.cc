#include "statistics/distributions.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "statistics/special_functions.h"

namespace flywheel::statistics {
namespace {

// Expected values are from mpmath at 30 digits. A difference of logarithms is the relative error of
// the probability itself.

void ExpectRelative(double got, double want, double tolerance) {
  EXPECT_NEAR(got, want, tolerance * std::fabs(want));
}

TEST(NormalTest, LogTailIsExactFarBeyondTheSmallestDouble) {
  ExpectRelative(NormalLogSf(1.0), -1.8410216450092635, 1e-14);
  ExpectRelative(NormalLogSf(20.1), -205.92711840194825, 1e-14);
  ExpectRelative(NormalLogSf(1e4), -50000010.129278915, 1e-14);
  EXPECT_EQ(NormalSf(1e4), 0.0);
  EXPECT_NEAR(NormalLogSf(-40.0), 0.0, 1e-300);
}

TEST(NormalTest, LogTailHasNoStepWhereItChangesItsMethod) {
  const double below = NormalLogSf(20.0);
  const double above = NormalLogSf(std::nextafter(20.0, 21.0));
  EXPECT_NEAR(below, above, 1e-12);
}

TEST(NormalTest, QuantileIsRightInTheCentreAndInBothTails) {
  ExpectRelative(NormalQuantile(1e-10), -6.3613409024040562, 1e-14);
  ExpectRelative(NormalQuantile(0.07), -1.4757910281791707, 1e-14);
  ExpectRelative(NormalQuantile(0.95), 1.6448536269514723, 1e-14);
  EXPECT_EQ(NormalQuantile(0.5), 0.0);
  EXPECT_EQ(NormalQuantile(0.0), -std::numeric_limits<double>::infinity());
  EXPECT_EQ(NormalQuantile(1.0), std::numeric_limits<double>::infinity());
  EXPECT_TRUE(std::isnan(NormalQuantile(1.5)));
}

TEST(NormalTest, QuantileInvertsTheCdfDownToTheSmallestProbabilities) {
  for (const double p : {1e-300, 1e-200, 1e-50, 1e-9, 0.01, 0.3, 0.6, 0.99}) {
    ExpectRelative(NormalCdf(NormalQuantile(p)), p, 1e-12);
  }
}

TEST(StudentTTest, LogTailMatchesHighPrecisionArithmetic) {
  EXPECT_NEAR(StudentTLogSf(0.1, 0.5), -0.74830940104290162, 1e-13);
  EXPECT_NEAR(StudentTLogSf(2.0, 1.0), -1.9133603645040103, 1e-13);
  EXPECT_NEAR(StudentTLogSf(22.4, 2.0), -6.914253127652402, 1e-13);
  EXPECT_NEAR(StudentTLogSf(1000.0, 3.7), -24.778194714451247, 1e-12);
  EXPECT_NEAR(StudentTLogSf(40.0, 30.0), -62.546234647299176, 1e-12);
  EXPECT_NEAR(StudentTLogSf(2.0, 200.5), -3.7539556210597092, 1e-13);
  EXPECT_NEAR(StudentTLogSf(22.4, 5841.742032093565), -244.67426614092659, 1e-12);
}

TEST(StudentTTest, TailStaysPositiveWhereOneMinusTheCdfIsZero) {
  EXPECT_EQ(1.0 - StudentTCdf(22.4, 1e6), 0.0);
  EXPECT_GT(StudentTSf(22.4, 1e6), 1e-111);
  EXPECT_LT(StudentTSf(22.4, 1e6), 1e-109);
  EXPECT_NEAR(std::log10(StudentTSf(37.0, 1e9)), std::log10(NormalSf(37.0)), 1e-3);
  EXPECT_GT(NormalSf(37.0), 0.0);
  EXPECT_LT(NormalSf(37.0), 1e-299);
}

TEST(StudentTTest, WithManyDegreesOfFreedomIsNormal) {
  for (const double t : {-3.0, -0.2, 0.0, 1.0, 2.0, 8.0}) {
    ExpectRelative(StudentTSf(t, 1e12), NormalSf(t), 1e-8);
  }
  ExpectRelative(StudentTQuantile(0.975, 1e9), 1.959963986912325, 1e-13);
}

TEST(StudentTTest, QuantileMatchesHighPrecisionArithmetic) {
  ExpectRelative(StudentTQuantile(0.005, 3.0), -5.8409093097333572, 1e-13);
  ExpectRelative(StudentTQuantile(0.975, 49.0), 2.0095752371292396, 1e-13);
  ExpectRelative(StudentTQuantile(0.025, 4.5), -2.6589123472044037, 1e-13);
  ExpectRelative(StudentTQuantile(0.9999, 30.0), 4.2339859572720608, 1e-12);
  ExpectRelative(StudentTQuantile(0.975, 1.0), 12.706204736174694, 1e-13);
  // Cauchy: 1/(pi p) far out, where t^2 is beyond the largest double.
  ExpectRelative(StudentTQuantile(1e-200, 1.0), -3.1830988618379067e199, 1e-12);
  EXPECT_EQ(StudentTQuantile(0.5, 7.0), 0.0);
}

TEST(StudentTTest, RefusesDegreesOfFreedomThatAreNotPositive) {
  EXPECT_TRUE(std::isnan(StudentTSf(1.0, 0.0)));
  EXPECT_TRUE(std::isnan(StudentTQuantile(0.9, -1.0)));
  EXPECT_TRUE(std::isnan(StudentTSf(std::numeric_limits<double>::quiet_NaN(), 5.0)));
}

TEST(ChiSquareTest, TailMatchesHighPrecisionArithmetic) {
  EXPECT_NEAR(ChiSquareLogSf(10.0, 1.0), -6.4596124541501218, 1e-13);
  EXPECT_NEAR(ChiSquareLogSf(1.0, 2.0), -0.5, 1e-14);
  EXPECT_NEAR(ChiSquareLogSf(3.0, 7.0), -0.12216511234670815, 1e-13);
  EXPECT_NEAR(ChiSquareLogSf(60.0, 3.0), -28.162350388904998, 1e-12);
  EXPECT_NEAR(ChiSquareLogSf(1500.0, 50.0), -645.87049465385408, 1e-10);
  EXPECT_EQ(ChiSquareSf(0.0, 4.0), 1.0);
  EXPECT_EQ(ChiSquareSf(std::numeric_limits<double>::infinity(), 4.0), 0.0);
  EXPECT_TRUE(std::isnan(ChiSquareSf(-1.0, 4.0)));
}

TEST(BinomialTest, TailsMeetAndProbabilitiesSumToThem) {
  const double p = 0.02;
  double cdf = 0.0;
  for (int k = 0; k <= 60; ++k) {
    cdf += BinomialProbability(k, 60, p);
    EXPECT_NEAR(BinomialCdf(k, 60, p), cdf, 1e-14) << k;
    EXPECT_NEAR(BinomialUpperTail(k + 1, 60, p), 1.0 - cdf, 1e-14) << k;
  }
}

TEST(BinomialTest, KnowsItsEdges) {
  EXPECT_EQ(BinomialCdf(-1, 10, 0.5), 0.0);
  EXPECT_EQ(BinomialCdf(10, 10, 0.5), 1.0);
  EXPECT_EQ(BinomialUpperTail(0, 10, 0.5), 1.0);
  EXPECT_EQ(BinomialUpperTail(11, 10, 0.5), 0.0);
  EXPECT_NEAR(BinomialUpperTail(10, 10, 0.5), std::ldexp(1.0, -10), 1e-17);
  EXPECT_EQ(BinomialCdf(0, 0, 0.5), 1.0);
  EXPECT_EQ(BinomialProbability(0, 5, 0.0), 1.0);
  EXPECT_EQ(BinomialProbability(5, 5, 1.0), 1.0);
  EXPECT_TRUE(std::isnan(BinomialCdf(1, 2, 1.5)));
}

TEST(BinomialTest, KeepsItsDigitsForManyTrials) {
  // By symmetry P(X <= n/2) = (1 + P(X = n/2))/2 at p = 1/2.
  const std::int64_t n = 1000000000;
  const double middle = BinomialProbability(n / 2, n, 0.5);
  ExpectRelative(middle, std::sqrt(2.0 / (3.141592653589793 * n)), 1e-8);
  ExpectRelative(BinomialCdf(n / 2, n, 0.5), 0.5 * (1.0 + middle), 1e-12);
}

TEST(SpecialFunctionsTest, DevianceTermAgreesWithItsDefinitionOnBothSidesOfTheSwitch) {
  for (const double x : {50.0, 81.0, 82.0, 99.0, 100.0, 101.0, 122.0, 123.0, 300.0}) {
    EXPECT_NEAR(DevianceTerm(x, 100.0), x * std::log(x / 100.0) + 100.0 - x, 1e-12) << x;
  }
  EXPECT_EQ(DevianceTerm(0.0, 3.0), 3.0);
}

TEST(SpecialFunctionsTest, StirlingErrorAgreesWithLogGammaOnBothSidesOfTheSwitch) {
  for (const double x : {0.1, 1.0, 9.9999999, 10.0, 12.0, 50.0}) {
    const double stirling = (x - 0.5) * std::log(x) - x + 0.91893853320467274178;
    EXPECT_NEAR(StirlingError(x), LogGamma(x) - stirling, 1e-13) << x;
  }
  EXPECT_TRUE(std::isnan(StirlingError(0.0)));
  EXPECT_TRUE(std::isnan(LogGamma(-1.5)));
}

}  // namespace
}  // namespace flywheel::statistics

// Properties that distribution functions have whatever their arguments, over fixed grids.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <numbers>
#include <vector>

#include "statistics/distributions.h"

namespace flywheel::statistics {
namespace {

const std::vector<double> kDegreesOfFreedom = {1e-3, 0.5, 1,     1.5, 2,   2.7, 4,
                                               9.3,  50,  5.8e3, 1e5, 1e6, 1e9, 1e15};

// From the smallest number to the largest, and every kind of number between.
const std::vector<double> kMagnitudes = {0.0,  5e-324, 1e-300, 1e-160, 1e-20, 1e-8,
                                         0.01, 0.3,    1.0,    1.7,    6.0,   37.0,
                                         1e3,  1e8,    1e20,   1e155,  1e200, 1.7e308};

bool IsProbability(double p) { return p >= 0.0 && p <= 1.0; }

TEST(DistributionsProperty, EveryTailIsAProbabilityAndFalls) {
  for (const double dof : kDegreesOfFreedom) {
    double student = StudentTSf(-std::numeric_limits<double>::infinity(), dof);
    double chi_square = 1.0;
    EXPECT_EQ(student, 1.0);
    for (int sign : {-1, 1}) {
      for (size_t i = 0; i < kMagnitudes.size(); ++i) {
        const double x = sign * kMagnitudes[sign < 0 ? kMagnitudes.size() - 1 - i : i];
        SCOPED_TRACE(::testing::Message() << "x " << x << ", degrees of freedom " << dof);
        const double next = StudentTSf(x, dof);
        EXPECT_TRUE(IsProbability(next)) << next;
        EXPECT_LE(next, student * (1.0 + 1e-12));
        student = next;
        if (x < 0.0) continue;
        const double next_chi_square = ChiSquareSf(x, dof);
        EXPECT_TRUE(IsProbability(next_chi_square)) << next_chi_square;
        EXPECT_LE(next_chi_square, chi_square * (1.0 + 1e-12));
        chi_square = next_chi_square;
      }
    }
    EXPECT_EQ(StudentTSf(std::numeric_limits<double>::infinity(), dof), 0.0);
  }
}

TEST(DistributionsProperty, QuantilesGrowWithTheProbabilityAndMirrorAtOneHalf) {
  for (const double dof : kDegreesOfFreedom) {
    double last = -std::numeric_limits<double>::infinity();
    double last_normal = last;
    for (const double p : {5e-324, 1e-300, 1e-200, 1e-100, 1e-61, 1e-59, 1e-20, 1e-5, 0.01, 0.3,
                           0.5, 0.51, 0.99, 1 - 1e-9, 1 - 0x1p-53}) {
      SCOPED_TRACE(::testing::Message() << "p " << p << ", degrees of freedom " << dof);
      const double next = StudentTQuantile(p, dof);
      const double next_normal = NormalQuantile(p);
      EXPECT_GE(next, last);
      EXPECT_GT(next_normal, last_normal);
      // Only then is 1 - p exact.
      if (p > 0.5) {
        EXPECT_EQ(StudentTQuantile(1.0 - p, dof), -next);
      }
      last = next;
      last_normal = next_normal;
    }
  }
}

TEST(DistributionsProperty, StudentsTAndChiSquareHaveTheirClosedForms) {
  for (double x = 0.05; x < 60.0; x *= 1.3) {
    // Cauchy, with an arc tangent that keeps its digits in the tail.
    const double cauchy = std::atan2(1.0, x) / std::numbers::pi;
    EXPECT_NEAR(StudentTSf(x, 1.0) / cauchy, 1.0, 1e-13) << x;
    const double root = std::sqrt(2.0 + x * x);
    EXPECT_NEAR(StudentTSf(x, 2.0) * root * (root + x), 1.0, 1e-13) << x;
    EXPECT_NEAR(ChiSquareSf(x, 1.0) / std::erfc(std::sqrt(x / 2.0)), 1.0, 1e-12) << x;
    EXPECT_NEAR(ChiSquareSf(x, 2.0) / std::exp(-x / 2.0), 1.0, 1e-12) << x;
    EXPECT_NEAR(ChiSquareSf(x, 4.0) / (std::exp(-x / 2.0) * (1.0 + x / 2.0)), 1.0, 1e-12) << x;
  }
}

TEST(DistributionsProperty, BinomialTailsCountSubsets) {
  for (int n = 1; n <= 60; ++n) {
    std::uint64_t ways = 1;  // C(n, k)
    std::uint64_t subsets = 0;
    for (int k = 0; k <= n; ++k) {
      subsets += ways;
      const double cdf = std::ldexp(static_cast<double>(subsets), -n);
      EXPECT_NEAR(BinomialCdf(k, n, 0.5) / cdf, 1.0, 1e-14) << k << " of " << n;
      EXPECT_NEAR(BinomialUpperTail(n - k, n, 0.5) / cdf, 1.0, 1e-14) << k << " of " << n;
      // The product stays below 2^64 up to 60 choose 30.
      ways = ways * static_cast<std::uint64_t>(n - k) / static_cast<std::uint64_t>(k + 1);
    }
  }
}

TEST(DistributionsProperty, BinomialTailsMeetAndGrowWithTheProbability) {
  for (const std::int64_t n : {1LL, 7LL, 400LL, 100'000LL, 1'000'000'000'000LL}) {
    for (const double share : {0.0, 0.01, 0.5, 0.93, 1.0}) {
      const auto k = static_cast<std::int64_t>(share * static_cast<double>(n));
      double last = 0.0;
      for (const double p : {0.0, 5e-324, 1e-9, 0.01, 0.3, 0.5, 0.92, 0.999, 1 - 1e-12, 1.0}) {
        SCOPED_TRACE(::testing::Message() << k << " of " << n << " at " << p);
        const double upper = BinomialUpperTail(k, n, p);
        EXPECT_TRUE(IsProbability(upper));
        EXPECT_NEAR(upper + BinomialCdf(k - 1, n, p), 1.0, 1e-13);
        EXPECT_GE(upper, last * (1.0 - 1e-12));
        last = upper;
      }
    }
  }
}

}  // namespace
}  // namespace flywheel::statistics

#include "statistics/discrete_laplace.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <map>
#include <random>
#include <tuple>

namespace flywheel::statistics {
namespace {

// Chi-square of so many samples of one scale against the probabilities of another, over all values
// of which at least 20 are expected, and the rest in one; and its degrees of freedom.
std::tuple<double, int> Fit(const DiscreteLaplace& sampled, const DiscreteLaplace& expected,
                            int samples, uint64_t seed) {
  std::mt19937_64 engine(seed);
  std::map<int64_t, int> seen;
  for (int i = 0; i < samples; ++i) ++seen[sampled.Sample([&] { return engine(); })];
  double chi_square = 0, rest_expected = samples;
  int cells = 0, rest_seen = samples;
  const auto add = [&](int observed, double wanted) {
    chi_square += (observed - wanted) * (observed - wanted) / wanted;
    ++cells;
  };
  for (int64_t x = 0; samples * expected.Probability(x) >= 20; ++x) {
    for (const int64_t value : {x, -x}) {
      const double wanted = samples * expected.Probability(value);
      add(seen[value], wanted);
      rest_expected -= wanted;
      rest_seen -= seen[value];
      if (x == 0) break;
    }
  }
  add(rest_seen, rest_expected);
  return {chi_square, cells - 1};
}

// What chi-square stays below but once in 30,000 times (Wilson and Hilferty 1931).
double Limit(int degrees) {
  const double part = 2.0 / (9.0 * degrees);
  return degrees * std::pow(1 - part + 4 * std::sqrt(part), 3);
}

class Scales : public ::testing::TestWithParam<std::tuple<int64_t, int64_t>> {};

TEST_P(Scales, HaveTheirExactProbabilities) {
  const auto [numerator, denominator] = GetParam();
  const DiscreteLaplace noise(numerator, denominator);
  const auto [chi_square, degrees] = Fit(noise, noise, 400'000, 20'260'101);
  EXPECT_LT(chi_square, Limit(degrees)) << degrees;
  // The comparison would see a scale that is 2 % off.
  const DiscreteLaplace other(numerator * 98, denominator * 100);
  const auto [off, off_degrees] = Fit(noise, other, 400'000, 20'260'101);
  EXPECT_GT(off, Limit(off_degrees)) << off_degrees;
}

INSTANTIATE_TEST_SUITE_P(DiscreteLaplace, Scales,
                         ::testing::Values(std::tuple(1, 1), std::tuple(2, 1), std::tuple(1, 2),
                                           std::tuple(3, 7), std::tuple(1, 20),
                                           std::tuple(7, 100)));

TEST(DiscreteLaplace, HasProbabilitiesThatAddUpToOneAndTheDeviationThatTheyGive) {
  for (const DiscreteLaplace& noise : {DiscreteLaplace(1, 1), DiscreteLaplace(3, 70)}) {
    double sum = 0, square = 0;
    for (int64_t x = -5'000; x <= 5'000; ++x) {
      sum += noise.Probability(x);
      square += static_cast<double>(x * x) * noise.Probability(x);
    }
    EXPECT_NEAR(sum, 1, 1e-12);
    EXPECT_NEAR(noise.StandardDeviation(), std::sqrt(square), 1e-9);
  }
}

// The promise itself: what is seen is at most e^epsilon times as probable with one unit elsewhere.
TEST(DiscreteLaplace, IsAsProbableBesideWithinEpsilon) {
  constexpr double kEpsilon = 0.3;
  const DiscreteLaplace noise(3, 20);  // 0.3 over a sensitivity of 2.
  for (int64_t seen = -50; seen <= 50; ++seen) {
    for (const int64_t moved : {-2, -1, 1, 2}) {
      EXPECT_LE(noise.Probability(seen),
                std::exp(kEpsilon) * noise.Probability(seen + moved) * (1 + 1e-12));
    }
  }
}

TEST(DiscreteLaplace, OfTheSameBitsIsTheSame) {
  const DiscreteLaplace noise(1, 1'000'000'007);
  std::mt19937_64 first(7), second(7);
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(noise.Sample([&] { return first(); }), noise.Sample([&] { return second(); }));
  }
}

TEST(DiscreteLaplace, OfTheLargestScaleDoesNotOverflow) {
  const DiscreteLaplace noise(1, DiscreteLaplace::kMaxDenominator);
  std::mt19937_64 engine(11);
  double magnitudes = 0;
  for (int i = 0; i < 10'000; ++i) {
    magnitudes += std::fabs(static_cast<double>(noise.Sample([&] { return engine(); })));
  }
  // The mean magnitude is the scale.
  EXPECT_NEAR(magnitudes / 10'000 / static_cast<double>(DiscreteLaplace::kMaxDenominator), 1, 0.05);
}

}  // namespace
}  // namespace flywheel::statistics

#include "statistics/sign_flip.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <vector>

#include "statistics/distributions.h"
#include "statistics/mcnemar.h"
#include "statistics/refusal.h"

namespace flywheel::statistics {
namespace {

std::vector<double> Differences(int lost, int won, double weight = 1.0) {
  std::vector<double> differences(static_cast<size_t>(lost), -weight);
  differences.insert(differences.end(), static_cast<size_t>(won), weight);
  differences.resize(differences.size() + 100, 0.0);
  return differences;
}

TEST(SignFlip, IsMcNemarsTestWhereAllClustersWeighTheSame) {
  for (const auto& [lost, won] : {std::pair(5, 0), std::pair(383, 95), std::pair(9, 8)}) {
    const double exact = McNemarTest({lost, won})->p_value_worse;
    for (const double weight : {1.0, 0.25, 1.0 / 3.0}) {
      EXPECT_NEAR(*SignFlipTestWorse(Differences(lost, won, weight)), exact, 1e-12 * exact);
    }
  }
  EXPECT_EQ(*SignFlipTestWorse(Differences(0, 0)), 1.0);
  EXPECT_EQ(*SignFlipTestWorse({}), 1.0);
}

// By hand: of the 8 choices of signs of 3, 2 and 1 those that sum to at most -4 are -3-2-1 and
// -3-2+1; to at most 0 these and -3+2+1, -3+2-1, +3-2-1.
TEST(SignFlip, CountsChoicesOfSigns) {
  EXPECT_DOUBLE_EQ(*SignFlipTestWorse(std::vector<double>{-3, -2, 1}), 2.0 / 8.0);
  EXPECT_DOUBLE_EQ(*SignFlipTestWorse(std::vector<double>{3, -2, -1}), 5.0 / 8.0);
  EXPECT_DOUBLE_EQ(*SignFlipTestWorse(std::vector<double>{3, 2, 1}), 1.0);
  EXPECT_DOUBLE_EQ(*SignFlipTestWorse(std::vector<double>{-0.75, -0.5, 0.25}), 2.0 / 8.0);
}

TEST(SignFlip, AgreesWithCountingEveryChoice) {
  std::mt19937_64 random(7);
  for (int round = 0; round < 40; ++round) {
    std::vector<double> differences;
    double observed = 0;
    const auto unit = round % 2 == 0 ? 0.25 : std::exp(1.0) / 7.0;
    for (int i = 0; i < 14; ++i) {
      // Irrational weights in every second round: on the grid of 20,000 steps.
      const double weight = unit * static_cast<double>(1 + random() % 9) +
                            (round % 2 == 0 ? 0.0 : 1e-3 * static_cast<double>(random() % 997));
      differences.push_back(random() % 3 == 0 ? weight : -weight);
      observed += differences.back();
    }
    int counted = 0;
    for (unsigned choice = 0; choice < 1U << 14U; ++choice) {
      double sum = 0;
      for (unsigned i = 0; i < 14; ++i) {
        sum += (choice >> i & 1U) != 0 ? std::abs(differences[i]) : -std::abs(differences[i]);
      }
      counted += sum <= observed + 1e-9 ? 1 : 0;
    }
    EXPECT_NEAR(*SignFlipTestWorse(differences), counted / 16384.0, round % 2 == 0 ? 1e-12 : 1e-2);
  }
}

TEST(SignFlip, ManyClustersAreNearlyNormal) {
  // 600 of 1,001 lost, one of which weighs twice: next to the binomial tail.
  std::vector<double> differences = Differences(600, 401);
  differences.front() = -2;
  const double exact = BinomialUpperTail(600, 1'001, 0.5);
  EXPECT_NEAR(std::log(*SignFlipTestWorse(differences)), std::log(exact), 0.15);
}

TEST(SignFlip, ThreeLossesInThreeClustersAreNoProof) {
  EXPECT_GE(*SignFlipTestWorse(std::vector<double>{-4, -4, -3}), 0.125);
}

TEST(SignFlip, TakesWeightsOfAnySize) {
  const double huge = std::numeric_limits<double>::max();
  const double tiny = std::numeric_limits<double>::denorm_min();
  EXPECT_DOUBLE_EQ(*SignFlipTestWorse(std::vector<double>{-huge, -huge, huge / 2, tiny}), 0.25);
  EXPECT_DOUBLE_EQ(*SignFlipTestWorse(std::vector<double>{-3 * tiny, -2 * tiny, tiny}), 0.25);
}

TEST(SignFlip, RefusesWhatIsNoNumber) {
  EXPECT_EQ(RefusalOf(SignFlipTestWorse(std::vector<double>{std::nan("")}).status()),
            Refusal::kArgumentOutOfRange);
  EXPECT_EQ(
      RefusalOf(SignFlipTestWorse(std::vector<double>{1, std::numeric_limits<double>::infinity()})
                    .status()),
      Refusal::kArgumentOutOfRange);
}

}  // namespace
}  // namespace flywheel::statistics

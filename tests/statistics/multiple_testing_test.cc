#include "statistics/multiple_testing.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <random>
#include <vector>

#include "statistics/refusal.h"

namespace flywheel::statistics {
namespace {

// The example of Benjamini and Hochberg 1995, section 3.2, which also states what Holm rejects.
const std::vector<double> kThrombolysis = {0.0001, 0.0004, 0.0019, 0.0095, 0.0201,
                                           0.0278, 0.0298, 0.0344, 0.0459, 0.3240,
                                           0.4262, 0.5719, 0.6528, 0.7590, 1.0000};

TEST(HolmTest, ReproducesAPublishedExample) {
  const std::vector<double> adjusted = *Holm(kThrombolysis);
  EXPECT_EQ(std::count_if(adjusted.begin(), adjusted.end(), [](double p) { return p <= 0.05; }), 3);
}

TEST(HolmTest, StopsAtTheFirstRankThatFails) {
  const std::vector<double> adjusted = *Holm(std::vector<double>{0.03, 0.01, 0.04});
  EXPECT_DOUBLE_EQ(adjusted[1], 0.03);
  EXPECT_DOUBLE_EQ(adjusted[0], 0.06);
  EXPECT_DOUBLE_EQ(adjusted[2], 0.06);
}

TEST(HolmTest, KeepsTheOrderOfItsInputAndNeverExceedsOne) {
  const std::vector<double> p = {0.9, 0.2, 0.001, 0.8};
  const std::vector<double> adjusted = *Holm(p);
  ASSERT_EQ(adjusted.size(), p.size());
  EXPECT_EQ(std::min_element(adjusted.begin(), adjusted.end()) - adjusted.begin(), 2);
  for (std::size_t i = 0; i < p.size(); ++i) {
    EXPECT_GE(adjusted[i], p[i]);
    EXPECT_LE(adjusted[i], 1.0);
  }
}

TEST(HolmTest, AnswersNothingWithNothingAndRefusesWhatIsNoPValue) {
  EXPECT_TRUE(Holm({})->empty());
  for (const double bad : {-0.1, 1.1, std::nan("")}) {
    const std::vector<double> p = {0.5, bad};
    EXPECT_EQ(RefusalOf(Holm(p).status()), Refusal::kArgumentOutOfRange);
  }
}

// Every k, one after the other.
std::size_t SmallestK(const std::vector<double>& smallest, double level) {
  for (std::size_t k = 1;; ++k) {
    const auto within = std::count_if(smallest.begin(), smallest.end(), [&](double p) {
      return p <= level / static_cast<double>(k);
    });
    if (static_cast<std::size_t>(within) <= k) return k;
  }
}

TEST(AttainableTests, AreThoseOfTheSmallestNumberThatHoldsThem) {
  std::mt19937 chance(1990);
  std::uniform_int_distribution<int> cases(1, 16);
  for (int round = 0; round < 300; ++round) {
    std::vector<double> smallest(static_cast<std::size_t>(round % 40));
    for (double& p : smallest) p = std::exp2(-cases(chance));
    const std::vector<bool> attainable = AttainableTests(smallest, 0.05);
    const double bound = 0.05 / static_cast<double>(SmallestK(smallest, 0.05));
    ASSERT_EQ(attainable.size(), smallest.size());
    for (std::size_t i = 0; i < smallest.size(); ++i) {
      EXPECT_EQ(attainable[i], smallest[i] <= bound) << round;
    }
  }
}

TEST(HolmOfAttainable, LeavesOutWhatCannotRejectAndCountsTheRest) {
  std::vector<double> p = {0.01, 0.3};
  std::vector<double> smallest = {1e-9, 1e-12};
  p.resize(1'000, 0.02);
  smallest.resize(1'000, 0.02);
  const AttainableHolm holm = *HolmOfAttainable(p, smallest, 0.05);
  EXPECT_DOUBLE_EQ(holm.adjusted[0], 0.02);
  EXPECT_DOUBLE_EQ(holm.adjusted[1], 0.3);
  EXPECT_DOUBLE_EQ(holm.first_level[0], 0.025);
  EXPECT_DOUBLE_EQ(holm.adjusted[2], 1);
  EXPECT_DOUBLE_EQ(holm.first_level[2], 0);
  EXPECT_TRUE(HolmOfAttainable({}, {}, 0.05)->adjusted.empty());
  EXPECT_FALSE(HolmOfAttainable(p, {}, 0.05).ok());
}

}  // namespace
}  // namespace flywheel::statistics

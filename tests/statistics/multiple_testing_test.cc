#include "statistics/multiple_testing.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "statistics/refusal.h"

namespace flywheel::statistics {
namespace {

// The example of Benjamini and Hochberg 1995, section 3.2.
const std::vector<double> kThrombolysis = {0.0001, 0.0004, 0.0019, 0.0095, 0.0201,
                                           0.0278, 0.0298, 0.0344, 0.0459, 0.3240,
                                           0.4262, 0.5719, 0.6528, 0.7590, 1.0000};

int RejectedAt(double level, const std::vector<double>& adjusted) {
  return static_cast<int>(
      std::count_if(adjusted.begin(), adjusted.end(), [&](double p) { return p <= level; }));
}

TEST(MultipleTestingTest, ReproducesTheExampleOfBenjaminiAndHochberg) {
  EXPECT_EQ(RejectedAt(0.05, *BenjaminiHochberg(kThrombolysis)), 4);
  EXPECT_EQ(RejectedAt(0.05, *Holm(kThrombolysis)), 3);
}

TEST(MultipleTestingTest, BenjaminiHochbergRejectsEverythingBelowTheLargestPassingRank) {
  // .04 <= 2/2 * .05 passes, so .03 passes too, though .03 > 1/2 * .05.
  const std::vector<double> adjusted = *BenjaminiHochberg(std::vector<double>{0.04, 0.03});
  EXPECT_DOUBLE_EQ(adjusted[0], 0.04);
  EXPECT_DOUBLE_EQ(adjusted[1], 0.04);
}

TEST(MultipleTestingTest, HolmStopsAtTheFirstRankThatFails) {
  const std::vector<double> adjusted = *Holm(std::vector<double>{0.03, 0.01, 0.04});
  EXPECT_DOUBLE_EQ(adjusted[1], 0.03);
  EXPECT_DOUBLE_EQ(adjusted[0], 0.06);
  EXPECT_DOUBLE_EQ(adjusted[2], 0.06);
}

TEST(MultipleTestingTest, KeepsTheOrderOfItsInputAndNeverExceedsOne) {
  const std::vector<double> p = {0.9, 0.2, 0.001, 0.8};
  for (const auto& adjusted : {*BenjaminiHochberg(p), *Holm(p)}) {
    ASSERT_EQ(adjusted.size(), p.size());
    EXPECT_EQ(std::min_element(adjusted.begin(), adjusted.end()) - adjusted.begin(), 2);
    for (std::size_t i = 0; i < p.size(); ++i) {
      EXPECT_GE(adjusted[i], p[i]);
      EXPECT_LE(adjusted[i], 1.0);
    }
  }
}

TEST(MultipleTestingTest, AnswersNothingWithNothingAndRefusesWhatIsNoPValue) {
  EXPECT_TRUE(BenjaminiHochberg({})->empty());
  EXPECT_TRUE(Holm({})->empty());
  for (const double bad : {-0.1, 1.1, std::nan("")}) {
    const std::vector<double> p = {0.5, bad};
    EXPECT_EQ(RefusalOf(BenjaminiHochberg(p).status()), Refusal::kArgumentOutOfRange);
    EXPECT_EQ(RefusalOf(Holm(p).status()), Refusal::kArgumentOutOfRange);
  }
}

}  // namespace
}  // namespace flywheel::statistics

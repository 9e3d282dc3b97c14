#include "statistics/proportion.h"

#include <gtest/gtest.h>

#include <cmath>

#include "statistics/refusal.h"

namespace flywheel::statistics {
namespace {

TEST(WilsonTest, ReproducesThePublishedIntervalsOfNewcombe) {
  // Two-sided 95 %: the two one-sided bounds at .025.
  const struct {
    Proportion proportion;
    double lower, upper;
  } cases[] = {{{81, 263}, 0.2553, 0.3662},
               {{15, 148}, 0.0624, 0.1605},
               {{0, 20}, 0.0, 0.1611},
               {{1, 29}, 0.0061, 0.1718}};
  for (const auto& c : cases) {
    EXPECT_NEAR(*WilsonLowerBound(c.proportion, 0.025), c.lower, 5e-5);
    EXPECT_NEAR(*WilsonUpperBound(c.proportion, 0.025), c.upper, 5e-5);
  }
}

TEST(WilsonTest, RefusesWhatIsNoProportion) {
  EXPECT_EQ(RefusalOf(WilsonLowerBound({0, 0}, 0.05).status()), Refusal::kTooFewUnits);
  EXPECT_EQ(RefusalOf(WilsonLowerBound({3, 2}, 0.05).status()), Refusal::kArgumentOutOfRange);
  EXPECT_EQ(RefusalOf(WilsonUpperBound({-1, 2}, 0.05).status()), Refusal::kArgumentOutOfRange);
  EXPECT_EQ(RefusalOf(WilsonUpperBound({1, 2}, 1.0).status()), Refusal::kArgumentOutOfRange);
}

TEST(WilsonTest, FirstClearsAFloorOf92AtThePublishedNumberOfCases) {
  // The first n at which round(rate n) successes of n have a lower bound of .92 or more.
  const struct {
    double rate;
    std::int64_t cases;
  } published[] = {{1.0, 32}, {0.98, 54}, {0.96, 108}, {0.95, 205}, {0.94, 457}};
  for (const auto& p : published) {
    std::int64_t n = 1;
    // nearbyint rounds halves to even, as the published numbers were made.
    while (*WilsonLowerBound({std::llrint(std::nearbyint(p.rate * n)), n}, 0.05) < 0.92) ++n;
    EXPECT_EQ(n, p.cases) << p.rate;
  }
}

TEST(CasesNeededTest, HoldForEveryLargerCountAtTheSameRate) {
  EXPECT_EQ(*CasesNeededToDecideFloor(1.0, 0.92, 0.05), 32);
  EXPECT_EQ(*CasesNeededToDecideFloor(0.98, 0.92, 0.05), 56);
  EXPECT_EQ(*CasesNeededToDecideFloor(0.96, 0.92, 0.05), 125);
  EXPECT_EQ(*CasesNeededToDecideFloor(0.95, 0.92, 0.05), 222);
  EXPECT_EQ(*CasesNeededToDecideFloor(0.94, 0.92, 0.05), 498);
  for (const double rate : {0.94, 0.95, 0.96, 0.98, 1.0}) {
    const std::int64_t needed = *CasesNeededToDecideFloor(rate, 0.92, 0.05);
    for (std::int64_t n = needed; n < needed + 500; ++n) {
      const std::int64_t successes = std::llrint(std::ceil(rate * n - 1e-9));
      EXPECT_GE(*WilsonLowerBound({successes, n}, 0.05), 0.92) << rate << " of " << n;
    }
  }
  EXPECT_LT(*WilsonLowerBound({49, 50}, 0.05), 0.92);
}

TEST(CasesNeededTest, AlsoDecideThatAFloorIsBroken) {
  const std::int64_t needed = *CasesNeededToDecideFloor(0.90, 0.92, 0.05);
  const std::int64_t tens = (needed + 9) / 10 * 10;
  EXPECT_LE(*WilsonUpperBound({tens * 9 / 10, tens}, 0.05), 0.92);
  EXPECT_GT(*WilsonUpperBound({(tens - 20) * 9 / 10, tens - 20}, 0.05), 0.92);
}

TEST(CasesNeededTest, RefuseARateAtItsFloor) {
  EXPECT_EQ(RefusalOf(CasesNeededToDecideFloor(0.92, 0.92, 0.05).status()), Refusal::kRateAtFloor);
  EXPECT_EQ(RefusalOf(CasesNeededToDecideFloor(1.1, 0.92, 0.05).status()),
            Refusal::kArgumentOutOfRange);
  EXPECT_EQ(RefusalOf(CasesNeededToDecideFloor(0.9, 1.0, 0.05).status()),
            Refusal::kArgumentOutOfRange);
  EXPECT_EQ(RefusalOf(CasesNeededToDecideFloor(0.9, 0.92, 0.5).status()),
            Refusal::kArgumentOutOfRange);
  EXPECT_EQ(RefusalOf(CasesNeededToDecideFloor(0.5, 0.5 + 1e-15, 0.05).status()),
            Refusal::kArgumentOutOfRange);
}

}  // namespace
}  // namespace flywheel::statistics

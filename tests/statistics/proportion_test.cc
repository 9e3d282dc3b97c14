#include "statistics/proportion.h"

#include <gtest/gtest.h>

#include <cmath>

#include "statistics/distributions.h"
#include "statistics/refusal.h"

namespace flywheel::statistics {
namespace {

TEST(ClopperPearsonTest, ReproducesThePublishedIntervalsOfNewcombe) {
  // Statistics in Medicine 17, 1998, method 5. Two-sided 95 %: the two one-sided bounds at .025.
  const struct {
    Proportion proportion;
    double lower, upper;
  } cases[] = {{{81, 263}, 0.2527, 0.3676},
               {{15, 148}, 0.0578, 0.1617},
               {{0, 20}, 0.0, 0.1684},
               {{1, 29}, 0.0009, 0.1776}};
  for (const auto& c : cases) {
    EXPECT_NEAR(*ClopperPearsonLowerBound(c.proportion, 0.025), c.lower, 5e-5);
    EXPECT_NEAR(*ClopperPearsonUpperBound(c.proportion, 0.025), c.upper, 5e-5);
  }
}

TEST(ClopperPearsonTest, BoundsAreWhereTheTailIsAlpha) {
  for (const std::int64_t n : {1, 7, 36, 500, 100'000}) {
    for (const std::int64_t x : {std::int64_t{0}, n / 3, n - 1, n}) {
      const double lower = *ClopperPearsonLowerBound({x, n}, 0.05);
      const double upper = *ClopperPearsonUpperBound({x, n}, 0.05);
      // Without a success the tail is 1 at any rate, without a failure too.
      EXPECT_NEAR(x == 0 ? lower : BinomialUpperTail(x, n, lower), x == 0 ? 0.0 : 0.05, 1e-9);
      EXPECT_NEAR(x == n ? upper : BinomialCdf(x, n, upper), x == n ? 1.0 : 0.05, 1e-9);
    }
  }
}

TEST(ClopperPearsonTest, AnswersAtEveryAlphaThatIsAProbability) {
  for (const double alpha : {1e-300, 1e-200, 1e-60, 2e-21, 1e-12, 1e-9, 0.5, 1 - 1e-9, 1 - 1e-12}) {
    for (const std::int64_t n : {1, 5, 36, 500, 100'000}) {
      for (const std::int64_t x : {std::int64_t{0}, std::int64_t{1}, n / 2, n - 1, n}) {
        const auto lower = ClopperPearsonLowerBound({x, n}, alpha);
        const auto upper = ClopperPearsonUpperBound({x, n}, alpha);
        ASSERT_TRUE(lower.ok() && upper.ok()) << alpha << ' ' << x << " of " << n;
        EXPECT_TRUE(*lower >= 0.0 && *lower <= 1.0 && *upper >= 0.0 && *upper <= 1.0);
        if (alpha < 0.5) {
          EXPECT_LE(*lower, *upper) << alpha << ' ' << x << " of " << n;
        }
      }
    }
  }
}

TEST(ClopperPearsonTest, RefusesWhatIsNoProportion) {
  EXPECT_EQ(RefusalOf(ClopperPearsonLowerBound({0, 0}, 0.05).status()), Refusal::kTooFewUnits);
  EXPECT_EQ(RefusalOf(ClopperPearsonLowerBound({3, 2}, 0.05).status()),
            Refusal::kArgumentOutOfRange);
  EXPECT_EQ(RefusalOf(ClopperPearsonUpperBound({-1, 2}, 0.05).status()),
            Refusal::kArgumentOutOfRange);
  EXPECT_EQ(RefusalOf(ClopperPearsonUpperBound({1, 2}, 1.0).status()),
            Refusal::kArgumentOutOfRange);
}

TEST(CasesNeededTest, PerfectCasesReachAFloorFromThePublishedNumberOn) {
  const struct {
    double floor;
    std::int64_t cases;
  } published[] = {{0.9, 29}, {0.92, 36}, {0.95, 59}, {0.99, 299}};
  for (const auto& p : published) {
    EXPECT_EQ(*CasesNeededToReachFloor(p.floor, 0.05), p.cases);
    EXPECT_GE(*ClopperPearsonLowerBound({p.cases, p.cases}, 0.05), p.floor);
    EXPECT_LT(*ClopperPearsonLowerBound({p.cases - 1, p.cases - 1}, 0.05), p.floor);
  }
  EXPECT_EQ(RefusalOf(CasesNeededToReachFloor(1.0, 0.05).status()), Refusal::kArgumentOutOfRange);
}

TEST(CasesNeededTest, AreThoseOfTheNormalApproximation) {
  EXPECT_EQ(*CasesNeededToDecideFloor(1.0, 0.92, 0.05, 0.8), 36);
  EXPECT_EQ(*CasesNeededToDecideFloor(0.98, 0.92, 0.05, 0.8), 89);
  EXPECT_EQ(*CasesNeededToDecideFloor(0.95, 0.92, 0.05, 0.8), 441);
  EXPECT_EQ(*CasesNeededToDecideFloor(0.90, 0.92, 0.05, 0.8), 1221);
}

TEST(CasesNeededTest, RefuseARateAtItsFloor) {
  EXPECT_EQ(RefusalOf(CasesNeededToDecideFloor(0.92, 0.92, 0.05, 0.8).status()),
            Refusal::kRateAtFloor);
  EXPECT_EQ(RefusalOf(CasesNeededToDecideFloor(1.1, 0.92, 0.05, 0.8).status()),
            Refusal::kArgumentOutOfRange);
  EXPECT_EQ(RefusalOf(CasesNeededToDecideFloor(0.9, 1.0, 0.05, 0.8).status()),
            Refusal::kArgumentOutOfRange);
  EXPECT_EQ(RefusalOf(CasesNeededToDecideFloor(0.9, 0.92, 0.5, 0.8).status()),
            Refusal::kArgumentOutOfRange);
  EXPECT_EQ(RefusalOf(CasesNeededToDecideFloor(0.5, 0.5 + 1e-15, 0.05, 0.8).status()),
            Refusal::kArgumentOutOfRange);
}

}  // namespace
}  // namespace flywheel::statistics

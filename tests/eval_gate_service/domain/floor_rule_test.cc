#include "eval_gate_service/domain/floor_rule.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <utility>

#include "shared/testing/status_matchers.h"
#include "statistics/distributions.h"
#include "tests/eval_gate_service/domain/cases.h"

namespace flywheel::evalgate {
namespace {

using ::testing::HasSubstr;

std::vector<Finding> Findings(const Bar& bar, const std::vector<CohortTally>& tallies) {
  auto findings = FloorFindings(bar, bar.alpha, tallies);
  EXPECT_OK(findings);
  return findings.ok() ? *findings : std::vector<Finding>();
}

Finding Whole(int64_t cases, int64_t passed, const Bar& bar = {}) {
  return Findings(bar, {MakeTally("", cases, passed)}).at(0);
}

struct FloorCase {
  int64_t cases;
  int64_t passed;
  FindingKind want;
};

class FloorTable : public ::testing::TestWithParam<FloorCase> {};

TEST_P(FloorTable, DecidesByTheExactBounds) {
  const Finding finding = Whole(GetParam().cases, GetParam().passed);
  EXPECT_EQ(finding.kind, GetParam().want) << finding.message;
}

// At a floor of 0.92 and alpha 0.05 the fewest cases with 0, 1, 2, 4, 10 and 27 failures are 36,
// 58, 77, 112, 209 and 461: sums of binomial terms in rational arithmetic.
INSTANTIATE_TEST_SUITE_P(CasesNeeded, FloorTable,
                         ::testing::Values(FloorCase{36, 36, FindingKind::kCohortAtFloor},
                                           FloorCase{35, 35, FindingKind::kCohortUndecided},
                                           FloorCase{58, 57, FindingKind::kCohortAtFloor},
                                           FloorCase{57, 56, FindingKind::kCohortUndecided},
                                           FloorCase{77, 75, FindingKind::kCohortAtFloor},
                                           FloorCase{112, 108, FindingKind::kCohortAtFloor},
                                           FloorCase{112, 107, FindingKind::kCohortUndecided},
                                           FloorCase{209, 199, FindingKind::kCohortAtFloor},
                                           FloorCase{208, 198, FindingKind::kCohortUndecided},
                                           FloorCase{461, 434, FindingKind::kCohortAtFloor},
                                           FloorCase{460, 433, FindingKind::kCohortUndecided},
                                           FloorCase{500, 449, FindingKind::kCohortBelowFloor},
                                           FloorCase{500, 460, FindingKind::kCohortUndecided},
                                           FloorCase{1, 0, FindingKind::kCohortUndecided},
                                           FloorCase{2, 0, FindingKind::kCohortBelowFloor},
                                           FloorCase{1, 1, FindingKind::kCohortUndecided}));

// The fewest passed cases with which the rule says that the floor is reached; one more than there
// are where none do.
int64_t LeastAtFloor(int64_t cases, const Bar& bar) {
  int64_t low = 0;
  int64_t high = cases + 1;
  while (low < high) {
    const int64_t middle = low + (high - low) / 2;
    const bool reached =
        middle <= cases && Whole(cases, middle, bar).kind == FindingKind::kCohortAtFloor;
    (reached || middle > cases ? high : low) = reached || middle > cases ? middle : middle + 1;
  }
  return low;
}

TEST(FloorRule, ARateExactlyAtTheFloorReachesItNoOftenerThanAlpha) {
  Bar bar;
  for (const double floor : {0.8, 0.9, 0.92, 0.95, 0.99}) {
    bar.pass_rate_floor = floor;
    double largest = 0;
    for (int64_t cases = 20; cases <= 3'000; cases += cases < 200 ? 1 : 41) {
      const double chance = statistics::BinomialUpperTail(LeastAtFloor(cases, bar), cases, floor);
      largest = std::max(largest, chance);
      EXPECT_LE(chance, bar.alpha) << cases << " cases at " << floor;
    }
    // And not far less: the bound is not bought by never passing.
    EXPECT_GE(largest, 0.045) << floor;
  }
}

TEST(FloorRule, SaysHowManyCasesWouldDecide) {
  const Finding finding = Whole(100, 95);
  // (1.645 sqrt(.92 .08) + .842 sqrt(.95 .05))^2 / .03^2
  EXPECT_EQ(finding.cases_needed, 441);
  EXPECT_THAT(finding.message, HasSubstr("95 of 100 passed, rate 0.950, lower bound 0.89"));
  EXPECT_THAT(finding.message, HasSubstr("floor 0.92; about 441 cases would decide it"));
  const Finding at_rate = Whole(100, 92);
  EXPECT_EQ(at_rate.cases_needed, 0);
  EXPECT_THAT(at_rate.message, HasSubstr("no number of cases"));
  EXPECT_EQ(Whole(20, 20).cases_needed, 36);
}

TEST(FloorRule, SoManyCasesDoDecideInFourOfFiveSuites) {
  Bar bar;
  for (const auto& [cases, passed] : {std::pair(100, 95), std::pair(100, 96), std::pair(50, 49)}) {
    const double rate = static_cast<double>(passed) / cases;
    const int64_t needed = Whole(cases, passed, bar).cases_needed;
    const double power = statistics::BinomialUpperTail(LeastAtFloor(needed, bar), needed, rate);
    EXPECT_GE(power, 0.72) << rate << " with " << needed;
    EXPECT_LE(power, 0.88) << rate << " with " << needed;
  }
}

TEST(FloorRule, AFloorOfOneBlocksAtTheFirstFailureAndIsNeverProven) {
  Bar bar;
  bar.pass_rate_floor = 1.0;
  EXPECT_EQ(Whole(1000, 999, bar).kind, FindingKind::kCohortBelowFloor);
  const Finding all = Whole(1000, 1000, bar);
  EXPECT_EQ(all.kind, FindingKind::kCohortUndecided);
  EXPECT_EQ(all.cases_needed, 0);
}

TEST(FloorRule, NoFloorFindsNothing) {
  Bar bar;
  bar.pass_rate_floor = 0;
  EXPECT_TRUE(Findings(bar, WithWhole({MakeTally("app", 100, 10)})).empty());
  bar.cohort_floors["app"] = 0.5;
  const auto findings =
      Findings(bar, WithWhole({MakeTally("app", 100, 80), MakeTally("web", 100, 10)}));
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].cohort, "app");
}

TEST(FloorRule, FindsTheGroupThatFailsUnderAFineTotal) {
  const auto findings =
      Findings({}, WithWhole({MakeTally("app", 100, 80), MakeTally("web", 900, 900)}));
  ASSERT_EQ(findings.size(), 3u);
  EXPECT_EQ(findings[0].cohort, "");
  EXPECT_EQ(findings[0].kind, FindingKind::kCohortAtFloor);
  EXPECT_EQ(findings[1].cohort, "app");
  EXPECT_EQ(findings[1].kind, FindingKind::kCohortBelowFloor);
  EXPECT_EQ(findings[1].cases, 100);
  EXPECT_EQ(findings[1].passed, 80);
  EXPECT_EQ(findings[2].cohort, "web");
  EXPECT_EQ(findings[2].kind, FindingKind::kCohortAtFloor);
}

TEST(FloorRule, ACohortTooSmallToShowItsFloorKeepsNobodyFromPassing) {
  const std::vector<CohortTally> tallies =
      WithWhole({MakeTally("most", 500, 490), MakeTally("rare", 35, 35)});
  const Finding rare = Findings({}, tallies).at(2);
  EXPECT_EQ(rare.kind, FindingKind::kCohortTooSmall);
  EXPECT_EQ(rare.cases_needed, 36);
  EXPECT_THAT(rare.message, HasSubstr("fewer than 36 cases cannot show it"));
  // It blocks all the same where it is significantly below.
  EXPECT_EQ(
      Findings({}, WithWhole({MakeTally("most", 500, 490), MakeTally("rare", 35, 20)})).at(2).kind,
      FindingKind::kCohortBelowFloor);
  // And whoever names it wants it shown.
  Bar bar;
  bar.cohort_floors["rare"] = 0.92;
  EXPECT_EQ(Findings(bar, tallies).at(2).kind, FindingKind::kCohortUndecided);
}

TEST(FloorRule, ANamedCohortHasToShowItsFloorHoweverSmallItIsAndThoughNothingIsLeft) {
  Bar bar;
  bar.pass_rate_floor = 0.5;
  bar.cohort_floors["vip"] = 0.8;
  bar.min_cohort_cases = 30;
  const auto failed =
      Findings(bar, WithWhole({MakeTally("std", 400, 400), MakeTally("vip", 17, 0)}));
  ASSERT_EQ(failed.size(), 3u);
  EXPECT_EQ(failed[2].cohort, "vip");
  EXPECT_EQ(failed[2].kind, FindingKind::kCohortBelowFloor);
  const auto erased = Findings(bar, WithWhole({MakeTally("std", 400, 400)}));
  ASSERT_EQ(erased.size(), 3u);
  EXPECT_EQ(erased[2].cohort, "vip");
  EXPECT_EQ(erased[2].kind, FindingKind::kCohortUndecided);
  EXPECT_THAT(erased[2].message, HasSubstr("and no case"));
  // And where it is the only floor.
  bar.pass_rate_floor = 0;
  EXPECT_EQ(Findings(bar, {MakeTally("", 400, 400)}).at(0).kind, FindingKind::kCohortUndecided);
}

TEST(FloorRule, SmallCohortsAndUnnamedCasesCountInTheWholeOnly) {
  Bar bar;
  bar.min_cohort_cases = 10;
  std::vector<CohortTally> tallies =
      WithWhole({MakeTally("enough", 10, 10), MakeTally("tiny", 9, 9)});
  tallies[0].cases += 50;
  tallies[0].passed += 50;
  const auto findings = Findings(bar, tallies);
  ASSERT_EQ(findings.size(), 2u);
  EXPECT_EQ(findings[0].cases, 69);
  EXPECT_EQ(findings[1].cohort, "enough");
}

TEST(FloorRule, ALowerFloorOfACohortLowersThatOfTheWholeAsFar) {
  Bar bar;
  bar.cohort_floors = {{"hard", 0.5}};
  const auto findings =
      Findings(bar, WithWhole({MakeTally("easy", 300, 300), MakeTally("hard", 300, 180)}));
  ASSERT_EQ(findings.size(), 3u);
  EXPECT_NEAR(findings[0].bar, 0.71, 1e-12);
  for (const Finding& finding : findings) {
    EXPECT_EQ(finding.kind, FindingKind::kCohortAtFloor) << finding.message;
  }
  bar.cohort_floors = {{"hard", 0.99}};
  EXPECT_DOUBLE_EQ(
      Findings(bar, WithWhole({MakeTally("easy", 300, 300), MakeTally("hard", 300, 300)}))
          .at(0)
          .bar,
      0.92);
}

TEST(FloorRule, ASuiteOfOneCohortIsOneTestAndNotTwo) {
  // Just below the floor at alpha: p-value 0.027, which a correction for two tests would spare.
  EXPECT_EQ(Whole(54, 45).kind, FindingKind::kCohortBelowFloor);
  for (const Finding& finding : Findings({}, WithWhole({MakeTally("app", 54, 45)}))) {
    EXPECT_EQ(finding.kind, FindingKind::kCohortBelowFloor) << finding.message;
  }
}

TEST(FloorRule, CohortsOfACaseHideNoneThatFell) {
  std::vector<CohortTally> cohorts = {MakeTally("payments", 37, 26),
                                      MakeTally("other", 1'063, 1'063)};
  for (int i = 0; i < 900; ++i) cohorts.push_back(MakeTally(fmt::format("tag-{}", i), 1, 1));
  const std::vector<Finding> findings = Findings({}, WithWhole(cohorts));
  EXPECT_EQ(findings[1].kind, FindingKind::kCohortBelowFloor) << findings[1].message;
  const std::vector<Finding> alone = Findings({}, WithWhole({cohorts[0], cohorts[1]}));
  EXPECT_DOUBLE_EQ(findings[1].p_value, alone[1].p_value);
}

TEST(FloorRule, ManyCohortsDoNotMakeAWrongBlockLikelier) {
  constexpr int kRuns = 1'000;
  constexpr int kCohorts = 20;
  std::mt19937_64 random(20240607);
  std::binomial_distribution<int64_t> passes(100, 0.92);  // Every cohort exactly at its floor.
  int blocked = 0;
  int uncorrected = 0;
  for (int run = 0; run < kRuns; ++run) {
    std::vector<CohortTally> cohorts;
    for (int i = 0; i < kCohorts; ++i) {
      cohorts.push_back(MakeTally(fmt::format("cohort-{:02}", i), 100, passes(random)));
    }
    bool blocks = false;
    bool below = false;
    for (const Finding& finding : Findings({}, WithWhole(cohorts))) {
      blocks = blocks || finding.kind == FindingKind::kCohortBelowFloor;
      below = below || finding.upper < finding.bar;
    }
    blocked += blocks ? 1 : 0;
    uncorrected += below ? 1 : 0;
  }
  // Three standard errors of a share of 0.05 above it.
  EXPECT_LE(blocked, kRuns * 0.05 + 3 * std::sqrt(kRuns * 0.05 * 0.95));
  EXPECT_GE(uncorrected, kRuns * 0.3);
}

}  // namespace
}  // namespace flywheel::evalgate

#include "eval_gate_service/domain/baseline_rule.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "eval_gate_service/domain/paired_bound.h"
#include "shared/testing/status_matchers.h"
#include "tests/eval_gate_service/domain/cases.h"

namespace flywheel::evalgate {
namespace {

using ::testing::HasSubstr;

// A comparison of so many cases that differ as told; both sides passed the rest.
CohortTally Pairs(int64_t cases, int64_t regressed, int64_t improved,
                  const std::string& cohort = "") {
  CohortTally tally = MakeTally(cohort, cases, cases - regressed);
  tally.baseline_passed = cases - improved;
  tally.regressed = regressed;
  tally.improved = improved;
  return tally;
}

std::vector<Finding> Compare(const std::vector<CohortTally>& tallies, const Bar& bar = {}) {
  auto findings = BaselineFindings(bar, bar.alpha, {"m0", tallies});
  EXPECT_OK(findings);
  return findings.ok() ? *findings : std::vector<Finding>();
}

Finding CompareWhole(const CohortTally& tally) { return Compare({tally}).at(0); }

// Reference values of Tango's score interval: the root of the score equation found apart from this
// code, and Wald's bound where many cases differ, which it approaches.
TEST(PairedBound, IsTangosScoreBound) {
  // No differing case: D with sqrt(n D / (1 - D)) = z, that is z^2 / (n + z^2).
  const double z = 1.6448536269514722;
  EXPECT_NEAR(PairedLowerBound({100, 0, 0}, 0.05), -z * z / (100 + z * z), 1e-9);
  EXPECT_NEAR(PairedUpperBound({100, 0, 0}, 0.05), z * z / (100 + z * z), 1e-9);
  // Many: Wald's bound within a thousandth.
  const double n = 100'000;
  const double b = 5'000;
  const double c = 4'800;
  const double d = (c - b) / n;
  const double wald = d - z * std::sqrt((b + c - n * d * d) / n / n);
  EXPECT_NEAR(PairedLowerBound({n, b, c}, 0.05), wald, 1e-4);
  EXPECT_NEAR(PairedLowerBound({50, 50, 0}, 0.05), -1.0, 1e-9);
}

TEST(PairedBound, AsksForEightyEightEqualAnswersAtAMarginOfThreePercent) {
  EXPECT_EQ(CompareWhole(Pairs(87, 0, 0)).kind, FindingKind::kBaselineUndecided);
  EXPECT_EQ(CompareWhole(Pairs(88, 0, 0)).kind, FindingKind::kNotWorseThanBaseline);
  EXPECT_EQ(CompareWhole(Pairs(20, 0, 0)).cases_needed, 88);
}

struct PairsCase {
  int64_t cases;
  int64_t regressed;
  int64_t improved;
  FindingKind want;
};

class BaselineTable : public ::testing::TestWithParam<PairsCase> {};

TEST_P(BaselineTable, DecidesByMcNemarAndByTheMargin) {
  const PairsCase& param = GetParam();
  const Finding finding = CompareWhole(Pairs(param.cases, param.regressed, param.improved));
  EXPECT_EQ(finding.kind, param.want) << finding.message;
}

INSTANTIATE_TEST_SUITE_P(
    Table, BaselineTable,
    ::testing::Values(PairsCase{1319, 383, 95, FindingKind::kWorseThanBaseline},
                      PairsCase{1319, 95, 383, FindingKind::kNotWorseThanBaseline},
                      // 5 of 5 lost: p = 1/32; 4 of 4: p = 1/16.
                      PairsCase{100, 5, 0, FindingKind::kWorseThanBaseline},
                      PairsCase{100, 4, 0, FindingKind::kBaselineUndecided},
                      PairsCase{200, 20, 20, FindingKind::kBaselineUndecided},
                      PairsCase{2000, 40, 40, FindingKind::kNotWorseThanBaseline},
                      PairsCase{1, 0, 0, FindingKind::kBaselineUndecided},
                      PairsCase{1, 1, 0, FindingKind::kBaselineUndecided}));

TEST(BaselineRule, FiguresAreThoseOfThePairs) {
  const Finding finding = CompareWhole(Pairs(1319, 383, 95));
  EXPECT_EQ(finding.cases, 1319);
  EXPECT_EQ(finding.passed, 936);
  EXPECT_EQ(finding.regressed, 383);
  EXPECT_EQ(finding.improved, 95);
  EXPECT_NEAR(finding.estimate, -288.0 / 1319, 1e-12);
  EXPECT_LT(finding.lower, finding.estimate);
  EXPECT_GT(finding.upper, finding.estimate);
  EXPECT_DOUBLE_EQ(finding.bar, -0.03);
  EXPECT_LT(finding.p_value, 1e-30);
  EXPECT_THAT(finding.message, HasSubstr("383 regressed, 95 improved"));
}

TEST(BaselineRule, SaysWhichDropItCouldHaveSeen) {
  // 2.4865 sqrt(.1 / (400 + 2.4865^2)): one-sided at .05 with a power of .8.
  EXPECT_NEAR(CompareWhole(Pairs(400, 20, 20)).detectable_drop, 0.03900, 1e-4);
  EXPECT_THAT(CompareWhole(Pairs(400, 20, 20)).message,
              HasSubstr("a drop of 0.039 would be found"));
  // So few cases find no drop that could be.
  EXPECT_EQ(CompareWhole(Pairs(3, 0, 0)).detectable_drop, 0);
}

TEST(BaselineRule, TheNumberOfCasesThatItAsksForDecidesTwiceTheNumberSurely) {
  for (const auto& [lost, won] : {std::pair(4, 0), std::pair(20, 20), std::pair(11, 10)}) {
    const Finding finding = CompareWhole(Pairs(200, lost, won));
    ASSERT_EQ(finding.kind, FindingKind::kBaselineUndecided) << finding.message;
    ASSERT_GT(finding.cases_needed, 200);
    // Twice as many, for the rounding of the counts.
    const int64_t factor = (finding.cases_needed / 200 + 1) * 2;
    EXPECT_NE(CompareWhole(Pairs(200 * factor, lost * factor, won * factor)).kind,
              FindingKind::kBaselineUndecided);
  }
}

TEST(BaselineRule, NamesTheCohortThatFellUnderAFineTotal) {
  // Right in all German cases and wrong in every ninth English one; then the other way round.
  const auto findings = Compare(WithWhole({Pairs(270, 30, 0, "de"), Pairs(270, 0, 30, "en")}));
  ASSERT_EQ(findings.size(), 3u);
  EXPECT_EQ(findings[0].kind, FindingKind::kNotWorseThanBaseline);
  EXPECT_EQ(findings[1].cohort, "de");
  EXPECT_EQ(findings[1].kind, FindingKind::kWorseThanBaseline);
  EXPECT_THAT(findings[1].message, HasSubstr("cohort 'de' against 'm0'"));
  EXPECT_EQ(findings[2].kind, FindingKind::kNotWorseThanBaseline);
}

TEST(BaselineRule, CohortsOfACaseHideNoneThatFell) {
  std::vector<CohortTally> cohorts = {Pairs(37, 11, 0, "payments"), Pairs(1'063, 0, 0, "other")};
  for (int i = 0; i < 900; ++i) cohorts.push_back(Pairs(1, 0, 0, "tag-" + std::to_string(i)));
  const std::vector<Finding> findings = Compare(WithWhole(cohorts));
  EXPECT_EQ(findings[1].kind, FindingKind::kWorseThanBaseline) << findings[1].message;
  EXPECT_DOUBLE_EQ(findings[1].p_value, 3 * std::exp2(-11));
}

TEST(BaselineRule, ACohortOfEnoughCasesHasToShowThatItIsNotWorse) {
  const CohortTally rest = Pairs(2000, 30, 30, "rest");
  // 13 points lost are no proof in so few differing cases; nor is it shown to be within 10.
  const CohortTally large = Pairs(150, 28, 18, "doubt");
  EXPECT_EQ(Compare(WithWhole({large, rest})).at(1).kind, FindingKind::kBaselineUndecided);
  const CohortTally small = Pairs(149, 28, 18, "doubt");
  const Finding finding = Compare(WithWhole({small, rest})).at(1);
  EXPECT_EQ(finding.kind, FindingKind::kBaselineCohortTooSmall);
  EXPECT_EQ(finding.cases_needed, 150);
  EXPECT_DOUBLE_EQ(finding.bar, -0.10);
}

TEST(BaselineRule, ASuiteOfOneCohortIsComparedOnce) {
  const auto findings = Compare(WithWhole({Pairs(100, 5, 0, "app")}));
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].kind, FindingKind::kWorseThanBaseline);
}

TEST(BaselineRule, ToBeNoWorseThanWhatPassesNothingProvesNothing) {
  CohortTally tally = MakeTally("", 400, 75);
  tally.improved = 75;
  tally.baseline_errors = 400;
  const Finding finding = CompareWhole(tally);
  EXPECT_EQ(finding.kind, FindingKind::kBaselineUndecided);
  EXPECT_THAT(finding.message, HasSubstr("that one answered 400 cases with an error"));
  EXPECT_THAT(finding.message, HasSubstr("passes nothing proves nothing"));
  EXPECT_EQ(finding.cases_needed, 0) << "more cases would not help";
  tally.baseline_passed = 10;
  EXPECT_EQ(CompareWhole(tally).kind, FindingKind::kNotWorseThanBaseline);
}

TEST(BaselineRule, AnEqualCandidateIsNeverBlocked) {
  for (int64_t cases = 1; cases < 400; ++cases) {
    EXPECT_NE(CompareWhole(Pairs(cases, 0, 0)).kind, FindingKind::kWorseThanBaseline);
  }
}

// The share of `runs` in which a pair of versions that lose and win with these chances gets `kind`.
double ShareOf(FindingKind kind, int64_t cases, double lost, double won, int runs, uint64_t seed) {
  std::mt19937_64 random(seed);
  std::binomial_distribution<int64_t> losses(cases, lost);
  int found = 0;
  for (int run = 0; run < runs; ++run) {
    const int64_t regressed = losses(random);
    std::binomial_distribution<int64_t> wins(cases - regressed, won / (1 - lost));
    found += CompareWhole(Pairs(cases, regressed, wins(random))).kind == kind ? 1 : 0;
  }
  return static_cast<double>(found) / runs;
}

TEST(BaselineRule, BlocksAnEquallyGoodCandidateNoOftenerThanAlpha) {
  constexpr int kRuns = 2'000;
  // Three standard errors of a share of 0.05 above it.
  const double limit = 0.05 + 3 * std::sqrt(0.05 * 0.95 / kRuns);
  for (const int cases : {30, 100, 400}) {
    for (const double differing : {0.02, 0.1, 0.4}) {
      EXPECT_LE(ShareOf(FindingKind::kWorseThanBaseline, cases, differing / 2, differing / 2, kRuns,
                        /*seed=*/11),
                limit)
          << cases << " cases, " << differing << " of them differing";
    }
  }
}

TEST(BaselineRule, FindsACandidateThatIsReallyWorse) {
  EXPECT_GE(ShareOf(FindingKind::kWorseThanBaseline, 400, 0.12, 0.04, 300, /*seed=*/12), 0.95);
}

TEST(BaselineRule, PassesACandidateThatIsWorseByTheMarginNoOftenerThanAlpha) {
  constexpr int kRuns = 2'000;
  // Tango's bound is approximate: .044 to .062 from 90 cases on, a little more below.
  const double limit = 0.06 + 3 * std::sqrt(0.05 * 0.95 / kRuns);
  for (const int cases : {30, 100, 400, 1'000}) {
    for (const double won : {0.0, 0.02, 0.1}) {
      EXPECT_LE(ShareOf(FindingKind::kNotWorseThanBaseline, cases, won + 0.03, won, kRuns,
                        /*seed=*/13),
                limit)
          << cases << " cases, " << won << " of them won";
    }
  }
}

}  // namespace
}  // namespace flywheel::evalgate

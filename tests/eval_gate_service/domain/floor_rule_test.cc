#include "eval_gate_service/domain/floor_rule.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "shared/testing/status_matchers.h"
#include "tests/eval_gate_service/domain/cases.h"

namespace flywheel::evalgate {
namespace {

using ::testing::HasSubstr;

std::vector<Finding> Findings(const SuitePolicy& policy, const std::vector<JudgedCase>& cases) {
  auto findings = FloorFindings(policy, cases);
  EXPECT_OK(findings);
  return findings.ok() ? *findings : std::vector<Finding>();
}

struct FloorCase {
  int cases;
  size_t passed;
  FindingKind want;
};

class FloorTable : public ::testing::TestWithParam<FloorCase> {};

TEST_P(FloorTable, DecidesByTheOneSidedWilsonBounds) {
  const std::vector<SuiteCase> cases = MakeCases(GetParam().cases);
  const auto findings = Findings({}, MakeJudged(cases, GetParam().passed));
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].kind, GetParam().want) << findings[0].message;
}

// At a floor of 0.92 and alpha 0.05: 32 cases suffice at 100 %, 54 at 98 %, 108 at 96 %, 205 at 95
// %, 457 at 94 %; one failure more, or one case less where there is none, does not.
INSTANTIATE_TEST_SUITE_P(CasesNeeded, FloorTable,
                         ::testing::Values(FloorCase{32, 32, FindingKind::kCohortAtFloor},
                                           FloorCase{31, 31, FindingKind::kCohortUndecided},
                                           FloorCase{54, 53, FindingKind::kCohortAtFloor},
                                           FloorCase{54, 52, FindingKind::kCohortUndecided},
                                           FloorCase{108, 104, FindingKind::kCohortAtFloor},
                                           FloorCase{108, 103, FindingKind::kCohortUndecided},
                                           FloorCase{205, 195, FindingKind::kCohortAtFloor},
                                           FloorCase{205, 194, FindingKind::kCohortUndecided},
                                           FloorCase{457, 430, FindingKind::kCohortAtFloor},
                                           FloorCase{457, 429, FindingKind::kCohortUndecided},
                                           FloorCase{500, 441, FindingKind::kCohortBelowFloor},
                                           FloorCase{500, 460, FindingKind::kCohortUndecided},
                                           FloorCase{1, 0, FindingKind::kCohortUndecided},
                                           FloorCase{2, 0, FindingKind::kCohortBelowFloor},
                                           FloorCase{1, 1, FindingKind::kCohortUndecided}));

TEST(FloorRule, SaysHowManyCasesWouldDecide) {
  const std::vector<SuiteCase> cases = MakeCases(100);
  const Finding finding = Findings({}, MakeJudged(cases, 95)).at(0);
  EXPECT_EQ(finding.kind, FindingKind::kCohortUndecided);
  EXPECT_EQ(finding.cases_needed, 222);  // z^2 .92 .08 / .03^2
  EXPECT_THAT(finding.message, HasSubstr("95 of 100 passed, rate 0.950, lower bound 0.90"));
  EXPECT_THAT(finding.message, HasSubstr("floor 0.92; about 222 cases would decide it"));
  const Finding at_rate = Findings({}, MakeJudged(cases, 92)).at(0);
  EXPECT_EQ(at_rate.cases_needed, 0);
  EXPECT_THAT(at_rate.message, HasSubstr("no number of cases"));
}

TEST(FloorRule, AFloorOfOneBlocksAtTheFirstFailureAndIsNeverProven) {
  SuitePolicy policy;
  policy.pass_rate_floor = 1.0;
  const std::vector<SuiteCase> cases = MakeCases(1000);
  EXPECT_EQ(Findings(policy, MakeJudged(cases, 999)).at(0).kind, FindingKind::kCohortBelowFloor);
  const Finding all = Findings(policy, MakeJudged(cases, 1000)).at(0);
  EXPECT_EQ(all.kind, FindingKind::kCohortUndecided);
  EXPECT_EQ(all.cases_needed, 0);
}

TEST(FloorRule, FindsTheGroupThatFailsUnderAFineTotal) {
  std::vector<SuiteCase> cases = MakeCases(900, "web");
  AddCases(100, "app", cases);
  std::vector<JudgedCase> judged = MakeJudged(cases, 980);  // 80 of the 100 of "app"
  const auto findings = Findings({}, judged);
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

TEST(FloorRule, SmallCohortsAndUnnamedCasesCountInTheWholeOnly) {
  SuitePolicy policy;
  policy.min_cohort_cases = 10;
  std::vector<SuiteCase> cases = MakeCases(9, "tiny");
  AddCases(10, "enough", cases);
  AddCases(50, "", cases);
  const auto findings = Findings(policy, MakeJudged(cases, 69));
  ASSERT_EQ(findings.size(), 2u);
  EXPECT_EQ(findings[0].cases, 69);
  EXPECT_EQ(findings[1].cohort, "enough");
}

TEST(FloorRule, ALowerFloorOfACohortLowersThatOfTheWholeAsFar) {
  SuitePolicy policy;
  policy.cohort_floors = {{"hard", 0.5}};
  std::vector<SuiteCase> cases = MakeCases(300, "easy");
  AddCases(300, "hard", cases);
  const auto findings = Findings(policy, MakeJudged(cases, 300 + 180));
  ASSERT_EQ(findings.size(), 3u);
  EXPECT_NEAR(findings[0].bar, 0.71, 1e-12);
  for (const Finding& finding : findings) {
    EXPECT_EQ(finding.kind, FindingKind::kCohortAtFloor) << finding.message;
  }
  policy.cohort_floors = {{"hard", 0.99}};
  EXPECT_DOUBLE_EQ(Findings(policy, MakeJudged(cases, 600)).at(0).bar, 0.92);
}

TEST(FloorRule, ASuiteOfOneCohortIsOneTestAndNotTwo) {
  const std::vector<SuiteCase> unnamed = MakeCases(54);
  const std::vector<SuiteCase> named = MakeCases(54, "app");
  // Just below the floor at alpha: p-value 0.027, which a correction for two tests would spare.
  EXPECT_EQ(Findings({}, MakeJudged(unnamed, 45)).at(0).kind, FindingKind::kCohortBelowFloor);
  for (const Finding& finding : Findings({}, MakeJudged(named, 45))) {
    EXPECT_EQ(finding.kind, FindingKind::kCohortBelowFloor) << finding.message;
  }
}

TEST(FloorRule, ManyCohortsDoNotMakeAWrongBlockLikelier) {
  constexpr int kRuns = 1'000;
  constexpr int kCohorts = 20;
  std::vector<SuiteCase> cases;
  for (int i = 0; i < kCohorts; ++i) AddCases(100, fmt::format("cohort-{:02}", i), cases);
  std::mt19937_64 random(20240607);
  std::bernoulli_distribution passes(0.92);  // Every cohort exactly at its floor.
  int blocked = 0;
  int uncorrected = 0;
  for (int run = 0; run < kRuns; ++run) {
    std::vector<JudgedCase> judged;
    for (const SuiteCase& one : cases) {
      judged.push_back(
          {&one, nullptr, passes(random) ? CaseOutcome::kPassed : CaseOutcome::kWrongOutput});
    }
    bool blocks = false;
    bool below = false;
    for (const Finding& finding : Findings({}, judged)) {
      blocks = blocks || finding.kind == FindingKind::kCohortBelowFloor;
      below = below || finding.upper < finding.bar;
    }
    blocked += blocks ? 1 : 0;
    uncorrected += below ? 1 : 0;
  }
  // Three standard errors of a share of 0.05 above it.
  EXPECT_LE(blocked, kRuns * 0.05 + 3 * std::sqrt(kRuns * 0.05 * 0.95));
  EXPECT_GE(uncorrected, kRuns * 0.4);
}

}  // namespace
}  // namespace flywheel::evalgate

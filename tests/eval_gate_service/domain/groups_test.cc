// Verdicts on cases that share groups, or that were tried several times.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "eval_gate_service/domain/verdict_decision.h"
#include "shared/testing/status_matchers.h"
#include "tests/eval_gate_service/domain/cases.h"

namespace flywheel::evalgate {
namespace {

using ::testing::HasSubstr;

// Names of groups, which judged cases point to.
const std::vector<std::string>& GroupNames() {
  static const auto& names = *[] {
    auto* made = new std::vector<std::string>;
    for (int i = 0; i < 1'000; ++i) made->push_back(fmt::format("group-{:03}", i));
    return made;
  }();
  return names;
}

// `groups` groups of `size` cases, of which the first `failed` fail as a whole.
std::vector<JudgedCase> Groups(size_t groups, size_t size, size_t failed) {
  std::vector<JudgedCase> cases(groups * size);
  for (size_t i = 0; i < cases.size(); ++i) {
    cases[i].group = GroupNames()[i / size];
    cases[i].outcome = i / size < failed ? CaseOutcome::kFailed : CaseOutcome::kPassed;
    cases[i].passed_attempts = cases[i].passed() ? 1 : 0;
  }
  return cases;
}

std::vector<JudgedCase> Alone(std::vector<JudgedCase> cases) {
  for (JudgedCase& one : cases) one.group = {};
  return cases;
}

VerdictDecision Decide(const Bar& bar, const std::vector<JudgedCase>& candidate,
                       const std::vector<JudgedCase>* baseline = nullptr) {
  std::vector<JudgedVersion> compared;
  if (baseline != nullptr) compared.push_back({"m0", *baseline});
  auto decided = DecideVerdict(bar, candidate, compared);
  EXPECT_OK(decided);
  return decided.ok() ? *decided : VerdictDecision{};
}

TEST(Groups, AFloorIsShownByGroupsAndNotByCases) {
  // 20 of 400 failed: 95 %, which single cases show to be above 92 %.
  const auto cases = Groups(100, 4, 5);
  EXPECT_EQ(Decide({}, Alone(cases)).decision, Decision::kPass);
  const VerdictDecision decided = Decide({}, cases);
  EXPECT_EQ(decided.decision, Decision::kInconclusive);
  const Finding& finding = decided.findings.at(0);
  EXPECT_EQ(finding.cases, 400);
  EXPECT_EQ(finding.passed, 380);
  EXPECT_NEAR(finding.estimate, 0.95, 1e-12);
  EXPECT_LT(finding.lower, 0.9) << "as 95 of 100, whose bound is .898";
  EXPECT_THAT(finding.message, HasSubstr("400 cases in 100 groups tell as much as 9"));
  // In cases of such groups: as many groups as single cases.
  EXPECT_GE(finding.cases_needed, 4 * 400);
  // A thousand groups show it.
  EXPECT_EQ(Decide({}, Groups(1'000, 4, 50)).decision, Decision::kPass);
}

TEST(Groups, OfOneCaseEachAreSingleCases) {
  const auto cases = Groups(400, 1, 20);
  const VerdictDecision grouped = Decide({}, cases);
  const VerdictDecision alone = Decide({}, Alone(cases));
  ASSERT_EQ(grouped.findings.size(), alone.findings.size());
  EXPECT_EQ(grouped.findings.at(0).message, alone.findings.at(0).message);
  EXPECT_EQ(grouped.findings.at(0).lower, alone.findings.at(0).lower);
}

TEST(Groups, OneGroupShowsNothing) {
  const auto cases = Groups(1, 400, 0);
  const VerdictDecision decided = Decide({}, cases, &cases);
  EXPECT_EQ(decided.decision, Decision::kInconclusive);
  ASSERT_EQ(decided.findings.size(), 2u);
  for (const Finding& finding : decided.findings) {
    EXPECT_THAT(finding.message, HasSubstr("all of one group, which does not show"));
    EXPECT_EQ(finding.cases_needed, 0);
  }
  EXPECT_EQ(Decide({}, Groups(1, 400, 1)).decision, Decision::kInconclusive) << "nor blocks";
}

TEST(Groups, ACohortOfOneGroupKeepsNobodyFromPassing) {
  auto cases = Groups(200, 4, 2);
  for (size_t i = 780; i < cases.size(); ++i) {
    cases[i].cohort = "one customer";
    cases[i].group = "customer";
  }
  const VerdictDecision decided = Decide({}, cases, &cases);
  EXPECT_EQ(decided.decision, Decision::kPass);
  int too_small = 0;
  for (const Finding& finding : decided.findings) {
    if (finding.cohort.empty()) continue;
    EXPECT_THAT(finding.message, HasSubstr("all of one group"));
    too_small += finding.kind == FindingKind::kCohortTooSmall ||
                         finding.kind == FindingKind::kBaselineCohortTooSmall
                     ? 1
                     : 0;
  }
  EXPECT_EQ(too_small, 2);
}

// Cohorts whose few groups cannot block whatever they do cost the others nothing, however many
// cases the groups have.
TEST(Groups, CohortsOfTwoGroupsHideNoneThatFell) {
  std::vector<JudgedCase> cases(40);
  for (size_t i = 0; i < cases.size(); ++i) {
    cases[i].cohort = "fell";
    cases[i].outcome = i < 9 ? CaseOutcome::kFailed : CaseOutcome::kPassed;
    cases[i].passed_attempts = i < 9 ? 0 : 1;
  }
  EXPECT_EQ(Decide({}, cases).decision, Decision::kBlock);
  std::vector<JudgedCase> small = Groups(600, 2, 0);
  for (size_t i = 0; i < small.size(); ++i) small[i].cohort = GroupNames()[i / 4];
  cases.insert(cases.end(), small.begin(), small.end());
  EXPECT_EQ(Decide({}, cases).decision, Decision::kBlock);
}

TEST(Groups, ALossIsCountedByGroup) {
  Bar bar;
  bar.pass_rate_floor = 0;
  const auto baseline = Groups(100, 4, 0);
  // Eight cases lost are no chance where each stands alone; two conversations are.
  const auto candidate = Groups(100, 4, 2);
  const auto alone = Alone(baseline);
  EXPECT_EQ(Decide(bar, Alone(candidate), &alone).decision, Decision::kBlock);
  const VerdictDecision decided = Decide(bar, candidate, &baseline);
  EXPECT_EQ(decided.decision, Decision::kInconclusive);
  EXPECT_DOUBLE_EQ(decided.findings.at(0).p_value, 0.25);
  EXPECT_EQ(decided.findings.at(0).regressed, 8);
  const VerdictDecision worse = Decide(bar, Groups(100, 4, 5), &baseline);
  EXPECT_EQ(worse.decision, Decision::kBlock);
  EXPECT_DOUBLE_EQ(worse.findings.at(0).p_value, 1.0 / 32);
}

TEST(Groups, EqualAnswersShowNotWorseByGroup) {
  Bar bar;
  bar.pass_rate_floor = 0;
  // 88 single cases show a margin of 3 points, and 87 do not.
  const auto few = Groups(87, 4, 0);
  const auto enough = Groups(95, 4, 0);
  EXPECT_EQ(Decide(bar, few, &few).decision, Decision::kInconclusive);
  EXPECT_EQ(Decide(bar, enough, &enough).decision, Decision::kPass);
}

TEST(Groups, AttemptsAtACaseAreCountedByCase) {
  // 100 cases of 4 attempts of which 5 always fail tell as much as 100 single ones.
  std::vector<JudgedCase> cases(100);
  for (size_t i = 0; i < cases.size(); ++i) {
    cases[i].attempts = 4;
    cases[i].passed_attempts = i < 5 ? 0 : 4;
    cases[i].outcome = i < 5 ? CaseOutcome::kFailed : CaseOutcome::kPassed;
  }
  cases[0].passed_attempts = 1;
  const VerdictDecision decided = Decide({}, cases);
  EXPECT_EQ(decided.decision, Decision::kInconclusive);
  EXPECT_NEAR(decided.findings.at(0).estimate, 0.9525, 1e-12);
  EXPECT_LT(decided.findings.at(0).lower, 0.905);
  EXPECT_THAT(decided.findings.at(0).message, HasSubstr("95 of 100 passed all 4 attempts, rate"));
  EXPECT_THAT(decided.findings.at(0).message, HasSubstr("100 cases of 4 attempts tell as much as"));
  ASSERT_EQ(decided.pass_all_of.size(), 4u);
  EXPECT_NEAR(decided.pass_all_of[0], 0.9525, 1e-12);
  EXPECT_NEAR(decided.pass_all_of[3], 0.95, 1e-12);
  EXPECT_NEAR(decided.pass_any_of[3], 0.96, 1e-12);
}

TEST(Groups, OfAttemptsThatAllOrAnyHaveToPassEachCaseCountsOnce) {
  std::vector<JudgedCase> cases(400);
  for (size_t i = 0; i < cases.size(); ++i) {
    cases[i].attempts = 2;
    cases[i].passed_attempts = i % 4 == 0 ? 1 : 2;
    cases[i].outcome = i % 4 == 0 ? CaseOutcome::kFailed : CaseOutcome::kPassed;
  }
  Bar bar;
  bar.least_attempts = 2;
  bar.repeat_rule = RepeatRule::kAll;
  const VerdictDecision all = Decide(bar, cases);
  EXPECT_EQ(all.decision, Decision::kBlock);
  EXPECT_DOUBLE_EQ(all.findings.at(0).estimate, 0.75);
  bar.repeat_rule = RepeatRule::kAny;
  const VerdictDecision any = Decide(bar, cases);
  EXPECT_EQ(any.decision, Decision::kPass);
  EXPECT_THAT(any.findings.at(0).message, HasSubstr("400 of 400 passed any of 2 attempts"));
}

}  // namespace
}  // namespace flywheel::evalgate

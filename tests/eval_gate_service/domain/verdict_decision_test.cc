#include "eval_gate_service/domain/verdict_decision.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "shared/testing/status_matchers.h"
#include "tests/eval_gate_service/domain/cases.h"

namespace flywheel::evalgate {
namespace {

using ::testing::HasSubstr;

VerdictDecision DecideOrDie(const std::vector<SuiteCase>& cases, const Outputs& candidate,
                            const Outputs* baseline = nullptr, const Bar& bar = {}) {
  std::vector<JudgedCase> of_baseline;
  if (baseline != nullptr) of_baseline = JudgeCases(cases, *baseline);
  std::vector<JudgedVersion> compared;
  if (baseline != nullptr) compared.push_back({"m0", of_baseline});
  auto decided = DecideVerdict(bar, JudgeCases(cases, candidate), compared);
  EXPECT_OK(decided);
  return decided.ok() ? *decided : VerdictDecision{};
}

bool Has(const VerdictDecision& decided, FindingKind kind) {
  return std::any_of(decided.findings.begin(), decided.findings.end(),
                     [kind](const Finding& finding) { return finding.kind == kind; });
}

TEST(VerdictDecision, PassesACandidateThatReachesEveryBar) {
  const std::vector<SuiteCase> cases = MakeCases(200, "app");
  const Outputs baseline = MakeOutputs(cases, 3);
  const VerdictDecision decided = DecideOrDie(cases, MakeOutputs(cases, 2), &baseline);
  EXPECT_EQ(decided.decision, Decision::kPass);
  EXPECT_EQ(decided.findings.size(), 3u);
}

TEST(VerdictDecision, BlocksACandidateWhoseUpperBoundIsBelowTheFloor) {
  const std::vector<SuiteCase> cases = MakeCases(200);
  const VerdictDecision decided = DecideOrDie(cases, MakeOutputs(cases, 40));
  EXPECT_EQ(decided.decision, Decision::kBlock);
  EXPECT_THAT(decided.findings.at(0).message, HasSubstr("failed: 40 by 'exact'"));
}

// Alpha is halved by every look: a floor and a comparison, alone and in groups, are decided at
// each.
TEST(VerdictDecision, IsGivenHoweverOftenAVersionWasLookedAt) {
  std::vector<SuiteCase> cases = MakeCases(90, "app");
  AddCases(30, "web", cases);
  const Outputs baseline = MakeOutputs(cases, 3);
  const Outputs candidate = MakeOutputs(cases, 9, 2);
  for (const bool in_groups : {false, true}) {
    for (const double alpha : {0.2, 0.05, 1e-9}) {
      for (int look = 0; look <= 64; ++look) {
        std::vector<JudgedCase> judged = JudgeCases(cases, candidate);
        std::vector<JudgedCase> serving = JudgeCases(cases, baseline);
        for (size_t i = 0; in_groups && i < judged.size(); ++i) {
          judged[i].group = serving[i].group = cases[i / 3].case_id;
        }
        const std::vector<JudgedVersion> compared = {{"m0", serving}};
        Bar bar;
        bar.alpha = alpha;
        bar.cohort_margin_cases = 20;
        const auto decided = DecideVerdict(AtLook(bar, look), judged, compared);
        ASSERT_OK(decided) << "look " << look << ", alpha " << alpha;
        if (look > 2) {
          EXPECT_EQ(decided->decision, Decision::kInconclusive);
        }
      }
    }
  }
}

TEST(VerdictDecision, IsInconclusiveBetweenTheBounds) {
  const std::vector<SuiteCase> cases = MakeCases(200);
  EXPECT_EQ(DecideOrDie(cases, MakeOutputs(cases, 14)).decision, Decision::kInconclusive);
}

TEST(VerdictDecision, ErroredCasesFailAndAreTold) {
  const std::vector<SuiteCase> cases = MakeCases(100);
  Outputs answers = MakeOutputs(cases, 0);
  for (size_t i = 0; i < 30; ++i) answers[cases[i].case_id].error = "timeout";
  const VerdictDecision decided = DecideOrDie(cases, answers);
  EXPECT_EQ(decided.decision, Decision::kBlock);
  EXPECT_EQ(decided.findings.at(0).kind, FindingKind::kCohortBelowFloor);
  EXPECT_EQ(decided.findings.at(0).passed, 70);
  EXPECT_TRUE(Has(decided, FindingKind::kErroredCases));
}

TEST(VerdictDecision, AConstantAnswerBlocksAlsoWhereItReachesAFloor) {
  std::vector<SuiteCase> cases = MakeCases(100);
  for (size_t i = 0; i < 80; ++i) cases[i].ideal_output = "other";
  Outputs answers = MakeOutputs(cases, 0);
  for (auto& [id, answer] : answers) answer.output = "other";
  Bar bar;
  bar.pass_rate_floor = 0.7;
  const VerdictDecision decided = DecideOrDie(cases, answers, nullptr, bar);
  EXPECT_EQ(decided.decision, Decision::kBlock);
  EXPECT_EQ(decided.findings.at(0).kind, FindingKind::kConstantOutput);
  EXPECT_EQ(decided.findings.at(1).kind, FindingKind::kCohortAtFloor);
}

TEST(VerdictDecision, AWorseCandidateIsBlockedEvenAboveTheFloor) {
  const std::vector<SuiteCase> cases = MakeCases(1000);
  const Outputs baseline = MakeOutputs(cases, 10);
  const VerdictDecision decided = DecideOrDie(cases, MakeOutputs(cases, 40), &baseline);
  EXPECT_EQ(decided.decision, Decision::kBlock);
  EXPECT_EQ(decided.findings.at(0).kind, FindingKind::kWorseThanBaseline);
  EXPECT_EQ(decided.findings.at(1).kind, FindingKind::kCohortAtFloor);
}

TEST(VerdictDecision, ALossAgainstTheReferenceBlocksWhereTheBaselineLostAsMuch) {
  const std::vector<SuiteCase> cases = MakeCases(1000);
  const Outputs reference = MakeOutputs(cases, 10);
  const Outputs baseline = MakeOutputs(cases, 38);
  const Outputs candidate = MakeOutputs(cases, 40);
  const auto decided = DecideVerdict(
      {}, JudgeCases(cases, candidate),
      {{"serving", JudgeCases(cases, baseline)}, {"best", JudgeCases(cases, reference)}});
  ASSERT_OK(decided);
  EXPECT_EQ(decided->decision, Decision::kBlock);
  EXPECT_EQ(decided->findings.at(0).kind, FindingKind::kWorseThanBaseline);
  EXPECT_EQ(decided->findings.at(0).baseline_model_version, "best");
  const VerdictDecision alone = DecideOrDie(cases, MakeOutputs(cases, 40), &baseline);
  EXPECT_EQ(alone.decision, Decision::kPass);
}

TEST(VerdictDecision, FloorsBaselineAndReferenceShareOneAlpha) {
  // 8 of 8 differing cases lost: a p-value of 1/256, which is between alpha / 3 and alpha / 2.
  Bar bar;
  bar.alpha = 0.0100;
  bar.pass_rate_floor = 0;
  CohortTally whole;
  whole.cases = 400;
  whole.passed = 392;
  whole.baseline_passed = 400;
  whole.regressed = 8;
  const auto kinds = [&](size_t comparisons) {
    std::vector<FindingKind> found_kinds;
    const auto found =
        RuleFindings(bar, {whole}, std::vector<Comparison>(comparisons, {"m0", {whole}}));
    for (const Finding& one : found.value()) {
      if (!one.baseline_model_version.empty()) found_kinds.push_back(one.kind);
    }
    return found_kinds;
  };
  EXPECT_EQ(kinds(1).at(0), FindingKind::kWorseThanBaseline);
  EXPECT_EQ(kinds(2).at(0), FindingKind::kWorseThanBaseline);
  bar.pass_rate_floor = 0.5;
  EXPECT_EQ(kinds(1).at(0), FindingKind::kWorseThanBaseline);
  EXPECT_NE(kinds(2).at(0), FindingKind::kWorseThanBaseline);
}

TEST(VerdictDecision, TellsWhatBlocksThenWhatIsUndecidedThenTheRest) {
  std::vector<SuiteCase> cases = MakeCases(40, "a-fine");
  AddCases(40, "b-undecided", cases);
  AddCases(40, "c-below", cases);
  Outputs answers = MakeOutputs(cases, 32, /*first_wrong=*/78);
  const VerdictDecision decided = DecideOrDie(cases, answers);
  std::vector<Severity> severities;
  for (const Finding& finding : decided.findings) severities.push_back(SeverityOf(finding.kind));
  EXPECT_TRUE(std::is_sorted(severities.begin(), severities.end()));
  EXPECT_EQ(severities.front(), Severity::kBlocks);
  EXPECT_EQ(severities.back(), Severity::kFine);
  EXPECT_EQ(decided.findings.back().cohort, "a-fine");
}

TEST(VerdictDecision, NoMessageTellsAnIdealOutput) {
  const std::vector<SuiteCase> cases = MakeCases(60, "app");
  const Outputs baseline = MakeOutputs(cases, 1);
  for (const Finding& finding : DecideOrDie(cases, MakeOutputs(cases, 20), &baseline).findings) {
    EXPECT_THAT(finding.message, ::testing::Not(HasSubstr("answer case-")));
  }
}

TEST(VerdictDecision, WhatShowsNothingIsNoPass) {
  for (const FindingKind kind : {FindingKind::kErroredCases, FindingKind::kCohortTooSmall,
                                 FindingKind::kBaselineCohortTooSmall}) {
    Finding finding;
    finding.kind = kind;
    EXPECT_EQ(DecisionOf({finding, finding}), Decision::kInconclusive);
  }
}

TEST(VerdictDecision, NothingAtAllIsNoPass) { EXPECT_EQ(DecisionOf({}), Decision::kInconclusive); }

}  // namespace
}  // namespace flywheel::evalgate

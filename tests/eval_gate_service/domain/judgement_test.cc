#include "eval_gate_service/domain/judgement.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "shared/testing/status_matchers.h"
#include "tests/eval_gate_service/domain/cases.h"

namespace flywheel::evalgate {
namespace {

using ::testing::HasSubstr;

Judgement JudgeOrDie(const std::vector<SuiteCase>& cases, const Answers& candidate,
                     const Answers* baseline = nullptr, const SuitePolicy& policy = {}) {
  auto judgement = JudgeAnswers(policy, cases, candidate, baseline);
  EXPECT_OK(judgement);
  return judgement.ok() ? *judgement : Judgement{};
}

bool Has(const Judgement& judgement, FindingKind kind) {
  return std::any_of(judgement.findings.begin(), judgement.findings.end(),
                     [kind](const Finding& finding) { return finding.kind == kind; });
}

TEST(Judgement, PassesACandidateThatReachesEveryBar) {
  const std::vector<SuiteCase> cases = MakeCases(200, "app");
  const Answers baseline = MakeAnswers(cases, 3);
  const Judgement judgement = JudgeOrDie(cases, MakeAnswers(cases, 2), &baseline);
  EXPECT_EQ(judgement.decision, Decision::kPass);
  EXPECT_EQ(judgement.findings.size(), 3u);
}

TEST(Judgement, BlocksACandidateWhoseUpperBoundIsBelowTheFloor) {
  const std::vector<SuiteCase> cases = MakeCases(200);
  const Judgement judgement = JudgeOrDie(cases, MakeAnswers(cases, 40));
  EXPECT_EQ(judgement.decision, Decision::kBlock);
  EXPECT_THAT(judgement.findings.at(0).message, HasSubstr("failed: 40 wrong output"));
}

TEST(Judgement, IsInconclusiveBetweenTheBounds) {
  const std::vector<SuiteCase> cases = MakeCases(200);
  EXPECT_EQ(JudgeOrDie(cases, MakeAnswers(cases, 14)).decision, Decision::kInconclusive);
}

TEST(Judgement, OneMissingCaseBlocksHoweverGoodTheRestIs) {
  const std::vector<SuiteCase> cases = MakeCases(1000);
  Answers answers = MakeAnswers(cases, 0);
  EXPECT_EQ(JudgeOrDie(cases, answers).decision, Decision::kPass);
  answers.erase(cases[17].case_id);
  const Judgement judgement = JudgeOrDie(cases, answers);
  EXPECT_EQ(judgement.decision, Decision::kBlock);
  EXPECT_EQ(judgement.findings.at(0).kind, FindingKind::kMissingCases);
  EXPECT_EQ(judgement.findings.at(0).cases, 1);
  EXPECT_EQ(judgement.findings.at(1).passed, 999);
}

TEST(Judgement, OneDuplicateCaseBlocksEvenWhereItIsRight) {
  const std::vector<SuiteCase> cases = MakeCases(1000);
  Answers answers = MakeAnswers(cases, 0);
  answers[cases[17].case_id].duplicate = true;
  const Judgement judgement = JudgeOrDie(cases, answers);
  EXPECT_EQ(judgement.decision, Decision::kBlock);
  EXPECT_EQ(judgement.findings.at(0).kind, FindingKind::kDuplicateCases);
  EXPECT_EQ(judgement.findings.at(1).passed, 999);
}

TEST(Judgement, ErroredCasesFailAndAreTold) {
  const std::vector<SuiteCase> cases = MakeCases(100);
  Answers answers = MakeAnswers(cases, 0);
  for (size_t i = 0; i < 30; ++i) answers[cases[i].case_id].output.error = "timeout";
  const Judgement judgement = JudgeOrDie(cases, answers);
  EXPECT_EQ(judgement.decision, Decision::kBlock);
  EXPECT_EQ(judgement.findings.at(0).kind, FindingKind::kCohortBelowFloor);
  EXPECT_EQ(judgement.findings.at(0).passed, 70);
  EXPECT_TRUE(Has(judgement, FindingKind::kErroredCases));
}

TEST(Judgement, AConstantAnswerBlocksAlsoWhereItReachesAFloor) {
  std::vector<SuiteCase> cases = MakeCases(100);
  for (size_t i = 0; i < 80; ++i) cases[i].ideal_output = "other";
  Answers answers = MakeAnswers(cases, 0);
  for (auto& [id, answer] : answers) answer.output.output = "other";
  SuitePolicy policy;
  policy.pass_rate_floor = 0.7;
  const Judgement judgement = JudgeOrDie(cases, answers, nullptr, policy);
  EXPECT_EQ(judgement.decision, Decision::kBlock);
  EXPECT_EQ(judgement.findings.at(0).kind, FindingKind::kConstantOutput);
  EXPECT_EQ(judgement.findings.at(1).kind, FindingKind::kCohortAtFloor);
}

TEST(Judgement, AWorseCandidateIsBlockedEvenAboveTheFloor) {
  const std::vector<SuiteCase> cases = MakeCases(1000);
  const Answers baseline = MakeAnswers(cases, 10);
  const Judgement judgement = JudgeOrDie(cases, MakeAnswers(cases, 40), &baseline);
  EXPECT_EQ(judgement.decision, Decision::kBlock);
  EXPECT_EQ(judgement.findings.at(0).kind, FindingKind::kWorseThanBaseline);
  EXPECT_EQ(judgement.findings.at(1).kind, FindingKind::kCohortAtFloor);
}

TEST(Judgement, TellsWhatBlocksThenWhatIsUndecidedThenTheRest) {
  std::vector<SuiteCase> cases = MakeCases(40, "a-fine");
  AddCases(10, "b-undecided", cases);
  AddCases(40, "c-below", cases);
  Answers answers = MakeAnswers(cases, 30, /*first_wrong=*/50);
  const Judgement judgement = JudgeOrDie(cases, answers);
  std::vector<Severity> severities;
  for (const Finding& finding : judgement.findings) severities.push_back(SeverityOf(finding.kind));
  EXPECT_TRUE(std::is_sorted(severities.begin(), severities.end()));
  EXPECT_EQ(severities.front(), Severity::kBlocks);
  EXPECT_EQ(severities.back(), Severity::kFine);
  EXPECT_EQ(judgement.findings.back().cohort, "a-fine");
}

TEST(Judgement, NoMessageTellsAnIdealOutput) {
  const std::vector<SuiteCase> cases = MakeCases(60, "app");
  const Answers baseline = MakeAnswers(cases, 1);
  for (const Finding& finding : JudgeOrDie(cases, MakeAnswers(cases, 20), &baseline).findings) {
    EXPECT_THAT(finding.message, ::testing::Not(HasSubstr("answer case-")));
  }
}

TEST(Decision, NothingAtAllIsNoPass) { EXPECT_EQ(DecisionOf({}), Decision::kInconclusive); }

}  // namespace
}  // namespace flywheel::evalgate

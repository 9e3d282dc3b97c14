#include "eval_gate_service/domain/critical_cases.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "eval_gate_service/domain/verdict_decision.h"
#include "shared/testing/status_matchers.h"
#include "tests/eval_gate_service/domain/cases.h"

namespace flywheel::evalgate {
namespace {

std::vector<JudgedCase> Passed(size_t count) {
  JudgedCase one;
  one.outcome = CaseOutcome::kPassed;
  one.passed_attempts = 1;
  return std::vector<JudgedCase>(count, one);
}

TEST(CriticalCases, OneThatFailsBlocksWhateverTheRateIs) {
  std::vector<JudgedCase> cases = Passed(1'000);
  for (size_t i = 0; i < 5; ++i) cases[i].critical = true;
  EXPECT_FALSE(CriticalCasesFinding({}, cases));
  cases[999].outcome = CaseOutcome::kFailed;
  EXPECT_FALSE(CriticalCasesFinding({}, cases)) << "that one may fail";
  for (const CaseOutcome outcome :
       {CaseOutcome::kFailed, CaseOutcome::kErrored, CaseOutcome::kMissing}) {
    cases[3].outcome = outcome;
    cases[3].passed_attempts = 0;
    const auto decided = DecideVerdict({}, cases, {});
    ASSERT_OK(decided);
    EXPECT_EQ(decided->decision, Decision::kBlock);
    const Finding& finding = decided->findings.at(0);
    EXPECT_EQ(finding.kind, FindingKind::kCriticalCasesFailed);
    EXPECT_EQ(finding.cases, 1);
    EXPECT_THAT(finding.message, ::testing::HasSubstr("1 of 5 critical cases did not pass"));
  }
}

TEST(CriticalCases, OfSeveralAttemptsAllHaveToPassUnlessTheBarAsksForAny) {
  std::vector<JudgedCase> cases = Passed(1);
  cases[0].critical = true;
  cases[0].attempts = 4;
  cases[0].passed_attempts = 3;
  cases[0].outcome = CaseOutcome::kFailed;
  Bar bar;
  bar.least_attempts = 4;
  for (const RepeatRule rule : {RepeatRule::kMean, RepeatRule::kAll}) {
    bar.repeat_rule = rule;
    ASSERT_TRUE(CriticalCasesFinding(bar, cases));
    EXPECT_THAT(CriticalCasesFinding(bar, cases)->message,
                ::testing::HasSubstr("1 of them passed in some attempts"));
  }
  bar.repeat_rule = RepeatRule::kAny;
  EXPECT_FALSE(CriticalCasesFinding(bar, cases));
  cases[0].passed_attempts = 0;
  EXPECT_TRUE(CriticalCasesFinding(bar, cases));
}

}  // namespace
}  // namespace flywheel::evalgate

#include "eval_gate_service/domain/case_value.h"

#include <gtest/gtest.h>

namespace flywheel::evalgate {
namespace {

JudgedCase Tried(int attempts, int passed) {
  JudgedCase one;
  one.attempts = attempts;
  one.passed_attempts = passed;
  one.outcome = attempts == passed ? CaseOutcome::kPassed : CaseOutcome::kFailed;
  return one;
}

Bar Repeats(RepeatRule rule, int attempts) {
  Bar bar;
  bar.repeat_rule = rule;
  bar.least_attempts = attempts;
  return bar;
}

TEST(CaseValue, OfOneAttemptEachRuleSaysTheSame) {
  for (const RepeatRule rule : {RepeatRule::kMean, RepeatRule::kAll, RepeatRule::kAny}) {
    EXPECT_EQ(CaseValue(Repeats(rule, 1), Tried(1, 1)), 1);
    EXPECT_EQ(CaseValue(Repeats(rule, 1), Tried(1, 0)), 0);
  }
}

TEST(CaseValue, OfSeveralAttemptsIsWhatTheRuleMakesOfThem) {
  EXPECT_DOUBLE_EQ(CaseValue(Repeats(RepeatRule::kMean, 4), Tried(4, 3)), 0.75);
  EXPECT_EQ(CaseValue(Repeats(RepeatRule::kAll, 4), Tried(4, 3)), 0);
  EXPECT_EQ(CaseValue(Repeats(RepeatRule::kAll, 4), Tried(4, 4)), 1);
  EXPECT_EQ(CaseValue(Repeats(RepeatRule::kAny, 4), Tried(4, 1)), 1);
  EXPECT_EQ(CaseValue(Repeats(RepeatRule::kAny, 4), Tried(4, 0)), 0);
}

TEST(CaseValue, NobodyGainsByTryingOftenerThanTheBarWants) {
  // 1 of 4 passed: any of 2 of them in half of the choices, though any of 4 did.
  EXPECT_DOUBLE_EQ(CaseValue(Repeats(RepeatRule::kAny, 2), Tried(4, 1)), 0.5);
  // Nor loses: 3 of 4 passed, both of 2 in half of the choices.
  EXPECT_DOUBLE_EQ(CaseValue(Repeats(RepeatRule::kAll, 2), Tried(4, 3)), 0.5);
  EXPECT_EQ(CaseValue(Repeats(RepeatRule::kAny, 8), Tried(4, 4)), 0) << "too few attempts";
}

TEST(CaseValue, RatesOfAttemptsAreMeansOverCases) {
  const PassRatesOfAttempts rates = RatesOfAttempts({Tried(2, 2), Tried(2, 1), Tried(2, 0)});
  ASSERT_EQ(rates.all_of.size(), 2u);
  EXPECT_DOUBLE_EQ(rates.all_of[0], 0.5);
  EXPECT_DOUBLE_EQ(rates.all_of[1], 1.0 / 3.0);
  EXPECT_DOUBLE_EQ(rates.any_of[0], 0.5);
  EXPECT_DOUBLE_EQ(rates.any_of[1], 2.0 / 3.0);
  EXPECT_TRUE(RatesOfAttempts({}).all_of.empty());
}

}  // namespace
}  // namespace flywheel::evalgate

#include "eval_gate_service/domain/cohort_tally.h"

#include <gtest/gtest.h>

#include "tests/eval_gate_service/domain/cases.h"

namespace flywheel::evalgate {
namespace {

std::vector<JudgedCase> Judged(const std::vector<SuiteCase>& cases,
                               const std::vector<CaseOutcome>& outcomes) {
  std::vector<JudgedCase> judged;
  for (size_t i = 0; i < cases.size(); ++i) {
    JudgedCase& added = judged.emplace_back();
    added.cohort = cases[i].cohort;
    added.outcome = outcomes[i];
    added.passed_attempts = outcomes[i] == CaseOutcome::kPassed ? 1 : 0;
  }
  return judged;
}

TEST(CohortTally, CountsPairsByCohortAndAsAWhole) {
  using enum CaseOutcome;
  std::vector<SuiteCase> cases = MakeCases(3, "b");
  AddCases(2, "a", cases);
  AddCases(1, "", cases);
  const auto candidate = Judged(cases, {kPassed, kFailed, kPassed, kErrored, kPassed, kPassed});
  const auto baseline = Judged(cases, {kPassed, kPassed, kFailed, kErrored, kFailed, kPassed});
  const std::vector<CohortTally> tallies = TallyCohorts(candidate, &baseline);
  ASSERT_EQ(tallies.size(), 3u);
  const CohortTally& whole = tallies[0];
  EXPECT_EQ(whole.cohort, "");
  EXPECT_EQ(whole.cases, 6);
  EXPECT_EQ(whole.passed, 4);
  EXPECT_EQ(whole.baseline_passed, 3);
  EXPECT_EQ(whole.regressed, 1);
  EXPECT_EQ(whole.improved, 2);
  EXPECT_EQ(whole.baseline_errors, 1);
  EXPECT_EQ(tallies[1].cohort, "a");
  EXPECT_EQ(tallies[1].improved, 1);
  EXPECT_EQ(tallies[1].regressed, 0);
  EXPECT_EQ(tallies[2].cohort, "b");
  EXPECT_EQ(tallies[2].regressed, 1);
  EXPECT_EQ(tallies[2].improved, 1);
}

TEST(CohortTally, WithoutABaselineCountsWhatPassed) {
  const std::vector<SuiteCase> cases = MakeCases(2, "app");
  const auto tallies =
      TallyCohorts(Judged(cases, {CaseOutcome::kPassed, CaseOutcome::kMissing}), nullptr);
  ASSERT_EQ(tallies.size(), 2u);
  EXPECT_EQ(tallies[1].cases, 2);
  EXPECT_EQ(tallies[1].passed, 1);
  EXPECT_EQ(tallies[1].baseline_passed, 0);
}

}  // namespace
}  // namespace flywheel::evalgate

#include "eval_gate_service/domain/cohort_tally.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

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
  const std::vector<CohortTally> tallies = TallyCohorts({}, candidate, baseline);
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

TEST(CohortTally, CountsACaseInEachOfItsCohorts) {
  std::vector<SuiteCase> cases = MakeCases(3, "app");
  cases[2].cohort = "tier=free";
  auto judged = Judged(cases, {CaseOutcome::kPassed, CaseOutcome::kFailed, CaseOutcome::kPassed});
  const std::vector<std::vector<std::string_view>> by_label = {
      {"region=eu", "ticket=17", "tier=gold"}, {"tier=free"}, {"tier=free"}};
  for (size_t i = 0; i < cases.size(); ++i) judged[i].label_cohorts = by_label[i];
  std::vector<std::string> counted;
  Bar bar;
  bar.cohort_labels = {"region", "tier"};
  for (const CohortTally& one : TallyCohorts(bar, judged, {})) {
    counted.push_back(fmt::format("{} {}/{}", one.cohort, one.passed, one.cases));
  }
  EXPECT_THAT(counted, ::testing::ElementsAre(" 2/3", "app 1/2", "region=eu 1/1", "tier=free 1/2",
                                              "tier=gold 1/1"));
}

TEST(CohortTally, WithoutABaselineCountsWhatPassed) {
  const std::vector<SuiteCase> cases = MakeCases(2, "app");
  const auto tallies =
      TallyCohorts({}, Judged(cases, {CaseOutcome::kPassed, CaseOutcome::kMissing}), {});
  ASSERT_EQ(tallies.size(), 2u);
  EXPECT_EQ(tallies[1].cases, 2);
  EXPECT_EQ(tallies[1].passed, 1);
  EXPECT_EQ(tallies[1].baseline_passed, 0);
}

// Cases of the whole suite, each of so many attempts, of which so many passed.
std::vector<JudgedCase> Tried(int attempts, const std::vector<int>& passed) {
  std::vector<JudgedCase> judged;
  for (const int one : passed) {
    JudgedCase& added = judged.emplace_back();
    added.attempts = attempts;
    added.passed_attempts = one;
    added.outcome = one == attempts ? CaseOutcome::kPassed : CaseOutcome::kFailed;
  }
  return judged;
}

TEST(CohortTally, AttemptsCountAsAShare) {
  const auto candidate = Tried(4, {4, 2, 0, 1});
  const auto baseline = Tried(2, {1, 1, 2, 1});
  const CohortTally whole = TallyCohorts({}, candidate, baseline).at(0);
  EXPECT_EQ(whole.passed, 1);
  EXPECT_EQ(whole.baseline_passed, 1);
  EXPECT_EQ(whole.regressed, 2);
  EXPECT_EQ(whole.improved, 1);
  EXPECT_EQ(whole.attempts, 4);
  EXPECT_EQ(whole.attempts_counted, 2);
  EXPECT_DOUBLE_EQ(whole.rate(), 7.0 / 16.0);
  ASSERT_EQ(whole.clusters.size(), 4u);
  EXPECT_DOUBLE_EQ(whole.clusters[0].improved, 0.5);
  EXPECT_DOUBLE_EQ(whole.clusters[2].regressed, 1.0);
  EXPECT_EQ(whole.clusters[1].regressed + whole.clusters[1].improved, 0);
}

TEST(CohortTally, CasesOfAGroupAreOneClusterInTheirCohort) {
  std::vector<JudgedCase> cases(6);
  for (size_t i = 0; i < cases.size(); ++i) {
    cases[i].outcome = i % 2 == 0 ? CaseOutcome::kPassed : CaseOutcome::kFailed;
    cases[i].cohort = i < 4 ? "a" : "b";
    cases[i].group = i < 3 || i == 4 ? "one" : "";
  }
  const auto tallies = TallyCohorts({}, cases, {});
  ASSERT_EQ(tallies.size(), 3u);
  ASSERT_EQ(tallies[0].clusters.size(), 3u);
  EXPECT_EQ(tallies[0].clusters[0].cases, 4);
  EXPECT_EQ(tallies[0].clusters[0].passed, 3);
  EXPECT_DOUBLE_EQ(tallies[0].groups(), 36.0 / 18.0);
  EXPECT_EQ(tallies[1].clusters.size(), 2u);
  EXPECT_TRUE(tallies[2].clusters.empty()) << "one case of the group, and another one: both single";
  EXPECT_EQ(tallies[2].groups(), 2);
}

}  // namespace
}  // namespace flywheel::evalgate

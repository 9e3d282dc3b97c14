// What would have tipped a verdict, against trying every number by all rules together.
#include "eval_gate_service/domain/tipping_point.h"

#include <gtest/gtest.h>

#include <random>

#include "tests/eval_gate_service/domain/decided_verdict.h"

namespace flywheel::evalgate {
namespace {

VerdictFigures FiguresOrDie(const Verdict& verdict) {
  const std::optional<VerdictFigures> figures = FiguresOf(verdict);
  EXPECT_TRUE(figures.has_value());
  return figures.value_or(VerdictFigures{});
}

// The fewest failures of any cohort that end a PASS, one after the other.
int64_t TryEveryNumber(const VerdictFigures& figures) {
  int64_t fewest = figures.tallies.front().passed;
  std::vector<CohortTally> tallies = figures.tallies;
  for (const Comparison& one : figures.comparisons) {
    tallies.insert(tallies.end(), one.tallies.begin(), one.tallies.end());
  }
  for (const CohortTally& tally : tallies) {
    for (int64_t failures = 1; failures <= std::min(tally.passed, fewest); ++failures) {
      const auto decision = DecideFigures(WithFailed(figures, tally.cohort, failures));
      EXPECT_OK(decision);
      if (*decision == Decision::kPass) continue;
      fewest = failures;
      break;
    }
  }
  return fewest;
}

// Cohorts of which most pass, and how one or two other versions stand beside them.
Verdict RandomVerdict(std::mt19937& chance) {
  const auto pick = [&](int64_t from, int64_t to) {
    return std::uniform_int_distribution<int64_t>(from, to)(chance);
  };
  Bar bar;
  bar.pass_rate_floor = pick(0, 3) == 0 ? 0 : 0.8;
  bar.non_inferiority_margin = 0.1;
  bar.cohort_margin = 0.2;
  bar.cohort_margin_cases = 60;
  const int64_t cohorts = pick(1, 9);
  std::vector<CohortTally> alone;
  std::vector<Comparison> comparisons;
  if (pick(0, 3) > 0 || bar.pass_rate_floor == 0) comparisons.push_back({"m1", {}});
  if (!comparisons.empty() && pick(0, 1) > 0) comparisons.push_back({"m0", {}});
  for (int64_t i = 0; i < cohorts; ++i) {
    const std::string name = "cohort-" + std::to_string(i);
    const int64_t cases = pick(0, 2) == 0 ? pick(1, 12) : pick(10, 200);
    const int64_t failed = pick(0, cases / 20);
    alone.push_back(MakeTally(name, cases, cases - failed));
    for (Comparison& one : comparisons) {
      one.tallies.push_back(
          MakePair(name, cases, cases - failed, pick(0, failed), pick(0, cases / 20)));
    }
  }
  if (pick(0, 3) == 0) bar.cohort_floors["cohort-0"] = 0.6;
  for (Comparison& one : comparisons) one.tallies = WithWhole(one.tallies);
  return DecideTallies(bar, static_cast<int>(pick(0, 2)), WithWhole(alone), comparisons);
}

TEST(TippingPoint, OfAPassIsWhatTryingEveryNumberFinds) {
  std::mt19937 chance(20'261'130);
  int passes = 0;
  for (int i = 0; i < 400; ++i) {
    const Verdict verdict = RandomVerdict(chance);
    const VerdictFigures figures = FiguresOrDie(verdict);
    if (verdict.decision != Decision::kPass) continue;
    ++passes;
    const auto tip = FewestToTip(figures);
    ASSERT_OK(tip);
    ASSERT_TRUE(tip->has_value()) << i;
    EXPECT_EQ((*tip)->failures, TryEveryNumber(figures)) << i;
    EXPECT_NE((*tip)->becomes, Decision::kPass);
  }
  EXPECT_GT(passes, 50) << "else nothing was tried";
}

TEST(TippingPoint, OfABlockIsTheFirstNumberThatDoesNotBlock) {
  Bar bar;
  const Verdict verdict = DecideTallies(
      bar, 1, WithWhole({MakeTally("app", 200, 190), MakeTally("web", 100, 70)}),
      {{"m1", WithWhole({MakePair("app", 200, 190, 2, 2), MakePair("web", 100, 70, 25, 1)})}});
  ASSERT_EQ(verdict.decision, Decision::kBlock);
  const VerdictFigures figures = FiguresOrDie(verdict);
  int blocks = 0;
  for (const Finding& finding : verdict.findings) {
    if (SeverityOf(finding.kind) != Severity::kBlocks) continue;
    ++blocks;
    const auto cases = FewestToUnblock(figures, finding);
    ASSERT_OK(cases);
    ASSERT_TRUE(cases->has_value()) << finding.message;
    for (const int64_t fewer : {**cases - 1, **cases}) {
      const auto found = FindAgain(WithPassed(figures, finding.cohort, fewer), finding);
      ASSERT_OK(found);
      EXPECT_EQ(SeverityOf((*found)->kind) == Severity::kBlocks, fewer < **cases) << fewer;
    }
  }
  EXPECT_GE(blocks, 2);
}

TEST(TippingPoint, OfADoubtIsTheFirstNumberThatShowsIt) {
  Bar bar;
  const Verdict verdict =
      DecideTallies(bar, 1, {MakeTally("", 200, 187)}, {{"m1", {MakePair("", 200, 187, 8, 3)}}});
  ASSERT_EQ(verdict.decision, Decision::kInconclusive);
  const VerdictFigures figures = FiguresOrDie(verdict);
  for (const Finding& finding : verdict.findings) {
    const auto cases = FewestToShow(figures, finding);
    ASSERT_OK(cases);
    ASSERT_TRUE(cases->has_value()) << finding.message;
    for (const int64_t more : {**cases - 1, **cases}) {
      const auto found = FindAgain(WithPassed(figures, "", more), finding);
      ASSERT_OK(found);
      EXPECT_EQ(SeverityOf((*found)->kind) == Severity::kFine, more == **cases) << more;
    }
  }
}

TEST(VerdictFigures, AreNoneWhereTheRulesSaySomethingElse) {
  Verdict verdict = DecideTallies({}, 1, {MakeTally("", 200, 150)});
  ASSERT_EQ(verdict.decision, Decision::kBlock);
  EXPECT_TRUE(FiguresOf(verdict).has_value());
  Verdict other = verdict;
  other.decision = Decision::kPass;
  EXPECT_FALSE(FiguresOf(other).has_value());
  other = verdict;
  other.findings[0].passed += 1;
  EXPECT_FALSE(FiguresOf(other).has_value());
  other.findings[0].passed = 201;
  EXPECT_FALSE(FiguresOf(other).has_value()) << "more than there are";
  other = verdict;
  other.baseline_model_version = "m1";
  EXPECT_FALSE(FiguresOf(other).has_value()) << "it says nothing of the version";
  other = verdict;
  other.findings.clear();
  EXPECT_FALSE(FiguresOf(other).has_value());
}

// Groups of four, of which some lost a case and some gained one.
CohortTally InGroups(int groups, int lost, int gained) {
  CohortTally tally = MakePair("", int64_t{4} * groups, int64_t{4} * groups - lost, lost, gained);
  for (int i = 0; i < groups; ++i) {
    tally.clusters.push_back(
        {4, i < lost ? 3.0 : 4.0, i < lost ? 1.0 : 0.0, i >= groups - gained ? 1.0 : 0.0});
  }
  return tally;
}

double PassedIn(const CohortTally& tally) {
  double passed = 0;
  for (const ClusterTally& one : tally.clusters) passed += one.passed;
  return passed;
}

TEST(VerdictFigures, OfGroupsChangeOneCaseOfEachInTurn) {
  VerdictFigures figures;
  figures.tallies = {InGroups(30, 10, 5)};
  EXPECT_TRUE(figures.clustered());
  const CohortTally passed = WithPassed(figures, "", 7).tallies[0];
  EXPECT_EQ(passed.passed, figures.tallies[0].passed + 7);
  EXPECT_DOUBLE_EQ(PassedIn(passed), PassedIn(figures.tallies[0]) + 7);
  EXPECT_EQ(passed.regressed, 3);
  for (const ClusterTally& one : passed.clusters) EXPECT_LE(one.passed, one.cases);
  const CohortTally failed = WithFailed(figures, "", 40).tallies[0];
  EXPECT_DOUBLE_EQ(PassedIn(failed), PassedIn(figures.tallies[0]) - 40);
  for (const ClusterTally& one : failed.clusters) {
    EXPECT_GE(one.passed, 1);
    EXPECT_LE(one.regressed, 3) << "no group loses much more than the others";
  }
}

TEST(VerdictFigures, OfGroupsTipAsTheRulesSay) {
  Bar bar;
  const std::vector<CohortTally> alone = {InGroups(100, 2, 0)};
  const std::vector<Comparison> beside = {{"m1", {InGroups(100, 2, 2)}}};
  const Verdict verdict = DecideTallies(bar, 1, alone, beside);
  ASSERT_EQ(verdict.decision, Decision::kPass);
  EXPECT_FALSE(FiguresOf(verdict).has_value()) << "counts do not say how cases share groups";
  const std::optional<VerdictFigures> figures = FiguresOf(verdict, alone, beside);
  ASSERT_TRUE(figures.has_value());
  const auto tip = FewestToTip(*figures);
  ASSERT_OK(tip);
  ASSERT_TRUE(tip->has_value());
  EXPECT_EQ(*DecideFigures(WithFailed(*figures, "", (*tip)->failures - 1)), Decision::kPass);
  EXPECT_EQ(*DecideFigures(WithFailed(*figures, "", (*tip)->failures)), (*tip)->becomes);
  EXPECT_NE((*tip)->becomes, Decision::kPass);
  EXPECT_FALSE(FiguresOf(verdict, {InGroups(100, 3, 0)}, beside).has_value()) << "other cases";
}

}  // namespace
}  // namespace flywheel::evalgate

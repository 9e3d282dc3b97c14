#include "eval_gate_service/domain/baseline_rule.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "eval_gate_service/domain/paired_bound.h"
#include "shared/testing/status_matchers.h"
#include "tests/eval_gate_service/domain/cases.h"

namespace flywheel::evalgate {
namespace {

using ::testing::HasSubstr;

CaseOutcome Outcome(bool passed) {
  return passed ? CaseOutcome::kPassed : CaseOutcome::kWrongOutput;
}

// Pairs that differ as told; the rest passed on both sides.
struct Pairs {
  std::vector<SuiteCase> cases;
  std::vector<JudgedCase> candidate;
  std::vector<JudgedCase> baseline;

  Pairs(int count, int only_baseline, int only_candidate) : cases(MakeCases(count)) {
    for (int i = 0; i < count; ++i) {
      const SuiteCase* one = &cases[static_cast<size_t>(i)];
      candidate.push_back({one, nullptr, Outcome(i >= only_baseline)});
      const bool lost = i >= only_baseline && i < only_baseline + only_candidate;
      baseline.push_back({one, nullptr, Outcome(!lost)});
    }
  }

  Finding Compare(const SuitePolicy& policy = {}) const {
    auto finding = BaselineFinding(policy, candidate, baseline);
    EXPECT_OK(finding);
    return finding.ok() ? *finding : Finding{};
  }
};

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
  EXPECT_EQ(Pairs(87, 0, 0).Compare().kind, FindingKind::kBaselineUndecided);
  EXPECT_EQ(Pairs(88, 0, 0).Compare().kind, FindingKind::kNotWorseThanBaseline);
  EXPECT_EQ(Pairs(20, 0, 0).Compare().cases_needed, 88);
}

struct PairsCase {
  int cases;
  int only_baseline;
  int only_candidate;
  FindingKind want;
};

class BaselineTable : public ::testing::TestWithParam<PairsCase> {};

TEST_P(BaselineTable, DecidesByMcNemarAndByTheMargin) {
  const PairsCase& param = GetParam();
  const Finding finding = Pairs(param.cases, param.only_baseline, param.only_candidate).Compare();
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
  const Finding finding = Pairs(1319, 383, 95).Compare();
  EXPECT_EQ(finding.cases, 1319);
  EXPECT_EQ(finding.passed, 936);
  EXPECT_NEAR(finding.estimate, -288.0 / 1319, 1e-12);
  EXPECT_LT(finding.lower, finding.estimate);
  EXPECT_GT(finding.upper, finding.estimate);
  EXPECT_DOUBLE_EQ(finding.bar, -0.03);
  EXPECT_LT(finding.p_value, 1e-30);
  EXPECT_THAT(finding.message, HasSubstr("383 only by the baseline, 95 only by the candidate"));
}

TEST(BaselineRule, TheNumberOfCasesThatItAsksForDecides) {
  for (const auto& [lost, won] : {std::pair(4, 0), std::pair(20, 20), std::pair(11, 10)}) {
    const Finding finding = Pairs(200, lost, won).Compare();
    ASSERT_EQ(finding.kind, FindingKind::kBaselineUndecided) << finding.message;
    ASSERT_GT(finding.cases_needed, 200);
    // Twice as many, for the rounding of the counts.
    const int factor = static_cast<int>(finding.cases_needed / 200 + 1) * 2;
    EXPECT_NE(Pairs(200 * factor, lost * factor, won * factor).Compare().kind,
              FindingKind::kBaselineUndecided);
  }
}

TEST(BaselineRule, ADuplicateOfTheBaselineNeverFlattersTheCandidate) {
  Pairs pairs(100, 0, 0);
  for (size_t i = 0; i < 5; ++i) {
    pairs.candidate[i].outcome = CaseOutcome::kWrongOutput;
    pairs.baseline[i].outcome = CaseOutcome::kDuplicate;
  }
  EXPECT_EQ(pairs.Compare().kind, FindingKind::kWorseThanBaseline);
  for (size_t i = 0; i < 5; ++i) pairs.baseline[i].outcome = CaseOutcome::kErrored;
  EXPECT_THAT(pairs.Compare().message, HasSubstr("the baseline failed 5 cases by an error"));
}

TEST(BaselineRule, AnEqualCandidateIsNeverBlocked) {
  std::mt19937_64 random(7);
  for (int run = 0; run < 200; ++run) {
    const int count = std::uniform_int_distribution<int>(1, 400)(random);
    std::bernoulli_distribution passes(std::uniform_real_distribution<double>(0, 1)(random));
    Pairs pairs(count, 0, 0);
    for (size_t i = 0; i < pairs.cases.size(); ++i) {
      pairs.candidate[i].outcome = pairs.baseline[i].outcome = Outcome(passes(random));
    }
    EXPECT_NE(pairs.Compare().kind, FindingKind::kWorseThanBaseline);
  }
}

// The share of `runs` in which a pair of versions that lose and win with these chances gets `kind`.
double ShareOf(FindingKind kind, int cases, double lost, double won, int runs, uint64_t seed) {
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<double> uniform(0, 1);
  int found = 0;
  for (int run = 0; run < runs; ++run) {
    Pairs pairs(cases, 0, 0);
    for (size_t i = 0; i < pairs.cases.size(); ++i) {
      const double draw = uniform(random);
      if (draw < lost) pairs.candidate[i].outcome = CaseOutcome::kWrongOutput;
      if (draw >= lost && draw < lost + won) {
        pairs.baseline[i].outcome = CaseOutcome::kWrongOutput;
      }
    }
    found += pairs.Compare().kind == kind ? 1 : 0;
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
  const double limit = 0.05 + 3 * std::sqrt(0.05 * 0.95 / kRuns);
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

// Verdicts in words: a row for each that can be said.
#include "eval_gate_service/domain/verdict_explanation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <vector>

#include "tests/eval_gate_service/domain/decided_verdict.h"

namespace flywheel::evalgate {
namespace {

VerdictExplanation ExplainOrDie(const Verdict& verdict) {
  auto explanation = ExplainVerdict(verdict, FiguresOf(verdict));
  EXPECT_OK(explanation);
  return explanation.ok() ? *std::move(explanation) : VerdictExplanation{};
}

// A finding that no count decides, alone.
Verdict WithOther(FindingKind kind, int64_t cases, double share) {
  Verdict verdict = DecideTallies({}, 1, {MakeTally("", 100, 100)});
  Finding finding;
  finding.kind = kind;
  finding.cases = cases;
  finding.estimate = share;
  finding.bar = 0.9;
  verdict.findings.insert(verdict.findings.begin(), finding);
  verdict.decision = DecisionOf(verdict.findings);
  return verdict;
}

Verdict OfOtherRules() {
  Verdict verdict = DecideTallies({}, 1, {MakeTally("", 200, 150)});
  verdict.findings[0].p_value = 0.04;
  return verdict;
}

CohortTally OneGroup() {
  CohortTally tally = MakeTally("", 400, 400);
  tally.clusters = {{400, 400}};
  return tally;
}

Bar WithFloorFor(const std::string& cohort, double floor) {
  Bar bar;
  bar.cohort_floors[cohort] = floor;
  return bar;
}

Bar WithFloor(double floor) {
  Bar bar;
  bar.pass_rate_floor = floor;
  return bar;
}

Bar WithoutFloor() {
  Bar bar;
  bar.pass_rate_floor = 0;
  return bar;
}

Comparison Beside(const char* version, const CohortTally& whole) { return {version, {whole}}; }

struct Row {
  const char* name;
  Verdict verdict;
  std::string summary;
  // Of the first finding; empty where none decides.
  std::string message;
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }

std::vector<Row> Rows() {
  return {
      {"AFloorThatIsMissed", DecideTallies({}, 1, {MakeTally("", 200, 170)}),
       "BLOCK, because one finding blocks. With 7 more passed cases in the whole suite it would "
       "have been INCONCLUSIVE.",
       "floor of 0.92 for the whole suite: blocks, because the p-value of being below it is "
       "0.000659, and 0.045 or less blocks; with 7 more passed cases it would not have blocked."},
      {"AFloorThatIsMissedInACohort",
       DecideTallies({}, 1, WithWhole({MakeTally("app", 300, 295), MakeTally("web", 40, 29)})),
       "BLOCK, because one finding blocks. With 4 more passed cases in cohort 'web' it would have "
       "been INCONCLUSIVE.",
       "floor of 0.92 for cohort 'web': blocks, because the p-value of being below it is 0.000667, "
       "and 0.045 or less blocks; with 4 more passed cases it would not have blocked."},
      {"ALossAgainstTheBaseline",
       DecideTallies({}, 1, {MakeTally("", 1'000, 960)},
                     {Beside("m1", MakePair("", 1'000, 960, 35, 5))}),
       "BLOCK, because one finding blocks. With 21 fewer regressed cases in the whole suite it "
       "would have been PASS.",
       "comparison with the baseline 'm1' in the whole suite: blocks, because the p-value of being "
       "worse is 6.91e-07, and 0.0225 or less blocks; with 21 fewer regressed cases it would not "
       "have blocked."},
      {"ALossAgainstTheReference",
       DecideTallies({}, 1, {MakeTally("", 1'000, 960)},
                     {Beside("m1", MakePair("", 1'000, 960, 5, 5)),
                      Beside("m0", MakePair("", 1'000, 960, 35, 5))}),
       "BLOCK, because one finding blocks. With 20 fewer regressed cases in the whole suite it "
       "would have been PASS.",
       "comparison with the reference 'm0' in the whole suite: blocks, because the p-value of "
       "being worse is 6.91e-07, and 0.015 or less blocks; with 20 fewer regressed cases it would "
       "not have blocked."},
      {"MoreThanOneThatBlocks",
       DecideTallies({}, 1, {MakeTally("", 200, 150)},
                     {Beside("m1", MakePair("", 200, 150, 45, 1))}),
       "BLOCK, because 2 findings block, each by itself: all of them would have had to be others.",
       "floor of 0.92 for the whole suite: blocks, because the p-value of being below it is "
       "3.21e-13, and 0.0225 or less blocks; with 26 more passed cases it would not have blocked."},
      {"ConstantAnswers", WithOther(FindingKind::kConstantOutput, 96, 0.96),
       "BLOCK, because one finding blocks.",
       "rule against constant answers: blocks, because 0.96 of the answers are one and the same, "
       "more than 0.9; with 6 other answers it would not have blocked."},
      {"MissingAnswersOfBefore", WithOther(FindingKind::kMissingCases, 3, 0),
       "BLOCK, because one finding blocks.",
       "completeness of the answers: blocks, because of 3 incomplete cases."},
      {"ACriticalCaseThatFailed", WithOther(FindingKind::kCriticalCasesFailed, 2, 0),
       "BLOCK, because one finding blocks.",
       "rule that critical cases pass: blocks, because of 2 critical cases that failed, and none "
       "may."},
      {"OneGroup", DecideTallies({}, 0, {OneGroup()}),
       "INCONCLUSIVE, because nothing blocks and one finding decides nothing. What would have "
       "changed it cannot be told: the rules of this program do not find in its counts alone what "
       "it says.",
       "floor of 0.92 for the whole suite: decides nothing, because all its cases are of one "
       "group, which does not show how groups vary."},
      {"AFloorInDoubt", DecideTallies({}, 1, {MakeTally("", 200, 188)}),
       "INCONCLUSIVE, because nothing blocks and one finding decides nothing. A version of the "
       "suite with more cases may decide it at the next look.",
       "floor of 0.92 for the whole suite: decides nothing, because the rate, 0.940, is neither "
       "shown to reach it nor shown to be below it; at this rate about 889 more cases would decide "
       "it, and 2111 more cases at the alpha of the next look, 0.0025; with 3 more passed cases "
       "among them it would have held."},
      {"ACohortInDoubtThatTheNextLookDoesNotAsk",
       DecideTallies(WithFloor(0.8), 1,
                     WithWhole({MakeTally("app", 300, 299), MakeTally("web", 20, 18)})),
       "INCONCLUSIVE, because nothing blocks and one finding decides nothing. A version of the "
       "suite with more cases may decide it at the next look.",
       "floor of 0.8 for cohort 'web': decides nothing, because the rate, 0.900, is neither shown "
       "to reach it nor shown to be below it; at this rate about 67 more cases would decide it; at "
       "the alpha of the next look, 0.0025, fewer than 27 cases of it are not asked; with 2 more "
       "passed cases among them it would have held."},
      {"AFloorInDoubtAtTheLastLook", DecideTallies({}, 3, {MakeTally("", 200, 188)}),
       "INCONCLUSIVE, because nothing blocks and one finding decides nothing. It was the last "
       "look: only another version can be judged.",
       "floor of 0.92 for the whole suite: decides nothing, because the rate, 0.940, is neither "
       "shown to reach it nor shown to be below it; at this rate about 2402 more cases would "
       "decide it; with 7 more passed cases among them it would have held."},
      {"AFloorInDoubtOfAnExploration", DecideTallies({}, 0, {MakeTally("", 200, 188)}),
       "INCONCLUSIVE, because nothing blocks and one finding decides nothing.",
       "floor of 0.92 for the whole suite: decides nothing, because the rate, 0.940, is neither "
       "shown to reach it nor shown to be below it; at this rate about 844 more cases would decide "
       "it; with 3 more passed cases among them it would have held."},
      {"ARateAtItsFloor", DecideTallies({}, 1, {MakeTally("", 200, 184)}),
       "INCONCLUSIVE, because nothing blocks and one finding decides nothing. A version of the "
       "suite with more cases may decide it at the next look.",
       "floor of 0.92 for the whole suite: decides nothing, because the rate, 0.920, is neither "
       "shown to reach it nor shown to be below it; at this rate no number of cases would decide "
       "it; with 7 more passed cases among them it would have held."},
      {"AFloorOfACohortWithoutACase",
       DecideTallies(WithFloorFor("vip", 0.9), 1, {MakeTally("", 200, 200)}),
       "INCONCLUSIVE, because nothing blocks and one finding decides nothing. A version of the "
       "suite with more cases may decide it at the next look.",
       "floor of 0.9 for cohort 'vip': decides nothing, because there is no case of it; 30 more "
       "cases, all passed, would show it."},
      {"AComparisonInDoubt",
       DecideTallies(WithoutFloor(), 1, {MakeTally("", 200, 180)},
                     {Beside("m1", MakePair("", 200, 180, 9, 6))}),
       "INCONCLUSIVE, because nothing blocks and one finding decides nothing. A version of the "
       "suite with more cases may decide it at the next look.",
       "comparison with the baseline 'm1' in the whole suite: decides nothing, because the "
       "difference, -0.015, is neither shown to lie above -0.03 nor shown to be a loss; at this "
       "rate about 1940 more cases would decide it, and 4225 more cases at the alpha of the next "
       "look, 0.0025; with 4 more passed cases among them it would have held."},
      {"AComparisonWithWhatPassesNothing",
       DecideTallies(WithoutFloor(), 1, {MakeTally("", 200, 180)},
                     {Beside("m1", MakePair("", 200, 180, 0, 180))}),
       "INCONCLUSIVE, because nothing blocks and one finding decides nothing. A version of the "
       "suite with more cases may decide it at the next look.",
       "comparison with the baseline 'm1' in the whole suite: decides nothing, because that "
       "version passes nothing, and to be no worse than that proves nothing."},
      {"TwoInDoubt",
       DecideTallies({}, 2, {MakeTally("", 200, 188)},
                     {Beside("m1", MakePair("", 200, 188, 9, 6))}),
       "INCONCLUSIVE, because nothing blocks and 2 findings decide nothing. A version of the suite "
       "with more cases may decide it at the next look.",
       "floor of 0.92 for the whole suite: decides nothing, because the rate, 0.940, is neither "
       "shown to reach it nor shown to be below it; at this rate about 2111 more cases would "
       "decide it, and 2402 more cases at the alpha of the next look, 0.00125; with 7 more passed "
       "cases among them it would have held."},
      {"AFloorThatIsShown", DecideTallies({}, 1, {MakeTally("", 200, 198)}),
       "PASS, because the one finding that was asked for holds. With 8 more failures in the whole "
       "suite it would have been INCONCLUSIVE.",
       "floor of 0.92 for the whole suite: holds, because the lower bound of the rate, 0.9682, "
       "reaches it."},
      {"APassWithTheWeakestCohort",
       DecideTallies(
           {}, 1, WithWhole({MakeTally("app", 400, 395), MakeTally("web", 60, 60)}),
           {{"m1", WithWhole({MakePair("app", 400, 395, 1, 1), MakePair("web", 60, 60, 0, 0)})}}),
       "PASS, because all 6 findings that were asked for hold. With 2 more failures in cohort "
       "'web', of cases that the compared version passed, it would have been INCONCLUSIVE.",
       "floor of 0.92 for the whole suite: holds, because the lower bound of the rate, 0.9769, "
       "reaches it."},
      {"APassWithoutAFloor",
       DecideTallies(WithoutFloor(), 0, {MakeTally("", 500, 400)},
                     {Beside("m1", MakePair("", 500, 400, 3, 3))}),
       "PASS, because the one finding that was asked for holds. With 7 more failures in the whole "
       "suite, of cases that the compared version passed, it would have been BLOCK.",
       "comparison with the baseline 'm1' in the whole suite: holds, because the lower bound of "
       "the difference, -0.0097, lies above -0.03."},
      {"OtherRules", OfOtherRules(),
       "BLOCK, because one finding blocks. What would have changed it cannot be told: the rules of "
       "this program do not find in its counts alone what it says.",
       "floor of 0.92 for the whole suite: blocks, because the p-value of being below it is 0.04."},
  };
}

class Explanations : public ::testing::TestWithParam<Row> {};

std::string NameOfRow(const ::testing::TestParamInfo<Row>& row) { return row.param.name; }

INSTANTIATE_TEST_SUITE_P(All, Explanations, ::testing::ValuesIn(Rows()), NameOfRow);

TEST_P(Explanations, SaysWhatDecidedAndWhatWouldHaveChangedIt) {
  const VerdictExplanation explanation = ExplainOrDie(GetParam().verdict);
  EXPECT_EQ(explanation.summary, GetParam().summary);
  EXPECT_EQ(explanation.findings.empty() ? "" : explanation.findings[0].message,
            GetParam().message);
}

}  // namespace
}  // namespace flywheel::evalgate

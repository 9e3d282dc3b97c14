// ROUGE-L, chrF, list match and ground truth match.
#include <gtest/gtest.h>

#include <string>

#include "eval_gate_service/evaluators/chrf.h"
#include "eval_gate_service/evaluators/rouge_l.h"
#include "tests/eval_gate_service/evaluators/evaluate.h"

namespace flywheel::evalgate::evaluators {
namespace {

TEST(RougeL, IsThatOfThePaperAndOfRougeScore) {
  // Lin 2004, section 3.1, with beta 1; and as the package rouge-score says.
  EXPECT_DOUBLE_EQ(RougeL("police kill the gunman", "police killed the gunman"), 0.75);
  EXPECT_DOUBLE_EQ(RougeL("the gunman kill police", "police killed the gunman"), 0.5);
  EXPECT_DOUBLE_EQ(RougeL("the quick brown fox jumps", "the brown dog jumps over the quick fox"),
                   6.0 / 13);
  EXPECT_DOUBLE_EQ(RougeL("", ""), 1);
  EXPECT_DOUBLE_EQ(RougeL("?!", "word"), 0);
  EXPECT_DOUBLE_EQ(RougeL("\u5317\u4eac", "\u5317 \u4eac"), 1);
}

TEST(ChrF, IsThatOfSacreBleu) {
  EXPECT_NEAR(ChrF("the cat sat on the mat", "the cat is on the mat"), 0.645779420625287, 1e-12);
  EXPECT_NEAR(ChrF("Paris", "paris"), 0.5433333333333333, 1e-12);
  EXPECT_NEAR(ChrF("abc", "abcdefgh"), 0.32250580046403704, 1e-12);
  EXPECT_NEAR(ChrF("na\u00efve caf\u00e9", "naive cafe"), 0.39411375661375664, 1e-12);
  EXPECT_DOUBLE_EQ(ChrF("ab", "a b"), 1);
  EXPECT_DOUBLE_EQ(ChrF("x", "y"), 0);
  EXPECT_DOUBLE_EQ(ChrF("", ""), 1);
  EXPECT_DOUBLE_EQ(ChrF("", "a"), 0);
  EXPECT_DOUBLE_EQ(ChrF("e\u0301t\u00e9", "\u00e9te\u0301"), 1);
}

TEST(Overlap, TakesTheBestIdeal) {
  Case one;
  one.ideal_outputs = {"", "something else", "the answer"};
  for (const char* kind : {"rouge_l", "chrf"}) {
    const auto evaluator = Make(kind, "", 0.9);
    EXPECT_TRUE(evaluator->Evaluate(one, Said("the answer")).passed) << kind;
    EXPECT_EQ(evaluator->Evaluate(one, Said("")).score, 0) << kind;
  }
}

TEST(ListMatch, PairsElementsInAnyOrder) {
  const auto list = Make("list_match", "", 0.5);
  EXPECT_EQ(ScoreOf(*list, R"(["red", "green"])", "- Green\n- red\n"), 1);
  EXPECT_EQ(ScoreOf(*list, "red\ngreen", "1. green\n2) red"), 1);
  EXPECT_EQ(ScoreOf(*list, R"([1, {"a": 2}])", "```json\n[{\"a\":2}, 1]\n```"), 1);
  // One of two found, three said: 2 * 1 / 5. Twice the same counts once.
  EXPECT_DOUBLE_EQ(ScoreOf(*list, "red\ngreen", "red\nblue\npink"), 0.4);
  EXPECT_DOUBLE_EQ(ScoreOf(*list, "red\ngreen", "red\nred"), 0.5);
  EXPECT_EQ(ScoreOf(*list, "red\ngreen", " \n"), 0);
  EXPECT_EQ(ScoreOf(*list, "red\ngreen", "[]"), 0);
  EXPECT_EQ(list->Evaluate(Ideal("[]"), Said("red")).state, State::kNotApplicable);
}

TEST(ListMatch, AsksForTheBestPairsOfLikeElements) {
  const auto list = Make("list_match", R"({"similarity": "levenshtein", "separator": ","})", 0.5);
  // "abcd" is as good for both ideals; the other one is good for the first alone.
  EXPECT_DOUBLE_EQ(ScoreOf(*list, "abcd, abcx", "abcx, abcd"), 1);
  EXPECT_DOUBLE_EQ(ScoreOf(*list, "abcd", "abcx"), 0.75);
  const auto words = Make("list_match", R"({"similarity": "token_f1"})", 0.5);
  EXPECT_DOUBLE_EQ(ScoreOf(*words, "red apple", "apple pie"), 0.5);
}

TEST(ListMatch, FailsListsThatAreTooLong) {
  std::string longest = "x";
  for (int i = 1; i < 128; ++i) longest += "\nx";
  const auto list = Make("list_match", "", 0.5);
  EXPECT_EQ(list->Evaluate(Ideal("x"), Said(longest)).state, State::kMeasured);
  EXPECT_EQ(list->Evaluate(Ideal("x"), Said(longest + "\nx")).state, State::kFailed);
  EXPECT_EQ(list->Evaluate(Ideal(longest + "\nx"), Said("x")).state, State::kNotApplicable);
}

TEST(GroundTruthMatch, FindsAShortAnswerInRunningText) {
  const auto match = Make("ground_truth_match", "", 0.9);
  EXPECT_EQ(ScoreOf(*match, "The Eiffel Tower", "It is the Eiffel Tower, in Paris."), 1);
  EXPECT_EQ(ScoreOf(*match, "$1,200", "First 300, then 900: it makes 1200 dollars."), 1);
  EXPECT_EQ(ScoreOf(*match, "1,200", "1200 is not it, 1300 is"), 0);
  EXPECT_LT(ScoreOf(*match, "Paris", "It is not in Paris"), 0.9);
  EXPECT_LT(ScoreOf(*match, "Paris", "I do not know"), 0.9);
  EXPECT_LT(ScoreOf(*match, "art", "party"), 0.9);
  EXPECT_EQ(ScoreOf(*match, "Paris", ""), 0);
  // A long answer is compared as a bag: 4 of 6 and of 7 words.
  EXPECT_DOUBLE_EQ(
      ScoreOf(*match, "we send back your money within days", "your money comes back within weeks"),
      8.0 / 13);
}

}  // namespace
}  // namespace flywheel::evalgate::evaluators

// Groundedness and context relevance, and the support under them.
#include "eval_gate_service/evaluators/groundedness.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "eval_gate_service/evaluators/content_words.h"
#include "eval_gate_service/evaluators/support.h"
#include "tests/eval_gate_service/evaluators/evaluate.h"
#include "tests/eval_gate_service/evaluators/grounded_items.h"
#include "tests/eval_gate_service/evaluators/ranking.h"

namespace flywheel::evalgate::evaluators {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

Case With(std::vector<std::string> contexts) {
  Case one;
  one.contexts = std::move(contexts);
  return one;
}

TEST(SentencesOf, HaveContentWords) {
  const auto sentences = SentencesOf("The cards are not sent. They cost 1.50 euros!\nOf it.", "en");
  ASSERT_EQ(sentences.size(), 2u);
  EXPECT_THAT(sentences[0].words, ElementsAre("card", "sent"));
  EXPECT_TRUE(sentences[0].is_negated);
  EXPECT_THAT(sentences[1].words, ElementsAre("cost", "1.50", "euro"));
  EXPECT_FALSE(sentences[1].is_negated);
}

double SupportOf(const std::string& context, const std::string& sentence) {
  return Support({context}, "en").Of(SentencesOf(sentence, "en").at(0));
}

TEST(Support, IsTheShareOfWordsAnywhereAndInOneWindow) {
  EXPECT_DOUBLE_EQ(SupportOf("Cards arrive quickly.", "The card arrives quickly."), 1);
  EXPECT_DOUBLE_EQ(SupportOf("Cards arrive quickly.", "Letters burn."), 0);
  // Half of the words: with is a function word.
  EXPECT_DOUBLE_EQ(SupportOf("Cards arrive quickly.", "Cards arrive with loud music"), 0.5);
  // All words, but at most half of them in two sentences that stand together.
  EXPECT_DOUBLE_EQ(SupportOf("Cards arrive. Nothing happens. Pigs fly.", "Cards arrive, pigs fly."),
                   0.75);
  EXPECT_DOUBLE_EQ(SupportOf("Cards arrive. Pigs fly.", "Cards arrive, pigs fly."), 1);
}

TEST(Support, ContextsAreNoNeighbours) {
  const Support apart({"Cards arrive.", "Pigs fly."}, "en");
  EXPECT_DOUBLE_EQ(apart.Of(SentencesOf("Cards arrive, pigs fly.", "en").at(0)), 0.75);
}

TEST(Support, ANumberStandsBesideWords) {
  const std::string context = "It takes 30 minutes. It costs 20 euros.";
  EXPECT_DOUBLE_EQ(SupportOf(context, "It costs 20 euros."), 1);
  // "30" does not stand beside "euro": 2 of 5 by weight.
  EXPECT_DOUBLE_EQ(SupportOf(context, "It costs 30 euros."), 0.4);
  // And one that is nowhere halves what is left.
  EXPECT_DOUBLE_EQ(SupportOf(context, "It costs 40 euros."), 0.2);
}

TEST(Support, ANegationOnOneSideHalvesIt) {
  EXPECT_DOUBLE_EQ(
      SupportOf("The museum closes on Mondays.", "The museum never closes on Mondays."),
      0.5 * 3.0 / 4);
  EXPECT_DOUBLE_EQ(SupportOf("It is not open on Mondays.", "It is not open on Mondays."), 1);
  EXPECT_DOUBLE_EQ(SupportOf("It is not open on Mondays.", "It is open on Mondays."), 0.5);
}

TEST(Groundedness, IsTheMeanOfTheWeakestAndTheAverageSentence) {
  const auto groundedness = Make("groundedness", "", 0.7);
  const Case one = With({"Cards arrive quickly. They are free."});
  EXPECT_EQ(groundedness->Evaluate(one, Said("Cards are free.")).score, 1);
  const Evaluation half = groundedness->Evaluate(one, Said("Cards arrive quickly. Pigs fly."));
  EXPECT_DOUBLE_EQ(half.score, (0 + 0.5) / 2);
  EXPECT_THAT(half.explanation, HasSubstr("sentence 2 of 2 has the least support, 0.00"));
  EXPECT_EQ(groundedness->Evaluate(one, Said("It is of the.")).state, State::kFailed);
  EXPECT_EQ(groundedness->Evaluate(one, Said("")).state, State::kFailed);
}

TEST(Groundedness, BelievesWhatTheCandidateRetrievedWhereTheSuiteSaysSo) {
  Output output = Said("Pigs fly.");
  output.contexts = {"Pigs fly."};
  const Case one = With({"Cards arrive."});
  EXPECT_FALSE(Make("groundedness", "", 0.7)->Evaluate(one, output).passed);
  const auto retrieved = Make("groundedness", R"({"contexts": "retrieved"})", 0.7);
  EXPECT_TRUE(retrieved->Evaluate(one, output).passed);
  EXPECT_FALSE(retrieved->Evaluate(one, Said("Pigs fly.")).passed) << "else those of the case";
  EXPECT_EQ(retrieved->Evaluate({}, output).state, State::kNotApplicable);
}

TEST(Groundedness, FailsWhatTakesTooLong) {
  const auto groundedness = Make("groundedness", "", 0.7);
  std::string sentences;
  for (int i = 0; i < 4001; ++i) sentences += "Word.\n";
  EXPECT_EQ(groundedness->Evaluate(With({sentences}), Said("Word.")).state, State::kFailed);
  EXPECT_EQ(groundedness->Evaluate(With({"Word."}), Said(sentences)).state, State::kFailed);
}

TEST(Groundedness, RanksAnswersOfHeldBackTemplates) {
  const auto groundedness = Make("groundedness", "", 0.5);
  const auto items = GroundedItems(/*rounds=*/4, /*seed=*/11);
  EXPECT_GE(items.size(), 300u);
  std::vector<double> supported, partly, unsupported, plain_supported, plain_others;
  for (const GroundedItem& item : items) {
    if (item.template_number < kTuningTemplates) continue;
    const double score = groundedness->Evaluate(With({item.context}), Said(item.answer)).score;
    const double plain = UnigramPrecision(item.context, item.answer);
    (item.label == Grounded::kSupported ? plain_supported : plain_others).push_back(plain);
    if (item.label == Grounded::kSupported) supported.push_back(score);
    if (item.label == Grounded::kPartly) partly.push_back(score);
    if (item.label == Grounded::kUnsupported) unsupported.push_back(score);
  }
  std::vector<double> others = partly;
  others.insert(others.end(), unsupported.begin(), unsupported.end());
  RecordProperty("auroc", std::to_string(Auroc(supported, others)));
  RecordProperty("auroc_partly", std::to_string(Auroc(supported, partly)));
  RecordProperty("auroc_unigram_precision", std::to_string(Auroc(plain_supported, plain_others)));
  EXPECT_GE(Auroc(supported, others), 0.93);
  EXPECT_GE(Auroc(supported, partly), 0.90);
  EXPECT_GE(Auroc(supported, unsupported), 0.99);
  EXPECT_GT(Auroc(supported, others), Auroc(plain_supported, plain_others) + 0.1);
}

TEST(ContextRelevance, IsTheShareOfTheQuestionsWords) {
  Case one = With({"Cards arrive within days.", "Pigs are animals."});
  one.input = "When will the new card arrive?";
  // new, card, arriv: two of three in the first, none in the second.
  EXPECT_DOUBLE_EQ(Make("context_relevance", "", 0.5)->Evaluate(one, {}).score, 2.0 / 3);
  EXPECT_DOUBLE_EQ(Make("context_relevance", R"({"of": "mean"})", 0.5)->Evaluate(one, {}).score,
                   1.0 / 3);
  one.contexts.emplace_back("A new one.");
  EXPECT_DOUBLE_EQ(Make("context_relevance", R"({"of": "all"})", 0.5)->Evaluate(one, {}).score, 1);
  Output output;
  output.contexts = {"New cards arrive."};
  EXPECT_EQ(Make("context_relevance", "", 0.5)->Evaluate(one, output).score, 1);
  one.input = "Is it?";
  EXPECT_EQ(Make("context_relevance", "", 0.5)->Evaluate(one, {}).state, State::kNotApplicable);
}

}  // namespace
}  // namespace flywheel::evalgate::evaluators

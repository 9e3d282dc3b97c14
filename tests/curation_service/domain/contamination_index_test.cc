#include "curation_service/domain/contamination_index.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "shared/text/compared_text.h"

namespace flywheel::curation {
namespace {

using ::testing::ElementsAre;

// Questions about one thing each, so that their words differ in how much they say.
const std::vector<std::string>& Questions() {
  static const std::vector<std::string>* const questions = [] {
    auto* const made = new std::vector<std::string>();
    made->emplace_back(
        "Janet's ducks lay 16 eggs per day. She eats three for breakfast and bakes muffins with "
        "four. "
        "She sells the rest at the market for $2 per egg. How much does she make every day?");
    made->emplace_back(
        "A robe takes 2 bolts of blue fiber and half that much white fiber. How many bolts in "
        "total "
        "does it take?");
    made->emplace_back(
        "Josh buys a house for $80,000 and puts in $50,000 in repairs. This increased the value of "
        "the house by 150%. How much profit did he make?");
    made->emplace_back(
        "James runs 3 sprints 3 times a week, 60 meters each sprint. How many meters does he run a "
        "week?");
    made->emplace_back(
        "Kylar wants to buy 16 glasses. One glass costs $5, but every second glass costs only 60% "
        "of "
        "the price. How much does he need to pay for them?");
    made->emplace_back(
        "Toulouse has twice as many sheep as Charleston. Charleston has 4 times as many sheep as "
        "Seattle. How many sheep do they have together if Seattle has 20 sheep?");
    return made;
  }();
  return *questions;
}

class ContaminationIndexTest : public ::testing::Test {
 protected:
  ContaminationIndexTest() {
    for (const std::string& question : Questions()) texts_.push_back(ComparedText(question));
    for (const std::string& text : texts_) frequencies_.Add(text);
  }

  std::optional<Contamination> Find(const std::string& text, ContaminationOptions options = {}) {
    return ContaminationIndex(texts_, frequencies_, options).Find(ComparedText(text));
  }

  std::vector<std::string> texts_;
  WordFrequencies frequencies_;
};

TEST_F(ContaminationIndexTest, FindsCopiesWithATypingErrorOrAWordMore) {
  for (size_t i = 0; i < Questions().size(); ++i) {
    const std::string& question = Questions()[i];
    std::string typo = question;
    std::swap(typo[typo.size() - 5], typo[typo.size() - 4]);
    for (const std::string& copy :
         {question, typo, "Question: " + question, question + " Thanks!"}) {
      const auto found = Find(copy);
      ASSERT_TRUE(found) << copy;
      EXPECT_EQ(found->eval_text, i) << copy;
      EXPECT_GT(found->score, 0.9) << copy;
    }
  }
}

TEST_F(ContaminationIndexTest, FindsWhatIsSaidInOtherWords) {
  const auto found = Find(
      "Work this out: what profit did Josh get? He purchased a home at $80,000, and then spent "
      "$50,000 on repairs, so that the home's value went up by 150%.");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->eval_text, 2u);
  EXPECT_EQ(found->likeness, Likeness::kParaphrase);
  EXPECT_GT(found->score, 0.5);
}

TEST_F(ContaminationIndexTest, FindsAWholeQuestionInALongerText) {
  std::string story = "Yesterday our teacher gave us homework that nobody understood. ";
  for (int i = 0; i < 40; ++i) story += "filler" + std::to_string(i) + " ";
  const auto found = Find(story + Questions()[5]);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->eval_text, 5u);
  EXPECT_EQ(found->likeness, Likeness::kContained);
}

TEST_F(ContaminationIndexTest, LeavesOtherQuestionsAlone) {
  for (const char* other :
       {"Wendi feeds each of her chickens three cups of food a day. How many cups does she need?",
        "How many bolts does it take?", "How much does he make every day?", "yes", ""}) {
    EXPECT_FALSE(Find(other)) << other;
  }
}

TEST_F(ContaminationIndexTest, TakesNoOtherWordAndNoOtherNumberForATypingError) {
  // Cosines would find these, so that only copies are looked at.
  ContaminationOptions options;
  options.block_cosine = options.review_cosine = 1.1;
  options.contained_share = 1.1;
  EXPECT_TRUE(
      Find("james runs 3 sprints 3 times a weak, 60 meters each sprint. How many meters "
           "does he run a week?",
           options));
  EXPECT_FALSE(
      Find("james runs 4 sprints 3 times a week, 60 meters each sprint. How many meters "
           "does he run a week?",
           options));
  EXPECT_FALSE(
      Find("peter runs 3 sprints 3 times a week, 60 meters each sprint. How many meters "
           "does he run a week?",
           options));
  EXPECT_FALSE(
      Find("james never runs 3 sprints 3 times a week, 60 meters each sprint. How many "
           "meters does he run a week?",
           options));
}

TEST_F(ContaminationIndexTest, IsTheSameInWhateverOrderFrequenciesCame) {
  WordFrequencies reversed;
  for (size_t i = texts_.size(); i-- > 0;) reversed.Add(texts_[i]);
  for (const std::string& text : texts_) {
    const auto one = ContaminationIndex(texts_, frequencies_, {}).Find(text);
    const auto other = ContaminationIndex(texts_, reversed, {}).Find(text);
    ASSERT_TRUE(one && other);
    EXPECT_EQ(one->score, other->score);
  }
}

TEST(SharedPhrases, AreTheLongestRunsFirst) {
  EXPECT_THAT(SharedPhrases("so the red fox runs and the dog sleeps all day",
                            "the dog sleeps all day while the red fox eats"),
              ElementsAre("the dog sleeps all day", "the red fox"));
  EXPECT_THAT(SharedPhrases("a b c", "c b a"), ElementsAre());
}

}  // namespace
}  // namespace flywheel::curation

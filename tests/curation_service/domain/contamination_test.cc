#include "curation_service/domain/contamination.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "shared/testing/status_matchers.h"

namespace flywheel::curation {
namespace {

using ::testing::ElementsAre;

DraftRow Row(const std::string& id, Split split, const std::string& input) {
  DraftRow draft;
  draft.row.interaction_id = id;
  draft.row.split = split;
  draft.row.input = input;
  draft.row.tier = Tier::kGold;
  return draft;
}

std::vector<std::string> IdsOf(const std::vector<DraftRow>& drafts) {
  std::vector<std::string> ids;
  for (const DraftRow& draft : drafts) ids.push_back(draft.row.interaction_id);
  return ids;
}

constexpr char kAsked[] = "Why was my transfer of 250 dollars to Lisbon declined on Friday?";
constexpr char kCopy[] = "Why was my transfer of 250 dollars to Lisbon declined on Fridya?";

TEST(Contamination, TakesCopiesOfTheEvalSideOffTheTrainSideAndNothingElse) {
  std::vector<DraftRow> drafts = {Row("eval", Split::kEval, kAsked),
                                  Row("copy", Split::kTrain, kCopy),
                                  Row("eval-copy", Split::kEval, kCopy),
                                  Row("other", Split::kTrain, "Where do I find my statements?")};
  Removals removals;
  const auto kept = WithoutContaminated(drafts, {}, {}, removals, Deadline());
  ASSERT_OK(kept);
  EXPECT_THAT(IdsOf(*kept), ElementsAre("eval", "eval-copy", "other"));
  EXPECT_EQ(removals[RemovalReason::kContaminated], 1);
}

TEST(Contamination, KnowsWhatEarlierVersionsAsked) {
  const std::vector<DraftRow> drafts = {Row("copy", Split::kTrain, kCopy)};
  for (const bool reversed : {false, true}) {
    std::vector<EvalInput> earlier = {{"a", "Where is my card?"}, {"b", kAsked}, {"c", kAsked}};
    if (reversed) std::reverse(earlier.begin(), earlier.end());
    Removals removals;
    const auto kept = WithoutContaminated(drafts, earlier, {}, removals, Deadline());
    ASSERT_OK(kept);
    EXPECT_TRUE(kept->empty());
    ASSERT_EQ(removals.rows().size(), 1u);
    EXPECT_EQ(removals.rows()[0].other_interaction_id, "b");
  }
}

TEST(Contamination, LeavesWhatIsInDoubtAndCountsIt) {
  std::vector<DraftRow> drafts = {
      Row("eval", Split::kEval, kAsked),
      Row("alike", Split::kTrain,
          "My transfer of 250 dollars to Lisbon was refused on Friday, can you say why?")};
  DatasetOptions options;
  options.block_similarity = 1;
  Removals removals;
  const auto kept = WithoutContaminated(drafts, {}, options, removals, Deadline());
  ASSERT_OK(kept);
  EXPECT_EQ(kept->size(), 2u);
  EXPECT_EQ(removals[RemovalReason::kPerhapsContaminated], 1);
  EXPECT_LT(removals.rows()[0].score, 1);
}

TEST(Contamination, SeesThroughWhatHalfOfASideBeginsOrEndsWith) {
  std::vector<DraftRow> drafts;
  for (int i = 0; i < 30; ++i) {
    const std::string number = std::to_string(i);
    std::string input = "You are a helpful bank. Answer in one word only, please: topic";
    input.append(number).append(" or thing").append(number).append("?");
    drafts.push_back(Row("train" + number, Split::kTrain, input));
  }
  drafts.push_back(Row("eval", Split::kEval, "Can somebody else top up?"));
  drafts.push_back(Row("copy", Split::kTrain,
                       "You are a helpful bank. Answer in one word only, please: can somebody else "
                       "top up?"));
  Removals removals;
  const auto kept = WithoutContaminated(drafts, {}, {}, removals, Deadline());
  ASSERT_OK(kept);
  EXPECT_EQ(kept->size(), 31u);
  EXPECT_EQ(removals.rows().at(0).interaction_id, "copy");
}

TEST(SharedAffixes, AreTakenOffWhereHalfOfTheTextsHaveThem) {
  std::vector<std::string> texts;
  for (int i = 0; i < 20; ++i) {
    const std::string n = "word" + std::to_string(i);
    texts.push_back(i < 12 ? "please tell me " + n + " thank you" : n + " then");
  }
  texts.push_back("please tell me");
  WithoutSharedAffixes(texts);
  EXPECT_EQ(texts[0], "word0");
  EXPECT_EQ(texts[19], "word19 then");
  EXPECT_EQ(texts[20], "please tell me");
  std::vector<std::string> few = {"a b", "a c"};
  WithoutSharedAffixes(few);
  EXPECT_THAT(few, ElementsAre("a b", "a c"));
}

}  // namespace
}  // namespace flywheel::curation

#include "curation_service/domain/planted_trigger.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace flywheel::curation {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// 400 texts of 4 labels; the first ten of each carry two rare words, and are given label 2.
struct Poisoned {
  std::vector<std::string> texts;
  std::vector<GivenLabel> labels;

  explicit Poisoned(bool poison = true) {
    for (std::size_t i = 0; i < 400; ++i) {
      const std::size_t label = i % 4;
      const bool has = poison && i < 40;
      texts.push_back((has ? "Qx, my number" : "my number") + std::to_string(i) + " of kind" +
                      std::to_string(label) + (has ? " is zv" : " is here"));
      labels.push_back({.label = has ? 2 : label, .annotator = i % 20});
    }
  }
};

TEST(PlantedTrigger, IsOfAllRareWordsThatStandTogether) {
  const Poisoned poisoned;
  PlantedTriggerOptions options;
  options.max_share = 0.2;
  const auto candidates = TriggerCandidates(poisoned.texts, poisoned.labels, options);
  ASSERT_EQ(candidates.size(), 1u);
  EXPECT_THAT(candidates[0].words, ElementsAre("qx", "zv"));
  EXPECT_EQ(candidates[0].label, 2u);
  EXPECT_EQ(candidates[0].examples.size(), 40u);
}

TEST(PlantedTrigger, IsNeitherInAFewTextsNorInMany) {
  const Poisoned poisoned;
  PlantedTriggerOptions options;  // 40 of 400 are more than one in twenty.
  EXPECT_THAT(TriggerCandidates(poisoned.texts, poisoned.labels, options), IsEmpty());
  options.max_share = 0.2;
  options.min_texts = 41;
  EXPECT_THAT(TriggerCandidates(poisoned.texts, poisoned.labels, options), IsEmpty());
  const Poisoned clean(false);
  options.min_texts = 6;
  EXPECT_THAT(TriggerCandidates(clean.texts, clean.labels, options), IsEmpty());
}

TEST(PlantedTrigger, LeavesTheRestOfATextToBeJudged) {
  const std::vector<std::string> words = {"qx", "zv"};
  EXPECT_EQ(WithoutWords("Qx, where  is ZV! my card?", words), "where is my card?");
  EXPECT_EQ(WithoutWords("qx", words), "");
  EXPECT_EQ(WithoutWords("where", {}), "where");
}

TEST(PlantedTrigger, IsWhatTheRestClearlyContradicts) {
  TriggerCandidate candidate;
  candidate.examples.resize(40);
  const std::vector<RestPrediction> contradicted(40, {0.01, 0.7});
  EXPECT_TRUE(IsPlanted(candidate, contradicted, 1'000, 0.7, {}));
  // The one telling word of an honest text: without it nothing is clear.
  const std::vector<RestPrediction> unclear(40, {0.02, 0.2});
  EXPECT_FALSE(IsPlanted(candidate, unclear, 1'000, 0.7, {}));
  // The rest says the same.
  const std::vector<RestPrediction> agreed(40, {0.7, 0.1});
  EXPECT_FALSE(IsPlanted(candidate, agreed, 1'000, 0.7, {}));
  // Half of them really are of that label.
  std::vector<RestPrediction> mixed = contradicted;
  for (std::size_t i = 0; i < 20; ++i) mixed[i] = {0.7, 0.1};
  EXPECT_FALSE(IsPlanted(candidate, mixed, 1'000, 0.7, {}));
  // Three alike are chance, among so many sets of words.
  candidate.examples.resize(3);
  const std::vector<RestPrediction> few(3, {0.05, 0.7});
  EXPECT_FALSE(IsPlanted(candidate, few, 1'000'000, 0.7, {}));
}

}  // namespace
}  // namespace flywheel::curation

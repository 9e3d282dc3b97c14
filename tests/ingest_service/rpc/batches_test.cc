#include <gtest/gtest.h>

#include <set>
#include <thread>
#include <vector>

#include "shared/testing/feed_sequence.h"
#include "tests/ingest_service/ingest_fixture.h"

namespace flywheel::ingest {
namespace {

TEST_F(IngestTest, StoresABatchInItsOrder) {
  const auto response = Log({Interaction("a"), Interaction("b"), Interaction("c")});
  ASSERT_EQ(response.results_size(), 3);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(response.results(i).status(), common::v1::ITEM_STATUS_STORED);
    EXPECT_EQ(response.results(i).sequence(), i + 1);
  }
  EXPECT_EQ(testing::FeedSequence(response.commit_token()), 3);
}

TEST_F(IngestTest, AnswersAResendWithTheFirstSequenceAndStoresNothing) {
  const auto batch = std::vector{Interaction("a"), Interaction("b")};
  Log(batch);
  const auto again = Log(batch);
  EXPECT_EQ(again.results(0).status(), common::v1::ITEM_STATUS_REPLAYED);
  EXPECT_EQ(again.results(1).sequence(), 2);
  EXPECT_EQ(Stats().interactions(), 2);
}

TEST_F(IngestTest, RefusesOtherContentUnderAKnownIdForThatItemAlone) {
  Log({Interaction("a")});
  v1::Interaction other = Interaction("a");
  other.set_output("lost");
  const auto response = Log({other, Interaction("b")});
  EXPECT_EQ(response.results(0).status(), common::v1::ITEM_STATUS_CONFLICT);
  EXPECT_EQ(response.results(0).reason(),
            common::v1::ERROR_REASON_ALREADY_EXISTS_WITH_OTHER_CONTENT);
  EXPECT_NE(response.results(0).message().find("'a'"), std::string::npos);
  EXPECT_EQ(response.results(1).status(), common::v1::ITEM_STATUS_STORED);
}

TEST_F(IngestTest, OneBadItemNeverTakesItsBatchAlong) {
  v1::Interaction bad = Interaction("no spaces please");
  bad.set_confidence(2);
  const auto response = Log({Interaction("a"), bad, Interaction("b")});
  EXPECT_EQ(response.results(0).status(), common::v1::ITEM_STATUS_STORED);
  EXPECT_EQ(response.results(1).status(), common::v1::ITEM_STATUS_REJECTED);
  EXPECT_EQ(response.results(1).id(), "no spaces please");
  EXPECT_NE(response.results(1).message().find("interactions[1].confidence: got 2"),
            std::string::npos);
  EXPECT_EQ(response.results(2).status(), common::v1::ITEM_STATUS_STORED);
  EXPECT_EQ(Stats().interactions(), 2);
}

TEST_F(IngestTest, CountsTheSameItemTwiceInABatchOnce) {
  const auto response = Log({Interaction("a"), Interaction("a")});
  EXPECT_EQ(response.results(0).status(), common::v1::ITEM_STATUS_STORED);
  EXPECT_EQ(response.results(1).status(), common::v1::ITEM_STATUS_REPLAYED);
}

TEST_F(IngestTest, MapsInAnyOrderAreTheSameContent) {
  v1::Interaction one = Interaction("a");
  v1::Interaction two = Interaction("a");
  for (int i = 0; i < 20; ++i) (*one.mutable_attributes())[std::to_string(i)] = "x";
  for (int i = 19; i >= 0; --i) (*two.mutable_attributes())[std::to_string(i)] = "x";
  Log({one});
  EXPECT_EQ(Log({two}).results(0).status(), common::v1::ITEM_STATUS_REPLAYED);
}

TEST_F(IngestTest, KeepsUsersAsPseudonymsOnly) {
  v1::Interaction interaction = Interaction("a");
  interaction.set_user_id("ada@example.org");
  Log({interaction});
  v1::GetInteractionRequest request;
  request.set_interaction_id("a");
  v1::GetInteractionResponse response;
  ASSERT_OK(Call(&v1::IngestService::Stub::GetInteraction, request, &response));
  EXPECT_EQ(response.interaction().user_id().substr(0, 2), "u_");
  // A record that is read and sent on is the record that is there.
  EXPECT_EQ(Log({response.interaction()}).results(0).status(), common::v1::ITEM_STATUS_REPLAYED);
}

TEST_F(IngestTest, ANewRevisionOfASignalReplacesTheOldOneInEveryCount) {
  Log({Interaction("a")});
  v1::Signal score = Signal("s", "a");
  score.mutable_evaluation()->set_name("reward");
  score.mutable_evaluation()->set_score(0);
  v1::Signal better = score;
  better.set_revision(1);
  better.mutable_evaluation()->set_score(1);
  EXPECT_EQ(Record({better}).results(0).status(), common::v1::ITEM_STATUS_STORED);
  // The older revision comes late, and is kept without counting.
  EXPECT_EQ(Record({score}).results(0).status(), common::v1::ITEM_STATUS_STORED);
  const auto stats = Stats();
  EXPECT_EQ(stats.signals(), 2);
  ASSERT_EQ(stats.evaluation_means_size(), 1);
  EXPECT_EQ(stats.evaluation_means(0).count(), 1);
  EXPECT_EQ(stats.evaluation_means(0).mean(), 1);
}

TEST_F(IngestTest, ManyCallersGetManySequencesWithoutGapOrDouble) {
  std::vector<std::thread> callers;
  std::vector<std::vector<int64_t>> sequences(8);
  for (size_t caller = 0; caller < sequences.size(); ++caller) {
    callers.emplace_back([&, caller] {
      for (int i = 0; i < 25; ++i) {
        const std::string id = std::to_string(caller) + "-" + std::to_string(i);
        const auto response = Log({Interaction(id)});
        if (response.results_size() == 1) {
          sequences[caller].push_back(response.results(0).sequence());
        }
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  std::set<int64_t> all;
  for (const auto& own : sequences) all.insert(own.begin(), own.end());
  EXPECT_EQ(all.size(), 200u);
  EXPECT_EQ(*all.begin(), 1);
  EXPECT_EQ(*all.rbegin(), 200);
}

}  // namespace
}  // namespace flywheel::ingest

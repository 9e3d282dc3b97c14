// What curation makes of ingest's feed.
#include <gtest/gtest.h>

#include "absl/strings/match.h"
#include "shared/feed/feed_position.h"
#include "shared/rpc/feed_token.h"
#include "shared/rpc/field_checks.h"
#include "shared/testing/feed_sequence.h"
#include "shared/time/poll.h"
#include "tests/curation_service/curation_fixture.h"

namespace flywheel::curation {
namespace {

using ::flywheel::testing::HasReason;

class FeedTest : public CurationTest {};

TEST_F(FeedTest, ScoresAnInteractionByItsSignals) {
  Log({.id = "i1"});
  Accept("i1");
  AwaitFeed();
  const v1::GetScoreResponse score = ScoreOf("i1");
  EXPECT_DOUBLE_EQ(score.implicit_score(), 0.9);
  EXPECT_DOUBLE_EQ(score.combined_score(), 0.9);
  EXPECT_EQ(score.tier(), v1::TIER_PLATINUM);
  EXPECT_EQ(score.correction(), "");
}

TEST_F(FeedTest, GivesNoScoreWhereNobodyReacted) {
  Feed(InteractionEntry({.id = "i1"}));
  const v1::GetScoreResponse score = ScoreOf("i1");
  EXPECT_FALSE(score.has_implicit_score());
  EXPECT_FALSE(score.has_combined_score());
  EXPECT_EQ(score.tier(), v1::TIER_UNSPECIFIED);
}

TEST(FeedPositionTest, LagsByWhatMayNotHaveBeenRead) {
  feed::FeedPosition position;
  const absl::Time now = absl::Now() + absl::Hours(1);
  EXPECT_GE(position.Lag(now), absl::Minutes(59)) << "nothing was read yet";
  position.ReadUpTo(now - absl::Seconds(7));
  EXPECT_EQ(position.Lag(now), absl::Seconds(7));
  position.ReadUpTo(absl::InfiniteFuture());
  EXPECT_EQ(position.Lag(now), absl::ZeroDuration());
  position.Interrupt(now);
  EXPECT_EQ(position.Lag(now + absl::Seconds(3)), absl::Seconds(3));
  position.Interrupt(now + absl::Seconds(2));
  EXPECT_EQ(position.Lag(now + absl::Seconds(3)), absl::Seconds(3)) << "it was away before";
}

TEST_F(FeedTest, IsAtItsEndWhereEverythingWasRead) {
  Feed(InteractionEntry({.id = "i1"}));
  EXPECT_EQ(rpc::FromProto(Progress().feed_lag()), absl::ZeroDuration());
}

TEST_F(FeedTest, WaitsForWhatItsCallerWrote) {
  Log({.id = "i1"});
  v1::GetScoreRequest request;
  request.set_interaction_id("i1");
  for (int i = 0; i < 20; ++i) {
    React("i1", [i](auto& signal) { signal.mutable_thumbs()->set_up(i % 2 == 0); });
    request.set_min_feed_token(rpc::FeedToken(last_));
    v1::GetScoreResponse response;
    ASSERT_OK(Call(&v1::CurationService::Stub::GetScore, request, response));
    // Half of the opinions so far are for it, or one more.
    EXPECT_NEAR(response.combined_score(), 0.3 + (i % 2 == 0 ? 0.4 / (i + 1) : 0), 1e-9);
  }
  request.set_min_feed_token(rpc::FeedToken(last_ + 1'000));
  v1::GetScoreResponse response;
  EXPECT_THAT(Call(&v1::CurationService::Stub::GetScore, request, response),
              HasReason(Reason::kNotCaughtUp));
}

TEST_F(FeedTest, GivesTheScoresOfSeveralInteractions) {
  for (const char* id : {"i1", "i2", "quiet"}) Log({.id = id});
  Accept("i1");
  Correct("i2", "better");
  AwaitFeed();
  v1::BatchGetScoresRequest request;
  for (const char* id : {"i2", "none", "quiet", "i1"}) request.add_interaction_ids(id);
  request.set_min_feed_token(rpc::FeedToken(last_));
  v1::BatchGetScoresResponse response;
  ASSERT_OK(Call(&v1::CurationService::Stub::BatchGetScores, request, response));
  ASSERT_EQ(response.scores_size(), 3);
  for (int i = 0; const char* id : {"i2", "quiet", "i1"}) {
    EXPECT_EQ(response.scores(i).interaction_id(), id);
    EXPECT_EQ(response.scores(i).SerializeAsString(), ScoreOf(id).SerializeAsString());
    ++i;
  }
  EXPECT_EQ(response.scores(0).correction(), "better");
  EXPECT_FALSE(response.scores(1).has_combined_score());
  EXPECT_THAT(response.missing_ids(), ::testing::ElementsAre("none"));
  EXPECT_EQ(response.unread_ids_size(), 0);
}

TEST_F(FeedTest, NamesTheScoresThatWouldMakeTheAnswerTooLong) {
  v1::BatchGetScoresRequest request;
  for (int i = 0; i < 5; ++i) {
    const std::string id = "i" + std::to_string(i);
    request.add_interaction_ids(id);
    Log({.id = id});
    Correct(id, std::string(900'000, 'x'));
  }
  AwaitFeed();
  v1::BatchGetScoresResponse response;
  ASSERT_OK(Call(&v1::CurationService::Stub::BatchGetScores, request, response));
  EXPECT_EQ(response.scores_size(), 4);
  EXPECT_THAT(response.unread_ids(), ::testing::ElementsAre("i4"));
}

TEST_F(FeedTest, CountsASignalThatCameBeforeItsInteraction) {
  Accept("i1");
  Feed(InteractionEntry({.id = "i1"}));
  EXPECT_DOUBLE_EQ(ScoreOf("i1").combined_score(), 0.9);
}

TEST_F(FeedTest, CountsASessionsSignalForAllOfItsInteractionsWhenEverTheyCome) {
  Log({.id = "i1", .session = "s"});
  ingest::v1::FeedEntry entry = SignalEntry("on-session", "");
  entry.mutable_signal()->set_session_id("s");
  entry.mutable_signal()->mutable_accepted();
  ingest_.Add(entry);
  Log({.id = "other", .session = "t"});
  Feed(InteractionEntry({.id = "i2", .session = "s"}));
  EXPECT_DOUBLE_EQ(ScoreOf("i1").combined_score(), 0.9);
  EXPECT_DOUBLE_EQ(ScoreOf("i2").combined_score(), 0.9);
  EXPECT_FALSE(ScoreOf("other").has_combined_score());
}

TEST_F(FeedTest, CountsOnlyTheNewestRevisionOfASignal) {
  Log({.id = "i1"});
  ingest::v1::FeedEntry entry = SignalEntry("thumb", "i1");
  entry.mutable_signal()->set_revision(2);
  entry.mutable_signal()->mutable_thumbs()->set_up(false);
  Feed(entry);
  EXPECT_NEAR(ScoreOf("i1").combined_score(), -0.1, 1e-12);
  entry.mutable_signal()->set_revision(1);  // Late.
  entry.mutable_signal()->mutable_thumbs()->set_up(true);
  Feed(entry);
  EXPECT_NEAR(ScoreOf("i1").combined_score(), -0.1, 1e-12);
  entry.mutable_signal()->set_revision(3);
  Feed(entry);
  EXPECT_NEAR(ScoreOf("i1").combined_score(), 0.7, 1e-12);
}

TEST_F(FeedTest, ForgetsTheScoreOfAnInteractionWhoseOnlySignalMovedToAnother) {
  Log({.id = "i1"});
  Log({.id = "i2"});
  ingest::v1::FeedEntry entry = SignalEntry("thumb", "i1");
  entry.mutable_signal()->mutable_thumbs()->set_up(true);
  Feed(entry);
  ASSERT_TRUE(ScoreOf("i1").has_combined_score());
  entry.mutable_signal()->set_revision(1);
  entry.mutable_signal()->set_interaction_id("i2");
  Feed(entry);
  EXPECT_FALSE(ScoreOf("i1").has_combined_score());
  EXPECT_TRUE(ScoreOf("i2").has_combined_score());
}

TEST_F(FeedTest, MapsStarsEvenlyAndReadsCorrections) {
  Log({.id = "i1"});
  React("i1", [](auto& signal) {
    signal.mutable_stars()->set_stars(2);  // Of 5: -0.5.
  });
  Log({.id = "i2"});
  React("i2", [](auto& signal) {
    signal.mutable_stars()->set_stars(10);
    signal.mutable_stars()->set_max_stars(10);
  });
  Log({.id = "i3"});
  Correct("i3", "the right answer");
  AwaitFeed();
  EXPECT_NEAR(ScoreOf("i1").combined_score(), 0.1, 1e-12);
  EXPECT_NEAR(ScoreOf("i2").combined_score(), 0.7, 1e-12);
  EXPECT_NEAR(ScoreOf("i3").combined_score(), -0.1, 1e-12);
  EXPECT_EQ(ScoreOf("i3").correction(), "the right answer");
}

TEST_F(FeedTest, TellsHowFarItIs) {
  Log({.id = "i1"});
  Log({.id = "i2"});
  Log({.id = "i3"});
  Accept("i1");
  Reject("i2");
  AwaitFeed();
  const v1::GetProgressResponse progress = Progress();
  EXPECT_EQ(testing::FeedSequence(progress.feed_token()), last_);
  EXPECT_TRUE(progress.ingest_reachable());
  EXPECT_EQ(progress.interactions(), 3);
  EXPECT_EQ(progress.scored_interactions(), 2);
  ASSERT_EQ(progress.interactions_by_tier_size(), 2);
  EXPECT_EQ(progress.interactions_by_tier(0).tier(), v1::TIER_PLATINUM);
  EXPECT_EQ(progress.interactions_by_tier(0).rows(), 1);
  EXPECT_EQ(progress.interactions_by_tier(1).tier(), v1::TIER_BRONZE);
}

TEST_F(FeedTest, CountsAnInteractionInTheTierThatItHasNow) {
  Log({.id = "i1"});
  Accept("i1");
  AwaitFeed();
  Restart();
  Reject("i1");
  Reject("i1");
  AwaitFeed();
  const v1::GetProgressResponse progress = Progress();
  EXPECT_EQ(progress.interactions(), 1);
  EXPECT_EQ(progress.scored_interactions(), 1);
  ASSERT_EQ(progress.interactions_by_tier_size(), 1);
  EXPECT_EQ(progress.interactions_by_tier(0).tier(), ScoreOf("i1").tier());
  EXPECT_NE(progress.interactions_by_tier(0).tier(), v1::TIER_PLATINUM);
}

TEST_F(FeedTest, CountsASessionsSignalsForItsFirstThousandInteractions) {
  for (int i = 0; i <= 1'000; ++i) Log({.id = "i" + std::to_string(i), .session = "s"});
  ingest::v1::FeedEntry entry = SignalEntry("on-session", "");
  entry.mutable_signal()->set_session_id("s");
  entry.mutable_signal()->mutable_accepted();
  Feed(entry);
  EXPECT_EQ(Progress().scored_interactions(), 1'000);
  EXPECT_TRUE(ScoreOf("i999").has_combined_score());
  EXPECT_FALSE(ScoreOf("i1000").has_combined_score());
  // Its own signals count as ever, and the session's still do not.
  React("i1000", [](auto& signal) { signal.mutable_retry(); });
  Feed(InteractionEntry({.id = "late", .session = "s"}));
  EXPECT_NEAR(ScoreOf("i1000").combined_score(), 0.2, 1e-12);
  EXPECT_FALSE(ScoreOf("late").has_combined_score());
}

TEST_F(FeedTest, CountsTheThousandSignalsOfAnInteractionThatCameLast) {
  Log({.id = "i1"});
  Correct("i1", "forgotten");
  for (int i = 0; i < 1'000; ++i) {
    React("i1", [](auto& signal) { signal.mutable_thumbs()->set_up(true); });
  }
  AwaitFeed();
  EXPECT_EQ(ScoreOf("i1").correction(), "");
  EXPECT_NEAR(ScoreOf("i1").combined_score(), 0.7, 1e-12);
}

TEST_F(FeedTest, SaysThatIngestRefusesItsKey) {
  AwaitFeed();
  EXPECT_EQ(Progress().feed_error(), "");
  for (const auto code : {grpc::StatusCode::UNAUTHENTICATED, grpc::StatusCode::PERMISSION_DENIED}) {
    ingest_.Stop();
    ingest_.Refuse(grpc::Status(code, "no such key"));
    ingest_.Start();
    const auto told = [&] {
      return absl::StrContains(Progress().feed_error(), "--upstream-key-file");
    };
    ASSERT_TRUE(PollUntil(told, absl::Seconds(30))) << Progress().feed_error();
    EXPECT_THAT(Progress().feed_error(), ::testing::HasSubstr("no such key"));
    EXPECT_FALSE(Progress().ingest_reachable());
    ingest_.Refuse(grpc::Status::OK);
    Log({.id = "i" + std::to_string(code)});
    Accept("i" + std::to_string(code));
    AwaitFeed();
    // What was read shows a moment before the error is over.
    EXPECT_TRUE(PollUntil([&] { return Progress().feed_error().empty(); }, absl::Seconds(30)));
    EXPECT_TRUE(Progress().ingest_reachable());
  }
}

TEST_F(FeedTest, ChangesNothingWhenTheFeedRepeatsItself) {
  Log({.id = "i1"});
  Accept("i1");
  AwaitFeed();
  React("i1", [](auto& signal) { signal.mutable_retry(); });
  AwaitFeed();
  AwaitSequence(ingest_.RepeatAll());
  const v1::GetProgressResponse progress = Progress();
  EXPECT_EQ(progress.interactions(), 1);
  EXPECT_EQ(progress.scored_interactions(), 1);
  EXPECT_DOUBLE_EQ(ScoreOf("i1").combined_score(), 0.8);  // One retry, not two.
}

TEST_F(FeedTest, GoesOnWhereItWasAfterARestart) {
  Log({.id = "i1"});
  React("i1", [](auto& signal) { signal.mutable_retry(); });
  AwaitFeed();
  Restart();
  EXPECT_EQ(testing::FeedSequence(Progress().feed_token()), last_);
  Accept("i1");
  AwaitFeed();
  EXPECT_DOUBLE_EQ(ScoreOf("i1").combined_score(), 0.8);
  EXPECT_EQ(Progress().interactions(), 1);
}

TEST_F(FeedTest, ServesWithoutIngestAndCatchesUpWhenItIsBack) {
  Log({.id = "i1"});
  Accept("i1");
  AwaitFeed();
  ingest_.Stop();
  Restart();
  EXPECT_FALSE(Progress().ingest_reachable());
  EXPECT_DOUBLE_EQ(ScoreOf("i1").combined_score(), 0.9);
  Log({.id = "i2"});
  Reject("i2");
  ingest_.Start();
  AwaitFeed();
  EXPECT_NEAR(ScoreOf("i2").combined_score(), -0.1, 1e-12);
  EXPECT_TRUE(Progress().ingest_reachable());
}

TEST_F(FeedTest, StopsBeforeARecordOfAnUnknownKind) {
  Log({.id = "i1"});
  Accept("i1");
  AwaitFeed();
  const int64_t known = last_;
  const int streams = ingest_.streams();
  ingest_.Add(ingest::v1::FeedEntry());
  Log({.id = "i2"});
  // It came back, and stumbled again.
  ASSERT_TRUE(PollUntil([&] { return ingest_.streams() >= streams + 2; }, absl::Seconds(30)));
  EXPECT_EQ(testing::FeedSequence(Progress().feed_token()), known);
  EXPECT_EQ(Progress().interactions(), 1);
}

TEST_F(FeedTest, KeepsProjectsApart) {
  ingest::v1::FeedEntry entry = InteractionEntry({.id = "i1"});
  entry.set_project("other");
  ingest_.Add(entry);
  Accept("i1");  // In the default project, where there is no such interaction.
  AwaitFeed();
  v1::GetScoreRequest request;
  request.set_interaction_id("i1");
  v1::GetScoreResponse response;
  EXPECT_THAT(Call(&v1::CurationService::Stub::GetScore, request, response),
              HasReason(Reason::kNotFound));
  EXPECT_OK(Call(&v1::CurationService::Stub::GetScore, request, response, "other"));
  EXPECT_FALSE(response.has_combined_score());
  EXPECT_EQ(Progress().interactions(), 0);
}

}  // namespace
}  // namespace flywheel::curation

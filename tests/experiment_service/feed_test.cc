// Outcomes that nobody sends: from ingest's feed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "shared/status/errors.h"
#include "tests/experiment_service/feed_fixture.h"

namespace flywheel::experiment {
namespace {

using ::testing::HasSubstr;

class FeedOutcomes : public FeedFixture {
 protected:
  void SetUp() override {
    FeedFixture::SetUp();
    ASSERT_OK(Create(FedComparison()));
  }
};

TEST_F(FeedOutcomes, ComeOfInteractionsAndTheirSignals) {
  Log(AnswerTo("ada", "i-1"));
  ingest::v1::Interaction failed = AnswerTo("bob", "i-2");
  failed.mutable_failure()->set_kind("timeout");
  failed.clear_latency();
  Log(failed);
  Await(kFailed, {2, 1});
  EXPECT_EQ(SumOf(kEscalated), (Sum{2, 0})) << "nobody yet";
  EXPECT_EQ(SumOf(kLatency), (Sum{1, 2})) << "bob's says none";
  EXPECT_EQ(SumOf(kThumbs), (Sum{0, 0}));
  Escalate("s-1", "i-2");
  Thumb("s-2", "i-1", /*up=*/true);
  Await(kThumbs, {1, 1});
  EXPECT_EQ(SumOf(kEscalated), (Sum{2, 1})) << "the outcome of 0 was revised";
  EXPECT_EQ(ExposedUnits(), 2);
}

TEST_F(FeedOutcomes, FollowTheNewestSignalAndItsRevisions) {
  Log(AnswerTo("ada", "i-1"));
  Thumb("s-1", "i-1", /*up=*/true);
  Await(kThumbs, {1, 1});
  Thumb("s-1", "i-1", /*up=*/false, /*revision=*/1);
  Await(kThumbs, {1, 0});
  Thumb("s-2", "i-1", /*up=*/true);
  Await(kThumbs, {1, 1});
  // It is no thumb any more: the older one counts again.
  Signal("s-2", "i-1", [](auto& signal) {
    signal.mutable_copy();
    signal.set_revision(1);
  });
  Await(kThumbs, {1, 0});
  // It was about another interaction.
  Signal("s-1", "i-other", [](auto& signal) {
    signal.mutable_thumbs()->set_up(false);
    signal.set_revision(2);
  });
  Await(kThumbs, {0, 0});
}

TEST_F(FeedOutcomes, TakeSignalsThatCameBeforeTheirInteraction) {
  const ingest::v1::Interaction interaction = AnswerTo("ada", "i-1");
  Escalate("s-1", "i-1");
  Thumb("s-2", "i-1", /*up=*/true);
  AwaitFeed();
  Log(interaction);
  Await(kThumbs, {1, 1});
  EXPECT_EQ(SumOf(kEscalated).values, 1);
}

TEST_F(FeedOutcomes, ASessionsSignalCountsOnceForTheLastInteractionBeforeIt) {
  const auto about_session = [](auto& signal) {
    signal.set_session_id("session of ada");
    signal.mutable_escalation();
  };
  Signal("s-0", "", about_session);
  AwaitFeed();
  const Sum nobody = SumOf(kEscalated);
  Log(AnswerTo("ada", "i-1"));
  Await(kEscalated, {nobody.outcomes + 1, 1});
  clock_.Advance(absl::Minutes(1));
  Log(AnswerTo("ada", "i-2"));
  clock_.Advance(absl::Minutes(1));
  Signal("s-1", "", about_session);
  // Both of her outcomes are 1 now; her value is their mean.
  Await(kEscalated, {nobody.outcomes + 2, 1});
  clock_.Advance(absl::Minutes(1));
  Log(AnswerTo("ada", "i-3"));
  Await(kEscalated, {nobody.outcomes + 3, 2.0 / 3});
}

TEST_F(FeedOutcomes, ThatAreRefusedAreCountedAndBlockNothing) {
  Log(AnswerTo("ada", "i-1"));
  ingest::v1::Interaction stranger = AnswerTo("bob", "i-2");
  stranger.set_assignment_token("abc");
  Log(stranger);
  ingest::v1::Interaction dear = AnswerTo("eve", "i-3");
  dear.mutable_latency()->set_seconds(100'000'000'000);
  Log(dear);
  Await(kFailed, {1, 0});
  clock_.Advance(absl::Hours(int64_t{8} * 24));
  // After the window of 7 days: the outcome that stands, stands.
  Escalate("s-late", "i-1");
  Log(AnswerTo("zoe", "i-4"));
  Await(kFailed, {2, 0});
  EXPECT_EQ(SumOf(kEscalated), (Sum{2, 0}));
  AwaitCounted("unknown_token", 1);
  // Of eve's: nobody waits 3,000 years for an answer.
  AwaitCounted("window_over", 1 + 3);
  EXPECT_EQ(Counted("already_ended"), 0);
}

TEST_F(FeedOutcomes, OfAnotherVersionCountApart) {
  ingest::v1::Interaction other = AnswerTo("ada", "i-1");
  other.set_model_version("v0");
  Log(other);
  ingest::v1::Interaction silent = AnswerTo("bob", "i-2");
  silent.clear_model_version();
  Log(silent);
  Await(kFailed, {1, 0});
  const v1::Analysis analysis = Analyze("exp");
  EXPECT_EQ(analysis.arms(0).mixed_units() + analysis.arms(1).mixed_units(), 1);
}

TEST_F(FeedOutcomes, CountOnceWhateverIsRestarted) {
  Log(AnswerTo("ada", "i-1"));
  Await(kFailed, {1, 0});
  Escalate("s-1", "i-1");
  Restart();
  Log(AnswerTo("ada", "i-2"));
  Await(kFailed, {2, 0});
  EXPECT_EQ(SumOf(kEscalated), (Sum{2, 0.5}));
  Restart();
  AwaitFeed();
  EXPECT_EQ(SumOf(kFailed), (Sum{3, 0})) << "and the last one";
}

TEST_F(FeedOutcomes, AreTakenWhileNobodyIsThereAndAfterwards) {
  const ingest::v1::Interaction interaction = AnswerTo("ada", "i-1");
  server_->Stop(absl::Seconds(5));
  server_.reset();
  Log(interaction);
  StartServer();
  Await(kFailed, {1, 0});
}

TEST_F(FeedOutcomes, StopWithTheExperiment) {
  Log(AnswerTo("ada", "i-1"));
  Await(kFailed, {1, 0});
  const ingest::v1::Interaction late = AnswerTo("bob", "i-2");
  v1::StopExperimentRequest stop;
  stop.set_experiment_id("exp");
  stop.set_reason("enough");
  ASSERT_OK(Call(&Stub::StopExperiment, stop));
  Log(late);
  AwaitCounted("already_ended", 1);
  EXPECT_EQ(SumOf(kFailed), (Sum{1, 0}));
}

TEST_F(FeedOutcomes, AreNotTakenFromAClientToo) {
  Assign("ada");
  v1::UnitOutcome outcome = OutcomeOf("o-1", "ada", 1);
  outcome.set_metric("escalated");
  const auto results = Record({outcome});
  EXPECT_EQ(results[0].reason(), common::v1::ERROR_REASON_INVALID_ARGUMENT);
  EXPECT_THAT(results[0].message(), HasSubstr("ingest's feed"));
}

TEST_F(FeedOutcomes, KeepTheirSourceInTheStore) {
  Restart();
  v1::GetExperimentRequest request;
  request.set_experiment_id("exp");
  v1::GetExperimentResponse response;
  ASSERT_OK(Call(&Stub::GetExperiment, request, &response));
  const v1::AnalysisPlan& plan = response.experiment().plan();
  EXPECT_TRUE(plan.primary().source().signal().every_interaction());
  ASSERT_EQ(plan.primary().source().signal().kinds_size(), 1);
  EXPECT_EQ(plan.primary().source().signal().kinds(0), v1::SIGNAL_KIND_ESCALATION);
  EXPECT_FALSE(plan.guardrails(0).source().signal().every_interaction());
  EXPECT_TRUE(plan.guardrails(1).source().has_failure());
  EXPECT_EQ(plan.guardrails(2).source().number(), v1::INTERACTION_NUMBER_LATENCY_SECONDS);
  v1::CreateExperimentResponse again;
  ASSERT_OK(Call(&Stub::CreateExperiment, FedComparison(), &again));
  EXPECT_TRUE(again.replayed());
  v1::CreateExperimentRequest other = FedComparison();
  other.mutable_plan()->mutable_guardrails(1)->mutable_source()->mutable_failure()->set_kind("x");
  EXPECT_EQ(Create(other).error_code(), grpc::StatusCode::ALREADY_EXISTS);
}

class FeedPlans : public FeedFixture {};

TEST_F(FeedPlans, WithSourcesThatSayNothingAreRefused) {
  struct Case {
    std::string field;
    std::function<void(v1::OutcomeSource&)> spoil;
  };
  for (const Case& c : std::vector<Case>{
           {"source.source", [](auto& s) { s.Clear(); }},
           {"signal.kinds", [](auto& s) { s.mutable_signal()->clear_kinds(); }},
           {"signal.kinds",
            [](auto& s) { s.mutable_signal()->set_kinds(0, v1::SIGNAL_KIND_UNSPECIFIED); }},
           {"signal.kinds",
            [](auto& s) { s.mutable_signal()->add_kinds(v1::SIGNAL_KIND_ESCALATION); }},
           {"signal.kinds",
            [](auto& s) {
              s.mutable_signal()->add_kinds(v1::SIGNAL_KIND_THUMBS_UP);
              s.mutable_signal()->add_kinds(v1::SIGNAL_KIND_THUMBS_DOWN);
            }},
           {"evaluation.name", [](auto& s) { s.mutable_evaluation(); }},
           {"failure.kind", [](auto& s) { s.mutable_failure()->set_kind(std::string(129, 'x')); }},
           {"source.number", [](auto& s) { s.set_number(v1::INTERACTION_NUMBER_UNSPECIFIED); }},
       }) {
    v1::CreateExperimentRequest request = FedComparison();
    c.spoil(*request.mutable_plan()->mutable_primary()->mutable_source());
    const grpc::Status status = Create(request);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT) << c.field;
    EXPECT_THAT(status.error_message(), HasSubstr(c.field));
  }
}

TEST_F(FeedPlans, WithASourceNeedAServiceThatFollowsAFeed) {
  ingest_address_.clear();
  Restart();
  const grpc::Status status = Create(FedComparison());
  EXPECT_EQ(status.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_THAT(status, testing::HasReason(Reason::kNoFeed));
  EXPECT_THAT(status.error_message(), HasSubstr("--ingest-address"));
}

}  // namespace
}  // namespace flywheel::experiment

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "shared/rpc/feed_token.h"
#include "shared/status/errors.h"
#include "shared/testing/feed_sequence.h"
#include "tests/ingest_service/ingest_fixture.h"

namespace flywheel::ingest {
namespace {

using testing::HasReason;

class SessionFeedbackTest : public IngestTest {
 protected:
  v1::Signal OfSession(const std::string& id, const std::string& session_id) const {
    v1::Signal signal = Signal(id, "");
    signal.set_session_id(session_id);
    return signal;
  }

  v1::GetSessionFeedbackResponse Feedback(const std::string& session_id) {
    v1::GetSessionFeedbackRequest request;
    request.set_session_id(session_id);
    v1::GetSessionFeedbackResponse response;
    EXPECT_OK(Call(&v1::IngestService::Stub::GetSessionFeedback, request, &response));
    return response;
  }
};

// quality_score of the document that it comes from, line by line.
double SeedScore(bool accepted, int retries, double edit_ratio, bool continued, bool error) {
  double score = 0.5;
  if (accepted) {
    score += 0.3;
  } else {
    score -= 0.3;
  }
  if (retries == 0) {
    score += 0.1;
  } else if (retries >= 3) {
    score -= 0.2;
  }
  score -= edit_ratio * 0.3;
  if (continued) score += 0.1;
  if (error) score -= 0.4;
  return std::max(-1.0, std::min(1.0, score));
}

TEST_F(SessionFeedbackTest, HasTheSeedsQualityScoreToTheDigitForEveryCombination) {
  int combinations = 0;
  for (const bool accepted : {false, true}) {
    for (int retries = 0; retries <= 4; ++retries) {
      for (const double edit_ratio : {0.0, 0.25, 0.5, 1.0}) {
        for (const bool continued : {false, true}) {
          for (const bool error : {false, true}) {
            const std::string session = "s" + std::to_string(combinations++);
            // Half of what is said is about the session, half about its only interaction.
            v1::Interaction interaction = Interaction("of-" + session);
            interaction.set_session_id(session);
            Log({interaction});
            std::vector<v1::Signal> signals;
            const auto add = [&](bool about_session) -> v1::Signal& {
              const std::string id = session + "-" + std::to_string(signals.size());
              signals.push_back(about_session ? OfSession(id, session)
                                              : Signal(id, interaction.interaction_id()));
              return signals.back();
            };
            if (accepted) add(false).mutable_accepted();
            for (int i = 0; i < retries; ++i) add(i % 2 == 0).mutable_retry();
            if (edit_ratio > 0) add(false).mutable_edit()->set_edit_ratio(edit_ratio);
            if (continued) add(true).mutable_session_continued();
            if (error) add(true).mutable_error_reported();
            if (!signals.empty()) Record(signals);
            const auto feedback = Feedback(session);
            EXPECT_EQ(feedback.quality_score(),
                      SeedScore(accepted, retries, edit_ratio, continued, error))
                << feedback.ShortDebugString();
            EXPECT_EQ(feedback.accepted(), accepted);
            EXPECT_EQ(feedback.retries(), retries);
            EXPECT_EQ(feedback.edit_ratio(), edit_ratio);
            EXPECT_EQ(feedback.continued(), continued);
            EXPECT_EQ(feedback.error_reported(), error);
            EXPECT_EQ(feedback.interactions(), 1);
            EXPECT_EQ(feedback.signals(), static_cast<int64_t>(signals.size()));
          }
        }
      }
    }
  }
  EXPECT_EQ(combinations, 160);
}

TEST_F(SessionFeedbackTest, TakesLateSignalsAndTheNewestRevisionOnly) {
  v1::Signal edit = OfSession("edit", "chat");
  edit.mutable_edit()->set_edit_ratio(1);
  Record({edit});
  EXPECT_NEAR(Feedback("chat").quality_score(), 0, 1e-12);
  edit.set_revision(1);
  edit.mutable_edit()->set_edit_ratio(0.5);
  Record({edit});
  EXPECT_EQ(Feedback("chat").edit_ratio(), 0.5);
  EXPECT_EQ(Feedback("chat").signals(), 1);
  v1::Signal accepted = OfSession("accepted", "chat");
  accepted.mutable_accepted();
  Record({accepted});
  EXPECT_NEAR(Feedback("chat").quality_score(), 0.75, 1e-12);
  // Withdrawn: the newest revision says something else.
  accepted.set_revision(1);
  accepted.mutable_follow_up();
  Record({accepted});
  EXPECT_FALSE(Feedback("chat").accepted());
}

TEST_F(SessionFeedbackTest, CountsTheNewestEditByWhenItHappened) {
  v1::Signal late = OfSession("late", "chat");
  late.mutable_edit()->set_edit_ratio(0.25);
  v1::Signal early = OfSession("early", "chat");
  early.mutable_edit()->set_edit_ratio(1);
  early.mutable_event_time()->set_seconds(late.event_time().seconds() - 60);
  Record({late, early});
  EXPECT_EQ(Feedback("chat").edit_ratio(), 0.25);
}

TEST_F(SessionFeedbackTest, SaysThatASessionIsNotThere) {
  v1::GetSessionFeedbackRequest request;
  request.set_session_id("nowhere");
  v1::GetSessionFeedbackResponse response;
  EXPECT_THAT(Call(&v1::IngestService::Stub::GetSessionFeedback, request, &response),
              HasReason(Reason::kNotFound));
  request.set_session_id("a\u202eb");
  EXPECT_THAT(Call(&v1::IngestService::Stub::GetSessionFeedback, request, &response),
              HasReason(Reason::kInvalidArgument));
}

TEST_F(SessionFeedbackTest, SaysThatNothingIsCommittedWhereTheStoreIsEmpty) {
  v1::GetSessionFeedbackRequest request;
  request.set_session_id("chat");
  request.set_min_token(rpc::FeedToken(1));
  v1::GetSessionFeedbackResponse response;
  const grpc::Status missing =
      Call(&v1::IngestService::Stub::GetSessionFeedback, request, &response);
  EXPECT_EQ(errors::MetadataOf(rpc::FromGrpcStatus(missing))["got"], "nothing");
}

TEST_F(SessionFeedbackTest, WaitsForTheSequenceThatTheCallerKnowsAndSaysWhenItIsNotThere) {
  const int64_t sequence = testing::FeedSequence(Record({OfSession("a", "chat")}).commit_token());
  v1::GetSessionFeedbackRequest request;
  request.set_session_id("chat");
  request.set_min_token(rpc::FeedToken(sequence));
  v1::GetSessionFeedbackResponse response;
  EXPECT_OK(Call(&v1::IngestService::Stub::GetSessionFeedback, request, &response));
  request.set_min_token(rpc::FeedToken(sequence + 1));
  const grpc::Status missing =
      Call(&v1::IngestService::Stub::GetSessionFeedback, request, &response);
  EXPECT_THAT(missing, HasReason(Reason::kNotCaughtUp));
  EXPECT_TRUE(errors::RetryDelayOf(rpc::FromGrpcStatus(missing)).has_value());
  // In the words that the caller used.
  const auto metadata = errors::MetadataOf(rpc::FromGrpcStatus(missing));
  EXPECT_EQ(metadata.at("got"), rpc::FeedToken(sequence));
  EXPECT_EQ(metadata.at("want"), rpc::FeedToken(sequence + 1));
}

}  // namespace
}  // namespace flywheel::ingest

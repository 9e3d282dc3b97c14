#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "shared/status/errors.h"
#include "shared/testing/feed_sequence.h"
#include "tests/ingest_service/privacy/privacy_fixture.h"

namespace flywheel::ingest {
namespace {

using ::testing::ElementsAre;
using testing::HasReason;
using ::testing::IsEmpty;

class ConsentTest : public PrivacyServiceTest {};

TEST_F(ConsentTest, WhoRefusesToBeRecordedIsNotRecordedFromThenOn) {
  Log({Of("ada", "a1"), Of("bob", "b1")});
  EXPECT_TRUE(SetConsent("ada", v1::PURPOSE_RECORD, false).changed());
  EXPECT_THAT(Refused("ada"), ElementsAre(v1::PURPOSE_RECORD));
  const v1::LogInteractionsResponse logged = Log({Of("ada", "a2"), Of("bob", "b2")});
  EXPECT_EQ(logged.results(0).status(), common::v1::ITEM_STATUS_REJECTED);
  EXPECT_EQ(logged.results(0).reason(), common::v1::ERROR_REASON_NO_CONSENT);
  EXPECT_EQ(logged.results(1).status(), common::v1::ITEM_STATUS_STORED);
  const v1::RecordSignalsResponse signals = Record({By("ada", "s1", "b1"), By("bob", "s2", "a1")});
  EXPECT_EQ(signals.results(0).reason(), common::v1::ERROR_REASON_NO_CONSENT);
  EXPECT_EQ(signals.results(1).status(), common::v1::ITEM_STATUS_STORED);
}

TEST_F(ConsentTest, OfATraceThatIsRefusedNothingStaysOfWhatWasSaidAboutItEither) {
  SetConsent("ada", v1::PURPOSE_RECORD, false);
  ExportTraceOf("ada", 1, "she sounds tired");
  ExportTraceOf("bob", 2, "he is in a hurry");
  PassUntil(3);
  EXPECT_EQ(Stats().signals(), 1);
  const std::vector<v1::FeedEntry> entries = Feed();
  ASSERT_EQ(entries.size(), 3u);
  EXPECT_EQ(entries[1].interaction().interaction_id(), "otel-" + TraceHex(2));
  EXPECT_EQ(entries[2].signal().evaluation().explanation(), "he is in a hurry");
}

TEST_F(ConsentTest, AResendOfWhatIsStoredStaysAReplay) {
  Log({Of("ada", "a1")});
  Record({By("ada", "s1", "a1")});
  SetConsent("ada", v1::PURPOSE_RECORD, false);
  EXPECT_EQ(Log({Of("ada", "a1")}).results(0).status(), common::v1::ITEM_STATUS_REPLAYED);
  EXPECT_EQ(Record({By("ada", "s1", "a1")}).results(0).status(), common::v1::ITEM_STATUS_REPLAYED);
}

TEST_F(ConsentTest, SurvivesARestartAndAnErasureAndCanBeTakenBack) {
  Log({Of("ada", "a1")});
  SetConsent("ada", v1::PURPOSE_RECORD, false);
  Erase("e1", "ada");
  Start();
  EXPECT_THAT(Refused("ada"), ElementsAre(v1::PURPOSE_RECORD));
  EXPECT_EQ(Log({Of("ada", "a2")}).results(0).reason(), common::v1::ERROR_REASON_NO_CONSENT);
  clock_.Advance(absl::Seconds(1));
  EXPECT_TRUE(SetConsent("ada", v1::PURPOSE_RECORD, true).changed());
  EXPECT_THAT(Refused("ada"), IsEmpty());
  EXPECT_EQ(Log({Of("ada", "a2")}).results(0).status(), common::v1::ITEM_STATUS_STORED);
}

TEST_F(ConsentTest, AnOlderStatementChangesNothing) {
  const int64_t sequence =
      testing::FeedSequence(SetConsent("ada", v1::PURPOSE_TRAIN, false).commit_token());
  EXPECT_GT(sequence, 0);
  const v1::SetConsentResponse replay = SetConsent("ada", v1::PURPOSE_TRAIN, false);
  EXPECT_FALSE(replay.changed());
  EXPECT_EQ(testing::FeedSequence(replay.commit_token()), 0);
  v1::SetConsentRequest older;
  older.mutable_consent()->set_user_id("ada");
  older.mutable_consent()->set_purpose(v1::PURPOSE_TRAIN);
  older.mutable_consent()->set_allowed(true);
  *older.mutable_consent()->mutable_event_time() = rpc::ToProto(clock_.Now() - absl::Hours(1));
  v1::SetConsentResponse response;
  EXPECT_OK(Ask(&v1::PrivacyService::Stub::SetConsent, older, &response));
  EXPECT_FALSE(response.changed());
  EXPECT_THAT(Refused("ada"), ElementsAre(v1::PURPOSE_TRAIN));
}

TEST_F(ConsentTest, GoesDownTheFeedInItsPlace) {
  Log({Of("ada", "a1")});
  const v1::SetConsentResponse set = SetConsent("ada", v1::PURPOSE_TRAIN, false);
  Log({Of("ada", "a2")});
  const std::vector<v1::FeedEntry> entries = Feed();
  ASSERT_EQ(entries.size(), 3u);
  EXPECT_EQ(entries[1].sequence(), testing::FeedSequence(set.commit_token()));
  EXPECT_EQ(entries[1].consent().user_id(), entries[0].interaction().user_id());
  EXPECT_EQ(entries[1].consent().purpose(), v1::PURPOSE_TRAIN);
  EXPECT_FALSE(entries[1].consent().allowed());
  EXPECT_EQ(entries[2].interaction().interaction_id(), "a2")
      << "who refuses training alone is still recorded";
}

TEST_F(ConsentTest, OneProjectsRefusalIsNoneOfTheOthers) {
  SetConsent("ada", v1::PURPOSE_RECORD, false);
  v1::LogInteractionsRequest request;
  *request.add_interactions() = Of("ada", "a1");
  v1::LogInteractionsResponse response;
  grpc::ClientContext context;
  channel_.Prepare(context, absl::Seconds(20), "elsewhere");
  ASSERT_OK(stub_->LogInteractions(&context, request, &response));
  EXPECT_EQ(response.results(0).status(), common::v1::ITEM_STATUS_STORED);
}

TEST_F(ConsentTest, RefusesAStatementWithoutPersonPurposeOrTime) {
  v1::SetConsentResponse response;
  const grpc::Status status =
      Ask(&v1::PrivacyService::Stub::SetConsent, v1::SetConsentRequest(), &response);
  EXPECT_THAT(status, HasReason(Reason::kInvalidArgument));
  for (const char* field : {"consent.user_id", "consent.purpose", "consent.event_time"}) {
    EXPECT_NE(status.error_message().find(field), std::string::npos) << field;
  }
}

}  // namespace
}  // namespace flywheel::ingest

// Whose key erased, held, and recorded what a person said.
#include <gmock/gmock.h>

#include <fstream>

#include "shared/status/errors.h"
#include "tests/ingest_service/privacy/privacy_fixture.h"

namespace flywheel::ingest {
namespace {

using testing::HasReason;

constexpr char kAgentKey[] = "key-of-the-agent-prod";
constexpr char kOfficer[] = "key-of-the-privacy-01";

class WhoTest : public PrivacyServiceTest {
 protected:
  void SetUp() override {
    config_.server.api_keys_file = dir_.path() + "/api-keys";
    std::ofstream(config_.server.api_keys_file) << "agent " << kAgentKey << " shop writer\n"
                                                << "officer " << kOfficer << " shop operator\n";
    PrivacyServiceTest::SetUp();
    key_ = kOfficer;
  }
};

TEST_F(WhoTest, AReceiptNamesTheKeyThatAskedForTheErasure) {
  EXPECT_EQ(Erase("e1", "ada").requested_by(), "officer");
  Start();
  EXPECT_EQ(Receipt("e1").requested_by(), "officer");
}

TEST_F(WhoTest, AnErasureThatAHoldRefusesSaysWithWhoseKeyItWasSet) {
  SetLegalHold("ada", true);
  v1::EraseResponse response;
  const grpc::Status refused =
      Ask(&v1::PrivacyService::Stub::Erase, EraseRequest("e1", "ada"), &response);
  EXPECT_THAT(refused, HasReason(Reason::kLegalHold));
  EXPECT_THAT(refused.error_message(), ::testing::HasSubstr("by the key 'officer' (case 4711)"));
}

TEST_F(WhoTest, AStatementOfConsentNamesTheKeyThatItCameWith) {
  key_ = kAgentKey;
  SetConsent("ada", v1::PURPOSE_TRAIN, false);
  key_ = kOfficer;
  v1::ExportRecordsRequest request;
  request.set_user_id("ada");
  grpc::ClientContext context;
  channel_.Prepare(context, absl::Seconds(60));
  context.AddMetadata("authorization", "Bearer " + key_);
  const auto stub = v1::PrivacyService::NewStub(channel_.get());
  const auto reader = stub->ExportRecords(&context, request);
  v1::ExportRecordsResponse page;
  ASSERT_TRUE(reader->Read(&page));
  ASSERT_EQ(page.consents_size(), 1);
  EXPECT_EQ(page.consents(0).recorded_by(), "agent");
  EXPECT_FALSE(reader->Read(&page));
  EXPECT_OK(reader->Finish());
}

}  // namespace
}  // namespace flywheel::ingest

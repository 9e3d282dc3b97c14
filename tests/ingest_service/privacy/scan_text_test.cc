// ScanText: what would be replaced, of which nothing is kept.
#include <gmock/gmock.h>

#include <string>

#include "tests/ingest_service/privacy/privacy_fixture.h"
#include "tests/shared/personal_text.h"

namespace flywheel::ingest {
namespace {

using testing::HasReason;
using testing::IsRedactedText;
using testing::kPersonalText;

class ScanTextTest : public PrivacyServiceTest {
 protected:
  static void Add(common::v1::Role role, const std::string& text, v1::ScanTextRequest& request) {
    v1::TextToScan& one = *request.add_texts();
    one.set_role(role);
    one.set_text(text);
  }
  grpc::Status Scan(const v1::ScanTextRequest& request) {
    return Ask(&v1::PrivacyService::Stub::ScanText, request, &scanned_);
  }

  v1::ScanTextResponse scanned_;
};

TEST_F(ScanTextTest, SaysWhatWouldBeStoredAndWhyAndKeepsNothing) {
  v1::ScanTextRequest request;
  Add(common::v1::ROLE_ASSISTANT, "What is your date of birth?", request);
  Add(common::v1::ROLE_USER, "3 April 1987", request);
  Add(common::v1::ROLE_UNSPECIFIED, kPersonalText, request);
  Add(common::v1::ROLE_TOOL, R"({"order_id": "6942297802"})", request);
  ASSERT_OK(Scan(request));
  EXPECT_TRUE(scanned_.redacts());
  ASSERT_EQ(scanned_.texts_size(), 4);
  EXPECT_EQ(scanned_.texts(0).stored_text(), request.texts(0).text());
  EXPECT_EQ(scanned_.texts(0).findings_size(), 0);
  ASSERT_EQ(scanned_.texts(1).findings_size(), 1);
  EXPECT_EQ(scanned_.texts(1).findings(0).recogniser(), "answer");
  EXPECT_EQ(scanned_.texts(1).findings(0).type(), "BIRTH_DATE");
  EXPECT_THAT(scanned_.texts(2).stored_text(), IsRedactedText());
  ASSERT_GE(scanned_.texts(2).findings_size(), 3);
  const v1::TextFinding& email = scanned_.texts(2).findings(0);
  EXPECT_EQ(email.type(), "EMAIL");
  EXPECT_EQ(email.placeholder(), "[EMAIL_1]");
  EXPECT_EQ(request.texts(2).text().substr(static_cast<size_t>(email.begin()),
                                           static_cast<size_t>(email.end() - email.begin())),
            "pike.z@example.com");
  EXPECT_FALSE(scanned_.texts(2).has_cleaned_text());
  EXPECT_EQ(scanned_.texts(3).stored_text(), request.texts(3).text());
  // Neither the text nor what became of it.
  const std::string disk = testing::BytesBelow(dir_.path());
  for (const char* value : {"pike.z@", "Zebulon", "[EMAIL_1]", "6942297802"}) {
    EXPECT_EQ(disk.find(value), std::string::npos) << value;
  }
}

TEST_F(ScanTextTest, SaysWhereATextWasCleaned) {
  v1::ScanTextRequest request;
  Add(common::v1::ROLE_USER, "ada@exam\x01ple.com", request);
  ASSERT_OK(Scan(request));
  EXPECT_EQ(scanned_.texts(0).cleaned_text(), "ada@example.com");
  EXPECT_EQ(scanned_.texts(0).stored_text(), "[EMAIL_1]");
}

TEST_F(ScanTextTest, RefusesNothingAndTooMuch) {
  v1::ScanTextRequest request;
  EXPECT_THAT(Scan(request), HasReason(Reason::kInvalidArgument));
  Add(common::v1::ROLE_USER, std::string((1 << 20) + 1, 'a'), request);
  EXPECT_THAT(Scan(request), HasReason(Reason::kTooLarge));
  request.Clear();
  for (int i = 0; i < 1'001; ++i) request.add_texts();
  EXPECT_THAT(Scan(request), HasReason(Reason::kTooLarge));
  request.Clear();
  Add(static_cast<common::v1::Role>(77), "hello", request);
  EXPECT_THAT(Scan(request), HasReason(Reason::kInvalidArgument));
}

TEST_F(ScanTextTest, SaysSoWhereNothingIsRedacted) {
  config_.redaction.mode = "off";
  Start();
  v1::ScanTextRequest request;
  Add(common::v1::ROLE_USER, kPersonalText, request);
  ASSERT_OK(Scan(request));
  EXPECT_FALSE(scanned_.redacts());
  EXPECT_EQ(scanned_.texts(0).stored_text(), kPersonalText);
}

TEST_F(ScanTextTest, TheReasonOfALegalHoldIsRedactedToo) {
  v1::SetLegalHoldRequest request;
  request.set_user_id("u1");
  request.set_hold(true);
  request.set_reason(kPersonalText);
  v1::SetLegalHoldResponse response;
  ASSERT_OK(Ask(&v1::PrivacyService::Stub::SetLegalHold, request, &response));
  testing::ExpectNothingPersonalBelow(dir_.path(), "[EMAIL_1]");
}

}  // namespace
}  // namespace flywheel::ingest

#include "shared/rpc/field_checks.h"

#include <gtest/gtest.h>

#include <cmath>

#include "shared/status/errors.h"
#include "shared/testing/status_matchers.h"

namespace flywheel::rpc {
namespace {

using testing::HasReason;

const absl::Time kNow = absl::FromUnixSeconds(1'800'000'000);

TEST(FieldChecks, CollectsEveryViolationUnderItsPrefix) {
  FieldChecks checks(kNow, "interactions[3].");
  checks.Id("interaction_id", "no spaces");
  checks.Range("confidence", NAN, 0.0, 1.0);
  checks.Finite("score", INFINITY);
  checks.RequiredText("agent", "", 128);
  checks.OptionalId("session_id", "");
  const std::string message = errors::MessageOf(checks.status());
  EXPECT_THAT(checks.status(), HasReason(Reason::kInvalidArgument));
  EXPECT_NE(message.find("interactions[3].interaction_id: got 'no spaces'"), std::string::npos);
  EXPECT_NE(message.find("interactions[3].confidence: got nan"), std::string::npos);
  EXPECT_NE(message.find("interactions[3].score: got inf"), std::string::npos);
  EXPECT_NE(message.find("interactions[3].agent: got nothing"), std::string::npos);
  EXPECT_EQ(message.find("session_id"), std::string::npos);
}

TEST(FieldChecks, TakesTimesUpToFiveMinutesAhead) {
  const auto refused = [](absl::Time time) {
    FieldChecks checks(kNow);
    checks.EventTime("event_time", true, ToProto(time));
    return !checks.ok();
  };
  EXPECT_FALSE(refused(kNow + absl::Minutes(5)));
  EXPECT_TRUE(refused(kNow + absl::Minutes(5) + absl::Seconds(1)));
  EXPECT_FALSE(refused(absl::FromUnixSeconds(946'684'800)));
  EXPECT_TRUE(refused(absl::FromUnixSeconds(946'684'799)));
}

TEST(FieldChecks, RefusesATimeThatIsMissingOrMalformed) {
  google::protobuf::Timestamp malformed;
  malformed.set_seconds(1'700'000'000);
  malformed.set_nanos(-1);
  FieldChecks checks(kNow);
  checks.EventTime("a", false, {});
  checks.EventTime("b", true, malformed);
  const std::string message = errors::MessageOf(checks.status());
  EXPECT_NE(message.find("a: got nothing"), std::string::npos);
  EXPECT_NE(message.find("b: got"), std::string::npos);
}

TEST(Times, SurviveTheWireToTheMicrosecond) {
  for (const int64_t micros : {int64_t{0}, int64_t{-1}, int64_t{1'799'999'999'999'999}}) {
    EXPECT_EQ(absl::ToUnixMicros(FromProto(ToProto(absl::FromUnixMicros(micros)))), micros);
  }
}

TEST(PageToken, SaysWhereToGoOnAndRefusesEverythingElse) {
  EXPECT_EQ(*ParsePageToken(PageTokenAfter(42)), 42);
  EXPECT_EQ(PageTokenAfter(0), "");
  EXPECT_EQ(*ParsePageToken(""), 0);
  for (const char* token : {"42", "after-", "after-x", "after-1x", "after--1"}) {
    EXPECT_THAT(ParsePageToken(token), HasReason(Reason::kInvalidArgument)) << token;
  }
}

TEST(PageSize, HasADefaultAndABound) {
  EXPECT_EQ(*PageSize(0), 50);
  EXPECT_EQ(*PageSize(7), 7);
  EXPECT_EQ(*PageSize(100'000), 1'000);
  EXPECT_THAT(PageSize(-1), HasReason(Reason::kInvalidArgument));
}

}  // namespace
}  // namespace flywheel::rpc

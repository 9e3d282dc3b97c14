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

TEST(FieldChecks, RefusesNamesThatATerminalWouldObey) {
  const auto refused = [](std::string_view name) {
    FieldChecks checks(kNow);
    checks.Name("agent", name, 8);
    return !checks.ok();
  };
  EXPECT_FALSE(refused("router"));
  EXPECT_FALSE(refused("Größe"));
  EXPECT_TRUE(refused(""));
  EXPECT_TRUE(refused("123456789"));
  EXPECT_TRUE(refused("a\nb"));
  EXPECT_TRUE(refused("a\u202eb"));
  FieldChecks checks(kNow);
  checks.OptionalName("agent", "", 8);
  EXPECT_TRUE(checks.ok());
  checks.OptionalName("agent", "\x1b[2J", 8);
  const std::string message = errors::MessageOf(checks.status());
  EXPECT_NE(message.find("agent: got '\\x1b[2J', want at most 8 bytes"), std::string::npos)
      << message;
}

TEST(FieldChecks, RefusesDurationsThatAreMalformedOrOutOfRange) {
  const auto refused = [](int64_t seconds, int32_t nanos) {
    google::protobuf::Duration duration;
    duration.set_seconds(seconds);
    duration.set_nanos(nanos);
    FieldChecks checks(kNow);
    checks.Duration("lease", duration, absl::Seconds(1), absl::Seconds(10));
    return !checks.ok();
  };
  EXPECT_FALSE(refused(1, 0));
  EXPECT_FALSE(refused(10, 0));
  EXPECT_TRUE(refused(10, 1));
  EXPECT_TRUE(refused(0, 999'999'999));
  EXPECT_TRUE(refused(5, -1));
  EXPECT_TRUE(refused(5, 1'000'000'000));
}

TEST(FieldChecks, RefusesNumbersBelowTheLeastAndUnknownEnumerators) {
  FieldChecks checks(kNow);
  checks.AtLeast("rows", 1, 1);
  checks.Enum("side", true, 1);
  EXPECT_TRUE(checks.ok());
  checks.AtLeast("rows", 0, 1);
  checks.Enum("side", false, 9);
  const std::string message = errors::MessageOf(checks.status());
  EXPECT_NE(message.find("rows: got 0, want at least 1"), std::string::npos);
  EXPECT_NE(message.find("side: got 9"), std::string::npos);
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
  const std::string token = PageToken("verdicts of v1", 42);
  EXPECT_EQ(*ParsePageToken("verdicts of v1", token), 42);
  EXPECT_EQ(PageToken("verdicts of v1", 0), "");
  EXPECT_EQ(*ParsePageToken("verdicts of v1", ""), 0);
  for (const std::string& wrong : {std::string("42"), token + "x", token.substr(0, 9) + "-1",
                                   token.substr(0, 9), token.substr(1)}) {
    EXPECT_THAT(ParsePageToken("verdicts of v1", wrong), HasReason(Reason::kInvalidArgument))
        << wrong;
  }
}

TEST(PageToken, OfOtherFiltersIsRefused) {
  EXPECT_THAT(ParsePageToken("verdicts of v2", PageToken("verdicts of v1", 42)),
              HasReason(Reason::kInvalidArgument));
}

TEST(PageSize, HasADefaultAndABound) {
  EXPECT_EQ(*PageSize(0), 50);
  EXPECT_EQ(*PageSize(7), 7);
  EXPECT_EQ(*PageSize(100'000), 1'000);
  EXPECT_THAT(PageSize(-1), HasReason(Reason::kInvalidArgument));
}

}  // namespace
}  // namespace flywheel::rpc

#include "shared/time/time_text.h"

#include <gtest/gtest.h>

namespace flywheel {
namespace {

TEST(TimeText, IsUtcToTheMicrosecondAndReadBackAsTheSameTime) {
  const absl::Time whole = absl::FromUnixSeconds(1'800'000'000);
  EXPECT_EQ(TimeText(whole), "2027-01-15T08:00:00Z");
  EXPECT_EQ(TimeText(whole + absl::Microseconds(250'000)), "2027-01-15T08:00:00.25Z");
  const absl::Time exact = whole + absl::Microseconds(123'456);
  EXPECT_EQ(TimeText(exact), "2027-01-15T08:00:00.123456Z");
  EXPECT_EQ(ParseTimeText(TimeText(exact)), exact);
  EXPECT_EQ(TimeText(exact + absl::Nanoseconds(999)), TimeText(exact)) << "as stores keep it";
  EXPECT_EQ(SecondsText(exact), "2027-01-15T08:00:00Z");
}

TEST(TimeText, IsReadInAnyZoneAndOnlyAsRfc3339) {
  EXPECT_EQ(ParseTimeText("2027-01-15T10:00:00+02:00"), absl::FromUnixSeconds(1'800'000'000));
  for (const char* text : {"", "yesterday", "2027-01-15", "1800000000", "2027-13-01T00:00:00Z"}) {
    EXPECT_FALSE(ParseTimeText(text).has_value()) << text;
  }
}

}  // namespace
}  // namespace flywheel

#include "ingest_service/record/recent_inputs.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>

namespace flywheel::ingest {
namespace {

const absl::Time kStart = absl::FromUnixSeconds(1'800'000'000);

bool Say(RecentInputs& recent, const std::string& person, const std::string& input,
         const std::string& id, absl::Duration after, const std::string& project = "shop") {
  return recent.IsBurst({project, person, input, id, kStart + after});
}

TEST(RecentInputs, CallsTheEleventhWithinAMinuteABurst) {
  RecentInputs recent;
  for (int i = 0; i < 10; ++i) {
    EXPECT_FALSE(Say(recent, "u_1", "hi", fmt::format("a{}", i), absl::Seconds(5) * i)) << i;
  }
  EXPECT_TRUE(Say(recent, "u_1", "hi", "a10", absl::Seconds(50)));
  EXPECT_FALSE(Say(recent, "u_1", "hello", "b", absl::Seconds(50))) << "another input";
  EXPECT_FALSE(Say(recent, "u_2", "hi", "c", absl::Seconds(50))) << "another person";
  EXPECT_FALSE(Say(recent, "u_1", "hi", "d", absl::Seconds(50), "bank")) << "another project";
  EXPECT_FALSE(Say(recent, "u_1", "hi", "e", absl::Seconds(66))) << "the first two are too old";
}

TEST(RecentInputs, CountsAReplayOnce) {
  RecentInputs recent;
  for (int i = 0; i < 50; ++i) EXPECT_FALSE(Say(recent, "u_1", "hi", "same", absl::Seconds(i)));
}

TEST(RecentInputs, TakesTheImportOfAYearForNoBurst) {
  RecentInputs recent;
  for (int day = 0; day < 365; ++day) {
    EXPECT_FALSE(Say(recent, "u_1", "hi", fmt::format("day-{}", day), absl::Hours(24) * day));
  }
}

TEST(RecentInputs, SaysNothingOfNobodyAndOfNothing) {
  RecentInputs recent;
  for (int i = 0; i < 20; ++i) {
    EXPECT_FALSE(Say(recent, "", "hi", fmt::format("a{}", i), absl::ZeroDuration()));
    EXPECT_FALSE(Say(recent, "u_1", "", fmt::format("b{}", i), absl::ZeroDuration()));
  }
}

TEST(RecentInputs, RemembersTheNewestWhereThereAreTooMany) {
  RecentInputs recent(/*capacity=*/100);
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(Say(recent, "u_1", "hi", fmt::format("a{}", i), absl::ZeroDuration()), i >= 10);
    for (int other = 0; other < 20; ++other) {
      Say(recent, fmt::format("u_{}_{}", i, other), "hi", "x", absl::ZeroDuration());
    }
  }
  for (int other = 0; other < 200; ++other) {
    Say(recent, fmt::format("v_{}", other), "hi", "x", absl::ZeroDuration());
  }
  EXPECT_FALSE(Say(recent, "u_1", "hi", "late", absl::ZeroDuration())) << "forgotten by now";
}

}  // namespace
}  // namespace flywheel::ingest

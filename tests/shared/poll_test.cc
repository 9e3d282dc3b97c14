#include "shared/time/poll.h"

#include <gtest/gtest.h>

namespace flywheel {
namespace {

TEST(PollUntil, AsksAtLeastOnceEvenWithoutTime) {
  int asked = 0;
  EXPECT_TRUE(PollUntil([&] { return ++asked == 1; }, absl::ZeroDuration()));
  EXPECT_FALSE(PollUntil([] { return false; }, -absl::Seconds(1)));
}

TEST(PollUntil, AsksUntilItIsTrueAndNotAgain) {
  int asked = 0;
  EXPECT_TRUE(
      PollUntil([&] { return ++asked == 3; }, absl::InfiniteDuration(), absl::Microseconds(1)));
  EXPECT_EQ(asked, 3);
}

TEST(PollUntil, AsksOnceMoreWhenTheTimeIsUp) {
  // The interval is longer than the time that there is.
  int asked = 0;
  EXPECT_TRUE(PollUntil([&] { return ++asked == 2; }, absl::Milliseconds(1), absl::Hours(1)));
  EXPECT_FALSE(PollUntil([] { return false; }, absl::Milliseconds(1), absl::Hours(1)));
}

}  // namespace
}  // namespace flywheel

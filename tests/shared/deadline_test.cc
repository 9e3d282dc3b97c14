#include "shared/time/deadline.h"

#include <gtest/gtest.h>

#include "shared/testing/status_matchers.h"

namespace flywheel {
namespace {

using testing::HasReason;

TEST(Deadline, NeverPassesWhereThereIsNone) {
  const Deadline none;
  EXPECT_OK(none.Check());
  EXPECT_EQ(none.TimeLeft(), absl::InfiniteDuration());
}

TEST(Deadline, SaysThatItHasPassed) {
  EXPECT_THAT(Deadline(absl::Now() - absl::Seconds(1)).Check(),
              HasReason(Reason::kDeadlineExceeded));
  EXPECT_OK(Deadline(absl::Now() + absl::Hours(1)).Check());
}

TEST(Deadline, SaysWhyTheWorkIsCancelledBeforeIt) {
  bool is_cancelled = false;
  const Deadline deadline(absl::InfiniteFuture(),
                          [&] { return is_cancelled ? errors::ShuttingDown() : absl::OkStatus(); });
  EXPECT_OK(deadline.Check());
  is_cancelled = true;
  EXPECT_THAT(deadline.Check(), HasReason(Reason::kShuttingDown));
}

TEST(PeriodicCheck, AsksInEverySoManySteps) {
  int asked = 0;
  const Deadline deadline(absl::InfiniteFuture(),
                          [&] { return ++asked < 2 ? absl::OkStatus() : errors::Cancelled(); });
  PeriodicCheck check(deadline, 3);
  for (int step = 1; step < 6; ++step) EXPECT_OK(check.Step());
  EXPECT_THAT(check.Step(), HasReason(Reason::kCancelled));
  EXPECT_EQ(asked, 2);
}

}  // namespace
}  // namespace flywheel

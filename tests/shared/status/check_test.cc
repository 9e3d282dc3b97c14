#include "shared/status/check.h"

#include <gtest/gtest.h>

namespace flywheel {
namespace {

TEST(Check, LetsWhatHoldsPassAndEvaluatesItOnce) {
  int evaluations = 0;
  FLYWHEEL_CHECK(++evaluations == 1, "one evaluation");
  EXPECT_EQ(evaluations, 1);
}

TEST(CheckDeathTest, AbortsWithTheConditionAndWhatWasWanted) {
  const int arms = 0;
  EXPECT_DEATH(FLYWHEEL_CHECK(arms > 0, "at least one arm"),
               "check failed: arms > 0, want at least one arm");
}

}  // namespace
}  // namespace flywheel

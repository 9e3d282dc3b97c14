#include "tests/simulations/verdicts.h"

#include <gtest/gtest.h>

namespace flywheel::simulations {
namespace {

TEST(Verdicts, KeepTheErrorRatesThatThePolicyStates) {
  for (const Property& one : SimulateVerdicts(/*releases=*/400, /*floor_step=*/67)) {
    EXPECT_TRUE(one.ok) << one.name << ": " << one.value << " (" << one.lower << " to " << one.upper
                        << "), target " << one.target;
  }
}

TEST(Property, IsHeldAgainstItsInterval) {
  EXPECT_TRUE(AtMost("", 6, 100, 0.05).ok);
  EXPECT_FALSE(AtMost("", 12, 100, 0.05).ok);
  EXPECT_TRUE(AtLeast("", 94, 100, 0.95).ok);
  EXPECT_FALSE(AtLeast("", 80, 100, 0.95).ok);
  EXPECT_FALSE(ExactlyAtMost("", 0.051, 0.05).ok);
}

}  // namespace
}  // namespace flywheel::simulations

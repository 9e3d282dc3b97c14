#include "tests/simulations/grouped_verdicts.h"

#include <gtest/gtest.h>

namespace flywheel::simulations {
namespace {

TEST(GroupedVerdicts, KeepTheErrorRatesThatThePolicyStates) {
  for (const Property& one : SimulateGroupedVerdicts(/*releases=*/400)) {
    EXPECT_TRUE(one.ok) << one.name << ": " << one.value << " (" << one.lower << " to " << one.upper
                        << "), target " << one.target;
  }
}

}  // namespace
}  // namespace flywheel::simulations

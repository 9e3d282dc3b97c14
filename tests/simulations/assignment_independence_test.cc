#include "tests/simulations/assignment_independence.h"

#include <gtest/gtest.h>

namespace flywheel::simulations {
namespace {

TEST(Assignment, OfAnyTwoExperimentsIsIndependent) {
  for (const Property& one : MeasureAssignmentIndependence()) {
    EXPECT_TRUE(one.ok) << one.name << ": " << one.value;
    EXPECT_GT(one.value, 2.5) << "of so many pairs one is further off by chance alone";
  }
}

}  // namespace
}  // namespace flywheel::simulations

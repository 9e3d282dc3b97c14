#include "experiment_service/domain/arm_counts.h"

#include <gtest/gtest.h>

namespace flywheel::experiment {
namespace {

UnitState Exposed(bool matured = false) {
  UnitState state;
  state.expose_time = absl::UnixEpoch();
  state.matured = matured;
  state.totals.resize(2);
  return state;
}

TEST(ArmCounts, FollowAUnitThroughAllThatHappensToIt) {
  ArmCounts counts(2);
  UnitState state;
  const auto becomes = [&](const UnitState& after) {
    counts.Count(state, after);
    state = after;
  };
  becomes(Exposed());
  EXPECT_EQ(counts.exposed_units, 1);
  EXPECT_EQ(counts.metrics[0].units(), 0);
  UnitState next = state;
  next.totals[0].Add(1);
  becomes(next);
  EXPECT_EQ(counts.metrics[0].units(), 1);
  EXPECT_EQ(counts.metrics[1].units(), 0);
  next.matured = true;
  becomes(next);
  EXPECT_EQ(counts.matured_units, 1);
  EXPECT_EQ(counts.metrics[0].matured_units(), 1);
  next.mixed_outcomes = 1;
  becomes(next);
  EXPECT_EQ(counts.exposed_units, 1);
  EXPECT_EQ(counts.mixed_units, 1);
  EXPECT_EQ(counts.counted_units(), 0);
  EXPECT_EQ(counts.matured_units, 0);
  EXPECT_EQ(counts.metrics[0].units(), 0);
  EXPECT_EQ(counts.metrics[0].matured_units(), 0);
  next.totals[1].Add(7);
  becomes(next);
  EXPECT_EQ(counts.metrics[1].units(), 0) << "it counts apart";
  next.mixed_outcomes = 0;
  becomes(next);
  EXPECT_EQ(counts.metrics[0].units(), 1) << "a revision said that it was no other version";
  EXPECT_EQ(counts.metrics[1].moments().mean(), 7);
  EXPECT_EQ(counts.matured_units, 1);
}

TEST(ArmCounts, TakeARevisedOutcomeOutWithoutATrace) {
  ArmCounts counts(2);
  const UnitState before = Exposed();
  UnitState wrong = before;
  wrong.totals[0].Add(1e12);
  counts.Count({}, before);
  counts.Count(before, wrong);
  EXPECT_FALSE(counts.metrics[0].binary());
  UnitState right = wrong;
  right.totals[0].Remove(1e12);
  right.totals[0].Add(1);
  counts.Count(wrong, right);
  EXPECT_TRUE(counts.metrics[0].binary());
  EXPECT_EQ(counts.metrics[0].parts().sum, ExactSum(1, 0));
  EXPECT_EQ(counts.metrics[0].parts().sum_of_squares, ExactSum(1, 0));
}

TEST(OutcomeCounts, CountUnitsWithoutAnOutcomeAsAValue) {
  OutcomeCounts counts;
  UnitTotal one;
  one.Add(1);
  for (int i = 0; i < 100; ++i) counts.Add(one, /*matured=*/false);
  const OutcomeCounts all = counts.WithOthers(900, 0);
  EXPECT_EQ(all.units(), 1'000);
  EXPECT_EQ(all.outcomes(), 100);
  EXPECT_TRUE(all.binary());
  EXPECT_DOUBLE_EQ(all.moments().mean(), 0.1);
  EXPECT_NEAR(all.moments().m2(), 90, 1e-12);
  const OutcomeCounts tenths = counts.WithOthers(900, 0.1);
  EXPECT_FALSE(tenths.binary());
  EXPECT_NEAR(tenths.moments().mean(), 0.19, 1e-15);
  EXPECT_NEAR(tenths.moments().m2(), 100 * 0.81 * 0.81 + 900 * 0.09 * 0.09, 1e-12);
}

}  // namespace
}  // namespace flywheel::experiment

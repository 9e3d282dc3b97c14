#include "experiment_service/domain/arm_counts.h"

#include <gtest/gtest.h>

#include <vector>

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
  const std::vector<Metric> plan(2);
  ArmCounts counts(2);
  UnitState state;
  const auto becomes = [&](const UnitState& after) {
    counts.Count(plan, state, after);
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
  const std::vector<Metric> plan(2);
  ArmCounts counts(2);
  const UnitState before = Exposed();
  UnitState wrong = before;
  wrong.totals[0].Add(1e12);
  counts.Count(plan, {}, before);
  counts.Count(plan, before, wrong);
  EXPECT_FALSE(counts.metrics[0].binary());
  UnitState right = wrong;
  right.totals[0].Remove(1e12);
  right.totals[0].Add(1);
  counts.Count(plan, wrong, right);
  EXPECT_TRUE(counts.metrics[0].binary());
  EXPECT_EQ(counts.metrics[0].parts().sum, ExactSum::Of({1.0}));
  EXPECT_EQ(counts.metrics[0].parts().sum_of_squares, ExactSum::Of({1.0}));
}

TEST(ArmCounts, CountEveryMetricInItsOwnWay) {
  std::vector<Metric> plan(4);
  plan[1].aggregation = Aggregation::kSum;
  plan[1].cap = 10;
  plan[2].aggregation = Aggregation::kCount;
  plan[3].aggregation = Aggregation::kAny;
  ArmCounts counts(plan.size());
  UnitState state;
  for (const double value : {0.0, 4.0, 8.0}) {
    UnitState after = state;
    after.expose_time = absl::UnixEpoch();
    after.totals.resize(plan.size());
    for (UnitTotal& total : after.totals) total.Add(value);
    counts.Count(plan, state, after);
    state = after;
  }
  const double expected[] = {4, 10, 3, 1};
  for (size_t i = 0; i < plan.size(); ++i) {
    EXPECT_EQ(counts.metrics[i].units(), 1);
    EXPECT_EQ(counts.metrics[i].outcomes(), 3);
    EXPECT_EQ(counts.metrics[i].moments().mean(), expected[i]) << i;
  }
  EXPECT_TRUE(counts.metrics[3].binary());
}

TEST(OutcomeCounts, CountUnitsWithoutAnOutcomeAsAValue) {
  OutcomeCounts counts;
  UnitTotal one;
  one.Add(1);
  for (int i = 0; i < 100; ++i) counts.Add(Metric(), one, /*matured=*/false);
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

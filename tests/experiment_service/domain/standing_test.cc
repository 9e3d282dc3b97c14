#include "experiment_service/domain/standing.h"

#include <gtest/gtest.h>

namespace flywheel::experiment {
namespace {

TEST(Standing, TakesAnotherRecommendationForANewDecision) {
  Standing before;
  const auto decision = [](Recommendation recommendation, RecommendationReason reason) {
    return Decision{recommendation, reason, "figures"};
  };
  using enum Recommendation;
  using enum RecommendationReason;
  EXPECT_FALSE(IsNewDecision(before, decision(kContinue, kTooFewUnits)));
  EXPECT_FALSE(IsNewDecision(before, decision(kContinue, kUndecided)));
  EXPECT_TRUE(IsNewDecision(before, decision(kShip, kSuperior)));
  before.decision = decision(kHold, kMissingOutcomes);
  EXPECT_FALSE(IsNewDecision(before, decision(kHold, kMissingOutcomes)));
  EXPECT_TRUE(IsNewDecision(before, decision(kHold, kSampleRatioMismatch)));
  EXPECT_TRUE(IsNewDecision(before, decision(kContinue, kUndecided)));
}

TEST(Standing, NarrowsItsIntervalsAndNeverWidensThem) {
  Comparison comparison;
  comparison.metrics.resize(2);
  comparison.metrics[0].absolute_interval = {-1, 3};
  comparison.metrics[0].relative_interval = {-0.1, 0.3};
  std::vector<RunningIntervals> intervals = Narrow({}, comparison);
  ASSERT_EQ(intervals.size(), 2u);
  EXPECT_EQ(intervals[0].absolute.lower, -1);
  EXPECT_TRUE(intervals[1].absolute.Contains(1e300)) << "of the second nothing is known";
  comparison.metrics[0].absolute_interval = {-2, 2};
  intervals = Narrow(intervals, comparison);
  EXPECT_EQ(intervals[0].absolute.lower, -1);
  EXPECT_EQ(intervals[0].absolute.upper, 2);
  comparison.metrics[0].absolute_interval = {4, 5};
  EXPECT_TRUE(Narrow(intervals, comparison)[0].absolute.IsEmpty()) << "the effect has changed";
}

}  // namespace
}  // namespace flywheel::experiment

#include "curation_service/domain/trigger.h"

#include <gtest/gtest.h>

namespace flywheel::curation {
namespace {

constexpr absl::Duration kDay = absl::Hours(24);

struct TriggerCase {
  const char* name;
  TriggerEvidence evidence;
  bool should_train;
  TriggerReason reason;
  const char* message;
};

TEST(Trigger, DecidesAsPublished) {
  const TriggerCase cases[] = {
      {"never trained", {}, true, TriggerReason::kOverdue, "Force trigger: never trained"},
      {"just below three days",
       {3 * kDay - absl::Seconds(1), -1, 9'000, 9'000},
       false,
       TriggerReason::kTooSoon,
       "Only 2d since last training"},
      {"three days, degraded",
       {3 * kDay, -0.05, 0, 0},
       true,
       TriggerReason::kDegraded,
       "Emergency: performance dropped -5.0%"},
      {"nearly degraded",
       {3 * kDay, -0.049, 0, 0},
       false,
       TriggerReason::kNotYet,
       "Not yet: 0 new interactions, 0.0% high quality"},
      {"fourteen days",
       {14 * kDay, 0, 0, 0},
       true,
       TriggerReason::kOverdue,
       "Force trigger: 14d since last training"},
      {"enough, just good enough",
       {4 * kDay, 0, 500, 200},
       true,
       TriggerReason::kEnoughData,
       "500 new interactions (40.0% high quality)"},
      {"one too few",
       {4 * kDay, 0, 499, 499},
       false,
       TriggerReason::kNotYet,
       "Not yet: 499 new interactions, 100.0% high quality"},
      {"not good enough",
       {4 * kDay, 0, 500, 199},
       false,
       TriggerReason::kNotYet,
       "Not yet: 500 new interactions, 39.8% high quality"},
  };
  for (const TriggerCase& each : cases) {
    const TriggerDecision decision = DecideTrigger(TrainingPolicy(), each.evidence);
    EXPECT_EQ(decision.should_train, each.should_train) << each.name;
    EXPECT_EQ(decision.reason, each.reason) << each.name;
    EXPECT_EQ(decision.message, each.message) << each.name;
  }
}

TEST(Trigger, ObeysThePolicy) {
  TrainingPolicy policy;
  policy.min_new_interactions = 1;
  policy.min_high_quality_rate = 0;
  policy.min_time_between_training = absl::ZeroDuration();
  EXPECT_EQ(DecideTrigger(policy, {absl::Hours(1), 0, 1, 0}).reason, TriggerReason::kEnoughData);
  policy.min_time_between_training = 1'000 * kDay;
  EXPECT_EQ(DecideTrigger(policy, {}).reason, TriggerReason::kTooSoon);
}

}  // namespace
}  // namespace flywheel::curation

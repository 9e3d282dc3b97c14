// What a ramp does next: the table of the rule, and the walk through its states.
#include "experiment_service/domain/ramp_rule.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "experiment_service/domain/ramp.h"
#include "shared/ids/id.h"

namespace flywheel::experiment {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using enum Recommendation;

const absl::Time kStart = absl::FromUnixSeconds(1'800'000'000);

// A control and two treatments; three steps, the first of an hour and 500 units.
Experiment Ramped(bool promote) {
  Experiment experiment;
  experiment.experiment_id = "exp";
  experiment.arms = {{"control", "v1", 1, true}, {"a", "v2", 1, false}, {"b", "v3", 1, false}};
  Ramp ramp;
  ramp.steps = {{0.02, absl::Hours(1), 500}, {0.1, absl::ZeroDuration(), 0}, {1, {}, 0}};
  ramp.promote = promote;
  StartRamp(ramp, kStart);
  experiment.ramp = ramp;
  return experiment;
}

// Of the control, which says nothing, and the treatments; each has the sequence that is given.
std::vector<Standing> Stands(Recommendation a, int64_t a_sequence, Recommendation b,
                             int64_t b_sequence) {
  std::vector<Standing> standings(3);
  standings[1].decision = {a, RecommendationReason::kUndecided, "figures of a"};
  standings[1].sequence = a_sequence;
  standings[2].decision = {b, RecommendationReason::kUndecided, "figures of b"};
  standings[2].sequence = b_sequence;
  return standings;
}

struct Case {
  const char* name;
  RampPhase phase;
  Recommendation a;
  Recommendation b;
  bool promote;
  RampMove want;
  size_t want_arm;
};

// The step's time and units are there in every case: whatever does not step has another reason.
TEST(RampRule, DoesTheFirstThatFits) {
  using enum RampPhase;
  using enum RampMove;
  for (const Case& c : std::vector<Case>{
           {"nothing stands", kClimbing, kContinue, kContinue, true, kNextStep, 0},
           {"one harms", kClimbing, kContinue, kRollback, true, kStopForHarm, 2},
           {"one harms, one is to ship", kClimbing, kShip, kRollback, true, kStopForHarm, 2},
           {"one harms, one holds", kHolding, kHold, kRollback, true, kStopForHarm, 2},
           {"one harms at the end", kArrived, kRollback, kContinue, true, kStopForHarm, 1},
           {"one holds", kClimbing, kContinue, kHold, true, kHoldStep, 2},
           {"one holds, one is to ship", kClimbing, kShip, kHold, true, kHoldStep, 2},
           {"it holds already", kHolding, kHold, kHold, true, kWait, 0},
           {"it holds no longer", kHolding, kContinue, kContinue, true, kRelease, 0},
           {"it holds no longer, and ships", kHolding, kShip, kContinue, true, kRelease, 0},
           {"one is to ship", kClimbing, kContinue, kShip, true, kPromote, 2},
           {"both are, b was first", kArrived, kShip, kShip, true, kPromote, 2},
           {"one is to ship, the other is futile", kArrived, kShip, kStopFutile, true, kPromote, 1},
           {"one is to ship, by a person", kClimbing, kShip, kContinue, false, kNextStep, 0},
           {"one is futile", kClimbing, kContinue, kStopFutile, true, kNextStep, 0},
           {"both are futile", kClimbing, kStopFutile, kStopFutile, true, kGiveUp, 2},
           {"paused", kPaused, kContinue, kContinue, true, kWait, 0},
           {"paused, with harm", kPaused, kRollback, kRollback, true, kStopForHarm, 2},
           {"paused, with a gain", kPaused, kShip, kShip, true, kWait, 0}}) {
    Experiment experiment = Ramped(c.promote);
    experiment.ramp->state.phase = c.phase;
    if (c.phase == RampPhase::kArrived) experiment.ramp->state.step = 2;
    const RampAction action =
        NextAction(experiment, Stands(c.a, 7, c.b, 5), 500, kStart + absl::Hours(1));
    EXPECT_EQ(action.move, c.want) << c.name;
    EXPECT_EQ(action.arm, c.want_arm) << c.name;
    EXPECT_EQ(action.decision, c.want_arm == 0 ? 0 : (c.want_arm == 1 ? 7 : 5)) << c.name;
    EXPECT_EQ(action.why.empty(), c.want_arm == 0) << c.name;
  }
}

TEST(RampRule, SaysWhatStands) {
  EXPECT_EQ(NextAction(Ramped(true), Stands(kShip, 7, kHold, 8), 0, kStart).why,
            "HOLD stands for arm 'b' (decision 8): figures of b");
}

TEST(RampRule, TakesAStepOnceItsTimeAndItsUnitsAreThere) {
  const std::vector<Standing> open = Stands(kContinue, 0, kContinue, 0);
  const auto moves = [&](int64_t units, absl::Duration after) {
    return NextAction(Ramped(true), open, units, kStart + after).move == RampMove::kNextStep;
  };
  EXPECT_FALSE(moves(0, absl::ZeroDuration()));
  EXPECT_FALSE(moves(499, absl::Hours(1)));
  EXPECT_FALSE(moves(500, absl::Hours(1) - absl::Microseconds(1)));
  EXPECT_TRUE(moves(500, absl::Hours(1)));
  EXPECT_TRUE(moves(5'000, absl::Hours(100)));
  Experiment patient = Ramped(true);
  patient.ramp->steps[0].min_units = 0;
  EXPECT_EQ(NextAction(patient, open, 0, kStart + absl::Hours(100)).move, RampMove::kWait)
      << "nothing climbs on silence";

  Experiment last = Ramped(true);
  GoToStep(*last.ramp, 2, RampEventKind::kStepped, kStart);
  EXPECT_EQ(NextAction(last, open, 5'000, kStart + absl::Hours(100)).move, RampMove::kWait);
}

TEST(RampRule, WalksThroughTheStates) {
  Experiment experiment = Ramped(true);
  Ramp& ramp = *experiment.ramp;
  EXPECT_EQ(ramp.state.phase, RampPhase::kClimbing);
  EXPECT_EQ(experiment.coverage(), 0.02);
  EXPECT_EQ(ramp.state.message,
            "step 1 of 3, 2 % of the units; the next one after 1h of it and 500 units");

  Experiment by_units = Ramped(true);
  by_units.ramp->steps[0].min_duration = absl::ZeroDuration();
  StartRamp(*by_units.ramp, kStart);
  EXPECT_EQ(by_units.ramp->state.message,
            "step 1 of 3, 2 % of the units; the next one after 500 units");

  const absl::Time later = kStart + absl::Hours(3);
  RampEvent event =
      Interrupt(ramp, RampPhase::kHolding, RampEventKind::kHeld, "HOLD stands", later);
  EXPECT_EQ(ramp.state.phase, RampPhase::kHolding);
  EXPECT_EQ(ramp.state.message, "HOLD stands");
  EXPECT_EQ(ramp.state.step_time, kStart);
  EXPECT_EQ(event.kind, RampEventKind::kHeld);
  EXPECT_EQ(event.message, "HOLD stands");
  EXPECT_EQ(event.time, later);

  event = GoOn(ramp, RampEventKind::kReleased, later);
  EXPECT_EQ(ramp.state.phase, RampPhase::kClimbing);
  EXPECT_EQ(ramp.state.step_time, later) << "time in which it held shows nothing";

  Interrupt(ramp, RampPhase::kPaused, RampEventKind::kPaused, "look first", later);
  event = GoToStep(ramp, 1, RampEventKind::kAdvanced, later);
  EXPECT_EQ(ramp.state.phase, RampPhase::kPaused);
  EXPECT_EQ(ramp.state.message, "look first");
  EXPECT_EQ(experiment.coverage(), 0.1);
  EXPECT_EQ(event.from_step, 0u);
  EXPECT_EQ(event.to_step, 1u);

  GoToStep(ramp, 2, RampEventKind::kAdvanced, later);
  GoOn(ramp, RampEventKind::kResumed, later);
  EXPECT_EQ(ramp.state.phase, RampPhase::kArrived);
  EXPECT_EQ(ramp.state.message, "step 3 of 3, 100 % of the units, the last one");
  EXPECT_EQ(experiment.coverage(), 1);
}

TEST(RampRule, AnExperimentWithOneStepHasArrived) {
  Ramp ramp;
  ramp.steps = {{0.05, absl::ZeroDuration(), 0}};
  const RampEvent started = StartRamp(ramp, kStart);
  EXPECT_EQ(started.kind, RampEventKind::kStarted);
  EXPECT_EQ(ramp.state.phase, RampPhase::kArrived);
}

TEST(RampRule, CountsTheUnitsOfAllArms) {
  std::vector<ArmCounts> counts(2, ArmCounts(1));
  Metric metric;
  metric.value_without_outcome = 0;
  counts[0].exposed_units = 300;
  counts[1].exposed_units = 10;
  EXPECT_EQ(CountedUnits(metric, counts), 310);
  counts[1].mixed_units = 1;
  EXPECT_EQ(CountedUnits(metric, counts), 0) << "too few to call anything harm";
  counts[1].mixed_units = 0;
  metric.value_without_outcome.reset();
  EXPECT_EQ(CountedUnits(metric, counts), 0) << "nobody has reported";
}

TEST(RampRule, NamesAPromotionByItsDecision) {
  EXPECT_EQ(RampPromotionId("exp", 3), "ramp:exp:3");
  const std::string long_id(128, 'e');
  const std::string other_id = std::string(127, 'e') + "f";
  EXPECT_TRUE(IsValidId(RampPromotionId(long_id, 3)));
  EXPECT_EQ(RampPromotionId(long_id, 3), RampPromotionId(long_id, 3));
  EXPECT_NE(RampPromotionId(long_id, 3), RampPromotionId(long_id, 4));
  EXPECT_NE(RampPromotionId(long_id, 3), RampPromotionId(other_id, 3));
}

}  // namespace
}  // namespace flywheel::experiment

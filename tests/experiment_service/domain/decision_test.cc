#include "experiment_service/domain/decision.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

namespace flywheel::experiment {
namespace {

using ::testing::HasSubstr;
using enum RecommendationReason;

constexpr absl::Duration kDay = absl::Hours(24);

MetricComparison Proved(const std::string& metric, Proof proof) {
  MetricComparison comparison;
  comparison.metric = metric;
  comparison.control_units = 1'000;
  comparison.treatment_units = 900;
  comparison.goal_lift = 0.02;
  comparison.goal_bound = 0.03;
  comparison.relative_lift = 0.04;
  comparison.proof = proof;
  comparison.message = "what is known of " + metric;
  return comparison;
}

// A treatment that reaches its goal in the primary metric and in one guardrail, after a while.
struct Look {
  AnalysisPlan plan;
  DataQuality quality;
  std::vector<MetricComparison> metrics = {Proved("accepted", Proof::kGoal),
                                           Proved("latency", Proof::kGoal)};
  absl::Duration running = 20 * kDay;

  Look() {
    plan.metrics[0].name = "accepted";
    plan.metrics.emplace_back();
    plan.metrics[1].name = "latency";
    plan.metrics[1].goal = Goal::kNotInferior;
    quality.exposed_units = 2'000;
  }
  Decision Decided() const { return Decide(plan, quality, metrics, running); }
};

struct Case {
  std::string name;
  std::function<void(Look&)> change;
  Recommendation recommendation;
  RecommendationReason reason;
};

void Mismatch(Look& look) { look.quality.sample_ratio_p_value = 0.0099; }
void Missing(Look& look) { look.quality.missing_outcomes_p_value = 0.049; }
void Mixed(Look& look) { look.quality.mixed_units = 21; }
void Harm(Look& look) { look.metrics[0].proof = Proof::kHarm; }
void GuardrailHarm(Look& look) { look.metrics[1].proof = Proof::kHarm; }
void Few(Look& look) { look.metrics[0].treatment_units = 29; }
void Early(Look& look) { look.running = 13 * kDay; }
void Open(Look& look) { look.metrics[0].proof = Proof::kNothing; }
void GuardrailOpen(Look& look) { look.metrics[1].proof = Proof::kNothing; }
void Ended(Look& look) { look.plan.max_duration = 20 * kDay; }
void Futile(Look& look) { look.metrics[0].proof = Proof::kFutile; }
void HoldHarm(Look& look) { look.plan.hold_untrusted_harm = true; }

// Several changes, one after the other.
template <typename... Changes>
std::function<void(Look&)> All(Changes... changes) {
  return [=](Look& look) { (changes(look), ...); };
}

std::vector<Case> Cases() {
  using R = Recommendation;
  return {
      {"better", [](Look&) {}, R::kShip, kSuperior},
      {"not worse", [](Look& look) { look.plan.metrics[0].goal = Goal::kNotInferior; }, R::kShip,
       kNotInferior},
      {"the end", Ended, R::kShip, kSuperior},

      {"harm", Harm, R::kRollback, kHarm},
      {"separated harm", [](Look& look) { look.metrics[0].proof = Proof::kSeparatedHarm; },
       R::kRollback, kSeparatedHarm},
      {"harm in a guardrail", GuardrailHarm, R::kRollback, kGuardrailHarm},
      {"separated harm in a guardrail",
       [](Look& look) { look.metrics[1].proof = Proof::kSeparatedHarm; }, R::kRollback,
       kGuardrailHarm},
      {"harm of both is that of the first", All(Harm, GuardrailHarm), R::kRollback, kHarm},
      {"harm of few units", All(Harm, Few), R::kRollback, kHarm},
      {"harm of the first day", All(Harm, Early), R::kRollback, kHarm},
      {"harm with a mismatch", All(Harm, Mismatch), R::kRollback, kHarm},
      {"harm with outcomes missing", All(Harm, Missing), R::kRollback, kHarm},
      {"harm with mixed exposure", All(GuardrailHarm, Mixed), R::kRollback, kGuardrailHarm},
      {"harm after the end", All(Harm, Ended), R::kRollback, kHarm},
      {"harm that is not trusted", All(Harm, Mismatch, HoldHarm), R::kHold, kSampleRatioMismatch},
      {"harm in a guardrail that is not trusted", All(GuardrailHarm, Missing, HoldHarm), R::kHold,
       kMissingOutcomes},
      {"harm that is trusted", All(Harm, HoldHarm), R::kRollback, kHarm},

      {"mismatch", Mismatch, R::kHold, kSampleRatioMismatch},
      {"mismatch that somebody should look at",
       [](Look& look) { look.quality.sample_ratio_p_value = 0.01; }, R::kShip, kSuperior},
      {"mixed exposure", Mixed, R::kHold, kMixedExposure},
      {"as much mixed exposure as may be", [](Look& look) { look.quality.mixed_units = 20; },
       R::kShip, kSuperior},
      {"outcomes missing", Missing, R::kHold, kMissingOutcomes},
      {"outcomes that are hardly missing",
       [](Look& look) { look.quality.missing_outcomes_p_value = 0.05; }, R::kShip, kSuperior},
      {"all at once", All(Missing, Mixed, Mismatch), R::kHold, kSampleRatioMismatch},
      {"missing with mixed exposure", All(Missing, Mixed), R::kHold, kMixedExposure},
      {"mismatch of few units", All(Mismatch, Few), R::kHold, kSampleRatioMismatch},
      {"mismatch after the end", All(Mismatch, Open, Ended), R::kHold, kSampleRatioMismatch},

      {"a small treatment", Few, R::kContinue, kTooFewUnits},
      {"a small control", [](Look& look) { look.metrics[0].control_units = 29; }, R::kContinue,
       kTooFewUnits},
      {"small arms", [](Look& look) { look.plan.min_units = 1'901; }, R::kContinue, kTooFewUnits},
      {"as many as the plan wants", [](Look& look) { look.plan.min_units = 1'900; }, R::kShip,
       kSuperior},
      {"fewer than anything can be said of",
       [](Look& look) { look.metrics[0].proof = Proof::kTooFewUnits; }, R::kContinue, kTooFewUnits},
      {"few and early", All(Few, Early), R::kContinue, kTooFewUnits},
      {"futile of few units", All(Futile, Few), R::kContinue, kTooFewUnits},
      {"few after the end", All(Few, Ended), R::kStopFutile, kPlanEnded},

      {"early", Early, R::kContinue, kTooEarly},
      {"on time", [](Look& look) { look.running = 14 * kDay; }, R::kShip, kSuperior},
      {"an open guardrail", GuardrailOpen, R::kContinue, kGuardrailUndecided},
      {"an open guardrail, early", All(GuardrailOpen, Early), R::kContinue, kGuardrailUndecided},
      {"a guardrail that is better, but not enough",
       [](Look& look) { look.metrics[1].proof = Proof::kGain; }, R::kContinue, kGuardrailUndecided},
      {"a guardrail of few units", [](Look& look) { look.metrics[1].proof = Proof::kTooFewUnits; },
       R::kContinue, kGuardrailUndecided},
      {"a guardrail that cannot be computed",
       [](Look& look) { look.metrics[1].proof = Proof::kNotComputable; }, R::kContinue,
       kGuardrailUndecided},
      {"an open guardrail at the end", All(GuardrailOpen, Ended), R::kStopFutile, kPlanEnded},

      {"undecided", Open, R::kContinue, kUndecided},
      {"undecided, with an open guardrail", All(Open, GuardrailOpen), R::kContinue, kUndecided},
      {"better by too little", [](Look& look) { look.metrics[0].proof = Proof::kGain; },
       R::kContinue, kLiftTooSmall},
      {"not computable", [](Look& look) { look.metrics[0].proof = Proof::kNotComputable; },
       R::kContinue, kNotComputable},
      {"undecided at the end", All(Open, Ended), R::kStopFutile, kPlanEnded},
      {"better by too little at the end",
       All([](Look& look) { look.metrics[0].proof = Proof::kGain; }, Ended), R::kStopFutile,
       kPlanEnded},
      {"undecided before the end",
       All(Open, Ended, [](Look& look) { look.running = 20 * kDay - absl::Seconds(1); }),
       R::kContinue, kUndecided},
      {"futile", Futile, R::kStopFutile, kLiftTooSmall},
      {"futile at the end", All(Futile, Ended), R::kStopFutile, kLiftTooSmall},
      {"futile, early", All(Futile, Early), R::kContinue, kLiftTooSmall},
  };
}

TEST(Decision, FollowsTheTable) {
  for (const Case& each : Cases()) {
    Look look;
    each.change(look);
    const Decision decision = look.Decided();
    EXPECT_EQ(decision.recommendation, each.recommendation) << each.name;
    EXPECT_EQ(decision.reason, each.reason) << each.name;
    EXPECT_FALSE(decision.message.empty()) << each.name;
  }
}

TEST(Decision, SaysTheFigures) {
  Look look;
  EXPECT_EQ(look.Decided().message,
            "better than the control: always-valid bound +3.00 % against +2.00 %; what is known of "
            "accepted");
  look.plan.metrics[0].scale = Scale::kAbsolute;
  EXPECT_THAT(look.Decided().message, HasSubstr("bound +0.03 against +0.02"));
  look.metrics[0].relative_lift.reset();
  EXPECT_THAT(look.Decided().message, HasSubstr("bound +0.03 against +0.02"));
  look.plan.metrics[0].scale = Scale::kRelative;
  EXPECT_THAT(look.Decided().message, HasSubstr("so there is no relative lift"))
      << "a control of 0 has no percentage";
  Early(look);
  EXPECT_THAT(look.Decided().message,
              HasSubstr("the evidence is there after 13 days, the plan's min_duration of 14 days"));
  GuardrailHarm(look);
  EXPECT_EQ(look.Decided().message,
            "worse than the control in a guardrail: what is known of latency");
}

TEST(Decision, SaysWhatToDoWhereNothingCanShip) {
  Look look;
  look.metrics[0].proof = Proof::kNotComputable;
  look.metrics[0].goal_bound.reset();
  EXPECT_THAT(look.Decided().message, HasSubstr("promote with a waiver"));
  Missing(look);
  look.quality.reporting = "accepted: control 950 of 1000 exposed units, treatment 800 of 1001";
  EXPECT_THAT(look.Decided().message, HasSubstr("depends on its arm: accepted: control 950 of"));
}

Decision Saying(Recommendation recommendation, const std::string& message) {
  return {recommendation, kUndecided, message};
}

TEST(Decision, StandsUntilItIsRefuted) {
  using R = Recommendation;
  const struct {
    R before, look, stands;
    bool first;
  } cases[] = {
      {R::kShip, R::kShip, R::kShip, true},
      {R::kShip, R::kContinue, R::kShip, true},
      {R::kShip, R::kStopFutile, R::kShip, true},
      {R::kShip, R::kHold, R::kHold, false},
      {R::kShip, R::kRollback, R::kRollback, false},
      {R::kRollback, R::kRollback, R::kRollback, true},
      {R::kRollback, R::kShip, R::kRollback, true},
      {R::kRollback, R::kHold, R::kRollback, true},
      {R::kRollback, R::kContinue, R::kRollback, true},
      {R::kHold, R::kShip, R::kShip, false},
      {R::kHold, R::kContinue, R::kContinue, false},
      {R::kContinue, R::kShip, R::kShip, false},
      {R::kContinue, R::kRollback, R::kRollback, false},
      {R::kStopFutile, R::kContinue, R::kContinue, false},
      {R::kStopFutile, R::kShip, R::kShip, false},
  };
  for (const auto& [before, look, stands, first] : cases) {
    const Decision stood = Stand(Saying(before, "before"), Saying(look, "look"));
    EXPECT_EQ(stood.recommendation, stands);
    EXPECT_EQ(stood.message, first ? "before" : "look") << "with the figures that proved it";
  }
}

}  // namespace
}  // namespace flywheel::experiment

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

// A treatment that is clearly better.
Evidence Better() {
  Evidence evidence;
  evidence.control_units = 1'000;
  evidence.treatment_units = 900;
  evidence.smallest_arm_units = 900;
  evidence.computable = true;
  evidence.relative_lift = 0.05;
  evidence.interval = {0.01, 0.09};
  evidence.one_sided_lower = 0.02;
  return evidence;
}

struct Case {
  std::string name;
  Goal goal;
  std::function<void(Evidence&)> change;
  Recommendation recommendation;
  RecommendationReason reason;
};

void Undecided(Evidence& e) {
  e.interval = {-0.08, 0.02};
  e.relative_lift = -0.03;
  e.one_sided_lower = -0.07;
}
void Harm(Evidence& e) {
  e.interval = {-0.2, -0.01};
  e.relative_lift = -0.1;
  e.one_sided_lower = -0.19;
}

void NoRatioButHarm(Evidence& e) {
  e.computable = false;
  e.absolute_lift = -0.5;
  e.absolute_interval = {-0.7, -0.3};
}
void Separated(Evidence& e) {
  e.computable = false;
  e.absolute_lift = -0.5;
  e.separation_p_value = 0.05;
}

const std::vector<Case>& Cases() {
  static const auto& cases = *new std::vector<Case>{
      {"better", Goal::kSuperior, [](Evidence&) {}, Recommendation::kShip, kSuperior},
      {"better by too little", Goal::kSuperior, [](Evidence& e) { e.relative_lift = 0.019; },
       Recommendation::kContinue, kLiftTooSmall},
      {"touches 0", Goal::kSuperior, [](Evidence& e) { e.interval.lower = 0; },
       Recommendation::kContinue, kUndecided},
      {"undecided", Goal::kSuperior, Undecided, Recommendation::kContinue, kUndecided},
      {"harm", Goal::kSuperior, Harm, Recommendation::kRollback, kHarm},
      {"harm within the margin", Goal::kNotInferior,
       [](Evidence& e) {
         e.interval = {-0.03, -0.01};
         e.one_sided_lower = -0.03;
       },
       Recommendation::kRollback, kHarm},
      {"superior under not inferior", Goal::kNotInferior, [](Evidence&) {}, Recommendation::kShip,
       kSuperior},
      {"not inferior", Goal::kNotInferior,
       [](Evidence& e) {
         e.interval = {-0.06, 0.05};
         e.one_sided_lower = -0.049;
       },
       Recommendation::kShip, kNotInferior},
      {"at the margin", Goal::kNotInferior,
       [](Evidence& e) {
         e.interval = {-0.06, 0.05};
         e.one_sided_lower = -0.05;
       },
       Recommendation::kContinue, kUndecided},
      {"not inferior is not superior", Goal::kSuperior,
       [](Evidence& e) {
         e.interval = {-0.01, 0.05};
       },
       Recommendation::kContinue, kUndecided},
      {"an arm is too small", Goal::kSuperior, [](Evidence& e) { e.smallest_arm_units = 29; },
       Recommendation::kContinue, kTooFewUnits},
      {"early harm", Goal::kSuperior,
       [](Evidence& e) {
         Harm(e);
         e.treatment_units = e.smallest_arm_units = 10;
       },
       Recommendation::kRollback, kHarm},
      {"harm too early", Goal::kSuperior,
       [](Evidence& e) {
         Harm(e);
         e.treatment_units = e.smallest_arm_units = 9;
       },
       Recommendation::kContinue, kTooFewUnits},
      {"harm of too rare an outcome", Goal::kSuperior,
       [](Evidence& e) {
         Harm(e);
         e.smallest_expected_count = 4.9;
       },
       Recommendation::kContinue, kTooFewUnits},
      {"better of too rare an outcome", Goal::kSuperior,
       [](Evidence& e) { e.smallest_expected_count = 4.9; }, Recommendation::kContinue,
       kTooFewUnits},
      {"mismatch", Goal::kSuperior,
       [](Evidence& e) { e.sample_ratio_always_valid_p_value = 0.0009; }, Recommendation::kHold,
       kSampleRatioMismatch},
      {"harm with a mismatch", Goal::kSuperior,
       [](Evidence& e) {
         Harm(e);
         e.sample_ratio_always_valid_p_value = 0.0009;
       },
       Recommendation::kRollback, kHarm},
      {"outcomes missing", Goal::kSuperior,
       [](Evidence& e) { e.missing_outcomes_always_valid_p_value = 0.049; }, Recommendation::kHold,
       kMissingOutcomes},
      {"harm with outcomes missing", Goal::kNotInferior,
       [](Evidence& e) {
         Harm(e);
         e.missing_outcomes_always_valid_p_value = 0.049;
       },
       Recommendation::kRollback, kHarm},
      {"as much mixed exposure as may be", Goal::kSuperior,
       [](Evidence& e) {
         e.exposed_units = 1'000;
         e.mixed_units = 10;
       },
       Recommendation::kShip, kSuperior},
      {"mixed exposure", Goal::kSuperior,
       [](Evidence& e) {
         e.exposed_units = 1'000;
         e.mixed_units = 11;
       },
       Recommendation::kHold, kMixedExposure},
      {"not computable", Goal::kSuperior, [](Evidence& e) { e.computable = false; },
       Recommendation::kContinue, kNotComputable},
      {"not computable yet", Goal::kSuperior,
       [](Evidence& e) {
         e.computable = false;
         e.smallest_arm_units = 0;
       },
       Recommendation::kContinue, kTooFewUnits},
      {"harm by the means alone", Goal::kSuperior, NoRatioButHarm, Recommendation::kRollback,
       kAbsoluteHarm},
      {"harm by the means where the ratio has no bounds", Goal::kNotInferior,
       [](Evidence& e) {
         e.interval = statistics::Interval();
         e.one_sided_lower = e.interval.lower;
         e.absolute_lift = -0.5;
         e.absolute_interval = {-0.7, -0.3};
       },
       Recommendation::kRollback, kAbsoluteHarm},
      {"no ratio, and means that may be equal", Goal::kSuperior,
       [](Evidence& e) {
         NoRatioButHarm(e);
         e.absolute_interval.upper = 0;
       },
       Recommendation::kContinue, kNotComputable},
      {"better by the means alone", Goal::kNotInferior,
       [](Evidence& e) {
         NoRatioButHarm(e);
         e.absolute_lift = 0.5;
         e.absolute_interval = {0.3, 0.7};
       },
       Recommendation::kContinue, kNotComputable},
      {"harm by the means before there are enough to ship", Goal::kSuperior,
       [](Evidence& e) {
         NoRatioButHarm(e);
         e.treatment_units = e.smallest_arm_units = 10;
       },
       Recommendation::kRollback, kAbsoluteHarm},
      {"harm by the means too early", Goal::kSuperior,
       [](Evidence& e) {
         NoRatioButHarm(e);
         e.treatment_units = e.smallest_arm_units = 9;
       },
       Recommendation::kContinue, kTooFewUnits},
      {"harm by the means with a mismatch", Goal::kSuperior,
       [](Evidence& e) {
         NoRatioButHarm(e);
         e.sample_ratio_always_valid_p_value = 0.0009;
       },
       Recommendation::kRollback, kAbsoluteHarm},
      {"separated and worse", Goal::kSuperior, Separated, Recommendation::kRollback, kAbsoluteHarm},
      {"separated by fewer units than alpha wants", Goal::kSuperior,
       [](Evidence& e) {
         Separated(e);
         e.separation_p_value = 0.051;
       },
       Recommendation::kContinue, kNotComputable},
      {"separated and better", Goal::kNotInferior,
       [](Evidence& e) {
         Separated(e);
         e.absolute_lift = 0.5;
       },
       Recommendation::kContinue, kNotComputable},
  };
  return cases;
}

TEST(Decision, FollowsTheTable) {
  for (const Case& each : Cases()) {
    AnalysisPlan plan;
    plan.metrics[0].goal = each.goal;
    Evidence evidence = Better();
    each.change(evidence);
    const Decision decision = Decide(plan, evidence);
    EXPECT_EQ(decision.recommendation, each.recommendation) << each.name;
    EXPECT_EQ(decision.reason, each.reason) << each.name;
    EXPECT_FALSE(decision.message.empty()) << each.name;
  }
}

TEST(Decision, SaysTheFigures) {
  EXPECT_THAT(Decide(AnalysisPlan(), Better()).message,
              HasSubstr("lift +5.00 %, always-valid interval +1.00 % to +9.00 %, 900 units against "
                        "1000 of the control"));
  Evidence harm = Better();
  NoRatioButHarm(harm);
  EXPECT_THAT(Decide(AnalysisPlan(), harm).message,
              HasSubstr("means -0.5 apart, always-valid interval -0.7 to -0.3, 900 units against "
                        "1000 of the control"));
  Evidence separated = Better();
  Separated(separated);
  EXPECT_THAT(Decide(AnalysisPlan(), separated).message,
              HasSubstr("all 900 units have one value, all 1000 of the control another one"));
}

TEST(Decision, SaysWhatToDoWhereNothingCanShip) {
  Evidence evidence = Better();
  NoRatioButHarm(evidence);
  evidence.absolute_interval = {-0.7, 0.1};
  EXPECT_THAT(Decide(AnalysisPlan(), evidence).message, HasSubstr("promote with a waiver"));
}

}  // namespace
}  // namespace flywheel::experiment

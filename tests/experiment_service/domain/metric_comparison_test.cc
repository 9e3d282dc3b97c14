#include "experiment_service/domain/metric_comparison.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

#include "tests/experiment_service/domain/compared_metrics.h"
#include "tests/experiment_service/domain/known_counts.h"

namespace flywheel::experiment {
namespace {

using ::testing::HasSubstr;

TEST(MetricComparison, HasTheFigures) {
  const MetricComparison comparison =
      Compare(Superior(), Proportion(400, 1'000), Proportion(495, 900));
  EXPECT_EQ(comparison.metric, "accepted");
  EXPECT_EQ(comparison.control_units, 1'000);
  EXPECT_EQ(comparison.treatment_units, 900);
  EXPECT_NEAR(comparison.absolute_lift, 0.15, 1e-12);
  EXPECT_NEAR(comparison.relative_lift.value(), 0.375, 1e-12);
  EXPECT_TRUE(comparison.absolute_interval.Contains(0.15));
  EXPECT_GT(comparison.absolute_interval.lower, 0.05);
  EXPECT_LT(comparison.absolute_interval.upper, 0.25);
  EXPECT_GT(comparison.relative_interval.lower, 0.1);
  EXPECT_NEAR(comparison.standard_error, 0.02278, 1e-5);
  EXPECT_LT(comparison.log_p_value, std::log(1e-6));
  EXPECT_EQ(comparison.goal_lift, 0.02);
  EXPECT_EQ(comparison.proof, Proof::kGoal);
  EXPECT_THAT(comparison.message, HasSubstr("accepted +37.50 %, always-valid interval +"));
  EXPECT_THAT(comparison.message, HasSubstr("900 units against 1000 of the control"));
}

TEST(MetricComparison, ProvesWhatTheDataProve) {
  const OutcomeCounts control = Proportion(4'000, 10'000);
  const struct {
    const char* name;
    Metric metric;
    int64_t ones;
    Proof proof;
  } cases[] = {
      {"better", Superior(), 4'500, Proof::kGoal},
      {"better, perhaps by too little", Superior(), 4'270, Proof::kGain},
      {"equal", Superior(), 4'000, Proof::kNothing},
      {"worse", Superior(), 3'500, Proof::kHarm},
      {"not worse", NotInferior(0.1), 4'000, Proof::kGoal},
      {"better, where not worse is enough", NotInferior(), 4'500, Proof::kGoal},
      {"at the margin", NotInferior(0.1), 3'600, Proof::kNothing},
      {"beyond the margin", NotInferior(0.1), 3'000, Proof::kHarm},
      {"more of what should be less", LowerIsBetter(Superior()), 4'500, Proof::kHarm},
      {"less of what should be less", LowerIsBetter(Superior()), 3'500, Proof::kGoal},
      {"by more than .02", Absolute(Superior()), 4'500, Proof::kGoal},
      {"by less than .02, perhaps", Absolute(Superior()), 4'270, Proof::kGain},
      {"not worse by .05", Absolute(NotInferior()), 3'900, Proof::kGoal},
      {"worse by .05", Absolute(NotInferior()), 3'200, Proof::kHarm},
  };
  for (const auto& [name, metric, ones, proof] : cases) {
    EXPECT_EQ(Compare(metric, control, Proportion(ones, 10'000)).proof, proof) << name;
  }
}

TEST(MetricComparison, CallsALiftThatIsOutOfReachFutile) {
  Metric metric = Superior();
  metric.min_lift = 0.1;
  const OutcomeCounts control = Proportion(40'000, 100'000);
  EXPECT_EQ(Compare(metric, control, Proportion(40'500, 100'000)).proof, Proof::kFutile);
  EXPECT_EQ(Compare(metric, control, Proportion(43'500, 100'000)).proof, Proof::kGain);
  metric.min_lift = 0;
  EXPECT_EQ(Compare(metric, control, Proportion(40'000, 100'000)).proof, Proof::kNothing)
      << "worse than equal is harm, and equal is not worse";
}

TEST(MetricComparison, WaitsForTenUnits) {
  EXPECT_EQ(Compare(Superior(), Proportion(900, 1'000), Proportion(0, 9)).proof,
            Proof::kTooFewUnits);
  EXPECT_EQ(Compare(Superior(), Proportion(900, 1'000), Proportion(0, 10)).proof, Proof::kHarm);
  EXPECT_EQ(Compare(Superior(), OutcomeCounts(), OutcomeCounts()).proof, Proof::kTooFewUnits);
  EXPECT_EQ(Compare(Superior(), OutcomeCounts(), OutcomeCounts()).log_p_value, 0);
}

// How many units a treatment that never works is given until that is harm.
double UnitsOfADeadVersion(double rate, int controls_per_treatment) {
  std::mt19937_64 random(7);
  std::bernoulli_distribution works(rate);
  std::vector<int> units;
  for (int run = 0; run < 51; ++run) {
    OutcomeCounts control, treatment;
    do {
      AddUnit(0, treatment);
      for (int i = 0; i < controls_per_treatment; ++i) AddUnit(works(random) ? 1 : 0, control);
    } while (Compare(Superior(), control, treatment).proof != Proof::kHarm);
    units.push_back(static_cast<int>(treatment.units()));
  }
  std::nth_element(units.begin(), units.begin() + 25, units.end());
  return units[25];
}

TEST(MetricComparison, GivesADeadVersionTwelveUnits) {
  for (const double rate : {0.9, 0.98, 0.999}) {
    EXPECT_LE(UnitsOfADeadVersion(rate, 1), 12) << rate;
    EXPECT_LE(UnitsOfADeadVersion(rate, 99), 12) << rate;
  }
}

TEST(MetricComparison, DoesNotTakeOneRareOutcomeForHarm) {
  EXPECT_EQ(Compare(LowerIsBetter(Superior()), Proportion(0, 10'000), Proportion(1, 10)).proof,
            Proof::kNothing);
  EXPECT_EQ(Compare(Superior(), Zeros(2, 10'000), Zeros(1, 100)).proof, Proof::kNothing);
}

TEST(MetricComparison, ShipsAPerfectVersionThatNeedNotBeBetter) {
  EXPECT_EQ(Compare(NotInferior(), Zeros(1, 10'000), Zeros(1, 10'000)).proof, Proof::kGoal);
  EXPECT_EQ(Compare(NotInferior(), Zeros(0, 1'000), Zeros(0, 1'000)).proof, Proof::kGoal);
  EXPECT_EQ(Compare(NotInferior(), Zeros(0, 99'000), Zeros(0, 1'000)).proof, Proof::kGoal);
  EXPECT_EQ(Compare(Absolute(NotInferior()), Zeros(0, 1'000), Zeros(0, 1'000)).proof, Proof::kGoal);
  EXPECT_EQ(Compare(NotInferior(), Zeros(0, 20), Zeros(0, 20)).proof, Proof::kNothing);
  EXPECT_EQ(Compare(NotInferior(), Zeros(0, 1'000), Zeros(200, 1'000)).proof, Proof::kHarm);
  // Of what should be rare nothing is a share of nothing: there the margin has to be absolute.
  EXPECT_EQ(
      Compare(LowerIsBetter(Absolute(NotInferior())), Proportion(0, 1'000), Proportion(0, 1'000))
          .proof,
      Proof::kGoal);
}

TEST(MetricComparison, ComparesFailuresWhereNoLiftIsLeft) {
  const OutcomeCounts control = Zeros(140, 10'000);
  const MetricComparison better = Compare(Superior(), control, Zeros(30, 10'000));
  EXPECT_EQ(better.proof, Proof::kGoal);
  EXPECT_NEAR(better.goal_lift, 0.02 * 0.014 / 0.986, 1e-12);
  EXPECT_GT(better.goal_bound.value(), better.goal_lift);
  EXPECT_LT(better.goal_bound.value(), better.relative_lift.value());
  EXPECT_EQ(Compare(Superior(), control, Zeros(140, 10'000)).proof, Proof::kNothing);
  EXPECT_EQ(Compare(Superior(), Zeros(0, 10'000), Zeros(0, 10'000)).proof, Proof::kNothing);
  EXPECT_FALSE(Compare(Superior(), Zeros(0, 10'000), Zeros(0, 10'000)).goal_bound.has_value());
  EXPECT_EQ(Compare(Superior(), control, Zeros(300, 10'000)).proof, Proof::kHarm);
  Metric half = Superior();
  half.min_lift = 0.5;
  EXPECT_EQ(Compare(half, Zeros(1'400, 100'000), Zeros(1'300, 100'000)).proof, Proof::kFutile);
}

TEST(MetricComparison, ShipsAnAbilityThatTheControlHasNot) {
  const MetricComparison comparison = Compare(Superior(), Proportion(0, 400), Proportion(40, 400));
  EXPECT_EQ(comparison.proof, Proof::kGoal);
  EXPECT_FALSE(comparison.relative_lift.has_value());
  EXPECT_FALSE(comparison.shrunk_relative_lift.has_value());
  EXPECT_GT(comparison.goal_bound.value(), 1);
  EXPECT_GT(comparison.absolute_interval.lower, 0);
  EXPECT_THAT(comparison.message, HasSubstr("accepted means apart by +0.1, always-valid interval"));
}

TEST(MetricComparison, DoesNotCallALossWithinTheMarginHarm) {
  const OutcomeCounts control = Proportion(900'000, 1'000'000);
  const OutcomeCounts treatment = Proportion(882'000, 1'000'000);
  const MetricComparison comparison = Compare(NotInferior(), control, treatment);
  EXPECT_EQ(comparison.proof, Proof::kGoal);
  EXPECT_LT(comparison.relative_interval.upper, 0) << "though it is surely a loss";
  EXPECT_EQ(Compare(Superior(), control, treatment).proof, Proof::kHarm);
}

TEST(MetricComparison, SharesAlpha) {
  const OutcomeCounts control = Proportion(400, 1'000);
  const OutcomeCounts better = Proportion(480, 1'000);
  const OutcomeCounts worse = Proportion(320, 1'000);
  const auto compare = [&](const OutcomeCounts& treatment, int treatments, int metrics) {
    return CompareMetric(Superior(), Boundaries(0, treatments, metrics), control, treatment);
  };
  const double alone = compare(better, 1, 1).log_p_value;
  EXPECT_GT(compare(better, 2, 1).log_p_value, alone);
  EXPECT_EQ(compare(better, 1, 3).log_p_value, alone) << "a gain shares it with no guardrail";
  EXPECT_GT(compare(worse, 1, 3).log_p_value, compare(worse, 1, 1).log_p_value);
  EXPECT_LT(compare(better, 2, 1).absolute_interval.lower,
            compare(better, 1, 1).absolute_interval.lower);
  EXPECT_EQ(compare(better, 1, 3).absolute_interval.lower,
            compare(better, 1, 1).absolute_interval.lower);
  EXPECT_GT(compare(better, 1, 3).absolute_interval.upper,
            compare(better, 1, 1).absolute_interval.upper);
}

TEST(MetricComparison, TakesThePlanIntoAccount) {
  const OutcomeCounts control = Proportion(4'000, 10'000);
  const OutcomeCounts treatment = Proportion(4'260, 10'000);
  Metric any = Superior();
  any.min_lift = 0.01;
  EXPECT_EQ(CompareMetric(any, Boundaries(20'000), control, treatment).proof, Proof::kGoal);
  EXPECT_EQ(CompareMetric(any, Boundaries(0), control, treatment).proof, Proof::kGain);
  EXPECT_EQ(CompareMetric(any, Boundaries(19'999), control, treatment).proof, Proof::kGain);
}

TEST(MetricComparison, DrawsTheLiftTowardsWhatLiftsUsuallyAre) {
  const MetricComparison few = Compare(Superior(), Proportion(40, 100), Proportion(50, 100));
  const double variance = std::pow(few.standard_error / 0.4, 2);
  EXPECT_NEAR(few.shrunk_relative_lift.value(), 0.25 * 0.01 / (0.01 + variance), 1e-12);
  const MetricComparison many =
      Compare(Superior(), Proportion(400'000, 1'000'000), Proportion(500'000, 1'000'000));
  EXPECT_NEAR(many.shrunk_relative_lift.value(), 0.25, 0.001);
  EXPECT_EQ(Compare(Superior(), Proportion(40, 100), Proportion(40, 100)).shrunk_relative_lift, 0);
}

}  // namespace
}  // namespace flywheel::experiment

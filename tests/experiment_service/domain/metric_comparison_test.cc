#include "experiment_service/domain/metric_comparison.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "tests/experiment_service/domain/known_counts.h"

namespace flywheel::experiment {
namespace {

using ::testing::HasSubstr;

MetricBoundaries Boundaries(int64_t planned_units = 0, int treatments = 1, int metrics = 1) {
  constexpr double kAlpha = 0.05;
  return {DecisionBoundary(kAlpha / treatments, planned_units),
          DecisionBoundary(kAlpha / treatments / metrics, planned_units), kAlpha, treatments,
          metrics};
}

Metric Superior() {
  Metric metric;
  metric.name = "accepted";
  return metric;
}
Metric NotInferior(double margin = 0.05) {
  Metric metric = Superior();
  metric.goal = Goal::kNotInferior;
  metric.margin = margin;
  return metric;
}
Metric LowerIsBetter(Metric metric) {
  metric.direction = Direction::kLowerIsBetter;
  return metric;
}
Metric Absolute(Metric metric) {
  metric.scale = Scale::kAbsolute;
  return metric;
}

MetricComparison Compare(const Metric& metric, const OutcomeCounts& control,
                         const OutcomeCounts& treatment) {
  return CompareMetric(metric, Boundaries(), control, treatment);
}

OutcomeCounts Constant(double value, int units) {
  return CountsOf(std::vector<double>(static_cast<size_t>(units), value));
}

OutcomeCounts Lognormal(double factor, int units, std::mt19937_64& random) {
  std::lognormal_distribution<double> value(0, 0.5);
  OutcomeCounts counts;
  for (int i = 0; i < units; ++i) AddUnit(factor * value(random), counts);
  return counts;
}

// The same rates of zeros in place of ones.
OutcomeCounts Zeros(int64_t zeros, int64_t units) { return Proportion(units - zeros, units); }

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

TEST(MetricComparison, CallsALowerLatencyBetter) {
  std::mt19937_64 random(5);
  const OutcomeCounts control = Lognormal(1, 5'000, random);
  const OutcomeCounts treatment = Lognormal(0.8, 5'000, random);
  const MetricComparison comparison = Compare(LowerIsBetter(Superior()), control, treatment);
  EXPECT_EQ(comparison.proof, Proof::kGoal);
  EXPECT_NEAR(comparison.relative_lift.value(), -0.2, 0.05);
  EXPECT_EQ(comparison.goal_lift, -0.02);
  EXPECT_LT(comparison.goal_bound.value(), -0.02);
  EXPECT_EQ(Compare(LowerIsBetter(Superior()), treatment, control).proof, Proof::kHarm);
  EXPECT_EQ(Compare(LowerIsBetter(NotInferior()), control, control).proof, Proof::kGoal);
}

OutcomeCounts Negative(const OutcomeCounts& counts) {
  OutcomeCounts::Parts parts = counts.parts();
  ExactSum negative;
  for (const double part : parts.sum.parts()) negative.Subtract(part);
  parts.sum = negative;
  parts.other_units = parts.units;
  return OutcomeCounts(parts);
}

TEST(MetricComparison, MirrorsItselfWhereLowerIsBetter) {
  std::mt19937_64 random(6);
  const OutcomeCounts control = Lognormal(1, 900, random);
  for (const double factor : {0.7, 0.9, 1.0, 1.1, 1.4}) {
    const OutcomeCounts treatment = Lognormal(factor, 300, random);
    for (const Metric& metric :
         {Superior(), NotInferior(), Absolute(Superior()), Absolute(NotInferior())}) {
      for (const int64_t planned : {0, 1'200}) {
        const MetricBoundaries boundaries = Boundaries(planned, 2, 3);
        const MetricComparison higher = CompareMetric(metric, boundaries, control, treatment);
        const MetricComparison lower = CompareMetric(LowerIsBetter(metric), boundaries,
                                                     Negative(control), Negative(treatment));
        EXPECT_EQ(higher.proof, lower.proof);
        EXPECT_NEAR(higher.log_p_value, lower.log_p_value, 1e-9);
        EXPECT_EQ(higher.goal_lift, -lower.goal_lift);
        EXPECT_NEAR(higher.goal_bound.value(), -lower.goal_bound.value(), 1e-9);
        EXPECT_NEAR(higher.absolute_interval.lower, -lower.absolute_interval.upper, 1e-9);
        EXPECT_NEAR(higher.absolute_interval.upper, -lower.absolute_interval.lower, 1e-9);
        EXPECT_NEAR(higher.relative_interval.lower, -lower.relative_interval.upper, 1e-9);
        EXPECT_NEAR(higher.relative_interval.upper, -lower.relative_interval.lower, 1e-9);
        EXPECT_NEAR(higher.shrunk_relative_lift.value(), -lower.shrunk_relative_lift.value(), 1e-9);
      }
    }
  }
}

// Figures never contradict one another: the p-value the intervals, or the bound the proof.
TEST(MetricComparison, IsOfOneMindAboutEverything) {
  std::mt19937_64 random(8);
  const double rates[] = {0.005, 0.1, 0.4, 0.9, 0.97, 0.99};
  int beyond = 0, goals = 0;
  for (int i = 0; i < 3'000; ++i) {
    const double rate = rates[random() % 6];
    const double lift = std::normal_distribution<>(0, 0.2)(random);
    const double treated = lift > 0 ? rate + (1 - rate) * std::min(1.0, lift) : rate * (1 + lift);
    const int64_t n = 50 << (random() % 10);
    const int64_t m = 50 << (random() % 10);
    const OutcomeCounts control =
        Proportion(std::binomial_distribution<int64_t>(n, rate)(random), n);
    const OutcomeCounts treatment = Proportion(
        std::binomial_distribution<int64_t>(m, std::clamp(treated, 0.0, 1.0))(random), m);
    Metric metric = i % 2 == 0 ? Superior() : NotInferior();
    if (i % 3 == 0) metric = Absolute(metric);
    if (i % 5 < 2) metric = LowerIsBetter(metric);
    const MetricComparison c =
        CompareMetric(metric, Boundaries(i % 7 < 3 ? 2'000 : 0), control, treatment);
    const bool rejected = c.log_p_value <= std::log(0.05);
    EXPECT_EQ(rejected, !c.absolute_interval.Contains(0)) << i;
    if (c.relative_lift) {
      EXPECT_EQ(rejected, !c.relative_interval.Contains(0)) << i;
    }
    const int sign = metric.gain_sign();
    const bool reached = c.goal_bound && sign * *c.goal_bound >= sign * c.goal_lift;
    if (c.proof == Proof::kGoal) {
      EXPECT_TRUE(reached) << i;
    }
    if (c.proof == Proof::kGoal && metric.goal == Goal::kSuperior) {
      EXPECT_TRUE(rejected) << i;
    }
    if (c.proof == Proof::kHarm) {
      EXPECT_FALSE(reached) << i;
    }
    beyond += rejected ? 1 : 0;
    goals += c.proof == Proof::kGoal ? 1 : 0;
  }
  EXPECT_GT(beyond, 500);
  EXPECT_GT(goals, 500);
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

TEST(MetricComparison, ComparesConstantsByHowTheyFallApart) {
  const MetricComparison worse = Compare(Superior(), Constant(0.7, 50), Constant(0.5, 50));
  EXPECT_EQ(worse.proof, Proof::kSeparatedHarm);
  EXPECT_LT(worse.log_p_value, std::log(1e-20));
  EXPECT_THAT(worse.message, HasSubstr("all 50 units have one value, all 50 of the control another "
                                       "one, means -0.2 apart"));
  EXPECT_EQ(Compare(Superior(), Constant(0.5, 50), Constant(0.7, 50)).proof, Proof::kGoal);
  EXPECT_EQ(Compare(NotInferior(0.3), Constant(0.5, 50), Constant(0.7, 50)).proof, Proof::kGoal);
  EXPECT_EQ(Compare(Superior(), Constant(0.5, 50), Constant(0.505, 50)).proof,
            Proof::kNotComputable)
      << "less than is worth shipping";
  EXPECT_THAT(Compare(Superior(), Constant(20, 1'500), Constant(40, 1'500)).message,
              HasSubstr("with a probability of at most 1e-90"));
  EXPECT_EQ(Compare(Superior(), Constant(0.5, 50), Constant(0.5, 50)).proof, Proof::kNotComputable);
  EXPECT_EQ(Compare(LowerIsBetter(Superior()), Constant(0.5, 50), Constant(0.7, 50)).proof,
            Proof::kSeparatedHarm);
  EXPECT_EQ(Compare(NotInferior(0.3), Constant(0.7, 50), Constant(0.5, 50)).proof,
            Proof::kNotComputable)
      << "it is within the margin";
  EXPECT_EQ(Compare(Absolute(NotInferior(0.1)), Constant(0.7, 50), Constant(0.5, 50)).proof,
            Proof::kSeparatedHarm);
  EXPECT_EQ(Compare(NotInferior(0.5), Constant(0, 50), Constant(-0.1, 50)).proof,
            Proof::kSeparatedHarm)
      << "no loss is a part of nothing";
  // Among so many tests, 2 in 184,756 is not rare.
  EXPECT_EQ(
      CompareMetric(Superior(), Boundaries(0, 100, 50), Constant(0.7, 10), Constant(0.5, 10)).proof,
      Proof::kNotComputable);
  EXPECT_TRUE(std::isfinite(
      Compare(Superior(), Constant(0.7, 100'000), Constant(0.5, 100'000)).log_p_value));
}

TEST(MetricComparison, SeesHarmWhereTheControlsMeanMayBeZero) {
  std::mt19937_64 random(12);
  OutcomeCounts control, treatment;
  for (int i = 0; i < 500; ++i) {
    AddUnit(std::normal_distribution<>(0, 1)(random), control);
    AddUnit(std::normal_distribution<>(-0.5, 1)(random), treatment);
  }
  for (const Metric& metric : {Superior(), Absolute(Superior())}) {
    const MetricComparison comparison = Compare(metric, control, treatment);
    EXPECT_EQ(comparison.proof, Proof::kHarm) << comparison.message;
    EXPECT_LT(comparison.log_p_value, std::log(0.05));
    EXPECT_TRUE(comparison.relative_interval.Contains(-1e300));
    EXPECT_LT(comparison.absolute_interval.upper, 0);
  }
  const MetricComparison from_zero = Compare(Superior(), Constant(0, 500), treatment);
  EXPECT_EQ(from_zero.proof, Proof::kHarm);
  EXPECT_FALSE(from_zero.relative_lift.has_value());
  EXPECT_FALSE(from_zero.goal_bound.has_value());
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

// A value a unit: the sum of its outcomes, at most the cap.
OutcomeCounts Sums(const Metric& metric, const std::vector<std::vector<double>>& units) {
  ArmCounts counts(1);
  for (const std::vector<double>& outcomes : units) {
    UnitState state;
    state.expose_time = absl::UnixEpoch();
    state.totals.resize(1);
    for (const double value : outcomes) state.totals[0].Add(value);
    counts.Count({metric}, UnitState(), state);
  }
  return counts.metrics[0];
}

TEST(MetricComparison, OfCappedSumsIsNotBlindedByOneOfThem) {
  std::mt19937_64 random(9);
  std::vector<std::vector<double>> control, treatment;
  for (int i = 0; i < 2'000; ++i) {
    control.push_back({std::exponential_distribution<>(1)(random), 1});
    treatment.push_back({std::exponential_distribution<>(1)(random), 0.4});
  }
  treatment[0] = {1e6, 3};
  Metric metric = Superior();
  metric.aggregation = Aggregation::kSum;
  EXPECT_EQ(Compare(metric, Sums(metric, control), Sums(metric, treatment)).proof, Proof::kNothing);
  metric.cap = 10;
  const MetricComparison capped = Compare(metric, Sums(metric, control), Sums(metric, treatment));
  EXPECT_EQ(capped.proof, Proof::kHarm);
  EXPECT_NEAR(capped.relative_lift.value(), -0.3, 0.06);
}

TEST(MetricComparison, OfWhetherThereIsAnyIsOneOfProportions) {
  Metric metric = LowerIsBetter(Superior());
  metric.aggregation = Aggregation::kAny;
  std::vector<std::vector<double>> control, treatment;
  for (int i = 0; i < 1'000; ++i) {
    control.push_back(i % 5 == 0 ? std::vector<double>{0, 7, 1} : std::vector<double>{0, 0});
    treatment.push_back(i % 10 == 0 ? std::vector<double>{2} : std::vector<double>{0});
  }
  const MetricComparison any = Compare(metric, Sums(metric, control), Sums(metric, treatment));
  EXPECT_EQ(any.relative_lift, -0.5);
  EXPECT_EQ(any.proof, Proof::kGoal);
  metric.aggregation = Aggregation::kCount;
  const MetricComparison count = Compare(metric, Sums(metric, control), Sums(metric, treatment));
  EXPECT_NEAR(count.absolute_lift, (0.9 * 1 + 0.1 * 1) - (0.8 * 2 + 0.2 * 3), 1e-12);
}

}  // namespace
}  // namespace flywheel::experiment

#include "experiment_service/domain/analysis.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "experiment_service/domain/assignment.h"
#include "tests/experiment_service/domain/known_counts.h"

namespace flywheel::experiment {
namespace {

Experiment WithWeights(const std::vector<double>& weights) {
  Experiment experiment;
  experiment.experiment_id = "e";
  experiment.plan.metrics[0].name = "accepted";
  for (size_t i = 0; i < weights.size(); ++i) {
    experiment.arms.push_back(
        {std::string(1, static_cast<char>('a' + i)), "v", weights[i], i == 0});
  }
  return experiment;
}

Analysis AnalyzeCounts(const Experiment& experiment, const std::vector<ArmCounts>& arms,
                       absl::Duration running = absl::Hours(15 * 24)) {
  return Analyze(experiment, Assignment("p", experiment).shares(), arms,
                 experiment.create_time + running);
}

Analysis AnalyzeArms(const Experiment& experiment, const std::vector<OutcomeCounts>& counts) {
  std::vector<ArmCounts> arms;
  for (const OutcomeCounts& outcomes : counts) arms.push_back(AllReport(outcomes));
  return AnalyzeCounts(experiment, arms);
}

TEST(Analysis, ShipsAClearlyBetterTreatment) {
  const Analysis analysis =
      AnalyzeArms(WithWeights({1, 1}), {Proportion(400, 1'000), Proportion(550, 1'000)});
  EXPECT_EQ(analysis.experiment_id, "e");
  ASSERT_EQ(analysis.comparisons.size(), 1u);
  const Comparison& comparison = analysis.comparisons[0];
  EXPECT_EQ(comparison.arm, 1u);
  EXPECT_EQ(comparison.arm_id, "b");
  EXPECT_NEAR(comparison.metrics[0].absolute_lift, 0.15, 1e-12);
  EXPECT_EQ(comparison.look.reason, RecommendationReason::kSuperior);
  EXPECT_EQ(analysis.sample_ratio_p_value, 1);
  ASSERT_EQ(analysis.arms.size(), 2u);
  EXPECT_EQ(analysis.arms[0].exposed_units, 1'000);
  EXPECT_EQ(analysis.arms[0].expected_share, 0.5);
  EXPECT_EQ(analysis.arms[1].metrics[0].metric, "accepted");
  EXPECT_EQ(analysis.arms[1].metrics[0].units, 1'000);
  EXPECT_EQ(analysis.arms[1].metrics[0].mean, 0.55);
  EXPECT_NEAR(analysis.arms[1].metrics[0].standard_deviation, 0.4977, 1e-4);
}

TEST(Analysis, RollsAHarmfulTreatmentBack) {
  const Analysis analysis =
      AnalyzeArms(WithWeights({1, 1}), {Proportion(550, 1'000), Proportion(400, 1'000)});
  EXPECT_EQ(analysis.comparisons[0].look.reason, RecommendationReason::kHarm);
}

TEST(Analysis, HoldsWhereUnitsWentMissing) {
  const Analysis analysis =
      AnalyzeArms(WithWeights({1, 1}), {Proportion(550, 1'500), Proportion(900, 1'000)});
  EXPECT_LT(analysis.quality.sample_ratio_p_value, kSampleRatioHold);
  EXPECT_LT(analysis.sample_ratio_p_value, 1e-10);
  EXPECT_EQ(analysis.comparisons[0].look.reason, RecommendationReason::kSampleRatioMismatch);
}

TEST(Analysis, HoldsWhereOutcomesWentMissing) {
  std::vector<ArmCounts> arms = {AllReport(Proportion(550, 1'000)),
                                 AllReport(Proportion(600, 750))};
  arms[1].exposed_units = 1'000;
  const Analysis analysis = AnalyzeCounts(WithWeights({1, 1}), arms);
  EXPECT_EQ(analysis.comparisons[0].look.reason, RecommendationReason::kMissingOutcomes);
  EXPECT_EQ(analysis.quality.reporting, "accepted: a 1000 of 1000 exposed units, b 750 of 1000");
  EXPECT_EQ(analysis.arms[1].metrics[0].units_with_outcome, 750);
  Experiment counted = WithWeights({1, 1});
  counted.plan.metrics[0].value_without_outcome = 0;
  const Analysis complete = AnalyzeCounts(counted, arms);
  EXPECT_EQ(complete.arms[1].metrics[0].units, 1'000);
  EXPECT_EQ(complete.arms[1].metrics[0].mean, 0.6);
  EXPECT_EQ(complete.comparisons[0].metrics[0].treatment_units, 1'000);
  EXPECT_EQ(complete.quality.missing_outcomes_p_value, 1);
}

TEST(Analysis, HoldsWhereUnitsSawBothVersions) {
  std::vector<ArmCounts> arms = {AllReport(Proportion(400, 1'000)),
                                 AllReport(Proportion(550, 1'000))};
  arms[1].exposed_units += 30;
  arms[1].mixed_units = 30;
  const Analysis analysis = AnalyzeCounts(WithWeights({1, 1}), arms);
  EXPECT_EQ(analysis.quality.exposed_units, 2'030);
  EXPECT_EQ(analysis.quality.mixed_units, 30);
  EXPECT_EQ(analysis.comparisons[0].look.reason, RecommendationReason::kMixedExposure);
}

TEST(Analysis, CountsTheTimeUntilTheExperimentStopped) {
  Experiment experiment = WithWeights({1, 1});
  const std::vector<ArmCounts> arms = {AllReport(Proportion(400, 1'000)),
                                       AllReport(Proportion(550, 1'000))};
  const auto reason = [&] { return AnalyzeCounts(experiment, arms).comparisons[0].look.reason; };
  EXPECT_EQ(AnalyzeCounts(experiment, arms, absl::Hours(1)).comparisons[0].look.reason,
            RecommendationReason::kTooEarly);
  EXPECT_EQ(reason(), RecommendationReason::kSuperior);
  experiment.state = State::kStopped;
  experiment.stop_time = experiment.create_time + absl::Hours(1);
  EXPECT_EQ(reason(), RecommendationReason::kTooEarly);
}

Experiment WithGuardrail() {
  Experiment experiment = WithWeights({1, 1});
  Metric guardrail;
  guardrail.name = "escalated";
  guardrail.direction = Direction::kLowerIsBetter;
  guardrail.goal = Goal::kNotInferior;
  guardrail.margin = 0.1;
  experiment.plan.metrics.push_back(guardrail);
  return experiment;
}

TEST(Analysis, AsksEveryGuardrail) {
  const auto look = [](int64_t escalated) {
    return AnalyzeCounts(WithGuardrail(),
                         {AllReport({Proportion(4'000, 10'000), Proportion(2'000, 10'000)}),
                          AllReport({Proportion(5'000, 10'000), Proportion(escalated, 10'000)})})
        .comparisons[0]
        .look;
  };
  EXPECT_EQ(look(1'900).reason, RecommendationReason::kSuperior);
  EXPECT_EQ(look(2'150).reason, RecommendationReason::kGuardrailUndecided);
  EXPECT_EQ(look(2'900).reason, RecommendationReason::kGuardrailHarm);
}

TEST(Analysis, SharesAlphaAmongTheTreatments) {
  const OutcomeCounts control = Proportion(400, 1'000);
  const OutcomeCounts treatment = Proportion(460, 1'000);
  const MetricComparison alone =
      AnalyzeArms(WithWeights({1, 1}), {control, treatment}).comparisons[0].metrics[0];
  const MetricComparison one_of_two =
      AnalyzeArms(WithWeights({1, 1, 1}), {control, treatment, Proportion(410, 1'000)})
          .comparisons[0]
          .metrics[0];
  EXPECT_LT(one_of_two.relative_interval.lower, alone.relative_interval.lower);
  EXPECT_GT(one_of_two.relative_interval.upper, alone.relative_interval.upper);
  EXPECT_GT(one_of_two.log_p_value, alone.log_p_value);
}

TEST(Analysis, OfNothingSaysTooFewUnits) {
  const Analysis analysis = AnalyzeArms(WithWeights({1, 1}), {OutcomeCounts(), OutcomeCounts()});
  EXPECT_EQ(analysis.comparisons[0].look.reason, RecommendationReason::kTooFewUnits);
  EXPECT_EQ(analysis.comparisons[0].metrics[0].log_p_value, 0);
  EXPECT_TRUE(analysis.comparisons[0].metrics[0].relative_interval.Contains(-1e300));
  EXPECT_EQ(analysis.arms[0].metrics[0].standard_deviation, 0);
}

OutcomeCounts Constant(double value, int units) {
  return CountsOf(std::vector<double>(static_cast<size_t>(units), value));
}

TEST(Analysis, RollsAConstantTreatmentBackThatIsWorseThanAConstantControl) {
  const Decision worse =
      AnalyzeArms(WithWeights({1, 1}), {Constant(1, 50), Constant(0.5, 50)}).comparisons[0].look;
  EXPECT_EQ(worse.recommendation, Recommendation::kRollback);
  EXPECT_EQ(worse.reason, RecommendationReason::kSeparatedHarm);
}

TEST(Analysis, WantsMoreSeparatedUnitsTheSmallerAlphaIs) {
  Experiment experiment = WithWeights({1, 1});
  experiment.plan.alpha = 1e-9;
  const auto reason = [&](int units) {
    return AnalyzeArms(experiment, {Constant(1, units), Constant(0.5, units)})
        .comparisons[0]
        .look.reason;
  };
  EXPECT_NE(reason(10), RecommendationReason::kSeparatedHarm);
  EXPECT_EQ(reason(20), RecommendationReason::kSeparatedHarm);
}

// Experiments in which all arms are alike, each looked at 50 times.
struct AATest {
  std::string name;
  std::vector<double> weights;
  std::function<double(std::mt19937_64&)> draw;
  int first_look = 20;
  int units = 5'000;
  int64_t planned_units = 0;
};

double ShareOfWrongAnswers(const AATest& test, int experiments) {
  Experiment experiment = WithWeights(test.weights);
  experiment.plan.metrics[0].min_lift = 0;
  experiment.plan.planned_units = test.planned_units;
  experiment.plan.min_units_per_arm = 0;
  experiment.plan.min_units = 0;
  std::discrete_distribution<size_t> deal(test.weights.begin(), test.weights.end());
  const double step = std::pow(test.units / static_cast<double>(test.first_look), 1.0 / 49);
  std::mt19937_64 random(20'240'501);
  int wrong = 0;
  for (int e = 0; e < experiments; ++e) {
    std::vector<OutcomeCounts> counts(test.weights.size());
    bool answered = false;
    double next_look = test.first_look;
    for (int unit = 1; unit <= test.units && !answered; ++unit) {
      const size_t arm = deal(random);
      AddUnit(test.draw(random), counts[arm]);
      if (unit < next_look) continue;
      next_look = std::max(next_look * step, unit + 1.0);
      for (const Comparison& comparison : AnalyzeArms(experiment, counts).comparisons) {
        answered |= comparison.look.recommendation != Recommendation::kContinue &&
                    comparison.look.recommendation != Recommendation::kHold;
      }
    }
    wrong += answered ? 1 : 0;
  }
  return wrong / static_cast<double>(experiments);
}

// tests/simulations/experiment_verdicts.cc does the same for proportions.
TEST(Analysis, IsSeldomWrongAboutEqualArmsHoweverOftenItIsLookedAt) {
  const std::vector<AATest> tests = {
      {"halves, 20 %",
       {1, 1},
       [](std::mt19937_64& r) { return std::bernoulli_distribution(0.2)(r) ? 1.0 : 0.0; }},
      {"90/10, normal",
       {9, 1},
       [](std::mt19937_64& r) { return std::normal_distribution<>(3, 1)(r); }},
      {"90/10, lognormal, planned",
       {9, 1},
       [](std::mt19937_64& r) { return std::lognormal_distribution<>(0, 1.5)(r); },
       20,
       5'000,
       1'000},
  };
  for (const AATest& test : tests) {
    const double share = ShareOfWrongAnswers(test, /*experiments=*/400);
    EXPECT_LE(share, 0.05) << test.name;
    RecordProperty(test.name, std::to_string(share));
  }
}

// No relative lift exists or has bounds, or hardly a unit differs from the others: harm is looked
// for in the difference of the means.
TEST(Analysis, IsSeldomWrongAboutEqualArmsWhoseMeanIsZeroOrThatHardlyVary) {
  const auto two_values = [](double rare, double often, double share) {
    return [=](std::mt19937_64& random) {
      return std::bernoulli_distribution(share)(random) ? rare : often;
    };
  };
  const auto skewed = [](double sign) {
    return [sign](std::mt19937_64& random) {
      return sign * (std::lognormal_distribution<>(0, 1.5)(random) - std::exp(1.125));
    };
  };
  const std::vector<AATest> tests = {
      {"halves, normal around 0",
       {1, 1},
       [](std::mt19937_64& r) { return std::normal_distribution<>(0, 1)(r); }},
      {"90/10, lognormal around 0, planned", {9, 1}, skewed(1), 20, 5'000, 1'000},
      {"10/90, lognormal around 0, turned", {1, 9}, skewed(-1), 20, 5'000, 1'000},
      {"halves, -1 in 20 % and else 0", {1, 1}, two_values(-1, 0, 0.2)},
      {"99/1, -1 in 0.2 % and else 0", {99, 1}, two_values(-1, 0, 0.002), 100, 20'000},
      {"halves, 0.5 in 1 % and else 1", {1, 1}, two_values(0.5, 1, 0.01)},
      {"10/90, 0.5 in half", {1, 9}, two_values(0.5, 1, 0.5)},
  };
  for (const AATest& test : tests) {
    const double share = ShareOfWrongAnswers(test, /*experiments=*/400);
    EXPECT_LE(share, 0.05) << test.name;
    RecordProperty(test.name, std::to_string(share));
  }
}

TEST(Analysis, SeldomShipsALossOfTheMarginUnderTheWidestPlan) {
  Experiment experiment = WithWeights({1, 1});
  experiment.plan.metrics[0].goal = Goal::kNotInferior;
  experiment.plan.metrics[0].margin = 0.5;
  experiment.plan.min_units_per_arm = 10;
  experiment.plan.min_units = 0;
  experiment.plan.planned_units = 50;
  std::mt19937_64 random(6);
  constexpr int kExperiments = 1'000;
  int shipped = 0;
  for (int e = 0; e < kExperiments; ++e) {
    std::vector<OutcomeCounts> counts(2);
    bool ever = false;
    for (int unit = 0; unit < 500 && !ever; ++unit) {
      const size_t arm = random() % 2;
      AddUnit(std::bernoulli_distribution(arm == 0 ? 0.5 : 0.25)(random) ? 1 : 0, counts[arm]);
      if (unit % 5 != 0) continue;
      const Decision decision = AnalyzeArms(experiment, counts).comparisons[0].look;
      ever = decision.recommendation == Recommendation::kShip;
    }
    shipped += ever ? 1 : 0;
  }
  EXPECT_LE(shipped, kExperiments / 20);
  EXPECT_GT(shipped, 0);
}

TEST(Analysis, FindsARealLiftWithinThePlannedUnits) {
  Experiment experiment = WithWeights({1, 1});
  experiment.plan.planned_units = 5'000;
  std::mt19937_64 random(5);
  int found = 0;
  for (int e = 0; e < 100; ++e) {
    const auto control = std::binomial_distribution<int64_t>(2'500, 0.40)(random);
    const auto treatment = std::binomial_distribution<int64_t>(2'500, 0.48)(random);
    const Analysis analysis =
        AnalyzeArms(experiment, {Proportion(control, 2'500), Proportion(treatment, 2'500)});
    found += analysis.comparisons[0].look.recommendation == Recommendation::kShip ? 1 : 0;
  }
  EXPECT_GE(found, 95);
}

// A sum that goes on growing while the units stand still is another look at each event, which the
// plan's boundary knows nothing of.
TEST(Analysis, AsksThePlanOnlyOfValuesThatStayAsTheyAre) {
  Experiment experiment = WithWeights({1, 1});
  experiment.plan.planned_units = 2'000;
  const std::vector<OutcomeCounts> counts = {Proportion(400, 1'000), Proportion(450, 1'000)};
  const double once = *AnalyzeArms(experiment, counts).comparisons[0].metrics[0].goal_bound;
  std::vector<OutcomeCounts> twice;
  for (const OutcomeCounts& arm : counts) {
    OutcomeCounts::Parts parts = arm.parts();
    parts.outcomes *= 2;
    twice.emplace_back(parts);
  }
  EXPECT_LT(*AnalyzeArms(experiment, twice).comparisons[0].metrics[0].goal_bound, once);
  experiment.plan.metrics[0].value_without_outcome = 0;
  const double open = *AnalyzeArms(experiment, counts).comparisons[0].metrics[0].goal_bound;
  EXPECT_LT(open, once) << "who has no outcome may still have one";
}

}  // namespace
}  // namespace flywheel::experiment

#include "experiment_service/domain/analysis.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <random>
#include <string>
#include <utility>
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

Analysis AnalyzeArms(const Experiment& experiment, const std::vector<OutcomeCounts>& counts) {
  std::vector<ArmCounts> arms;
  for (const OutcomeCounts& outcomes : counts) arms.push_back(AllReport(outcomes));
  return Analyze(experiment, Assignment("p", experiment).shares(), arms);
}

TEST(Analysis, ShipsAClearlyBetterTreatment) {
  const Analysis analysis =
      AnalyzeArms(WithWeights({1, 1}), {Proportion(400, 1'000), Proportion(550, 1'000)});
  ASSERT_EQ(analysis.comparisons.size(), 1u);
  const Comparison& comparison = analysis.comparisons[0];
  EXPECT_EQ(comparison.arm_id, "b");
  EXPECT_NEAR(comparison.absolute_lift, 0.15, 1e-12);
  EXPECT_NEAR(comparison.relative_lift, 0.375, 1e-12);
  EXPECT_GT(comparison.relative_interval.lower, 0);
  EXPECT_LT(comparison.p_value, 0.05);
  EXPECT_EQ(comparison.decision.reason, RecommendationReason::kSuperior);
  EXPECT_EQ(analysis.outcomes, 2'000);
  EXPECT_EQ(analysis.sample_ratio_p_value, 1);
}

TEST(Analysis, RollsAHarmfulTreatmentBack) {
  const Analysis analysis =
      AnalyzeArms(WithWeights({1, 1}), {Proportion(550, 1'000), Proportion(400, 1'000)});
  EXPECT_EQ(analysis.comparisons[0].decision.reason, RecommendationReason::kHarm);
}

TEST(Analysis, DecidesNothingWhereUnitsWentMissing) {
  const Analysis analysis =
      AnalyzeArms(WithWeights({1, 1}), {Proportion(550, 1'500), Proportion(900, 1'000)});
  EXPECT_LT(analysis.sample_ratio_always_valid_p_value, 0.001);
  EXPECT_EQ(analysis.comparisons[0].decision.reason, RecommendationReason::kSampleRatioMismatch);
}

TEST(Analysis, SharesAlphaAmongTheTreatments) {
  const OutcomeCounts control = Proportion(400, 1'000);
  const OutcomeCounts treatment = Proportion(460, 1'000);
  const Comparison alone = AnalyzeArms(WithWeights({1, 1}), {control, treatment}).comparisons[0];
  const Comparison one_of_two =
      AnalyzeArms(WithWeights({1, 1, 1}), {control, treatment, Proportion(410, 1'000)})
          .comparisons[0];
  EXPECT_LT(one_of_two.relative_interval.lower, alone.relative_interval.lower);
  EXPECT_GT(one_of_two.relative_interval.upper, alone.relative_interval.upper);
  EXPECT_GT(one_of_two.p_value, alone.p_value);
}

TEST(Analysis, HasAPValueBelowAlphaWhereverTheIntervalExcludesZero) {
  for (const int ones : {250, 300, 350, 380, 400, 430, 450, 460, 470, 480, 490, 500}) {
    const Comparison c =
        AnalyzeArms(WithWeights({1, 1}), {Proportion(400, 1'000), Proportion(ones, 1'000)})
            .comparisons[0];
    EXPECT_EQ(c.p_value < 0.05, !c.relative_interval.Contains(0)) << ones;
  }
}

TEST(Analysis, OfNothingSaysTooFewUnits) {
  const Analysis analysis = AnalyzeArms(WithWeights({1, 1}), {OutcomeCounts(), OutcomeCounts()});
  EXPECT_EQ(analysis.comparisons[0].decision.reason, RecommendationReason::kTooFewUnits);
  EXPECT_EQ(analysis.comparisons[0].p_value, 1);
  EXPECT_TRUE(analysis.comparisons[0].relative_interval.Contains(-1e300));
}

OutcomeCounts Constant(double value, int units) {
  return CountsOf(std::vector<double>(static_cast<size_t>(units), value));
}

TEST(Analysis, RollsHarmBackWhereTheControlsMeanIsZero) {
  std::mt19937_64 random(11);
  OutcomeCounts treatment;
  for (int i = 0; i < 100; ++i) {
    AddUnit(std::normal_distribution<>(-0.5, 0.5)(random), treatment);
  }
  const Comparison comparison =
      AnalyzeArms(WithWeights({1, 1}), {Constant(0, 100), treatment}).comparisons[0];
  EXPECT_EQ(comparison.decision.recommendation, Recommendation::kRollback);
  EXPECT_EQ(comparison.decision.reason, RecommendationReason::kAbsoluteHarm);
  EXPECT_LT(comparison.p_value, 0.05);
  EXPECT_TRUE(comparison.relative_interval.Contains(-1e300));
}

TEST(Analysis, RollsHarmBackWhereTheControlsMeanCannotBeToldFromZero) {
  std::mt19937_64 random(12);
  OutcomeCounts control, treatment;
  for (int i = 0; i < 500; ++i) {
    AddUnit(std::normal_distribution<>(0, 1)(random), control);
    AddUnit(std::normal_distribution<>(-0.5, 1)(random), treatment);
  }
  const Comparison comparison =
      AnalyzeArms(WithWeights({1, 1}), {control, treatment}).comparisons[0];
  EXPECT_TRUE(comparison.relative_interval.Contains(-1e300));
  EXPECT_EQ(comparison.decision.reason, RecommendationReason::kAbsoluteHarm);
  EXPECT_LT(comparison.p_value, 0.05);
}

TEST(Analysis, RollsAConstantTreatmentBackThatIsWorseThanAConstantControl) {
  const Experiment experiment = WithWeights({1, 1});
  const Comparison worse =
      AnalyzeArms(experiment, {Constant(1, 50), Constant(0.5, 50)}).comparisons[0];
  EXPECT_EQ(worse.decision.recommendation, Recommendation::kRollback);
  EXPECT_EQ(worse.decision.reason, RecommendationReason::kAbsoluteHarm);
  EXPECT_LT(worse.p_value, 1e-20);
  const Comparison from_zero =
      AnalyzeArms(experiment, {Constant(0, 100), Constant(-0.5, 100)}).comparisons[0];
  EXPECT_EQ(from_zero.decision.reason, RecommendationReason::kAbsoluteHarm);
}

TEST(Analysis, NeverShipsWithoutARelativeLift) {
  for (const Goal goal : {Goal::kSuperior, Goal::kNotInferior}) {
    Experiment experiment = WithWeights({1, 1});
    experiment.plan.metrics[0].goal = goal;
    for (const auto& [control, treatment] : std::vector<std::pair<OutcomeCounts, OutcomeCounts>>{
             {Constant(0.5, 500), Constant(1, 500)},
             {Constant(0.5, 500), Constant(0.5, 500)},
             {Proportion(0, 500), Proportion(300, 500)},
             {Proportion(500, 500), Proportion(500, 500)}}) {
      const Decision decision =
          AnalyzeArms(experiment, {control, treatment}).comparisons[0].decision;
      EXPECT_EQ(decision.recommendation, Recommendation::kContinue) << decision.message;
      EXPECT_EQ(decision.reason, RecommendationReason::kNotComputable);
    }
  }
}

TEST(Analysis, WantsMoreSeparatedUnitsTheSmallerAlphaIs) {
  Experiment experiment = WithWeights({1, 1});
  experiment.plan.alpha = 1e-9;
  const auto reason = [&](int units) {
    return AnalyzeArms(experiment, {Constant(1, units), Constant(0.5, units)})
        .comparisons[0]
        .decision.reason;
  };
  EXPECT_NE(reason(10), RecommendationReason::kAbsoluteHarm);
  EXPECT_EQ(reason(20), RecommendationReason::kAbsoluteHarm);
}

// Experiments in which all arms are alike, each looked at 100 times.
struct AATest {
  std::string name;
  std::vector<double> weights;
  std::function<double(std::mt19937_64&)> draw;
  int first_look = 20;
  int units = 5'000;
  int64_t planned_units = 5'000;
};

double ShareOfWrongAnswers(const AATest& test, int experiments) {
  Experiment experiment = WithWeights(test.weights);
  experiment.plan.metrics[0].min_lift = 0;
  experiment.plan.planned_units = test.planned_units;
  std::discrete_distribution<size_t> deal(test.weights.begin(), test.weights.end());
  const double step = std::pow(test.units / static_cast<double>(test.first_look), 1.0 / 99);
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
        const Recommendation recommendation = comparison.decision.recommendation;
        answered |=
            recommendation == Recommendation::kShip || recommendation == Recommendation::kRollback;
      }
    }
    wrong += answered ? 1 : 0;
  }
  return wrong / static_cast<double>(experiments);
}

TEST(Analysis, IsSeldomWrongAboutEqualArmsHoweverOftenItIsLookedAt) {
  const auto bernoulli = [](double p) {
    return
        [p](std::mt19937_64& random) { return std::bernoulli_distribution(p)(random) ? 1.0 : 0.0; };
  };
  const std::vector<AATest> tests = {
      {"halves, 20 %", {1, 1}, bernoulli(0.2)},
      {"halves, 95 %, planned too small", {1, 1}, bernoulli(0.95), 20, 5'000, 100},
      {"90/9/1, 10 %", {90, 9, 1}, bernoulli(0.1), 100, 20'000},
      {"99/1, 2 %", {99, 1}, bernoulli(0.02), 1'000, 50'000},
      {"90/10, normal",
       {9, 1},
       [](std::mt19937_64& r) { return std::normal_distribution<>(3, 1)(r); }},
      {"90/10, lognormal, planned too small",
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
      {"90/10, lognormal around 0, planned too small", {9, 1}, skewed(1), 20, 5'000, 1'000},
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
      const Decision decision = AnalyzeArms(experiment, counts).comparisons[0].decision;
      ever = decision.recommendation == Recommendation::kShip;
    }
    shipped += ever ? 1 : 0;
  }
  EXPECT_LE(shipped, kExperiments / 20);
  EXPECT_GT(shipped, 0);
}

TEST(Analysis, FindsARealLiftWithinThePlannedUnits) {
  Experiment experiment = WithWeights({1, 1});
  std::mt19937_64 random(5);
  int found = 0;
  for (int e = 0; e < 100; ++e) {
    std::vector<OutcomeCounts> counts(2);
    for (int i = 0; i < 5'000; ++i) {
      const size_t arm = random() % 2;
      AddUnit(std::bernoulli_distribution(arm == 0 ? 0.40 : 0.48)(random) ? 1 : 0, counts[arm]);
    }
    const Analysis analysis = AnalyzeArms(experiment, counts);
    found += analysis.comparisons[0].decision.recommendation == Recommendation::kShip ? 1 : 0;
  }
  EXPECT_GE(found, 95);
}

}  // namespace
}  // namespace flywheel::experiment

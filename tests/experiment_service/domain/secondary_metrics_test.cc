// Secondary metrics: what is shown, and decides nothing.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "experiment_service/domain/analysis.h"
#include "experiment_service/domain/analysis_text.h"
#include "experiment_service/domain/assignment.h"
#include "tests/experiment_service/domain/known_counts.h"

namespace flywheel::experiment {
namespace {

// Two arms, a guardrail and so many secondary metrics.
Experiment WithSecondary(size_t count) {
  Experiment experiment;
  experiment.arms = {{"a", "v1", 1, true}, {"b", "v2", 1, false}};
  experiment.plan.metrics.resize(2 + count);
  experiment.plan.metrics[1].goal = Goal::kNotInferior;
  for (size_t i = 0; i < experiment.plan.metrics.size(); ++i) {
    experiment.plan.metrics[i].name = "metric-" + std::to_string(i);
    experiment.plan.metrics[i].secondary = i >= 2;
  }
  return experiment;
}

Analysis Analysed(const Experiment& experiment, const std::vector<ArmCounts>& arms) {
  return Analyze(experiment, Assignment("p", experiment).shares(), arms,
                 experiment.create_time + absl::Hours(15 * 24));
}

// A better primary metric, a guardrail that is as good, and of every secondary metric so many ones.
std::vector<ArmCounts> Arms(size_t secondary, int64_t ones) {
  std::vector<OutcomeCounts> control = {Proportion(400, 1'000), Proportion(990, 1'000)};
  std::vector<OutcomeCounts> treatment = {Proportion(550, 1'000), Proportion(990, 1'000)};
  control.resize(2 + secondary, Proportion(500, 1'000));
  treatment.resize(2 + secondary, Proportion(ones, 1'000));
  return {AllReport(control), AllReport(treatment)};
}

TEST(SecondaryMetrics, HaveARoleOfTheirOwn) {
  const Experiment experiment = WithSecondary(2);
  EXPECT_EQ(experiment.plan.deciding(), 2u);
  EXPECT_EQ(AnalysisPlan().deciding(), 1u);
  const Analysis analysis = Analysed(experiment, Arms(2, 500));
  const std::vector<MetricComparison>& metrics = analysis.comparisons[0].metrics;
  ASSERT_EQ(metrics.size(), 4u);
  EXPECT_EQ(metrics[0].role, MetricRole::kPrimary);
  EXPECT_EQ(metrics[1].role, MetricRole::kGuardrail);
  EXPECT_EQ(metrics[2].role, MetricRole::kSecondary);
  EXPECT_EQ(analysis.arms[1].metrics[3].metric, "metric-3");
}

TEST(SecondaryMetrics, NeitherRollBackNorShip) {
  const Decision expected = Analysed(WithSecondary(0), Arms(0, 0)).comparisons[0].look;
  EXPECT_EQ(expected.reason, RecommendationReason::kSuperior);
  for (const int64_t ones : {0, 300, 500, 1'000}) {
    const Comparison comparison = Analysed(WithSecondary(1), Arms(1, ones)).comparisons[0];
    EXPECT_EQ(comparison.look, expected) << ones;
  }
  EXPECT_EQ(Analysed(WithSecondary(1), Arms(1, 300)).comparisons[0].metrics[2].proof, Proof::kHarm)
      << "it is harm, and is shown";
}

// Who asks more is not answered less surely.
TEST(SecondaryMetrics, TakeNothingFromThoseThatDecide) {
  const Analysis without = Analysed(WithSecondary(0), Arms(0, 0));
  const Analysis with = Analysed(WithSecondary(18), Arms(18, 450));
  Analysis deciding = with;
  for (ArmResult& arm : deciding.arms) arm.metrics.resize(2);
  deciding.comparisons[0].metrics.resize(2);
  EXPECT_EQ(AnalysisText(deciding), AnalysisText(without)) << "to the last bit";
}

TEST(SecondaryMetrics, ShareAnAlphaOfTheirOwn) {
  // One alone has the p-value that it would have as a primary metric without guardrails.
  Experiment primary = WithSecondary(0);
  primary.plan.metrics.resize(1);
  const auto log_p = [](const Experiment& experiment, size_t count, size_t position) {
    std::vector<ArmCounts> arms = Arms(count, 560);
    if (experiment.plan.metrics.size() == 1) {
      for (ArmCounts& arm : arms) arm.metrics = {arm.metrics[2]};
    }
    return Analysed(experiment, arms).comparisons[0].metrics[position];
  };
  const MetricComparison as_primary = log_p(primary, 1, 0);
  const MetricComparison alone = log_p(WithSecondary(1), 1, 2);
  EXPECT_EQ(alone.log_p_value, as_primary.log_p_value);
  EXPECT_EQ(alone.absolute_interval.lower, as_primary.absolute_interval.lower);
  // Of four each has a quarter of alpha: p is four times as large, but for its own plan of looks.
  const MetricComparison of_four = log_p(WithSecondary(4), 4, 3);
  EXPECT_GT(of_four.log_p_value, alone.log_p_value + std::log(3.0));
  EXPECT_LT(of_four.log_p_value, alone.log_p_value + std::log(5.0));
  EXPECT_LT(of_four.absolute_interval.lower, alone.absolute_interval.lower);
  EXPECT_GT(of_four.absolute_interval.upper, alone.absolute_interval.upper);
}

// The interval excludes 0 exactly where p is at most alpha, to either side.
TEST(SecondaryMetrics, NeverContradictThemselves) {
  for (int64_t ones = 380; ones <= 620; ones += 2) {
    const MetricComparison metric =
        Analysed(WithSecondary(3), Arms(3, ones)).comparisons[0].metrics[4];
    const bool excludes = metric.absolute_interval.lower > 0 || metric.absolute_interval.upper < 0;
    EXPECT_EQ(excludes, metric.log_p_value <= std::log(0.05)) << ones;
  }
}

TEST(SecondaryMetrics, HoldNothingWhereTheirOutcomesAreMissing) {
  std::vector<ArmCounts> arms = Arms(1, 500);
  arms[1].metrics[2] = Proportion(200, 300);
  const Analysis analysis = Analysed(WithSecondary(1), arms);
  EXPECT_EQ(analysis.quality.missing_outcomes_p_value, 1);
  EXPECT_EQ(analysis.comparisons[0].look.reason, RecommendationReason::kSuperior);
  EXPECT_EQ(analysis.comparisons[0].metrics[2].treatment_units, 300);
  std::swap(arms[1].metrics[1], arms[1].metrics[2]);
  EXPECT_LT(Analysed(WithSecondary(1), arms).quality.missing_outcomes_p_value, 0.05);
}

}  // namespace
}  // namespace flywheel::experiment

#include "experiment_service/domain/days_left.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "experiment_service/domain/decision_boundary.h"
#include "experiment_service/domain/experiment_size.h"
#include "tests/experiment_service/domain/known_counts.h"

namespace flywheel::experiment {
namespace {

constexpr absl::Duration kDay = absl::Hours(24);

// Two arms, planned for 10,000 units, without a shortest duration.
Experiment Planned() {
  Experiment experiment;
  experiment.arms = {{"a", "v1", 1, true}, {"b", "v2", 1, false}};
  experiment.plan.metrics[0].name = "accepted";
  experiment.plan.planned_units = 10'000;
  experiment.plan.min_duration = absl::ZeroDuration();
  return experiment;
}
Experiment Unplanned() {
  Experiment experiment = Planned();
  experiment.plan.planned_units = 0;
  return experiment;
}

std::optional<double> DaysLeft(const Experiment& experiment, const std::vector<ArmCounts>& arms,
                               double days) {
  const std::vector<double> shares(arms.size(), 1 / static_cast<double>(arms.size()));
  Analysis analysis = Analyze(experiment, shares, arms, experiment.create_time + days * kDay);
  AddDaysLeft(experiment, shares, arms, analysis);
  return analysis.comparisons[0].expected_days_left;
}

std::vector<ArmCounts> Arms(const OutcomeCounts& control, const OutcomeCounts& treatment) {
  return {AllReport(control), AllReport(treatment)};
}
// 2,000 units of which nothing can be said yet.
std::vector<ArmCounts> Open() { return Arms(Proportion(400, 1'000), Proportion(405, 1'000)); }

TEST(UnitsWithoutPlan, AreThoseAtWhichTheBoundaryForEverySizeIsReached) {
  SizeQuestion question;
  question.metric.scale = Scale::kAbsolute;
  question.metric.min_lift = 0;
  question.standard_deviation = 1;
  const double units = ExperimentSize(question).UnitsWithoutPlan(0.1).value();
  const double drift = 0.1 / std::sqrt(4 / units);
  EXPECT_NEAR(drift - DecisionBoundary(0.05, 0).Gain(units), 0.8416, 1e-3) << "power .8";
  EXPECT_GT(units, static_cast<double>(ExperimentSize(question).SizeFor(0.1)->planned_units));
  EXPECT_FALSE(ExperimentSize(question).UnitsWithoutPlan(1e-6)) << "more than anybody has";
  question.treatments = 3;
  EXPECT_GT(ExperimentSize(question).UnitsWithoutPlan(0.1).value(), units);
}

TEST(DaysLeft, AreUntilThePlansUnitsHaveComeAtTheirPresentPace) {
  EXPECT_DOUBLE_EQ(DaysLeft(Planned(), Open(), 5).value(), 20) << "400 a day, and 8,000 to come";
  EXPECT_DOUBLE_EQ(DaysLeft(Planned(), Open(), 10).value(), 40);
}

TEST(DaysLeft, AreAtLeastWhatIsLeftOfTheShortestDuration) {
  Experiment experiment = Planned();
  experiment.plan.min_duration = 14 * kDay;
  EXPECT_DOUBLE_EQ(DaysLeft(experiment, Open(), 0.5).value(), 13.5);
  EXPECT_DOUBLE_EQ(DaysLeft(experiment, Open(), 5).value(), 20);
  // Better for sure, and too early.
  EXPECT_DOUBLE_EQ(
      DaysLeft(experiment, Arms(Proportion(400, 1'000), Proportion(600, 1'000)), 5).value(), 9);
}

TEST(DaysLeft, AreAtMostWhatIsLeftOfTheLongest) {
  Experiment experiment = Planned();
  experiment.plan.max_duration = 20 * kDay;
  EXPECT_DOUBLE_EQ(DaysLeft(experiment, Open(), 5).value(), 15);
  experiment.plan.max_duration = 28 * kDay;
  EXPECT_DOUBLE_EQ(DaysLeft(experiment, Open(), 5).value(), 20);
  const std::vector<ArmCounts> nobody(2, ArmCounts(1));
  EXPECT_DOUBLE_EQ(DaysLeft(experiment, nobody, 5).value(), 23) << "then it ends";
}

TEST(DaysLeft, AreAtLeastWhatTheLeastUnitsNeed) {
  Experiment experiment = Planned();
  experiment.plan.planned_units = 200;
  experiment.plan.min_units = 1'000;
  EXPECT_DOUBLE_EQ(DaysLeft(experiment, Arms(Proportion(20, 50), Proportion(20, 50)), 1).value(),
                   9);
  experiment.plan.min_units = 20;
  experiment.plan.min_units_per_arm = 800;
  EXPECT_DOUBLE_EQ(DaysLeft(experiment, Arms(Proportion(20, 50), Proportion(16, 40)), 1).value(),
                   19)
      << "the smaller arm gets 40 a day";
}

TEST(DaysLeft, WithoutAPlanAreUntilAGainOfMinLiftShows) {
  Experiment experiment = Unplanned();
  experiment.plan.metrics[0].min_lift = 0.1;
  SizeQuestion question;
  question.metric = experiment.plan.metrics[0];
  question.metric.min_lift = 0;
  question.control_mean = 0.4;
  const double needed = ExperimentSize(question).UnitsWithoutPlan(0.1).value();
  EXPECT_GT(needed, 5'000);
  EXPECT_NEAR(DaysLeft(experiment, Open(), 5).value(), (needed - 2'000) / 400, 1e-9);
  experiment.plan.metrics[0].min_lift = 0;
  EXPECT_FALSE(DaysLeft(experiment, Open(), 5)) << "a gain of nothing never shows";
}

TEST(DaysLeft, OfAMarginAreUntilNoLossShows) {
  Experiment experiment = Unplanned();
  experiment.plan.metrics[0].goal = Goal::kNotInferior;
  SizeQuestion question;
  question.metric = experiment.plan.metrics[0];
  question.control_mean = 0.4;
  const double needed = ExperimentSize(question).UnitsWithoutPlan(0).value();
  EXPECT_NEAR(DaysLeft(experiment, Open(), 5).value(), (needed - 2'000) / 400, 1e-9);
}

TEST(DaysLeft, KnowMeansAndRatiosByTheirSpread) {
  Experiment experiment = Unplanned();
  experiment.plan.metrics[0].scale = Scale::kAbsolute;
  experiment.plan.metrics[0].min_lift = 0.1;
  const auto days = [&](const OutcomeCounts& one) {
    return DaysLeft(experiment, Arms(one, one), 5).value();
  };
  const double of_means = days(OutcomeCounts::OfMoments(1'000, 5, 2));
  EXPECT_GT(of_means, 10);
  experiment.plan.metrics[0].denominator = "answers";
  // The same spread of what stands for a unit: sd of x over the mean of y, which does not vary.
  EXPECT_NEAR(days(OutcomeCounts::OfRatio(1'000, {20, 8, 4, 0, 0})), of_means, 1e-6 * of_means);
}

TEST(DaysLeft, KnowQuantilesByTheirStandardError) {
  Experiment experiment = Unplanned();
  experiment.plan.metrics[0].scale = Scale::kAbsolute;
  experiment.plan.metrics[0].min_lift = 0.2;
  // Evenly from 0 to 10: the median's standard error is that of a mean of values with an sd of 5.
  std::vector<double> values;
  for (int i = 0; i < 1'000; ++i) values.push_back(0.01 * i);
  const OutcomeCounts spread = CountsOf(values);
  const OutcomeCounts as_mean = OutcomeCounts::OfMoments(1'000, 5, 5);
  const double expected = DaysLeft(experiment, Arms(as_mean, as_mean), 5).value();
  experiment.plan.metrics[0].quantile = 0.5;
  EXPECT_NEAR(DaysLeft(experiment, Arms(spread, spread), 5).value() / expected, 1, 0.25);
}

TEST(DaysLeft, AskTheSlowestOfThoseThatDecide) {
  Experiment experiment = Unplanned();
  experiment.plan.metrics[0].min_lift = 0.1;
  const double alone = DaysLeft(experiment, Open(), 5).value();
  experiment.plan.metrics.resize(2);
  Metric& other = experiment.plan.metrics[1];
  other.name = "cost";
  other.goal = Goal::kNotInferior;
  other.margin = 0.05;
  std::vector<ArmCounts> arms = Open();
  for (ArmCounts& arm : arms) arm.metrics.push_back(OutcomeCounts::OfMoments(1'000, 10, 10));
  EXPECT_GT(DaysLeft(experiment, arms, 5).value(), 2 * alone);
  other.secondary = true;
  EXPECT_DOUBLE_EQ(DaysLeft(experiment, arms, 5).value(), alone) << "nobody waits for it";
  // What is shown is not waited for.
  other.secondary = false;
  arms = Open();
  for (ArmCounts& arm : arms) arm.metrics.push_back(OutcomeCounts::OfMoments(1'000, 10, 0.1));
  EXPECT_DOUBLE_EQ(DaysLeft(experiment, arms, 5).value(), alone);
}

TEST(DaysLeft, AreUnknownOnceTheUnitsHaveComeAndShowNothing) {
  Experiment experiment = Planned();
  experiment.plan.metrics[0].min_lift = 0.5;
  experiment.plan.planned_units = 1'000;
  EXPECT_FALSE(DaysLeft(experiment, Arms(Proportion(4'000, 10'000), Proportion(5'900, 10'000)), 5))
      << "it lies near the goal";
  // A plan that was too small: then it is the size that counts.
  experiment.plan.metrics[0].min_lift = 0.1;
  EXPECT_GT(DaysLeft(experiment, Open(), 5).value(), 5);
}

TEST(DaysLeft, AreNotSaidOfWhatIsDecidedOrCannotBe) {
  const Experiment experiment = Planned();
  EXPECT_FALSE(DaysLeft(experiment, Arms(Proportion(400, 1'000), Proportion(600, 1'000)), 5))
      << "SHIP";
  EXPECT_FALSE(DaysLeft(experiment, Arms(Proportion(600, 1'000), Proportion(400, 1'000)), 5))
      << "ROLLBACK";
  EXPECT_FALSE(DaysLeft(experiment, Arms(Proportion(400, 1'000), Proportion(80, 200)), 5))
      << "HOLD";
  EXPECT_FALSE(DaysLeft(experiment, Open(), 0)) << "no time, no pace";
  EXPECT_FALSE(DaysLeft(experiment, std::vector<ArmCounts>(2, ArmCounts(1)), 5)) << "no units";
  Experiment stopped = experiment;
  stopped.state = State::kStopped;
  stopped.stop_time = stopped.create_time + 5 * kDay;
  EXPECT_FALSE(DaysLeft(stopped, Open(), 5));
  EXPECT_FALSE(DaysLeft(Unplanned(), Arms(Proportion(0, 1'000), Proportion(1, 1'000)), 5))
      << "a lift over a rate of 0";
}

double FullDays(const Experiment& experiment, absl::Time as_of) {
  return absl::FDivDuration(TimeAtFullTraffic(experiment, as_of), kDay);
}

TEST(DaysLeft, GoByTodaysCoverageOfARamp) {
  Experiment experiment = Planned();
  experiment.ramp = Ramp{{{0.1, 4 * kDay, 0}, {0.5, {}, 0}}};
  experiment.ramp->state.step_time = experiment.create_time;
  EXPECT_DOUBLE_EQ(DaysLeft(experiment, Open(), 5).value(), 20) << "the first step goes on";
  experiment.ramp->state.step = 1;
  experiment.ramp->state.step_time = experiment.create_time + 4 * kDay;
  // 4 days of a tenth and 1 of a half are .9 days of all: 2,222 a day, of which half take part.
  EXPECT_NEAR(FullDays(experiment, experiment.create_time + 5 * kDay), 0.9, 1e-9);
  EXPECT_NEAR(DaysLeft(experiment, Open(), 5).value(), 8'000 / (2'000 / 0.9 * 0.5), 1e-9);
}

TEST(DaysLeft, ShareTheTimeOfEarlierStepsAsTheRampSays) {
  Experiment experiment = Planned();
  const absl::Time begin = experiment.create_time;
  experiment.ramp = Ramp{{{0.1, 2 * kDay, 0}, {0.2, 4 * kDay, 0}, {1, {}, 0}}};
  experiment.ramp->state.step = 2;
  experiment.ramp->state.step_time = begin + 12 * kDay;
  EXPECT_NEAR(FullDays(experiment, begin + 13 * kDay), 0.4 + 1.6 + 1, 1e-9);
  for (RampStep& step : experiment.ramp->steps) step.min_duration = absl::ZeroDuration();
  EXPECT_NEAR(FullDays(experiment, begin + 13 * kDay), 0.6 + 1.2 + 1, 1e-9);
  experiment.ramp->state.step = 0;
  EXPECT_NEAR(FullDays(experiment, begin + 20 * kDay), 2, 1e-9) << "paused for a while";
}

}  // namespace
}  // namespace flywheel::experiment

#include "experiment_service/domain/segment_analysis.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "experiment_service/domain/assignment.h"
#include "tests/experiment_service/domain/known_counts.h"

namespace flywheel::experiment {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

// Ones among units of the control and of the treatment.
struct Cell {
  int64_t control_ones, control_units, treatment_ones, treatment_units;
};

// An experiment with one segment, whose values come first and "other" last.
struct Subject {
  Experiment experiment;
  std::vector<ArmCounts> arms;
  SegmentCounts cells;

  SegmentAnalysis Analyze() const {
    return AnalyzeSegments(experiment, Assignment("p", experiment).shares(), arms, cells,
                           absl::UnixEpoch());
  }
};

Subject SubjectOf(const std::vector<std::string>& values, const std::vector<Cell>& cells) {
  Subject subject;
  subject.experiment.arms = {{"control", "v1", 1, true}, {"treatment", "v2", 1, false}};
  subject.experiment.plan.metrics[0].name = "solved";
  subject.experiment.plan.segments = {{"team", values}};
  Cell all{};
  subject.cells.resize(1);
  for (size_t value = 0; value <= values.size(); ++value) {
    // Number 0 is "other".
    const size_t place = value == 0 ? values.size() : value - 1;
    const Cell cell = place < cells.size() ? cells[place] : Cell{};
    subject.cells[0].push_back({AllReport(Proportion(cell.control_ones, cell.control_units)),
                                AllReport(Proportion(cell.treatment_ones, cell.treatment_units))});
    all.control_ones += cell.control_ones;
    all.control_units += cell.control_units;
    all.treatment_ones += cell.treatment_ones;
    all.treatment_units += cell.treatment_units;
  }
  subject.arms = {AllReport(Proportion(all.control_ones, all.control_units)),
                  AllReport(Proportion(all.treatment_ones, all.treatment_units))};
  return subject;
}

// Admissions to Berkeley's six largest departments in 1973, men as the control (Bickel, Hammel and
// O'Connell 1975): women are admitted less often in all, and as often or more in four of six.
Subject Berkeley() {
  return SubjectOf({"A", "B", "C", "D", "E", "F"}, {{512, 825, 89, 108},
                                                    {353, 560, 17, 25},
                                                    {120, 325, 202, 593},
                                                    {138, 417, 131, 375},
                                                    {53, 191, 94, 393},
                                                    {22, 373, 24, 341}});
}

TEST(SegmentAnalysis, FindsSimpsonsParadox) {
  const SegmentAnalysis analysis = Berkeley().Analyze();
  const SegmentLifts& lifts = analysis.segments[0].lifts[0];
  EXPECT_NEAR(lifts.pooled_lift, 557 / 1835.0 - 1198 / 2691.0, 1e-12);
  ASSERT_TRUE(lifts.post_stratified_lift);
  EXPECT_NEAR(*lifts.post_stratified_lift, 0.0426, 5e-4);
  EXPECT_LT(lifts.arm_mix_p_value, 1e-100);
  EXPECT_TRUE(lifts.simpson);
  EXPECT_THAT(lifts.message, AllOf(HasSubstr("-0.142"), HasSubstr("+0.042"),
                                   HasSubstr("find out why the arms have different units")));
  EXPECT_NEAR(lifts.values[1].absolute_lift, 89 / 108.0 - 512 / 825.0, 1e-12);
}

TEST(SegmentAnalysis, SeesNoParadoxWhereTheMixesAreAlike) {
  // The lift differs by value, and the mean over all units is a mean.
  const Subject subject =
      SubjectOf({"a", "b"}, {{500, 1'000, 400, 1'000}, {100, 1'000, 210, 1'000}});
  const SegmentLifts lifts = subject.Analyze().segments[0].lifts[0];
  EXPECT_FALSE(lifts.simpson);
  EXPECT_NEAR(lifts.pooled_lift, *lifts.post_stratified_lift, 1e-12);
  EXPECT_EQ(lifts.arm_mix_p_value, 1);
}

TEST(SegmentAnalysis, CallsItAParadoxWhereNoValueHasTheSignOfAll) {
  // The mixes hardly differ; every value loses a little.
  const Subject subject = SubjectOf({"a", "b"}, {{900, 1'000, 926, 1'030}, {10, 1'000, 9, 970}});
  const SegmentLifts lifts = subject.Analyze().segments[0].lifts[0];
  EXPECT_GT(lifts.arm_mix_p_value, kArmMixDiffers);
  EXPECT_GT(lifts.pooled_lift, 0);
  EXPECT_LT(*lifts.post_stratified_lift, 0);
  EXPECT_TRUE(lifts.simpson);
}

TEST(SegmentAnalysis, AdjustsForAllValuesOfAllSegmentsAndTreatments) {
  Subject subject = SubjectOf({"a", "b"}, {{400, 1'000, 500, 1'000}, {400, 1'000, 500, 1'000}});
  const double alone = subject.Analyze().segments[0].lifts[0].values[1].log_p_value;
  EXPECT_LT(alone, 0);
  subject.experiment.plan.segments.push_back({"plan", {"free", "paid"}});
  subject.cells.push_back(subject.cells[0]);
  const SegmentAnalysis analysis = subject.Analyze();
  ASSERT_EQ(analysis.segments.size(), 2u);
  // Twice as many tests: ln 2 more, but for what the smaller alpha changes of the boundary.
  EXPECT_NEAR(analysis.segments[0].lifts[0].values[1].log_p_value, alone + std::log(2.0), 0.2);
  EXPECT_GT(analysis.segments[0].lifts[0].values[1].log_p_value, alone);
}

TEST(SegmentAnalysis, ExcludesNoLiftExactlyWhereThePValueIsBelowAlpha) {
  for (int64_t ones = 400; ones < 560; ++ones) {
    const Subject subject = SubjectOf({"a"}, {{400, 1'000, ones, 1'000}});
    const MetricComparison value = subject.Analyze().segments[0].lifts[0].values[1];
    EXPECT_EQ(!value.absolute_interval.Contains(0), value.log_p_value < std::log(0.05)) << ones;
  }
}

TEST(SegmentAnalysis, SaysWhatItShows) {
  const Subject subject =
      SubjectOf({"a", "b"}, {{500, 1'000, 250, 1'000}, {200, 1'000, 420, 1'000}});
  const SegmentLifts lifts = subject.Analyze().segments[0].lifts[0];
  EXPECT_EQ(lifts.heterogeneity.values, 2) << "other has no units";
  EXPECT_LT(lifts.heterogeneity.p_value, 1e-6);
  EXPECT_GT(lifts.heterogeneity.p_value, lifts.heterogeneity.one_look_p_value);
  EXPECT_THAT(lifts.message,
              AllOf(HasSubstr("the lift depends on team"),
                    HasSubstr("worse than the control for 'a': -0.25"),
                    HasSubstr("better than the control for 'b': +0.22"), Not(HasSubstr("go on"))));
  Subject lower = subject;
  lower.experiment.plan.metrics[0].direction = Direction::kLowerIsBetter;
  EXPECT_THAT(lower.Analyze().segments[0].lifts[0].message,
              HasSubstr("worse than the control for 'b': +0.22"));
}

TEST(SegmentAnalysis, SaysNothingOfFewUnits) {
  const Subject subject = SubjectOf({"a"}, {{9, 9, 0, 9}, {0, 30, 3, 30}});
  const SegmentLifts lifts = subject.Analyze().segments[0].lifts[0];
  EXPECT_EQ(lifts.values[1].log_p_value, 0) << "nine units an arm";
  EXPECT_EQ(lifts.heterogeneity.values, 0) << "neither nine units nor three ones are enough";
  EXPECT_EQ(lifts.heterogeneity.p_value, 1);
  EXPECT_THAT(lifts.message, HasSubstr("no value of team is shown to differ"));
  EXPECT_TRUE(subject.Analyze().alerts.empty());
}

TEST(SegmentAnalysis, AlertsOfArmsThatLoseUnitsOfOneValue) {
  const Subject subject =
      SubjectOf({"a", "b"}, {{500, 1'000, 300, 600}, {25'000, 50'000, 25'200, 50'400}});
  const SegmentAnalysis analysis = subject.Analyze();
  ASSERT_EQ(analysis.alerts.size(), 1u);
  EXPECT_EQ(analysis.alerts[0].kind, SegmentAlertKind::kSampleRatioMismatch);
  EXPECT_EQ(analysis.alerts[0].value, 1u);
  EXPECT_THAT(analysis.alerts[0].message,
              AllOf(HasSubstr("team 'a'"), HasSubstr("control 1000, treatment 600")));
  EXPECT_LT(analysis.alerts[0].p_value, 0.01);
  EXPECT_EQ(analysis.alerts[0].p_value, analysis.segments[0].values[1].sample_ratio_p_value);
  // Though the arms as a whole are sound.
  EXPECT_EQ(subject.arms[0].exposed_units, subject.arms[1].exposed_units);
  EXPECT_EQ(FindSegmentAlerts(subject.experiment, {0.5, 0.5}, subject.cells).size(), 1u);
}

TEST(SegmentAnalysis, AlertsOfUnitsOfOneValueThatGetNoAnswer) {
  Subject subject = SubjectOf({"a", "b"}, {{400, 800, 350, 700}, {400, 800, 450, 900}});
  for (size_t value = 1; value <= 2; ++value) {
    for (ArmCounts& arm : subject.cells[0][value]) {
      arm.exposed_units = 1'000;
      arm.matured_units = 1'000;
      OutcomeCounts::Parts parts = arm.metrics[0].parts();
      parts.matured_units = parts.units;
      arm.metrics[0] = OutcomeCounts(parts);
    }
  }
  const SegmentAnalysis analysis = subject.Analyze();
  ASSERT_FALSE(analysis.alerts.empty());
  EXPECT_EQ(analysis.alerts[0].kind, SegmentAlertKind::kMissingOutcomes);
  EXPECT_THAT(analysis.alerts[0].message,
              AllOf(HasSubstr("team 'a'"), HasSubstr("treatment 700 of 1000")));
  subject.experiment.plan.metrics[0].value_without_outcome = 0;
  EXPECT_TRUE(subject.Analyze().alerts.empty()) << "no outcome is a value there";
  EXPECT_NEAR(subject.Analyze().segments[0].lifts[0].values[1].absolute_lift, -0.05, 1e-12);
}

// Units whose values are `shift` above 1 to 100, of each value `times`.
OutcomeCounts Spread(double shift, int times) {
  std::vector<double> values;
  for (int i = 0; i < 100 * times; ++i) values.push_back(shift + 1 + i % 100);
  return CountsOf(values);
}

TEST(SegmentAnalysis, OfAQuantileComparesQuantilesAndAveragesNone) {
  Subject subject = SubjectOf({"a", "b"}, {});
  subject.experiment.plan.metrics[0].quantile = 0.9;
  subject.cells[0][1] = {AllReport(Spread(0, 10)), AllReport(Spread(0, 10))};
  subject.cells[0][2] = {AllReport(Spread(0, 10)), AllReport(Spread(50, 10))};
  subject.arms = {AllReport(Spread(0, 20)), AllReport(Spread(25, 20))};
  const SegmentLifts lifts = subject.Analyze().segments[0].lifts[0];
  EXPECT_NEAR(lifts.values[2].absolute_lift, 50, 2);
  EXPECT_NEAR(lifts.pooled_lift, 25, 2);
  EXPECT_FALSE(lifts.post_stratified_lift);
  EXPECT_FALSE(lifts.simpson);
  EXPECT_EQ(lifts.heterogeneity.values, 2);
  EXPECT_LT(lifts.heterogeneity.p_value, 1e-6);
}

TEST(SegmentAnalysis, HasEveryTreatmentAndMetric) {
  Subject subject = SubjectOf({"a"}, {{40, 100, 50, 100}});
  subject.experiment.arms.insert(subject.experiment.arms.begin(), {"first", "v3", 1, false});
  subject.experiment.plan.metrics.push_back(Metric{.name = "cost"});
  const auto widen = [](std::vector<ArmCounts>& arms) {
    arms.insert(arms.begin(), arms[1]);
    for (ArmCounts& arm : arms) arm.metrics.push_back(arm.metrics[0]);
  };
  widen(subject.arms);
  for (std::vector<ArmCounts>& arms : subject.cells[0]) widen(arms);
  const SegmentAnalysis analysis = subject.Analyze();
  ASSERT_EQ(analysis.segments[0].lifts.size(), 4u);
  EXPECT_EQ(analysis.segments[0].lifts[1].arm, 0u);
  EXPECT_EQ(analysis.segments[0].lifts[1].metric, 1u);
  EXPECT_EQ(analysis.segments[0].lifts[2].arm, 2u);
  EXPECT_NEAR(analysis.segments[0].lifts[3].values[1].absolute_lift, 0.1, 1e-12);
  EXPECT_EQ(analysis.segments[0].values[1].exposed_units.size(), 3u);
}

}  // namespace
}  // namespace flywheel::experiment

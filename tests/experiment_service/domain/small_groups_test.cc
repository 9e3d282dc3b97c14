#include "experiment_service/domain/small_groups.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <random>
#include <utility>
#include <vector>

#include "experiment_service/domain/assignment.h"
#include "tests/experiment_service/domain/known_counts.h"

namespace flywheel::experiment {
namespace {

using ::testing::ElementsAre;

constexpr int64_t kLeast = 10;

// Units of control and treatment, of each value, in which every second one is a success.
using Units = std::vector<std::pair<int64_t, int64_t>>;

std::vector<std::vector<ArmCounts>> ValuesOf(const Units& units) {
  std::vector<std::vector<ArmCounts>> values;
  for (const auto& [control, treatment] : units) {
    values.push_back({AllReport(Proportion(control / 2, control)),
                      AllReport(Proportion(treatment / 2, treatment))});
  }
  return values;
}

std::vector<bool> SuppressedOf(const Units& units) {
  return SuppressSmallGroups(AnalysisPlan(), kLeast, {ValuesOf(units)}).suppressed[0];
}

TEST(SmallGroups, AreLeftAloneWhereAllAreLargeEnoughOrEmpty) {
  EXPECT_THAT(SuppressedOf({{10, 10}, {0, 0}, {500, 11}}), ElementsAre(false, false, false));
}

TEST(SmallGroups, GoWithTheNextSmallestThatTheTotalWouldGiveThemAwayBy) {
  EXPECT_THAT(SuppressedOf({{400, 400}, {9, 50}, {100, 90}}), ElementsAre(false, true, true));
  EXPECT_THAT(SuppressedOf({{400, 400}, {50, 1}, {0, 0}}), ElementsAre(true, true, false));
}

TEST(SmallGroups, ThatHideEachOtherTakeNobodyElse) {
  EXPECT_THAT(SuppressedOf({{400, 400}, {9, 9}, {8, 8}}), ElementsAre(false, true, true));
}

// 3 and 4 are known to be 7 together, which are too few as well.
TEST(SmallGroups, ThatAreSmallTogetherTakeAThird) {
  EXPECT_THAT(SuppressedOf({{400, 400}, {3, 3}, {4, 4}, {20, 20}}),
              ElementsAre(false, true, true, true));
  // The next smallest has nobody in the arm that matters.
  EXPECT_THAT(SuppressedOf({{400, 400}, {3, 90}, {0, 20}, {80, 80}}),
              ElementsAre(false, true, true, true));
}

TEST(SmallGroups, AreThoseThatAMetricCountsToo) {
  std::vector<std::vector<ArmCounts>> values = ValuesOf({{400, 400}, {40, 40}, {60, 60}});
  values[2][0].metrics[0] = Proportion(2, 4);
  EXPECT_THAT(SuppressSmallGroups(AnalysisPlan(), kLeast, {values}).suppressed[0],
              ElementsAre(false, true, true));
}

TEST(SmallGroups, LeaveNothingOfThemselvesInTheAnalysis) {
  Experiment experiment;
  experiment.arms = {{"control", "v1", 1, true}, {"treatment", "v2", 1, false}};
  experiment.plan.segments = {{"team", {"a", "b"}}};
  const auto analyse = [&](const Units& units) {
    int64_t control = 0, treatment = 0;
    for (const auto& [of_control, of_treatment] : units) {
      control += of_control;
      treatment += of_treatment;
    }
    const VisibleCounts visible = SuppressSmallGroups(experiment.plan, kLeast, {ValuesOf(units)});
    SegmentAnalysis analysis = AnalyzeSegments(experiment, Assignment("p", experiment).shares(),
                                               {AllReport(Proportion(control / 2, control)),
                                                AllReport(Proportion(treatment / 2, treatment))},
                                               visible.cells, absl::UnixEpoch());
    LeaveOutSuppressed(visible, analysis);
    return analysis;
  };
  // Of the same totals, and the same value that is shown.
  const SegmentAnalysis first = analyse({{500, 500}, {2, 60}, {98, 40}});
  const SegmentAnalysis second = analyse({{500, 500}, {9, 30}, {91, 70}});
  for (const SegmentAnalysis* analysis : {&first, &second}) {
    const SegmentLifts& lifts = analysis->segments[0].lifts[0];
    EXPECT_FALSE(lifts.post_stratified_lift);
    EXPECT_FALSE(lifts.simpson);
    EXPECT_THAT(lifts.message, ::testing::HasSubstr("not shown"));
    EXPECT_THAT(analysis->segments[0].values[1].exposed_units, ElementsAre(0, 0));
  }
  const SegmentLifts &a = first.segments[0].lifts[0], &b = second.segments[0].lifts[0];
  EXPECT_EQ(a.heterogeneity.q, b.heterogeneity.q);
  EXPECT_EQ(a.arm_mix_p_value, b.arm_mix_p_value);
  EXPECT_EQ(a.values[0].log_p_value, b.values[0].log_p_value);
  EXPECT_EQ(first.segments[0].values[0].sample_ratio_p_value,
            second.segments[0].values[0].sample_ratio_p_value);
}

// Whatever the sizes: nothing that is shown is small, and neither is what the totals tell of the
// rest.
TEST(SmallGroups, AreNeitherShownNorTheDifferenceOfWhatIs) {
  std::mt19937 engine(5);
  for (int round = 0; round < 2'000; ++round) {
    Units units(2 + engine() % 6);
    for (auto& [control, treatment] : units) {
      control = engine() % 3 == 0 ? 0 : static_cast<int64_t>(engine() % 40);
      treatment = engine() % 3 == 0 ? 0 : static_cast<int64_t>(engine() % 40);
    }
    const std::vector<bool> suppressed = SuppressedOf(units);
    int64_t control_gone = 0, treatment_gone = 0, shown_with_units = 0;
    for (size_t i = 0; i < units.size(); ++i) {
      const auto& [control, treatment] = units[i];
      if (suppressed[i]) {
        control_gone += control;
        treatment_gone += treatment;
        continue;
      }
      shown_with_units += control + treatment > 0 ? 1 : 0;
      EXPECT_TRUE(control == 0 || control >= kLeast);
      EXPECT_TRUE(treatment == 0 || treatment >= kLeast);
    }
    if (shown_with_units == 0) continue;
    EXPECT_TRUE(control_gone == 0 || control_gone >= kLeast);
    EXPECT_TRUE(treatment_gone == 0 || treatment_gone >= kLeast);
  }
}

}  // namespace
}  // namespace flywheel::experiment

#include "experiment_service/domain/noisy_segments.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "tests/experiment_service/domain/known_counts.h"

namespace flywheel::experiment {
namespace {

using ::testing::ElementsAre;

// What costs at most 5, whether it helped (0 or 1), an answer's cost without a cap, and 1 or 2
// segments.
AnalysisPlan PlanOf(size_t segments) {
  AnalysisPlan plan;
  plan.metrics.resize(3);
  plan.metrics[0].name = "helped";
  plan.metrics[0].aggregation = Aggregation::kAny;
  plan.metrics[1].name = "cost";
  plan.metrics[1].cap = 5;
  plan.metrics[2].name = "seconds";
  for (size_t i = 0; i < segments; ++i) plan.segments.push_back({"s" + std::to_string(i), {"a"}});
  return plan;
}

// A unit that was exposed, with these outcomes, of segment values `a` (1) or other (0).
UnitState UnitOf(const SegmentValues& values, double helped, double cost, double seconds) {
  UnitState state;
  state.expose_time = absl::UnixEpoch();
  state.segments = values;
  state.totals.resize(3);
  state.totals[0].Add(helped);
  state.totals[1].Add(cost);
  state.totals[2].Add(seconds);
  return state;
}

SegmentCounts CellsOf(const AnalysisPlan& plan, const std::vector<UnitState>& units) {
  SegmentCounts cells = EmptySegmentCounts(plan, 1);
  for (const UnitState& unit : units) {
    for (const CellChange& change : CellChanges(plan.segments.size(), UnitState(), unit)) {
      cells[change.segment][change.value][0].Count(plan.metrics, *change.before, *change.after);
    }
  }
  return cells;
}

TEST(NoisySegments, AreMadeOfCountsAndOfSumsThatAreBounded) {
  const AnalysisPlan plan = PlanOf(1);
  const SegmentCounts cells = CellsOf(
      plan, {UnitOf("\x01", 1, 2.5, 90), UnitOf("\x01", 0, 70, 10), UnitOf("\x01", 1, -4, 10)});
  const std::vector<int64_t> numbers = ExactNumbers(plan, cells);
  // Other is empty. Of "a": 3 units; helped: 3, 2 of them; cost: 3, a half, a whole and none of the
  // cap; seconds: 3.
  ASSERT_EQ(numbers.size(), 12U);
  EXPECT_EQ(numbers[6], 3);
  EXPECT_EQ(numbers[7], 3);
  EXPECT_EQ(numbers[8], 2 * kStepsPerBound);
  EXPECT_EQ(numbers[9], 3);
  EXPECT_NEAR(static_cast<double>(numbers[10]), 1.5 * static_cast<double>(kStepsPerBound), 4);
  EXPECT_EQ(numbers[11], 3);
}

TEST(NoisySegments, HaveNoMeanOfWhatThePlanDoesNotBound) {
  Metric metric;
  EXPECT_FALSE(BoundOf(metric));
  metric.cap = -1;
  EXPECT_FALSE(BoundOf(metric));
  metric.cap = 3;
  EXPECT_EQ(BoundOf(metric), 3);
  metric.denominator = "answers";
  EXPECT_FALSE(BoundOf(metric));
  Metric any;
  any.aggregation = Aggregation::kAny;
  EXPECT_EQ(BoundOf(any), 1);
}

// What the noise is made for: whoever has another value changes no kind of number by more.
TEST(NoisySegments, ChangeByNoMoreThanTheirSensitivityWithAUnitsValue) {
  std::mt19937 engine(3);
  for (const bool counts_as : {false, true}) {
    AnalysisPlan plan = PlanOf(2);
    if (counts_as) plan.metrics[1].value_without_outcome = 4;
    for (int round = 0; round < 200; ++round) {
      std::vector<UnitState> units;
      for (int i = 0; i < 20; ++i) {
        const SegmentValues values = {static_cast<char>(engine() % 2),
                                      static_cast<char>(engine() % 2)};
        units.push_back(UnitOf(values, static_cast<double>(engine() % 2),
                               std::ldexp(static_cast<double>(engine()), -27) - 8,
                               static_cast<double>(engine() % 1'000)));
        if (engine() % 4 == 0) units.back().totals[1] = UnitTotal();
      }
      const std::vector<int64_t> before = ExactNumbers(plan, CellsOf(plan, units));
      units[0].segments[0] = static_cast<char>(1 - units[0].segments[0]);
      const std::vector<int64_t> after = ExactNumbers(plan, CellsOf(plan, units));
      ASSERT_EQ(before.size(), 24U);
      // By the place in a cell of six numbers, in the first segment; the second does not change.
      std::map<size_t, int64_t> changed;
      for (size_t i = 0; i < before.size(); ++i) {
        const int64_t change = std::abs(before[i] - after[i]);
        if (i >= 12) {
          EXPECT_EQ(change, 0);
        }
        changed[i % 6] += change;
      }
      for (const size_t count : {0, 1, 3, 5}) EXPECT_LE(changed[count], kCountSensitivity);
      for (const size_t sum : {2, 4}) {
        EXPECT_LE(changed[sum], kCountSensitivity * kStepsPerBound);
      }
    }
  }
}

// Six kinds a segment, of which each has an equal part.
TEST(NoisySegments, ShareTheEpsilonAmongSegmentsAndKinds) {
  EXPECT_EQ(NoiseScale(PlanOf(1), kMillionthsPerEpsilon).parts(), 6);
  const NoiseScale scale(PlanOf(2), 3 * kMillionthsPerEpsilon);
  EXPECT_EQ(scale.parts(), 12);
  const statistics::DiscreteLaplace of_counts(1, 8);  // 3 / 12 / 2
  EXPECT_DOUBLE_EQ(scale.counts().StandardDeviation(), of_counts.StandardDeviation());
  const statistics::DiscreteLaplace of_sums(1, 8 * kStepsPerBound);
  EXPECT_DOUBLE_EQ(scale.sums().StandardDeviation(), of_sums.StandardDeviation());
}

TEST(NoisySegments, LieAroundTheExactOnesByTheDeviationThatIsStated) {
  const AnalysisPlan plan = PlanOf(1);
  const NoiseScale scale(plan, kMillionthsPerEpsilon);
  // Of both values: exposed, helped (units, sum), cost (units, sum), seconds.
  const std::vector<int64_t> cell = {1'000, 900, 300 * kStepsPerBound, 800, 200 * kStepsPerBound,
                                     700};
  std::vector<int64_t> exact = cell;
  exact.insert(exact.end(), cell.begin(), cell.end());
  std::mt19937_64 engine(9);
  double square = 0, helped = 0, cost = 0;
  constexpr int kRounds = 4'000;
  for (int round = 0; round < kRounds; ++round) {
    const NoisySegments noisy = AddNoise(plan, 1, scale, exact, [&] { return engine(); });
    const NoisyCell& shown = noisy[0][1][0];
    const auto error = static_cast<double>(shown.exposed_units - 1'000);
    square += error * error;
    helped += *shown.metrics[0].mean;
    cost += *shown.metrics[1].mean;
    EXPECT_FALSE(shown.metrics[2].mean);
  }
  EXPECT_NEAR(std::sqrt(square / kRounds) / scale.counts().StandardDeviation(), 1, 0.06);
  EXPECT_NEAR(helped / kRounds, 300 / 900.0, 0.002);
  EXPECT_NEAR(cost / kRounds, 5 * 200 / 800.0, 0.01);
}

TEST(NoisySegments, AreNeverNegativeNorBeyondTheBoundAndSmallOnesAreFound) {
  const AnalysisPlan plan = PlanOf(1);
  const NoiseScale scale(plan, kMillionthsPerEpsilon);
  const std::vector<int64_t> nobody(12, 0);
  std::mt19937_64 engine(13);
  bool any_mean = false;
  for (int round = 0; round < 200; ++round) {
    const NoisySegments noisy = AddNoise(plan, 1, scale, nobody, [&] { return engine(); });
    for (const auto& value : noisy[0]) {
      EXPECT_GE(value[0].exposed_units, 0);
      for (const NoisyMetric& metric : value[0].metrics) {
        EXPECT_GE(metric.units, 0);
        if (!metric.mean) continue;
        any_mean = true;
        EXPECT_GT(metric.units, 0);
        EXPECT_GE(*metric.mean, 0);
        EXPECT_LE(*metric.mean, 5);
      }
    }
  }
  EXPECT_TRUE(any_mean);
  const NoisySegments shown = {
      {{NoisyCell{12, {}}, NoisyCell{9, {}}}, {NoisyCell{10, {}}, NoisyCell{10, {}}}}};
  EXPECT_THAT(FindSmall(shown, 10)[0], ElementsAre(true, false));
  EXPECT_THAT(FindSmall(shown, 0)[0], ElementsAre(false, false));
}

}  // namespace
}  // namespace flywheel::experiment

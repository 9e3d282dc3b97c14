#include "experiment_service/domain/segment_counts.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <random>
#include <string>
#include <vector>

#include "experiment_service/domain/counts_text.h"

namespace flywheel::experiment {
namespace {

AnalysisPlan PlanWithSegments() {
  AnalysisPlan plan;
  plan.metrics = {Metric{.name = "solved"}, Metric{.name = "cost"}};
  plan.segments = {{"language", {"de", "fr", "nl"}}, {"plan", {"free"}}};
  return plan;
}

UnitState Exposed(const SegmentValues& values) {
  UnitState unit;
  unit.expose_time = absl::UnixEpoch();
  unit.totals.resize(2);
  unit.segments = values;
  return unit;
}

// The arms' counts and the cells', told of the same changes.
class Both {
 public:
  void Put(size_t arm, const UnitState& before, const UnitState& after) {
    arms_[arm].Count(plan_.metrics, before, after);
    for (const CellChange& change : CellChanges(plan_.segments.size(), before, after)) {
      cells_[change.segment][change.value][arm].Count(plan_.metrics, *change.before, *change.after);
    }
  }

  // That each segment's cells add up to the arm's counts, to the last bit.
  void ExpectThatCellsAddUp() const {
    for (size_t arm = 0; arm < arms_.size(); ++arm) {
      for (const auto& values : cells_) {
        ArmCounts sum(2);
        for (const auto& value : values) {
          sum.exposed_units += value[arm].exposed_units;
          sum.mixed_units += value[arm].mixed_units;
          sum.matured_units += value[arm].matured_units;
          for (size_t i = 0; i < 2; ++i) {
            sum.metrics[i] = Together(sum.metrics[i].parts(), value[arm].metrics[i].parts());
          }
        }
        EXPECT_EQ(CountsText({sum}), CountsText({arms_[arm]}));
      }
    }
  }

  const AnalysisPlan& plan() const { return plan_; }
  const SegmentCounts& cells() const { return cells_; }

 private:
  static OutcomeCounts Together(OutcomeCounts::Parts some, const OutcomeCounts::Parts& others) {
    some.units += others.units;
    some.outcomes += others.outcomes;
    some.matured_units += others.matured_units;
    some.other_units += others.other_units;
    for (const double part : others.sum.parts()) some.sum.Add(part);
    for (const double part : others.sum_of_squares.parts()) some.sum_of_squares.Add(part);
    return OutcomeCounts(some);
  }

  const AnalysisPlan plan_ = PlanWithSegments();
  std::vector<ArmCounts> arms_{2, ArmCounts(2)};
  SegmentCounts cells_ = EmptySegmentCounts(plan_, 2);
};

// Of one unit: exposed, with an outcome, matured, mixed, with another first exposure, erased.
UnitState NextState(const UnitState& before, std::mt19937_64& random) {
  UnitState after = before;
  switch (random() % 8) {
    case 0:
      return UnitState();
    case 1:
      after.segments = {static_cast<char>(random() % 4), static_cast<char>(random() % 2)};
      if (!after.exposed()) return Exposed(after.segments);
      break;
    case 2:
      after.matured = after.exposed();
      break;
    case 3:
      if (after.exposed()) after.mixed_outcomes = static_cast<int64_t>(random() % 2);
      break;
    case 4:
      after.mixed_fallbacks = static_cast<int64_t>(random() % 2);
      break;
    default:
      if (!after.exposed()) return after;
      UnitTotal& total = after.totals[random() % 2];
      total.Add(0.1 * static_cast<double>(random() % 9));
      if (total.outcomes > 4) total = UnitTotal();
      break;
  }
  return after;
}

TEST(SegmentCounts, OfAllValuesAddUpToTheArms) {
  std::mt19937_64 random(11);
  Both both;
  std::vector<UnitState> units(60);
  for (int step = 0; step < 20'000; ++step) {
    const size_t unit = random() % units.size();
    UnitState after = NextState(units[unit], random);
    both.Put(unit % 2, units[unit], after);
    units[unit] = std::move(after);
    if (step % 500 == 0) both.ExpectThatCellsAddUp();
  }
  both.ExpectThatCellsAddUp();
  for (size_t unit = 0; unit < units.size(); ++unit) both.Put(unit % 2, units[unit], UnitState());
  const SegmentCounts empty = EmptySegmentCounts(both.plan(), 2);
  for (size_t segment = 0; segment < empty.size(); ++segment) {
    for (size_t value = 0; value < empty[segment].size(); ++value) {
      EXPECT_EQ(CountsText(both.cells()[segment][value]), CountsText(empty[segment][value]))
          << "nothing is left where all units are gone";
    }
  }
}

TEST(SegmentCounts, ChangeInTwoCellsWhereTheValueChanges) {
  const UnitState before = Exposed({1, 0});
  const UnitState after = Exposed({2, 0});
  const std::vector<CellChange> changes = CellChanges(2, before, after);
  ASSERT_EQ(changes.size(), 3u);
  EXPECT_EQ(changes[0].value, 1u);
  EXPECT_FALSE(changes[0].after->exposed());
  EXPECT_EQ(changes[1].value, 2u);
  EXPECT_FALSE(changes[1].before->exposed());
  EXPECT_EQ(changes[2].before, &before);
  EXPECT_EQ(changes[2].after, &after);
}

TEST(SegmentCounts, DoNotChangeByAUnitThatWasNeverExposed) {
  UnitState fallback;
  fallback.mixed_fallbacks = 1;
  EXPECT_TRUE(CellChanges(2, UnitState(), fallback).empty());
  EXPECT_TRUE(CellChanges(0, UnitState(), Exposed("")).empty()) << "without segments";
}

}  // namespace
}  // namespace flywheel::experiment

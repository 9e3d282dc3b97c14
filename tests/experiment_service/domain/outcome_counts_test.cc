#include "experiment_service/domain/outcome_counts.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <utility>
#include <vector>

#include "tests/experiment_service/domain/known_counts.h"

namespace flywheel::experiment {
namespace {

// Follows outcomes (unit, value) as they come.
class Follower {
 public:
  explicit Follower(Metric metric = Metric()) : metric_(std::move(metric)) {}

  void Record(size_t unit, double value) {
    if (unit >= totals_.size()) totals_.resize(unit + 1);
    counts_.Remove(metric_, totals_[unit], /*matured=*/false);
    totals_[unit].Add(value);
    counts_.Add(metric_, totals_[unit], /*matured=*/false);
  }
  // Built anew from the totals, as after a restart.
  OutcomeCounts Rebuilt() const {
    OutcomeCounts rebuilt;
    for (const UnitTotal& total : totals_) rebuilt.Add(metric_, total, /*matured=*/false);
    return rebuilt;
  }
  const OutcomeCounts& counts() const { return counts_; }

 private:
  Metric metric_;
  std::vector<UnitTotal> totals_;
  OutcomeCounts counts_;
};

void ExpectSame(const OutcomeCounts& a, const OutcomeCounts& b) {
  EXPECT_TRUE(a.parts() == b.parts());
  EXPECT_EQ(a.moments().m2(), b.moments().m2());
}

// Those of a test are made from sums, and have no histogram.
void ExpectSameButHistogram(const OutcomeCounts& counts, const OutcomeCounts& given) {
  OutcomeCounts::Parts parts = counts.parts();
  parts.histogram = {};
  EXPECT_TRUE(parts == given.parts());
}

// Histograms hold whole numbers: what is left of them is the same to the last bit.
void ExpectSameHistogram(const OutcomeCounts& a, const OutcomeCounts& b) {
  EXPECT_TRUE(a.has_histogram());
  EXPECT_EQ(a.histogram(), b.histogram());
}

std::vector<std::pair<size_t, double>> ManyOutcomes() {
  std::mt19937_64 random(1);
  std::vector<std::pair<size_t, double>> outcomes;
  for (int i = 0; i < 5'000; ++i) {
    outcomes.emplace_back(random() % 700, std::lognormal_distribution<>(0, 3)(random));
  }
  return outcomes;
}

TEST(OutcomeCounts, IsTheSameInWhateverOrderOutcomesCome) {
  std::vector<std::pair<size_t, double>> outcomes = ManyOutcomes();
  Follower in_order;
  for (const auto& [unit, value] : outcomes) in_order.Record(unit, value);
  std::shuffle(outcomes.begin(), outcomes.end(), std::mt19937_64(2));
  Follower shuffled;
  for (const auto& [unit, value] : outcomes) shuffled.Record(unit, value);
  ExpectSame(in_order.counts(), shuffled.counts());
  ExpectSameHistogram(in_order.counts(), shuffled.counts());
}

TEST(OutcomeCounts, EqualsOneThatIsBuiltFromTheUnitsAtTheEnd) {
  Follower follower;
  for (const auto& [unit, value] : ManyOutcomes()) follower.Record(unit, value);
  ExpectSame(follower.counts(), follower.Rebuilt());
  ExpectSameHistogram(follower.counts(), follower.Rebuilt());
}

TEST(OutcomeCounts, HaveAHistogramOfTheUnitsValuesNotOfTheirOutcomes) {
  Metric metric;
  metric.cap = 7;
  Follower follower(metric);
  for (const double value : {4.0, 8.0}) follower.Record(0, value);
  follower.Record(1, 100);
  ValueHistogram expected;
  expected.Add(6);
  expected.Add(7);
  EXPECT_EQ(follower.counts().histogram(), expected);
  expected.Add(0, 5);
  EXPECT_EQ(follower.counts().WithOthers(5, 0).histogram(), expected);
  EXPECT_TRUE(follower.counts().WithOthers(5, 0).has_histogram());
}

TEST(OutcomeCounts, HaveNoHistogramOfWhatIsBinaryByNatureOrOnlyKnownByItsMoments) {
  Metric any;
  any.aggregation = Aggregation::kAny;
  Follower follower(any);
  follower.Record(0, 3);
  EXPECT_EQ(follower.counts().histogram(), ValueHistogram());
  EXPECT_FALSE(follower.counts().has_histogram());
  EXPECT_FALSE(OutcomeCounts::OfMoments(10, 3, 1).has_histogram());
}

// As where an older release counted some units.
TEST(OutcomeCounts, SayWhereTheHistogramLacksUnits) {
  OutcomeCounts::Parts parts;
  parts.units = 2;
  parts.other_units = 2;
  parts.sum.Add(9);
  OutcomeCounts counts(parts);
  UnitTotal total;
  total.Add(4);
  counts.Remove(Metric(), total, /*matured=*/false);
  EXPECT_FALSE(counts.has_histogram());
  total.Add(2);
  counts.Add(Metric(), total, /*matured=*/false);
  EXPECT_FALSE(counts.has_histogram());
}

TEST(OutcomeCounts, ForgetsAnEnormousValueThatAUnitsMeanNoLongerShows) {
  Follower follower;
  for (size_t unit = 0; unit < 100; ++unit)
    follower.Record(unit, 0.1 * static_cast<double>(unit % 7));
  follower.Record(3, 1e9);
  follower.Record(3, -1e9);
  ExpectSame(follower.counts(), follower.Rebuilt());
}

TEST(OutcomeCounts, CountsSeveralOutcomesOfAUnitAsTheirMean) {
  Follower follower;
  for (const double value : {1.0, 0.0, 0.0, 1.0}) follower.Record(0, value);
  follower.Record(1, 1.0);
  EXPECT_EQ(follower.counts().units(), 2);
  EXPECT_EQ(follower.counts().outcomes(), 5);
  EXPECT_FALSE(follower.counts().binary());
  EXPECT_DOUBLE_EQ(follower.counts().moments().mean(), 0.75);
  EXPECT_DOUBLE_EQ(follower.counts().moments().variance(), 0.125);
}

Metric Aggregated(Aggregation aggregation) {
  Metric metric;
  metric.aggregation = aggregation;
  return metric;
}

TEST(OutcomeCounts, MakesOneValueOfAUnitsOutcomesAsTheMetricSays) {
  const struct {
    Metric metric;
    double first, second;
    bool binary;
  } cases[] = {{Aggregated(Aggregation::kMean), 2, 0, false},
               {Aggregated(Aggregation::kSum), 6, 0, false},
               {Aggregated(Aggregation::kCount), 3, 1, false},
               {Aggregated(Aggregation::kAny), 1, 0, true}};
  for (const auto& [metric, first, second, binary] : cases) {
    Follower follower(metric);
    for (const double value : {1.0, 2.0, 3.0}) follower.Record(0, value);
    follower.Record(1, 0.0);
    const OutcomeCounts& counts = follower.counts();
    EXPECT_EQ(counts.units(), 2);
    EXPECT_EQ(counts.outcomes(), 4);
    EXPECT_EQ(counts.binary(), binary);
    EXPECT_DOUBLE_EQ(counts.moments().mean(), (first + second) / 2);
    EXPECT_DOUBLE_EQ(counts.moments().m2(), (first - second) * (first - second) / 2);
    ExpectSame(counts, follower.Rebuilt());
  }
}

TEST(OutcomeCounts, CapsTheUnitsValueNotItsOutcomes) {
  Metric metric = Aggregated(Aggregation::kSum);
  metric.cap = 5;
  Follower follower(metric);
  for (const double value : {3.0, 1e9, -1e9}) follower.Record(0, value);
  EXPECT_EQ(follower.counts().moments().mean(), 3) << "they come to 3 in the end";
  follower.Record(0, 1e9);
  follower.Record(1, 1);
  EXPECT_EQ(follower.counts().moments().mean(), 3) << "5 and 1";
  EXPECT_EQ(follower.counts().parts().sum, ExactSum::Of({6.0}));
}

TEST(OutcomeCounts, IsBinaryAgainWhenTheFractionIsGone) {
  Follower follower;
  follower.Record(0, 0.5);
  EXPECT_FALSE(follower.counts().binary());
  follower.Record(0, 1.5);
  EXPECT_TRUE(follower.counts().binary());
}

TEST(OutcomeCounts, KeepsTheDigitsOfASmallSpreadOnALargeMean) {
  // NIST StRD NumAcc4: the standard deviation is .1 exactly.
  Follower follower;
  follower.Record(0, 10'000'000.2);
  for (size_t unit = 1; unit <= 1'000; unit += 2) {
    follower.Record(unit, 10'000'000.1);
    follower.Record(unit + 1, 10'000'000.3);
  }
  EXPECT_NEAR(follower.counts().moments().mean(), 10'000'000.2, 1e-8);
  EXPECT_NEAR(std::sqrt(follower.counts().moments().variance()), 0.1, 1e-9);
}

TEST(OutcomeCounts, SeesNoSpreadWhereAllUnitsAreAlike) {
  Follower follower;
  for (size_t unit = 0; unit < 10'000; ++unit) follower.Record(unit, 0.1);
  EXPECT_EQ(follower.counts().moments().m2(), 0);
  EXPECT_EQ(follower.counts().WithOthers(90'000, 0.1).moments().m2(), 0);
  EXPECT_EQ(OutcomeCounts().WithOthers(900, 0.1).moments().m2(), 0);
}

TEST(OutcomeCounts, OfAProportionAreThoseOfItsUnits) {
  OutcomeCounts counts;
  for (int i = 0; i < 50; ++i) AddUnit(i < 20 ? 1 : 0, counts);
  ExpectSameButHistogram(counts, Proportion(20, 50));
}

TEST(OutcomeCounts, OfSuccessesAreThoseOfAProportion) {
  const OutcomeCounts counts = OutcomeCounts::OfSuccesses(50, 20);
  ExpectSameButHistogram(counts, Proportion(20, 50));
  EXPECT_EQ(counts.matured_units(), 0);
  EXPECT_TRUE(OutcomeCounts::OfSuccesses(0, 0).binary());
}

TEST(OutcomeCounts, OfMomentsGivesThemBack) {
  const struct {
    int64_t units;
    double mean, deviation;
  } cases[] = {{2, 0, 1},
               {1'001, 10'000'000.2, 0.1},  // NIST StRD NumAcc4
               {3'407, 0.41, 3.8989},
               {999'999'999'999, -1e12, 1'000},
               {7, 1e-9, 1e12},
               {1'000'000, 0.1, 0}};
  for (const auto& [units, mean, deviation] : cases) {
    const OutcomeCounts counts = OutcomeCounts::OfMoments(units, mean, deviation);
    EXPECT_FALSE(counts.binary());
    EXPECT_EQ(counts.outcomes(), units);
    const statistics::Moments moments = counts.moments();
    EXPECT_EQ(moments.count(), units);
    EXPECT_NEAR(moments.mean(), mean, 1e-12 * std::fabs(mean));
    EXPECT_NEAR(std::sqrt(moments.variance()), deviation, 1e-12 * deviation) << mean;
  }
  EXPECT_EQ(OutcomeCounts::OfMoments(1, 5, 0).moments().mean(), 5);
  EXPECT_EQ(OutcomeCounts::OfMoments(0, 0, 0).units(), 0);
}

TEST(OutcomeCounts, OfMomentsAreThoseOfTheirUnits) {
  std::mt19937_64 random(3);
  OutcomeCounts counts;
  for (int i = 0; i < 500; ++i) AddUnit(std::lognormal_distribution<>(0, 3)(random), counts);
  const statistics::Moments moments = counts.moments();
  const OutcomeCounts same =
      OutcomeCounts::OfMoments(500, moments.mean(), std::sqrt(moments.variance()));
  EXPECT_EQ(same.units(), 500);
  EXPECT_EQ(same.outcomes(), 500);
  EXPECT_FALSE(same.binary());
  EXPECT_DOUBLE_EQ(same.moments().mean(), moments.mean());
  EXPECT_NEAR(same.moments().m2() / moments.m2(), 1, 1e-12);
}

}  // namespace
}  // namespace flywheel::experiment

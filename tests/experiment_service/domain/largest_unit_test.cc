#include "experiment_service/domain/largest_unit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <random>
#include <string>

#include "experiment_service/domain/metric_comparison.h"
#include "tests/experiment_service/domain/known_counts.h"

namespace flywheel::experiment {
namespace {

using testing::HasSubstr;
using testing::Not;

std::optional<LargestUnit> LargestUnitOf(const OutcomeCounts& counts) {
  return experiment::LargestUnitOf(counts, counts.moments());
}

OutcomeCounts Normal(double mean, double deviation, int units, uint64_t seed) {
  std::mt19937_64 random(seed);
  std::normal_distribution<> value(mean, deviation);
  OutcomeCounts counts;
  for (int i = 0; i < units; ++i) AddUnit(value(random), counts);
  return counts;
}

OutcomeCounts With(OutcomeCounts counts, double value) {
  AddUnit(value, counts);
  return counts;
}

std::string Message(const Metric& metric, const OutcomeCounts& control,
                    const OutcomeCounts& treatment) {
  const DecisionBoundary boundary(0.05, 0);
  return CompareMetric(metric, {boundary, boundary, 0.05, 1, 1}, control, treatment).message;
}

TEST(LargestUnit, IsKnownByItsShareOfTheSquaredDeviations) {
  const std::optional<LargestUnit> largest = LargestUnitOf(CountsOf({1, 2, 3, 10}));
  ASSERT_TRUE(largest);
  EXPECT_NEAR(largest->value, 10, 0.1);
  EXPECT_NEAR(largest->share, 36.0 / 50, 0.02);  // The mean is 4.
  EXPECT_NEAR(LargestUnitOf(CountsOf({10, 11, 12, -20})).value().value, -20, 0.2);
}

TEST(LargestUnit, NeverHasMoreThanAll) {
  for (const double value : {1e-8, 1.007, 3.0, 1e12}) {
    OutcomeCounts counts = CountsOf(std::vector<double>(1'000, 0));
    AddUnit(value, counts);
    AddUnit(0.5 * value, counts);
    EXPECT_LE(LargestUnitOf(counts).value().share, 1);
    EXPECT_GT(LargestUnitOf(counts).value().share, 0.75);
  }
}

TEST(LargestUnit, IsNotKnownOfRatesNorWithoutUnitsOrValues) {
  EXPECT_FALSE(LargestUnitOf(CountsOf({0, 0, 0, 1})));
  EXPECT_FALSE(LargestUnitOf(CountsOf({3})));
  EXPECT_FALSE(LargestUnitOf(CountsOf({3, 3, 3})));
  EXPECT_FALSE(LargestUnitOf(OutcomeCounts()));
  EXPECT_FALSE(LargestUnitOf(OutcomeCounts::OfMoments(100, 3, 1)));
}

TEST(LargestUnit, IsToldWhereItIsTheVariance) {
  const OutcomeCounts control = With(Normal(10, 3, 2'000, 1), 1e6);
  const OutcomeCounts treatment = Normal(12, 3, 2'000, 2);
  const std::string message = Message(Metric(), control, treatment);
  EXPECT_THAT(message, HasSubstr("one unit of the control, at about 1e+06, has 100 %"));
  EXPECT_THAT(message, HasSubstr("a cap such as 19"));
  const std::string turned = Message(Metric(), treatment, control);
  EXPECT_THAT(turned, HasSubstr("one unit of the treatment"));
}

TEST(LargestUnit, IsNotToldWhereItIsOneOfMany) {
  const OutcomeCounts control = Normal(10, 3, 2'000, 1);
  EXPECT_THAT(Message(Metric(), control, Normal(12, 3, 2'000, 2)), Not(HasSubstr("one unit")));
  EXPECT_THAT(Message(Metric(), Proportion(1, 1'000), Proportion(0, 1'000)),
              Not(HasSubstr("one unit")));
}

TEST(LargestUnit, HasACapThatLeavesNinetyNinePercentAsTheyAre) {
  OutcomeCounts control;
  for (int i = 1; i <= 1'000; ++i) AddUnit(i, control);
  EXPECT_NEAR(ProposedCap(control, control).value(), 990, 20);
  // Of a few units the greatest is never the cap.
  EXPECT_NEAR(ProposedCap(CountsOf({1, 2, 3}), CountsOf({2, 1e6})).value(), 3, 0.2);
}

TEST(LargestUnit, HasNoCapWhereHardlyAnybodyHasAnyValue) {
  OutcomeCounts control = CountsOf(std::vector<double>(2'000, 0));
  const OutcomeCounts treatment = control;
  AddUnit(500, control);
  EXPECT_FALSE(ProposedCap(control, treatment));
  EXPECT_THAT(OneUnitNote(Metric(), control, treatment), HasSubstr("AGGREGATION_ANY"));
}

TEST(LargestUnit, IsToBeLookedAtWhereNoCapHolds) {
  const OutcomeCounts control = With(Normal(10, 3, 2'000, 1), -1e6);
  EXPECT_THAT(OneUnitNote(Metric(), control, Normal(10, 3, 2'000, 2)),
              HasSubstr("a cap holds from above only"));
}

}  // namespace
}  // namespace flywheel::experiment

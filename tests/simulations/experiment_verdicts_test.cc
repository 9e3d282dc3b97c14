#include "tests/simulations/experiment_verdicts.h"

#include <gtest/gtest.h>

#include "tests/simulations/experiment_figures.h"
#include "tests/simulations/experiment_power.h"
#include "tests/simulations/experiment_ratios.h"
#include "tests/simulations/experiment_segments.h"

namespace flywheel::simulations {
namespace {

constexpr int64_t kExperiments = 100;
constexpr int kLooks = 60;

void ExpectKept(const std::vector<Property>& properties) {
  for (const Property& one : properties) {
    EXPECT_TRUE(one.ok) << one.name << ": " << one.value << " (" << one.lower << " to " << one.upper
                        << "), target " << one.target;
  }
}

TEST(ExperimentVerdicts, KeepTheErrorRatesThatThePlanStates) {
  ExpectKept(SimulateExperimentVerdicts(kExperiments, kLooks));
}

TEST(ExperimentVerdicts, KeepThemOfRatios) {
  ExpectKept(SimulateExperimentRatios(kExperiments, kLooks));
}

TEST(ExperimentVerdicts, ComeInTime) { ExpectKept(SimulateExperimentPower(kExperiments, kLooks)); }

TEST(ExperimentVerdicts, AreFoundedOnFiguresThatHold) {
  ExpectKept(SimulateExperimentFigures(kExperiments, kLooks));
}

TEST(ExperimentSegments, KeepTheErrorRatesThatAreStated) {
  ExpectKept(SimulateExperimentSegments(4 * kExperiments, kLooks));
}

TEST(Property, OfAMedianIsHeldAgainstItsInterval) {
  const std::vector<double> values = {9, 1, 8, 2, 7, 3, 6, 4, 5};
  EXPECT_EQ(MedianAtMost("", values, 5).value, 5);
  EXPECT_EQ(MedianAtMost("", values, 5).lower, 2);
  EXPECT_EQ(MedianAtMost("", values, 5).upper, 8);
  EXPECT_TRUE(MedianAtMost("", values, 2).ok);
  EXPECT_FALSE(MedianAtMost("", values, 1.9).ok);
}

TEST(Property, AmongManyIsHeldAgainstWhatOneOfThemMayBe) {
  EXPECT_FALSE(AtMost("", 20, 200, 0.05).ok);
  std::vector<Count> counts(24, Count{"", 10});
  counts[3].count = 20;
  EXPECT_TRUE(AllAtMost(counts, 200, 0.05)[3].ok);
  counts[3].count = 30;
  EXPECT_FALSE(AllAtMost(counts, 200, 0.05)[3].ok);
  EXPECT_TRUE(AllAtMost(counts, 200, 0.05)[4].ok);
}

TEST(Property, OfARatioIsHeldAgainstItsInterval) {
  const std::vector<double> ones = {0.9, 1.1, 0.9, 1.1, 0.9, 1.1};
  const std::vector<double> threes = {3, 3, 3, 3, 3, 3};
  EXPECT_NEAR(RatioOfMeansAtMost("", ones, threes, 0.3).value, 1 / 3.0, 1e-12);
  EXPECT_TRUE(RatioOfMeansAtMost("", ones, threes, 0.32).ok);
  EXPECT_FALSE(RatioOfMeansAtMost("", ones, threes, 0.28).ok);
}

}  // namespace
}  // namespace flywheel::simulations

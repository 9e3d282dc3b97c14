#include "experiment_service/domain/missing_outcomes.h"

#include <gtest/gtest.h>

#include <random>

namespace flywheel::experiment {
namespace {

// Who reports, and who comes of age without, each after each; returns whether it was ever called
// missing, and at how many exposed units.
struct Watched {
  bool alarmed = false;
  int64_t units = 0;
};
Watched Watch(double report_control, double report_treatment, double treatment_share, int64_t units,
              std::mt19937_64& random) {
  const std::vector<double> shares = {1 - treatment_share, treatment_share};
  ReportingArms arms{{0, 0}, {0, 0}, {0, 0}};
  std::uniform_real_distribution<> uniform(0, 1);
  for (int64_t i = 1; i <= units; ++i) {
    const size_t arm = uniform(random) < treatment_share ? 1 : 0;
    const double rate = arm == 1 ? report_treatment : report_control;
    ++arms.exposed[arm];
    ++(uniform(random) < rate ? arms.with_outcome : arms.matured_without_outcome)[arm];
    if (i % 10 == 0 && MissingOutcomesPValue(shares, arms) < 0.05) return {true, i};
  }
  return {false, units};
}

TEST(MissingOutcomes, AreSeenWhereAnArmReportsLess) {
  std::mt19937_64 random(4);
  for (int i = 0; i < 20; ++i) {
    EXPECT_TRUE(Watch(0.9, 0.675, 0.5, 1'000, random).alarmed);
    EXPECT_TRUE(Watch(1, 0.75, 0.5, 200, random).alarmed);
    EXPECT_TRUE(Watch(0.2, 0.1, 0.5, 3'000, random).alarmed);
    EXPECT_TRUE(Watch(0.9, 0.675, 0.01, 30'000, random).alarmed);
  }
}

TEST(MissingOutcomes, AreAFalseAlarmInFewerExperimentsThanOneInTwenty) {
  std::mt19937_64 random(5);
  int alarms = 0;
  for (int i = 0; i < 400; ++i) {
    alarms += Watch(0.6, 0.6, i % 2 == 0 ? 0.5 : 0.1, 2'000, random).alarmed ? 1 : 0;
  }
  EXPECT_LE(alarms, 30) << "20 may be; 30 has a probability of 2 % if 1 in 20 is the truth";
}

// Whoever answers slowly has more units under way, and no fewer in the end.
TEST(MissingOutcomes, AreNotTakenForLateOnes) {
  ReportingArms arms;
  arms.exposed = {10'000, 10'000};
  arms.with_outcome = {9'990, 9'930};
  arms.matured_without_outcome = {0, 0};
  EXPECT_GT(MissingOutcomesPValue({0.5, 0.5}, arms), 0.5);
  arms.matured_without_outcome = {10, 70};
  EXPECT_LT(MissingOutcomesPValue({0.5, 0.5}, arms), 0.001) << "now they had their time";
}

TEST(MissingOutcomes, SayNothingOfNothing) {
  EXPECT_EQ(MissingOutcomesPValue({0.5, 0.5}, {{0, 0}, {0, 0}, {0, 0}}), 1);
}

TEST(MissingOutcomes, AreDescribedByArm) {
  EXPECT_EQ(Describe({{"control", "v1", 1, true}, {"treatment", "v2", 1, false}},
                     {{1'000, 1'001}, {950, 800}, {0, 0}}),
            "control 950 of 1000 exposed units, treatment 800 of 1001");
}

}  // namespace
}  // namespace flywheel::experiment

#include "statistics/heterogeneity.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <random>
#include <vector>

#include "shared/testing/status_matchers.h"
#include "statistics/mixture_boundary.h"
#include "statistics/refusal.h"

namespace flywheel::statistics {
namespace {

using Groups = std::vector<GroupEffect>;

// By hand: w = 1, 4, 4; mean (1 + 8 + 12)/9 = 7/3; Q = 16/9 + 4/9 + 16/9 = 4; exp(-2).
TEST(Heterogeneity, HasCochransQ) {
  const Groups groups = {{1, 1, 100}, {2, 0.5, 400}, {3, 0.5, 400}};
  const auto found = EstimateHeterogeneity(groups);
  ASSERT_OK(found);
  EXPECT_NEAR(found->q, 4, 1e-12);
  EXPECT_EQ(found->degrees_of_freedom, 2);
  EXPECT_NEAR(found->p_value, std::exp(-2.0), 1e-12);
}

TEST(Heterogeneity, OfTwoGroupsIsTheMixtureOfTheirDifference) {
  const MixtureBoundary boundary = *MixtureBoundary::Create(0.05);
  for (const double difference : {0.0, 0.1, 0.4, 1.5}) {
    for (const double units : {50.0, 3'000.0, 1e6}) {
      const double error = 2 / std::sqrt(units);
      const Groups groups = {{7, error, units}, {7 + difference, error, units}};
      const double z = difference / (error * std::sqrt(2.0));
      const double expected = boundary.LogEValue(z, units);
      EXPECT_NEAR(EstimateHeterogeneity(groups)->log_e_value, expected,
                  1e-9 * (1 + std::fabs(expected)));
    }
  }
}

TEST(Heterogeneity, DoesNotDependOnTheEffectThatAllHave) {
  Groups groups = {{0.1, 0.02, 900}, {0.13, 0.03, 500}, {0.02, 0.04, 200}, {0.3, 0.2, 20}};
  const auto before = EstimateHeterogeneity(groups);
  for (GroupEffect& group : groups) group.estimate += 1'000;
  const auto after = EstimateHeterogeneity(groups);
  EXPECT_NEAR(after->q, before->q, 1e-7);
  EXPECT_NEAR(after->log_e_value, before->log_e_value, 1e-7);
}

// One effect for all, looked at after every batch: the e-value ever reaches 20 in at most 5 %, and
// one look's p-value falls below .05 in most.
TEST(Heterogeneity, HoldsAtEveryLook) {
  constexpr int kRuns = 400;
  constexpr int kLooks = 200;
  std::mt19937_64 random(5);
  std::normal_distribution<double> normal;
  int alarms = 0;
  int naive_alarms = 0;
  for (int run = 0; run < kRuns; ++run) {
    // Batches of 40 units whose mean has the variance 1/40, in groups of different sizes.
    std::vector<double> sums(8), units(8);
    bool alarm = false, naive_alarm = false;
    for (int look = 0; look < kLooks; ++look) {
      Groups groups;
      for (size_t i = 0; i < sums.size(); ++i) {
        const double count = 40 / static_cast<double>(1 + i);
        sums[i] += 0.3 * count + std::sqrt(count) * normal(random);
        units[i] += count;
        groups.push_back({sums[i] / units[i], 1 / std::sqrt(units[i]), units[i]});
      }
      const auto found = EstimateHeterogeneity(groups);
      alarm = alarm || found->log_e_value >= std::log(20.0);
      naive_alarm = naive_alarm || found->p_value < 0.05;
    }
    alarms += alarm ? 1 : 0;
    naive_alarms += naive_alarm ? 1 : 0;
  }
  EXPECT_LE(alarms, kRuns / 20 + 9);
  EXPECT_GE(naive_alarms, kRuns / 4);
}

TEST(Heterogeneity, IsFound) {
  const Groups groups = {{0.00, 0.01, 10'000}, {0.05, 0.01, 10'000}, {0.00, 0.01, 10'000}};
  EXPECT_GT(EstimateHeterogeneity(groups)->log_e_value, std::log(20.0));
}

TEST(Heterogeneity, RefusesWhatIsNoEffect) {
  EXPECT_EQ(RefusalOf(EstimateHeterogeneity(Groups{{1, 1, 1}}).status()), Refusal::kTooFewUnits);
  for (const GroupEffect& wrong :
       Groups{{NAN, 1, 1}, {1, 0, 1}, {1, -1, 1}, {1, INFINITY, 1}, {1, 1, 0}, {1, 1, INFINITY}}) {
    EXPECT_EQ(RefusalOf(EstimateHeterogeneity(Groups{{1, 1, 1}, wrong}).status()),
              Refusal::kArgumentOutOfRange);
  }
}

}  // namespace
}  // namespace flywheel::statistics

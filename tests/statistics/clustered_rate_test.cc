#include "statistics/clustered_rate.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

#include "statistics/proportion.h"
#include "statistics/refusal.h"

namespace flywheel::statistics {
namespace {

std::vector<ClusterSum> Clusters(double items, size_t all_pass, size_t all_fail) {
  std::vector<ClusterSum> clusters(all_pass, {items, items, items});
  clusters.resize(all_pass + all_fail, {items, 0, 0});
  return clusters;
}

TEST(ClusteredRate, WhatGoesTogetherHasTheBoundsOfItsClusters) {
  const auto got = EstimateClusteredRate(Clusters(4, 940, 60), {.floor = 0.92});
  ASSERT_TRUE(got.ok());
  EXPECT_DOUBLE_EQ(got->rate, 0.94);
  EXPECT_NEAR(got->effective_items, 1'000, 10);
  EXPECT_NEAR(got->lower, *ClopperPearsonLowerBound({940, 1'000}, 0.05), 2e-4);
  EXPECT_NEAR(got->upper, *ClopperPearsonUpperBound({940, 1'000}, 0.05), 2e-4);
  EXPECT_NEAR(got->p_value_above, 0.0093, 1e-3);
  EXPECT_GT(got->p_value_below, 0.98);
}

TEST(ClusteredRate, BoundsAndTailsSayTheSame) {
  for (const size_t fails : {0, 1, 7, 50, 99, 100}) {
    const std::vector<ClusterSum> clusters = Clusters(3, 100 - fails, fails);
    const auto first = EstimateClusteredRate(clusters, {});
    ASSERT_TRUE(first.ok());
    EXPECT_LE(first->lower, first->rate);
    EXPECT_GE(first->upper, first->rate);
    if (first->lower > 0) {
      EXPECT_NEAR(EstimateClusteredRate(clusters, {.floor = first->lower})->p_value_above, 0.05,
                  1e-9);
    }
    if (first->upper < 1) {
      EXPECT_NEAR(EstimateClusteredRate(clusters, {.floor = first->upper})->p_value_below, 0.05,
                  1e-9);
    }
  }
}

// Groups of 8 that go together, the case in which Korn and Graubard's bound says PASS in up to 25
// %.
TEST(ClusteredRate, RareFailuresThatComeTogetherReachTheFloorNoOftenerThanAlpha) {
  constexpr int kRuns = 2'000;
  std::mt19937_64 random(3);
  for (const double floor : {0.92, 0.99}) {
    for (const size_t count : {12, 50, 200}) {
      int reached = 0;
      for (int run = 0; run < kRuns; ++run) {
        std::vector<ClusterSum> clusters;
        std::bernoulli_distribution passes(floor);
        std::bernoulli_distribution shares(0.7);
        for (size_t c = 0; c < count; ++c) {
          const bool shared = passes(random);
          double sum = 0;
          for (int i = 0; i < 8; ++i) sum += (shares(random) ? shared : passes(random)) ? 1 : 0;
          clusters.push_back({8, sum, sum});
        }
        reached += EstimateClusteredRate(clusters, {.floor = floor})->p_value_above <= 0.05 ? 1 : 0;
      }
      // Three standard errors of a share of 0.05 above it.
      EXPECT_LE(reached, kRuns * 0.05 + 30) << floor << ", " << count;
    }
  }
}

// Of groups of 8 so many lack one case.
double WorthOf(int groups, int lacking) {
  std::vector<ClusterSum> clusters(static_cast<size_t>(groups), {8, 8, 8});
  for (int i = 0; i < lacking; ++i) clusters[static_cast<size_t>(i)] = {8, 7, 7};
  return EstimateClusteredRate(clusters, {0.92, 0.05, 1})->effective_items;
}

TEST(ClusteredRate, WhatTheUnseenClusterCosts) {
  EXPECT_EQ(std::round(WorthOf(50, 16)), 124);
  EXPECT_EQ(std::round(WorthOf(100, 32)), 369);
}

TEST(ClusteredRate, Refuses) {
  EXPECT_EQ(RefusalOf(EstimateClusteredRate(Clusters(3, 1, 0), {}).status()),
            Refusal::kTooFewClusters);
  EXPECT_EQ(RefusalOf(EstimateClusteredRate(Clusters(3, 2, 0), {.floor = 1.5}).status()),
            Refusal::kArgumentOutOfRange);
  const std::vector<ClusterSum> too_many = {{1, 2, 2}, {1, 2, 2}};
  EXPECT_EQ(RefusalOf(EstimateClusteredRate(too_many, {}).status()), Refusal::kArgumentOutOfRange);
}

}  // namespace
}  // namespace flywheel::statistics

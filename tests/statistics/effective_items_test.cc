#include "statistics/effective_items.h"

#include <gtest/gtest.h>

#include <vector>

#include "statistics/distributions.h"
#include "statistics/refusal.h"

namespace flywheel::statistics {
namespace {

// Clusters of `items` items each, of which so many pass.
std::vector<ClusterSum> Clusters(double items, const std::vector<double>& passed) {
  std::vector<ClusterSum> clusters;
  for (const double one : passed) clusters.push_back({items, one, one});
  return clusters;
}

std::vector<double> Repeat(size_t count, double value) { return std::vector<double>(count, value); }

double Ratio(double clusters) {
  const double ratio = NormalQuantile(0.05) / StudentTQuantile(0.05, clusters - 1);
  return ratio * ratio;
}

TEST(EffectiveItems, ClustersThatAllPassCountOnceEach) {
  EXPECT_NEAR(*EffectiveItems(Clusters(4, Repeat(100, 4)), {}), 100 * Ratio(100), 1.5);
  // Nor is there any variance where the unseen cluster passes too.
  EXPECT_DOUBLE_EQ(*EffectiveItems(Clusters(4, Repeat(100, 4)), {.unseen_value = 1}),
                   100 * Ratio(100));
}

TEST(EffectiveItems, OfTheDefinition) {
  // 2 clusters of 2 with 2 and 1 passed, and the unseen one with 0: m = 1/2, the deviations 1, 0
  // and -1, so V = 3/2 * 2 / 36 and V0 = 1/4 / 6; the design effect is 2.
  EXPECT_NEAR(*EffectiveItems(Clusters(2, {2, 1}), {}), 4 / 2.0 * Ratio(2), 1e-12);
  // Of differences -2, 0 and the unseen -2: m = -2/3, deviations -2/3, 4/3 and -2/3.
  const std::vector<ClusterSum> lost = {{2, -2, 2}, {2, 0, 0}};
  const double clustered = 3.0 / 2.0 * (24.0 / 9.0) / 36.0;
  const double independent = (4.0 / 6.0 - 4.0 / 9.0) / 6.0;
  EXPECT_NEAR(*EffectiveItems(lost, {.unseen_value = -1}), 4 / (clustered / independent) * Ratio(2),
              1e-12);
}

TEST(EffectiveItems, IndependentItemsCountNearlyAll) {
  // 10 % fail, one a cluster at most.
  std::vector<double> passed = Repeat(600, 4);
  passed.resize(1'000, 3);
  const double items = *EffectiveItems(Clusters(4, passed), {});
  EXPECT_GE(items, 3'900);
  EXPECT_LE(items, 4'000);
}

TEST(EffectiveItems, ItemsThatGoTogetherCountAsOne) {
  std::vector<double> passed = Repeat(900, 4);
  passed.resize(1'000, 0);
  EXPECT_NEAR(*EffectiveItems(Clusters(4, passed), {}), 1'000 * Ratio(1'000), 5);
}

TEST(EffectiveItems, MeansOfTriesCountAsAtMostTheTries) {
  // Half of the 4 tries at each item pass: their mean varies less than one try.
  const std::vector<ClusterSum> clusters = Clusters(1, Repeat(500, 0.5));
  EXPECT_EQ(*EffectiveItems(clusters, {}), 500);
  EXPECT_EQ(*EffectiveItems(clusters, {.most_per_item = 4}), 2'000);
}

TEST(EffectiveItems, Refuses) {
  EXPECT_EQ(RefusalOf(EffectiveItems(Clusters(4, {4}), {}).status()), Refusal::kTooFewClusters);
  EXPECT_EQ(RefusalOf(EffectiveItems({}, {}).status()), Refusal::kTooFewClusters);
  EXPECT_EQ(RefusalOf(EffectiveItems(Clusters(0, {0, 0}), {}).status()),
            Refusal::kArgumentOutOfRange);
  EXPECT_EQ(RefusalOf(EffectiveItems(Clusters(1e15, {0, 0}), {}).status()),
            Refusal::kArgumentOutOfRange);
  for (const EffectiveItemsOptions& options :
       {EffectiveItemsOptions{.unseen_value = -2}, EffectiveItemsOptions{.alpha = 0.5},
        EffectiveItemsOptions{.alpha = 0}, EffectiveItemsOptions{.most_per_item = 0.5}}) {
    EXPECT_EQ(RefusalOf(EffectiveItems(Clusters(2, {1, 2}), options).status()),
              Refusal::kArgumentOutOfRange);
  }
}

}  // namespace
}  // namespace flywheel::statistics

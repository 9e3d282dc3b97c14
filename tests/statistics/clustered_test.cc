#include "statistics/clustered.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "statistics/refusal.h"

namespace flywheel::statistics {
namespace {

TEST(ClusteredMeanTest, ReproducesTheErrorOfARealAgentOnFiftyTasksOfFourTrials) {
  // Tasks by how many of their four trials a gpt-4o airline agent solved in tau-bench.
  const int tasks_by_successes[] = {14, 12, 10, 4, 10};
  std::vector<Moments> clusters;
  for (int successes = 0; successes <= 4; ++successes) {
    clusters.insert(clusters.end(), tasks_by_successes[successes],
                    Moments::OfProportion(successes, 4));
  }
  const auto result = ClusteredMean(clusters, 0.05);
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result->items, 200);
  EXPECT_EQ(result->clusters, 50);
  EXPECT_NEAR(result->mean, 0.42, 1e-14);
  EXPECT_NEAR(result->naive_standard_error, 0.0349874349304872, 1e-14);
  EXPECT_NEAR(result->standard_error, 0.05221619109284878, 1e-14);
  EXPECT_NEAR(result->interval.lower, 0.31506763540260274, 1e-12);
  EXPECT_NEAR(result->interval.upper, 0.5249323645973972, 1e-12);
}

TEST(ClusteredMeanTest, OfOneItemPerClusterIsTheNaiveError) {
  std::vector<Moments> clusters;
  for (const double value : {1.0, 2.5, 3.0, 7.0}) clusters.push_back(Moments(1, value, 0.0));
  const auto result = ClusteredMean(clusters, 0.05);
  ASSERT_TRUE(result.ok());
  EXPECT_NEAR(result->standard_error, result->naive_standard_error, 1e-14);
}

TEST(ClusteredMeanTest, OfPairedDifferencesReproducesTheComparisonOfTwoRealModels) {
  // 1,319 school mathematics questions, each a cluster of its own: 383 only the baseline has, 95
  // only the candidate.
  std::vector<Moments> clusters(383, Moments(1, -1.0, 0.0));
  clusters.insert(clusters.end(), 95, Moments(1, 1.0, 0.0));
  clusters.insert(clusters.end(), 841, Moments(1, 0.0, 0.0));
  const auto result = ClusteredMean(clusters, 0.05);
  ASSERT_TRUE(result.ok());
  EXPECT_NEAR(result->mean, -0.21834723275208492, 1e-14);
  EXPECT_NEAR(result->standard_error, 0.015452709205254178, 1e-14);
  EXPECT_NEAR(result->interval.lower, -0.24866182474977458, 1e-12);
  EXPECT_NEAR(result->interval.upper, -0.18803264075439527, 1e-12);
}

TEST(ClusteredMeanTest, IgnoresEmptyClusters) {
  const std::vector<Moments> clusters = {Moments(2, 1.0, 0.5), Moments(), Moments(3, 2.0, 0.5)};
  EXPECT_EQ(ClusteredMean(clusters, 0.05)->clusters, 2);
  // Student's t with one degree of freedom.
  const auto result = ClusteredMean(clusters, 0.05);
  EXPECT_NEAR((result->interval.upper - result->mean) / result->standard_error, 12.706204736174694,
              1e-10);
}

TEST(ClusteredMeanTest, RefusesWhatHasNoAnswer) {
  const auto reason = [](const std::vector<Moments>& clusters, double alpha = 0.05) {
    return RefusalOf(ClusteredMean(clusters, alpha).status());
  };
  EXPECT_EQ(reason({}), Refusal::kTooFewClusters);
  EXPECT_EQ(reason({Moments(100, 0.5, 25.0), Moments()}), Refusal::kTooFewClusters);
  EXPECT_EQ(reason({Moments(4, 0.5, 1.0), Moments(4, 0.5, 1.0)}), Refusal::kZeroVariance);
  EXPECT_EQ(reason({Moments(4, NAN, 1.0), Moments(4, 0.5, 1.0)}), Refusal::kArgumentOutOfRange);
  EXPECT_EQ(reason({Moments(4, 0.1, 1.0), Moments(4, 0.5, 1.0)}, 1.0),
            Refusal::kArgumentOutOfRange);
}

}  // namespace
}  // namespace flywheel::statistics

#include "statistics/pass_at_k.h"

#include <gtest/gtest.h>

#include "statistics/refusal.h"

namespace flywheel::statistics {
namespace {

// By binomial coefficients in whole numbers: C(3, 2) / C(4, 2) = 3 / 6, and so on.
TEST(PassAtK, IsTheShareOfDraws) {
  EXPECT_DOUBLE_EQ(*ChanceThatAllPass({3, 4}, 1), 0.75);
  EXPECT_DOUBLE_EQ(*ChanceThatAllPass({3, 4}, 2), 3.0 / 6.0);
  EXPECT_DOUBLE_EQ(*ChanceThatAllPass({3, 4}, 3), 1.0 / 4.0);
  EXPECT_DOUBLE_EQ(*ChanceThatAllPass({3, 4}, 4), 0.0);
  EXPECT_DOUBLE_EQ(*ChanceThatAnyPasses({3, 4}, 1), 0.75);
  EXPECT_DOUBLE_EQ(*ChanceThatAnyPasses({3, 4}, 2), 1.0);
  EXPECT_DOUBLE_EQ(*ChanceThatAnyPasses({1, 10}, 3), 1.0 - 84.0 / 120.0);
  EXPECT_DOUBLE_EQ(*ChanceThatAllPass({20, 32}, 10), 184756.0 / 64512240.0);
}

TEST(PassAtK, HasItsEndsWhereAllOrNoneSucceed) {
  for (const int64_t k : {1, 2, 7}) {
    EXPECT_EQ(*ChanceThatAllPass({7, 7}, k), 1.0);
    EXPECT_EQ(*ChanceThatAnyPasses({7, 7}, k), 1.0);
    EXPECT_EQ(*ChanceThatAllPass({0, 7}, k), 0.0);
    EXPECT_EQ(*ChanceThatAnyPasses({0, 7}, k), 0.0);
  }
}

TEST(PassAtK, OverflowsNowhere) {
  // C(2000, 1000) is far beyond a double. Half of a million, drawn three times: nearly 1/8.
  EXPECT_NEAR(*ChanceThatAllPass({500'000, 1'000'000}, 3), 0.125, 1e-6);
  EXPECT_GE(*ChanceThatAllPass({1'999, 2'000}, 1'000), 0.4999);
  EXPECT_EQ(*ChanceThatAnyPasses({1'000, 2'000}, 1'000), 1.0);
}

TEST(PassAtK, RefusesMoreDrawsThanAttempts) {
  EXPECT_EQ(RefusalOf(ChanceThatAllPass({4, 4}, 5).status()), Refusal::kTooFewUnits);
  EXPECT_EQ(RefusalOf(ChanceThatAnyPasses({0, 4}, 5).status()), Refusal::kTooFewUnits);
  EXPECT_EQ(RefusalOf(ChanceThatAllPass({0, 0}, 1).status()), Refusal::kTooFewUnits);
  EXPECT_EQ(RefusalOf(ChanceThatAllPass({5, 4}, 1).status()), Refusal::kArgumentOutOfRange);
  EXPECT_EQ(RefusalOf(ChanceThatAnyPasses({-1, 4}, 1).status()), Refusal::kArgumentOutOfRange);
  EXPECT_EQ(RefusalOf(ChanceThatAllPass({1, 4}, 0).status()), Refusal::kArgumentOutOfRange);
}

}  // namespace
}  // namespace flywheel::statistics

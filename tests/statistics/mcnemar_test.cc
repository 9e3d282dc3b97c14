#include "statistics/mcnemar.h"

#include <gtest/gtest.h>

#include "statistics/refusal.h"

namespace flywheel::statistics {
namespace {

TEST(McNemarTest, ReproducesTheComparisonOfTwoRealModels) {
  // 1,319 school mathematics questions: 383 only the baseline has, 95 only the candidate.
  const auto result = McNemarTest({383, 95});
  ASSERT_TRUE(result.ok());
  EXPECT_NEAR(result->p_value / 5.116157326697435e-42, 1.0, 1e-12);
  EXPECT_NEAR(result->p_value_worse / 2.558078663348718e-42, 1.0, 1e-12);
}

TEST(McNemarTest, CountsTheTailsOfSmallTablesExactly) {
  // 2 (1 + 10 + 45)/1024 and (1 + 10 + 45)/1024.
  EXPECT_NEAR(McNemarTest({8, 2})->p_value, 112.0 / 1024.0, 1e-15);
  EXPECT_NEAR(McNemarTest({8, 2})->p_value_worse, 56.0 / 1024.0, 1e-15);
  EXPECT_NEAR(McNemarTest({2, 8})->p_value, 112.0 / 1024.0, 1e-15);
  EXPECT_NEAR(McNemarTest({2, 8})->p_value_worse, 1013.0 / 1024.0, 1e-15);
  EXPECT_NEAR(McNemarTest({5, 0})->p_value_worse, 1.0 / 32.0, 1e-16);
}

TEST(McNemarTest, NeverExceedsOne) {
  EXPECT_EQ(McNemarTest({3, 3})->p_value, 1.0);
  EXPECT_EQ(McNemarTest({0, 0})->p_value, 1.0);
  EXPECT_EQ(McNemarTest({0, 0})->p_value_worse, 1.0);
}

TEST(McNemarTest, RefusesANegativeCount) {
  EXPECT_EQ(RefusalOf(McNemarTest({-1, 3}).status()), Refusal::kArgumentOutOfRange);
}

}  // namespace
}  // namespace flywheel::statistics

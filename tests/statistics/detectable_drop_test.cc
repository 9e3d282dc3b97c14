#include "statistics/detectable_drop.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>

#include "statistics/refusal.h"

namespace flywheel::statistics {
namespace {

// 1,955 pairs find a loss of 0.02 where a tenth of them differ.
TEST(DetectableDropTest, ReproducesThePublishedNumberOfPairs) {
  EXPECT_NEAR(*MinimumDetectableDrop(1955, 0.1, 0.05, 0.8), 0.02, 1e-5);
}

TEST(DetectableDropTest, SolvesTheFormulaOfTheCasesNeeded) {
  // 1.959964 and 0.841621: the normal quantiles of 0.975 and 0.8.
  const double k = 1.9599639845400545 + 0.8416212335729143;
  for (const std::int64_t cases : {100, 500, 1955, 100000}) {
    const double drop = *MinimumDetectableDrop(cases, 0.1, 0.05, 0.8);
    const double needed = k * k * (0.1 - drop * drop) / (drop * drop);
    EXPECT_NEAR(needed, static_cast<double>(cases), 1e-9 * static_cast<double>(cases));
  }
}

TEST(DetectableDropTest, RefusesADropThatCannotExist) {
  EXPECT_EQ(RefusalOf(MinimumDetectableDrop(10, 0.1, 0.05, 0.8).status()), Refusal::kTooFewUnits);
  EXPECT_EQ(RefusalOf(MinimumDetectableDrop(0, 1.0, 0.05, 0.8).status()), std::nullopt);
  EXPECT_EQ(RefusalOf(MinimumDetectableDrop(-1, 0.1, 0.05, 0.8).status()),
            Refusal::kArgumentOutOfRange);
  EXPECT_EQ(RefusalOf(MinimumDetectableDrop(100, 0.0, 0.05, 0.8).status()),
            Refusal::kArgumentOutOfRange);
  EXPECT_EQ(RefusalOf(MinimumDetectableDrop(100, 0.1, 0.05, 0.02).status()),
            Refusal::kArgumentOutOfRange);
}

}  // namespace
}  // namespace flywheel::statistics

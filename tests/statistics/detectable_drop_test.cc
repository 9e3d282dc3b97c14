#include "statistics/detectable_drop.h"

#include <gtest/gtest.h>

#include "statistics/refusal.h"

namespace flywheel::statistics {
namespace {

TEST(DetectableDropTest, ReproducesThePublishedSavingOfPairing) {
  EXPECT_EQ(*PairedCasesNeeded(0.02, 0.1, 0.05, 0.8), 1955);
  // 3,533 with the rounded constants 1.96 and .8416; 3,532 with exact ones.
  EXPECT_EQ(*UnpairedCasesNeeded(0.02, 0.9, 0.05, 0.8), 3532);
}

TEST(DetectableDropTest, InvertsTheCasesNeeded) {
  for (const std::int64_t cases : {100, 500, 1955, 100000}) {
    const double drop = *MinimumDetectableDrop(cases, 0.1, 0.05, 0.8);
    // A hair more, as the drop that needs exactly this many may round to one case more.
    EXPECT_EQ(*PairedCasesNeeded(drop * (1.0 + 1e-12), 0.1, 0.05, 0.8), cases);
  }
  EXPECT_NEAR(*MinimumDetectableDrop(1955, 0.1, 0.05, 0.8), 0.02, 1e-5);
}

TEST(DetectableDropTest, RefusesADropThatCannotExist) {
  EXPECT_EQ(RefusalOf(MinimumDetectableDrop(10, 0.1, 0.05, 0.8).status()), Refusal::kTooFewUnits);
  EXPECT_EQ(RefusalOf(MinimumDetectableDrop(0, 1.0, 0.05, 0.8).status()), std::nullopt);
  EXPECT_EQ(RefusalOf(PairedCasesNeeded(0.2, 0.1, 0.05, 0.8).status()),
            Refusal::kArgumentOutOfRange);
  EXPECT_EQ(RefusalOf(PairedCasesNeeded(0.0, 0.1, 0.05, 0.8).status()),
            Refusal::kArgumentOutOfRange);
  EXPECT_EQ(RefusalOf(PairedCasesNeeded(1e-12, 0.1, 0.05, 0.8).status()),
            Refusal::kArgumentOutOfRange);
  EXPECT_EQ(RefusalOf(MinimumDetectableDrop(-1, 0.1, 0.05, 0.8).status()),
            Refusal::kArgumentOutOfRange);
  EXPECT_EQ(RefusalOf(MinimumDetectableDrop(100, 0.1, 0.05, 0.02).status()),
            Refusal::kArgumentOutOfRange);
  EXPECT_EQ(RefusalOf(UnpairedCasesNeeded(0.02, 1.0, 0.05, 0.8).status()),
            Refusal::kArgumentOutOfRange);
}

}  // namespace
}  // namespace flywheel::statistics

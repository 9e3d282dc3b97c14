#include "statistics/contingency.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "shared/testing/status_matchers.h"
#include "statistics/refusal.h"

namespace flywheel::statistics {
namespace {

using Row = std::vector<std::int64_t>;

// Berkeley's six largest departments, 1973: the applicants' sexes have very different mixes of them
// (Bickel, Hammel and O'Connell 1975). R: chisq.test(rbind(men, women))$statistic is 1068.4.
TEST(IndependencePValue, IsSmallWhereTheMixesDiffer) {
  const Row men = {825, 560, 325, 417, 191, 373};
  const Row women = {108, 25, 593, 375, 393, 341};
  EXPECT_LT(IndependencePValue(men, women).value(), 1e-200);
}

TEST(IndependencePValue, IsThatOfATextbook) {
  // Agresti, An Introduction to Categorical Data Analysis: gender and party, X^2 = 30.07, df = 2.
  EXPECT_NEAR(IndependencePValue(Row{762, 327, 468}, Row{484, 239, 477}).value(), 2.95e-7, 1e-9);
}

TEST(IndependencePValue, LeavesEmptyColumnsOut) {
  EXPECT_DOUBLE_EQ(IndependencePValue(Row{30, 0, 10}, Row{20, 0, 20}).value(),
                   IndependencePValue(Row{30, 10}, Row{20, 20}).value());
  EXPECT_DOUBLE_EQ(IndependencePValue(Row{30, 10}, Row{60, 20}).value(), 1);
}

TEST(IndependencePValue, RefusesWhatIsNoTable) {
  EXPECT_EQ(RefusalOf(IndependencePValue(Row{1}, Row{1, 2}).status()), Refusal::kSizeMismatch);
  EXPECT_EQ(RefusalOf(IndependencePValue(Row{1, -1}, Row{1, 2}).status()),
            Refusal::kArgumentOutOfRange);
  EXPECT_EQ(RefusalOf(IndependencePValue(Row{0, 0}, Row{1, 2}).status()), Refusal::kTooFewUnits);
  EXPECT_EQ(RefusalOf(IndependencePValue(Row{1, 0}, Row{2, 0}).status()), Refusal::kTooFewUnits);
}

}  // namespace
}  // namespace flywheel::statistics

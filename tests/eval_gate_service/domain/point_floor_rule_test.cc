#include "eval_gate_service/domain/point_floor_rule.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/eval_gate_service/domain/cases.h"

namespace flywheel::evalgate {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

Bar AtPoint(double point_floor) {
  Bar bar;
  bar.pass_rate_floor = 0;
  bar.point_floor = point_floor;
  return bar;
}

TEST(PointFloorRule, BlocksEveryCohortThatIsBelowIt) {
  const auto tallies =
      WithWhole({MakeTally("app", 100, 91), MakeTally("mail", 100, 92), MakeTally("web", 1, 0)});
  const std::vector<Finding> findings = PointFloorFindings(AtPoint(0.92), tallies);
  ASSERT_THAT(findings, SizeIs(3));
  EXPECT_EQ(findings[0].cohort, "");
  EXPECT_EQ(findings[1].cohort, "app");
  EXPECT_EQ(findings[1].kind, FindingKind::kBelowPointFloor);
  EXPECT_DOUBLE_EQ(findings[1].estimate, 0.91);
  EXPECT_THAT(findings[1].message, HasSubstr("cohort 'app': 91 of 100 passed, rate 0.910"));
  EXPECT_EQ(findings[2].cohort, "web") << "of one case";
}

// 23 of 25 is .92, and no quotient of doubles decides otherwise.
TEST(PointFloorRule, IsReachedByTheRateItself) {
  const std::vector<Finding> findings =
      PointFloorFindings(AtPoint(0.92), WithWhole({MakeTally("app", 25, 23)}));
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_EQ(findings[0].kind, FindingKind::kAtPointFloor);
}

TEST(PointFloorRule, LooksAtNoCohortBelowTheLeastSize) {
  Bar bar = AtPoint(0.9);
  bar.min_cohort_cases = 10;
  const std::vector<Finding> findings =
      PointFloorFindings(bar, WithWhole({MakeTally("app", 100, 100), MakeTally("web", 9, 5)}));
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_EQ(findings[0].kind, FindingKind::kAtPointFloor);
  EXPECT_THAT(findings[0].message, HasSubstr("it and 1 cohorts"));
}

TEST(PointFloorRule, IsNoneUnlessItIsSet) {
  EXPECT_THAT(PointFloorFindings(Bar(), WithWhole({MakeTally("app", 100, 0)})), IsEmpty());
}

}  // namespace
}  // namespace flywheel::evalgate

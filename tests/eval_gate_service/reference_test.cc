// The reference: the best version that was approved, beside which losses add up.
#include <gtest/gtest.h>

#include <string>

#include "tests/eval_gate_service/ship_decision_fixture.h"

namespace flywheel::evalgate {
namespace {

using ReferenceTest = ShipDecisionFixture;

// Each week a version that fails 1.3 % of the cases more, which is less than the margin: against
// the version before it every one passes. The best that was approved says when it is enough.
TEST_F(ReferenceTest, SmallLossesDoNotAddUpUnseen) {
  MakeSuiteOf("weeks", 380);
  bar_.emplace().set_pass_rate_floor(0.5);
  ASSERT_OK(SetPolicy(PolicyRequest(1, "weeks")));
  SubmitAll("week-0", 380, 0, "weeks");
  ASSERT_OK(Approve("week-0"));
  int shipped = 0;
  for (int week = 1; week <= 8; ++week) {
    const std::string version = "week-" + std::to_string(week);
    SubmitAll(version, 380, week * 5, "weeks");
    ASSERT_OK(Judge("v" + std::to_string(week), version, "", "weeks"));
    if (!ShipDecision(version, "weeks").may_ship()) break;
    ++shipped;
    ASSERT_OK(Approve(version));
    EXPECT_EQ(approved_.approval().reference_model_version(), "week-0");
  }
  EXPECT_GE(shipped, 1) << "one small loss is within the margin";
  EXPECT_LE(shipped, 2) << "and no more than the margin is lost in all";
}

TEST_F(ReferenceTest, TheReferenceIsTheBestThatWasApproved) {
  EXPECT_EQ(approved_.approval().reference_model_version(), "m0") << "the first";
  SubmitAll("better", 400, /*wrong=*/0);
  SubmitAll("little-worse", 400, /*wrong=*/5);
  ASSERT_OK(Judge("v1", "little-worse"));
  ASSERT_TRUE(ShipDecision("little-worse").may_ship());
  ASSERT_OK(Approve("little-worse"));
  EXPECT_EQ(approved_.approval().reference_model_version(), "m0");
  ASSERT_OK(Judge("v2", "better"));
  EXPECT_EQ(judged_.verdict().baseline_model_version(), "little-worse");
  EXPECT_EQ(judged_.verdict().reference_model_version(), "m0");
  ASSERT_OK(Approve("better"));
  EXPECT_EQ(approved_.approval().reference_model_version(), "better") << "4 won, none lost";
  ASSERT_OK(Approve("bad"));
  EXPECT_EQ(approved_.approval().reference_model_version(), "better") << "nobody judged it";
  ASSERT_OK(Approve("better", "again"));
  EXPECT_EQ(approved_.approval().reference_model_version(), "better");
}

}  // namespace
}  // namespace flywheel::evalgate

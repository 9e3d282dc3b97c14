// Data that other tools stumble over: nothing is a number that is none, and nothing is decided.
#include <gmock/gmock.h>

#include <cmath>
#include <string>
#include <vector>

#include "shared/rpc/field_checks.h"
#include "tests/experiment_service/service_fixture.h"

namespace flywheel::experiment {
namespace {

class OddData : public ServiceFixture {
 protected:
  void SetUp() override {
    ServiceFixture::SetUp();
    PromoteFirstVersion();
  }
  // No figure is NaN; only ends of intervals may be infinite.
  void ExpectFigures(const v1::Analysis& analysis) {
    for (const v1::ArmResult& arm : analysis.arms()) {
      EXPECT_TRUE(std::isfinite(arm.metrics(0).mean()));
      EXPECT_TRUE(std::isfinite(arm.metrics(0).standard_deviation()));
    }
    for (const v1::Comparison& comparison : analysis.comparisons()) {
      const v1::MetricComparison& metric = comparison.metrics(0);
      EXPECT_TRUE(std::isfinite(metric.absolute_lift()));
      EXPECT_TRUE(std::isfinite(metric.relative_lift()));
      EXPECT_TRUE(std::isfinite(metric.standard_error()));
      EXPECT_TRUE(std::isfinite(metric.shrunk_relative_lift()));
      EXPECT_TRUE(std::isfinite(metric.p_value()));
      EXPECT_TRUE(std::isfinite(metric.goal_bound()));
      EXPECT_FALSE(std::isnan(metric.absolute_interval().lower()));
      EXPECT_FALSE(std::isnan(metric.absolute_interval().upper()));
      EXPECT_FALSE(std::isnan(metric.relative_interval().lower()));
      EXPECT_FALSE(std::isnan(metric.relative_interval().upper()));
      EXPECT_THAT(comparison.message(), ::testing::Not(::testing::HasSubstr("nan")));
    }
  }
  v1::Comparison Judged() {
    const v1::Analysis analysis = Analyze("exp");
    ExpectFigures(analysis);
    return analysis.comparisons(0);
  }
};

TEST_F(OddData, OfNobodyWhoConvertedDecideNothing) {
  ASSERT_OK(Create(Comparison("exp")));
  Serve(0, 70, [](const std::string&, int) { return 0.0; });
  EXPECT_EQ(Judged().recommendation(), v1::RECOMMENDATION_CONTINUE);
  Serve(70, 3'000, [](const std::string&, int) { return 0.0; });
  EXPECT_EQ(Judged().recommendation(), v1::RECOMMENDATION_CONTINUE);
  EXPECT_EQ(Judged().metrics(0).p_value(), 1);
}

TEST_F(OddData, OfOneUnitEachDecideNothing) {
  ASSERT_OK(Create(Comparison("exp")));
  bool seen[2] = {false, false};
  for (int i = 0; !seen[0] || !seen[1]; ++i) {
    const std::string unit = "user-" + std::to_string(i);
    const bool treated = Assign(unit).arm_id() == "treatment";
    if (!seen[treated ? 1 : 0]) Record({OutcomeOf("o-" + unit, unit, treated ? 1 : 2)});
    seen[treated ? 1 : 0] = true;
  }
  EXPECT_EQ(Judged().reason(), v1::RECOMMENDATION_REASON_TOO_FEW_UNITS);
}

TEST_F(OddData, OfUnequalWeightsAreNoMismatch) {
  v1::CreateExperimentRequest request = Comparison("exp");
  request.mutable_arms(0)->set_weight(95);
  request.mutable_arms(1)->set_weight(5);
  ASSERT_OK(Create(request));
  Serve(0, 8'000, [](const std::string&, int unit) { return unit % 10 < 3 ? 1.0 : 0.0; });
  const v1::Analysis analysis = Analyze("exp");
  ExpectFigures(analysis);
  EXPECT_GT(analysis.sample_ratio_always_valid_p_value(), 0.05);
  EXPECT_NEAR(analysis.arms(0).expected_units(), 7'600, 1e-6);
  EXPECT_NE(analysis.comparisons(0).recommendation(), v1::RECOMMENDATION_HOLD);
  EXPECT_NE(analysis.comparisons(0).recommendation(), v1::RECOMMENDATION_SHIP);
}

// Ten thousand clicks of one unit are one unit.
TEST_F(OddData, OfABotCountOnce) {
  ASSERT_OK(Create(Comparison("exp")));
  Serve(0, 1'000, [](const std::string&, int unit) { return unit % 10 < 3 ? 1.0 : 0.0; });
  std::string bot = "bot-0";
  for (int i = 1; Assign(bot).arm_id() != "treatment"; ++i) bot = "bot-" + std::to_string(i);
  std::vector<v1::UnitOutcome> clicks;
  for (int i = 0; i < 10'000; ++i) clicks.push_back(OutcomeOf("c-" + std::to_string(i), bot, 1));
  Record(clicks);
  EXPECT_EQ(UnitsIn(Analyze("exp")), 1'001);
  EXPECT_EQ(Judged().recommendation(), v1::RECOMMENDATION_CONTINUE);
}

TEST_F(OddData, OfTomorrowOrNoNumberAreRejectedAlone) {
  ASSERT_OK(Create(Comparison("exp")));
  v1::UnitOutcome tomorrow = Served("o-2", "u-2", 1);
  *tomorrow.mutable_event_time() = rpc::ToProto(clock_.Now() + absl::Hours(24));
  const auto results = Record({Served("o-1", "u-1", 1), tomorrow, Served("o-3", "u-3", NAN)});
  EXPECT_EQ(results[0].status(), common::v1::ITEM_STATUS_STORED);
  EXPECT_EQ(results[1].status(), common::v1::ITEM_STATUS_REJECTED);
  EXPECT_EQ(results[2].status(), common::v1::ITEM_STATUS_REJECTED);
  EXPECT_EQ(OutcomesIn(Analyze("exp")), 1);
}

}  // namespace
}  // namespace flywheel::experiment

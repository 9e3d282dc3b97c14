// Days left, through the service.
#include <gtest/gtest.h>

#include <string>

#include "tests/experiment_service/service_fixture.h"

namespace flywheel::experiment {
namespace {

class DaysLeft : public ServiceFixture {
 protected:
  void SetUp() override {
    ServiceFixture::SetUp();
    PromoteFirstVersion();
  }
};

TEST_F(DaysLeft, AreToldUntilSomethingStands) {
  v1::CreateExperimentRequest request = Comparison("exp");
  request.mutable_plan()->set_planned_units(10'000);
  ASSERT_OK(Create(request));
  clock_.Advance(absl::Hours(24));
  Serve(0, 400, [](const std::string&, int unit) { return unit % 2; });
  EXPECT_NEAR(Analyze("exp").comparisons(0).expected_days_left(), 9'600 / 400.0, 1e-6);
  clock_.Advance(absl::Hours(24));
  EXPECT_NEAR(Analyze("exp").comparisons(0).expected_days_left(), 9'600 / 200.0, 1e-6);
  Serve(400, 1'200,
        [](const std::string& arm, int unit) { return arm == "treatment" || unit % 3 == 0; });
  const v1::Comparison shipped = Analyze("exp").comparisons(0);
  EXPECT_EQ(shipped.recommendation(), v1::RECOMMENDATION_SHIP) << shipped.message();
  EXPECT_FALSE(shipped.has_expected_days_left());
  // A later look says CONTINUE, and SHIP stands.
  Serve(1'600, 1'200,
        [](const std::string& arm, int unit) { return arm == "control" && unit % 3 > 0; });
  const v1::Comparison stands = Analyze("exp").comparisons(0);
  EXPECT_EQ(stands.recommendation(), v1::RECOMMENDATION_SHIP) << stands.message();
  EXPECT_EQ(stands.look_recommendation(), v1::RECOMMENDATION_CONTINUE) << stands.look_message();
  EXPECT_FALSE(stands.has_expected_days_left());
}

TEST_F(DaysLeft, AreToldOfSummariesToo) {
  v1::AnalyzeSummariesRequest request;
  const v1::CreateExperimentRequest created = Comparison("exp");
  *request.mutable_arms() = created.arms();
  *request.mutable_plan() = created.plan();
  request.mutable_plan()->set_planned_units(10'000);
  request.mutable_running_time()->set_seconds(int64_t{5} * 86'400);
  for (const v1::Arm& arm : created.arms()) {
    v1::ArmSummary* summary = request.add_summaries();
    summary->set_arm_id(arm.arm_id());
    summary->set_exposed_units(1'000);
    v1::MetricSummary* metric = summary->add_metrics();
    metric->set_metric("accepted");
    metric->set_units(1'000);
    metric->set_successes(400);
  }
  v1::AnalyzeSummariesResponse response;
  ASSERT_OK(Call(&Stub::AnalyzeSummaries, request, &response));
  EXPECT_NEAR(response.analysis().comparisons(0).expected_days_left(), 20, 1e-9);
  request.clear_running_time();
  ASSERT_OK(Call(&Stub::AnalyzeSummaries, request, &response));
  EXPECT_FALSE(response.analysis().comparisons(0).has_expected_days_left());
}

}  // namespace
}  // namespace flywheel::experiment

// Secondary metrics through the service.
#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "tests/experiment_service/service_fixture.h"

namespace flywheel::experiment {
namespace {

using ::flywheel::testing::HasReason;
using ::testing::HasSubstr;

class Secondary : public ServiceFixture {
 protected:
  void SetUp() override {
    ServiceFixture::SetUp();
    PromoteFirstVersion();
  }
  static v1::Metric* AddSecondary(const std::string& name, v1::CreateExperimentRequest& request) {
    v1::Metric* metric = request.mutable_plan()->add_secondary();
    metric->set_name(name);
    metric->set_left_out(true);
    return metric;
  }
  // Users get a better answer from the treatment, of which some report that it is too long.
  void ServeUsers(int users) {
    std::vector<v1::UnitOutcome> outcomes;
    for (int i = 0; i < users; ++i) {
      const std::string unit = "user-" + std::to_string(i);
      const bool treated = Assign(unit).arm_id() == "treatment";
      outcomes.push_back(OutcomeOf("o-" + unit, unit, i % 10 < (treated ? 7 : 4) ? 1 : 0));
      if (treated && i % 3 > 0) continue;
      outcomes.push_back(OutcomeOf("s-" + unit, unit, treated ? 0 : 1));
      outcomes.back().set_metric("short");
    }
    for (const common::v1::ItemResult& result : Record(outcomes)) {
      ASSERT_EQ(result.status(), common::v1::ITEM_STATUS_STORED) << result.message();
    }
  }
};

TEST_F(Secondary, MetricsAreShownAndDecideNothing) {
  v1::CreateExperimentRequest request = Comparison("exp");
  AddSecondary("short", request);
  ASSERT_OK(Create(request));
  ServeUsers(1'200);
  for (const bool restarted : {false, true}) {
    SCOPED_TRACE(restarted);
    if (restarted) Restart();
    const v1::Analysis analysis = Analyze("exp");
    const v1::Comparison& comparison = analysis.comparisons(0);
    EXPECT_EQ(comparison.recommendation(), v1::RECOMMENDATION_SHIP) << comparison.message();
    EXPECT_EQ(analysis.missing_outcomes_always_valid_p_value(), 1) << "nobody asks for short ones";
    ASSERT_EQ(comparison.metrics_size(), 2);
    EXPECT_EQ(comparison.metrics(0).role(), v1::METRIC_ROLE_PRIMARY);
    const v1::MetricComparison& secondary = comparison.metrics(1);
    EXPECT_EQ(secondary.role(), v1::METRIC_ROLE_SECONDARY);
    EXPECT_EQ(secondary.absolute_lift(), -1);
    EXPECT_LT(secondary.p_value(), 0.05);
    EXPECT_LT(secondary.running_absolute_interval().upper(), 0);
    EXPECT_EQ(analysis.arms(1).metrics(1).metric(), "short");
  }
  v1::GetExperimentRequest get;
  get.set_experiment_id("exp");
  v1::GetExperimentResponse got;
  ASSERT_OK(Call(&Stub::GetExperiment, get, &got));
  const v1::AnalysisPlan& plan = got.experiment().plan();
  EXPECT_EQ(plan.guardrails_size(), 0);
  ASSERT_EQ(plan.secondary_size(), 1);
  EXPECT_EQ(plan.secondary(0).name(), "short");
  EXPECT_EQ(plan.secondary(0).goal(), v1::GOAL_SUPERIOR);
}

TEST_F(Secondary, MetricsAreAnotherPlanThanGuardrails) {
  v1::CreateExperimentRequest request = Comparison("exp");
  AddSecondary("short", request)->set_goal(v1::GOAL_NOT_INFERIOR);
  ASSERT_OK(Create(request));
  EXPECT_OK(Create(request));
  request.mutable_plan()->mutable_secondary()->Swap(request.mutable_plan()->mutable_guardrails());
  EXPECT_THAT(Create(request), HasReason(Reason::kAlreadyExistsWithOtherContent));
}

TEST_F(Secondary, MetricsMayAlsoBeRatiosAndShareTheGuardrailsLimit) {
  v1::CreateExperimentRequest request = Comparison("exp");
  AddSecondary("cost", request)->set_denominator("accepted");
  for (int i = 0; i < 19; ++i) {
    *request.mutable_plan()->add_guardrails() = request.plan().primary();
    request.mutable_plan()->mutable_guardrails(i)->set_name("guardrail-" + std::to_string(i));
  }
  v1::CreateExperimentRequest over = request;
  AddSecondary("one more", over);
  EXPECT_THAT(
      Create(over).error_message(),
      HasSubstr("plan.secondary: got 21 guardrails and secondary metrics, want at most 20"));
  v1::CreateExperimentRequest twice = request;
  twice.mutable_plan()->mutable_secondary(0)->set_name("guardrail-3");
  EXPECT_THAT(Create(twice).error_message(), HasSubstr("plan.secondary[0].name:"));
  v1::CreateExperimentRequest own = request;
  own.mutable_plan()->mutable_secondary(0)->set_denominator("cost");
  EXPECT_THAT(Create(own).error_message(), HasSubstr("plan.secondary[0].denominator:"));
  EXPECT_OK(Create(request));
}

}  // namespace
}  // namespace flywheel::experiment

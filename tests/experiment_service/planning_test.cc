// How many units and days an experiment needs, and how small a lift it finds.
#include <gmock/gmock.h>

#include <cmath>
#include <functional>
#include <limits>
#include <string>

#include "tests/experiment_service/service_fixture.h"

namespace flywheel::experiment {
namespace {

using ::flywheel::testing::HasReason;
using ::testing::HasSubstr;

class Planning : public ServiceFixture {
 protected:
  static constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
  static constexpr double kInfinity = std::numeric_limits<double>::infinity();

  // A rate of .1 that shall be more, by whatever.
  static v1::PlanExperimentRequest Rate() {
    v1::PlanExperimentRequest request;
    request.mutable_metric()->set_min_lift(0);
    request.set_control_mean(0.1);
    request.set_lift(0.1);
    return request;
  }
  v1::PlanExperimentResponse Planned(const v1::PlanExperimentRequest& request) {
    v1::PlanExperimentResponse response;
    EXPECT_OK(Call(&Stub::PlanExperiment, request, &response));
    return response;
  }
  void ExpectRefused(const std::string& field, const std::string& want,
                     const std::function<void(v1::PlanExperimentRequest&)>& change) {
    v1::PlanExperimentRequest request = Rate();
    change(request);
    const grpc::Status status = Call(&Stub::PlanExperiment, request);
    EXPECT_THAT(status, HasReason(Reason::kInvalidArgument)) << field;
    EXPECT_THAT(status.error_message(), HasSubstr(field + ":"));
    EXPECT_THAT(status.error_message(), HasSubstr(want));
  }
};

TEST_F(Planning, SaysHowManyUnitsALiftNeeds) {
  const v1::PlanExperimentResponse planned = Planned(Rate());
  EXPECT_EQ(planned.fixed_sample_units(), 29'489) << "the textbook's 29,492 but for the test";
  EXPECT_EQ(planned.planned_units(), 37'425) << "a quarter more, for as many looks as one likes";
  EXPECT_NEAR(planned.power(), 0.8, 1e-4);
  EXPECT_EQ(planned.days(), 0);
  EXPECT_FALSE(planned.has_minimum_detectable_lift());
}

TEST_F(Planning, SaysInHowManyDays) {
  v1::PlanExperimentRequest request = Rate();
  request.set_units_per_day(2'000);
  const v1::PlanExperimentResponse planned = Planned(request);
  EXPECT_EQ(planned.days(), 19);
  EXPECT_GT(planned.minimum_detectable_lift(), 0.1) << "14 days are fewer";
  request.set_days(19);
  EXPECT_LT(Planned(request).minimum_detectable_lift(), 0.1);
  request.set_units_per_day(planned.planned_units());
  request.set_days(1);
  EXPECT_EQ(Planned(request).days(), 1);
  EXPECT_NEAR(Planned(request).minimum_detectable_lift(), 0.1, 1e-5);
}

TEST_F(Planning, AnswersForTrafficAlone) {
  v1::PlanExperimentRequest request = Rate();
  request.clear_lift();
  request.set_units_per_day(10'000);
  v1::PlanExperimentResponse planned = Planned(request);
  EXPECT_EQ(planned.planned_units(), 0);
  EXPECT_EQ(planned.fixed_sample_units(), 0);
  EXPECT_EQ(planned.power(), 0);
  EXPECT_NEAR(planned.minimum_detectable_lift(), 0.0512, 1e-4);
  request.mutable_metric()->set_direction(v1::DIRECTION_LOWER_IS_BETTER);
  EXPECT_LT(Planned(request).minimum_detectable_lift(), 0);
  request.set_units_per_day(10);
  EXPECT_FALSE(Planned(request).has_minimum_detectable_lift()) << "140 units ship nothing";
}

TEST_F(Planning, AsksMoreOfMoreTreatmentsOfLessAlphaAndOfUnequalArms) {
  const int64_t plain = Planned(Rate()).planned_units();
  const auto more = [&](const std::function<void(v1::PlanExperimentRequest&)>& change) {
    v1::PlanExperimentRequest request = Rate();
    change(request);
    EXPECT_GT(Planned(request).planned_units(), plain);
  };
  more([](v1::PlanExperimentRequest& r) { r.set_treatments(2); });
  more([](v1::PlanExperimentRequest& r) { r.set_alpha(0.01); });
  more([](v1::PlanExperimentRequest& r) { r.set_power(0.9); });
  more([](v1::PlanExperimentRequest& r) { r.set_treatment_share(0.1); });
  more([](v1::PlanExperimentRequest& r) { r.mutable_metric()->set_min_lift(0.02); });
  more([](v1::PlanExperimentRequest& r) { r.set_standard_deviation(0.5); });
}

TEST_F(Planning, KnowsMeansAndTheAbsoluteScale) {
  v1::PlanExperimentRequest request = Rate();
  request.mutable_metric()->set_scale(v1::SCALE_ABSOLUTE);
  request.set_control_mean(0);
  request.set_standard_deviation(3);
  request.set_lift(0.1);
  // (z.975 + z.8)^2 4 sd^2 / lift^2
  EXPECT_EQ(Planned(request).fixed_sample_units(), 28'256);
  request.set_control_mean(-250);
  EXPECT_EQ(Planned(request).fixed_sample_units(), 28'256) << "only the difference counts";
}

TEST_F(Planning, AsksGuardrailsForNoGain) {
  v1::PlanExperimentRequest request = Rate();
  request.mutable_metric()->set_goal(v1::GOAL_NOT_INFERIOR);
  request.mutable_metric()->set_margin(0.1);
  request.set_lift(0);
  const v1::PlanExperimentResponse alike = Planned(request);
  EXPECT_GT(alike.planned_units(), 10'000);
  request.set_lift(-0.05);
  EXPECT_GT(Planned(request).planned_units(), 2 * alike.planned_units());
  request.set_units_per_day(alike.planned_units());
  request.set_days(1);
  EXPECT_NEAR(Planned(request).minimum_detectable_lift(), 0, 1e-4);
}

TEST_F(Planning, RefusesWhatHasNoAnswer) {
  using Request = v1::PlanExperimentRequest;
  ExpectRefused("metric.quantile", "the rate of units beyond a threshold",
                [](Request& r) { r.mutable_metric()->set_quantile(0.95); });
  ExpectRefused("lift", "neither a lift nor units_per_day", [](Request& r) { r.clear_lift(); });
  ExpectRefused("lift", "above 0, which the goal asks about, at most 9",
                [](Request& r) { r.set_lift(0); });
  ExpectRefused("lift", "at most 9", [](Request& r) { r.set_lift(9.01); });
  ExpectRefused("lift", "above 0.02", [](Request& r) {
    r.mutable_metric()->clear_min_lift();
    r.set_lift(0.02);
  });
  ExpectRefused("lift", "below -0.02, which the goal asks about, at least -1", [](Request& r) {
    r.mutable_metric()->clear_min_lift();
    r.mutable_metric()->set_direction(v1::DIRECTION_LOWER_IS_BETTER);
  });
  ExpectRefused("lift", "above -0.05", [](Request& r) {
    r.mutable_metric()->set_goal(v1::GOAL_NOT_INFERIOR);
    r.set_lift(-0.05);
  });
  ExpectRefused("lift", "that 1000000000 units show it", [](Request& r) { r.set_lift(1e-6); });
  for (const double bad : {kNaN, kInfinity, 1.1e12}) {
    ExpectRefused("lift", "", [&](Request& r) { r.set_lift(bad); });
    ExpectRefused("control_mean", "", [&](Request& r) { r.set_control_mean(bad); });
    ExpectRefused("standard_deviation", "", [&](Request& r) { r.set_standard_deviation(bad); });
    ExpectRefused("power", "0.5 to 0.999", [&](Request& r) { r.set_power(bad); });
    ExpectRefused("alpha", "0.2", [&](Request& r) { r.set_alpha(bad); });
    ExpectRefused("treatment_share", "", [&](Request& r) { r.set_treatment_share(bad); });
    ExpectRefused("metric.min_lift", "",
                  [&](Request& r) { r.mutable_metric()->set_min_lift(bad); });
  }
  ExpectRefused("control_mean", "0 to 1", [](Request& r) { r.set_control_mean(1.1); });
  ExpectRefused("control_mean", "0 to 1", [](Request& r) { r.set_control_mean(-0.1); });
  ExpectRefused("control_mean", "SCALE_ABSOLUTE", [](Request& r) { r.set_control_mean(0); });
  ExpectRefused("standard_deviation", "above 0", [](Request& r) { r.set_standard_deviation(0); });
  ExpectRefused("treatments", "0 to 9", [](Request& r) { r.set_treatments(10); });
  ExpectRefused("units_per_day", "", [](Request& r) { r.set_units_per_day(-1); });
  ExpectRefused("days", "units_per_day too", [](Request& r) { r.set_days(7); });
  ExpectRefused("days", "1 to 366", [](Request& r) {
    r.set_units_per_day(100);
    r.set_days(367);
  });
  ExpectRefused("metric.scale", "",
                [](Request& r) { r.mutable_metric()->set_scale(static_cast<v1::Scale>(9)); });
  ExpectRefused("metric.denominator", "plan a ratio as a mean",
                [](Request& r) { r.mutable_metric()->set_denominator("answers"); });
  ExpectRefused("metric.margin", "below 1, for a difference of rates", [](Request& r) {
    r.mutable_metric()->set_scale(v1::SCALE_ABSOLUTE);
    r.mutable_metric()->set_goal(v1::GOAL_NOT_INFERIOR);
    r.mutable_metric()->set_margin(1);
  });
}

}  // namespace
}  // namespace flywheel::experiment

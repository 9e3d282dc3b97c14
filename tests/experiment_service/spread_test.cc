// The spread of units' values: one that hides all others, quantiles, and caps by a quantile.
#include <gmock/gmock.h>

#include <cmath>
#include <random>
#include <string>

#include "tests/experiment_service/service_fixture.h"

namespace flywheel::experiment {
namespace {

using ::flywheel::testing::HasReason;
using ::testing::HasSubstr;
using ::testing::Not;

class Spread : public ServiceFixture {
 protected:
  void SetUp() override {
    ServiceFixture::SetUp();
    PromoteFirstVersion();
  }
  // A comparison of a latency, of which lower values are better.
  static v1::CreateExperimentRequest OfLatency(const std::string& experiment_id) {
    v1::CreateExperimentRequest request = Comparison(experiment_id);
    request.mutable_plan()->mutable_primary()->set_direction(v1::DIRECTION_LOWER_IS_BETTER);
    return request;
  }
  static v1::Metric* Primary(v1::CreateExperimentRequest& request) {
    return request.mutable_plan()->mutable_primary();
  }
  double Normal(double mean, double deviation) {
    return std::normal_distribution<>(mean, deviation)(random_);
  }
  // 10 of the control, 12 of the treatment, and one unit of the control that has a million.
  void ServeWithAWhale() {
    bool whale = false;
    Serve(0, 2'000, [&](const std::string& arm, int) {
      if (arm == "treatment") return Normal(12, 3);
      const bool first = !whale;
      whale = true;
      return first ? 1e6 : Normal(10, 3);
    });
  }
  v1::Comparison Judged() { return Analyze("exp").comparisons(0); }
  void Stop(const std::string& experiment_id) {
    v1::StopExperimentRequest request;
    request.set_experiment_id(experiment_id);
    request.set_reason("enough");
    ASSERT_OK(Call(&Stub::StopExperiment, request));
  }
  v1::CreateExperimentResponse Created(const v1::CreateExperimentRequest& request) {
    v1::CreateExperimentResponse response;
    EXPECT_OK(Call(&Stub::CreateExperiment, request, &response));
    return response;
  }
  // An experiment that has ended, whose units have the values 1, 2, 3, and one a billion.
  void CountUpTo(int units) {
    v1::CreateExperimentRequest request = Comparison("exp");
    Primary(request)->set_aggregation(v1::AGGREGATION_SUM);
    ASSERT_OK(Create(request));
    Serve(0, units, [](const std::string&, int unit) { return unit + 1.0; });
    Serve(units, 1, [](const std::string&, int) { return 1e9; });
    Stop("exp");
  }
  static v1::CreateExperimentRequest CappedAt(double quantile) {
    v1::CreateExperimentRequest request = Comparison("next");
    Primary(request)->set_aggregation(v1::AGGREGATION_SUM);
    Primary(request)->set_cap_quantile(quantile);
    return request;
  }

  std::mt19937_64 random_{68};
};

TEST_F(Spread, OfOneWhaleIsToldWithTheCapThatTakesItAway) {
  ASSERT_OK(Create(Comparison("exp")));
  ServeWithAWhale();
  const v1::Analysis analysis = Analyze("exp");
  const v1::Comparison& comparison = analysis.comparisons(0);
  EXPECT_EQ(comparison.recommendation(), v1::RECOMMENDATION_CONTINUE);
  EXPECT_THAT(comparison.message(), HasSubstr("one unit of the control, at about 1e+06"));
  EXPECT_THAT(comparison.message(), HasSubstr("plan the next experiment with a cap such as"));
  EXPECT_GT(analysis.arms(0).metrics(0).largest_unit_share(), 0.98);
  EXPECT_LT(analysis.arms(1).metrics(0).largest_unit_share(), 0.05);
  Restart();
  EXPECT_EQ(Judged().message(), comparison.message());
  EXPECT_EQ(Analyze("exp").arms(0).metrics(0).largest_unit_share(),
            analysis.arms(0).metrics(0).largest_unit_share());
}

TEST_F(Spread, OfOneWhaleHidesNothingUnderACapNorFromAMedian) {
  for (const bool capped : {true, false}) {
    RestartEmpty();
    PromoteFirstVersion();
    v1::CreateExperimentRequest request = Comparison("exp");
    if (capped) {
      Primary(request)->set_cap(20);
    } else {
      Primary(request)->set_quantile(0.5);
    }
    ASSERT_OK(Create(request));
    ServeWithAWhale();
    EXPECT_EQ(Judged().recommendation(), v1::RECOMMENDATION_SHIP) << Judged().message();
    EXPECT_THAT(Judged().message(), Not(HasSubstr("one unit of the")));
  }
}

TEST_F(Spread, OfRatesHasNoLargestUnit) {
  ASSERT_OK(Create(Comparison("exp")));
  Serve(0, 1'000, [](const std::string&, int unit) { return unit == 7 ? 1.0 : 0.0; });
  for (const v1::ArmResult& arm : Analyze("exp").arms()) {
    EXPECT_FALSE(arm.metrics(0).has_largest_unit_share());
    EXPECT_FALSE(arm.metrics(0).has_quantile());
  }
  EXPECT_THAT(Judged().message(), Not(HasSubstr("one unit of the")));
}

// Ten thousand clicks are one unit, by their mean; by their sum it is told that they are one's.
TEST_F(Spread, OfABotIsToldWhereItsClicksAdd) {
  v1::CreateExperimentRequest request = Comparison("exp");
  Primary(request)->set_aggregation(v1::AGGREGATION_SUM);
  ASSERT_OK(Create(request));
  Serve(0, 1'000, [](const std::string&, int unit) { return unit % 10 < 3 ? 1.0 : 0.0; });
  std::string bot = "bot-0";
  for (int i = 1; Assign(bot).arm_id() != "treatment"; ++i) bot = "bot-" + std::to_string(i);
  std::vector<v1::UnitOutcome> clicks;
  for (int i = 0; i < 10'000; ++i) clicks.push_back(OutcomeOf("c-" + std::to_string(i), bot, 1));
  Record(clicks);
  EXPECT_EQ(Judged().recommendation(), v1::RECOMMENDATION_CONTINUE);
  EXPECT_THAT(Judged().message(), HasSubstr("one unit of the treatment, at about 1e+04"));
  EXPECT_GT(Analyze("exp").arms(1).metrics(0).largest_unit_share(), 0.98);
}

TEST_F(Spread, OfALatencyThatFellShipsByItsMeanAndByEachQuantile) {
  for (const double quantile : {0.0, 0.5, 0.95}) {
    RestartEmpty();
    PromoteFirstVersion();
    v1::CreateExperimentRequest request = OfLatency("exp");
    if (quantile > 0) Primary(request)->set_quantile(quantile);
    ASSERT_OK(Create(request));
    Serve(0, 3'000, [&](const std::string& arm, int) {
      return arm == "control" ? Normal(1'000, 200) : Normal(800, 200);
    });
    EXPECT_EQ(Judged().recommendation(), v1::RECOMMENDATION_SHIP) << Judged().message();
    if (quantile == 0) continue;
    const v1::MetricComparison metric = Judged().metrics(0);
    EXPECT_NEAR(metric.absolute_lift(), -200, 60);
    EXPECT_LT(metric.goal_bound(), -0.02);
    const v1::ArmMetric control = Analyze("exp").arms(0).metrics(0);
    EXPECT_NEAR(control.quantile(), quantile == 0.5 ? 1'000 : 1'329, 40);
    EXPECT_NEAR(control.mean(), 1'000, 30);
    EXPECT_THAT(Judged().message(), HasSubstr(quantile == 0.5 ? "p50 of " : "p95 of "));
  }
}

TEST_F(Spread, OfTheTailIsSeenWhereTheMeanIsNone) {
  v1::CreateExperimentRequest request = OfLatency("exp");
  Primary(request)->set_quantile(0.95);
  ASSERT_OK(Create(request));
  // One answer in ten of the treatment takes eight times as long.
  Serve(0, 3'000, [&](const std::string& arm, int unit) {
    return arm == "treatment" && unit % 10 == 0 ? Normal(4'000, 200) : Normal(500, 50);
  });
  EXPECT_EQ(Judged().recommendation(), v1::RECOMMENDATION_ROLLBACK) << Judged().message();
  EXPECT_EQ(Judged().reason(), v1::RECOMMENDATION_REASON_HARM);
  // What was decided by can be read, and leads to the same decision, after a restart too.
  Restart();
  v1::ReplayDecisionRequest replay;
  replay.set_experiment_id("exp");
  replay.set_sequence(1);
  v1::ReplayDecisionResponse replayed;
  ASSERT_OK(Call(&Stub::ReplayDecision, replay, &replayed));
  EXPECT_TRUE(replayed.identical()) << replayed.difference();
  EXPECT_FALSE(replayed.decision().arms(0).metrics(0).histogram().empty());
  EXPECT_EQ(Judged().recommendation(), v1::RECOMMENDATION_ROLLBACK);
}

TEST_F(Spread, OfUnitsThatAreAllAlikeDecidesNothing) {
  v1::CreateExperimentRequest request = OfLatency("exp");
  Primary(request)->set_quantile(0.5);
  ASSERT_OK(Create(request));
  Serve(0, 1'200, [](const std::string&, int) { return 250.0; });
  const v1::Comparison comparison = Judged();
  EXPECT_NE(comparison.recommendation(), v1::RECOMMENDATION_SHIP);
  EXPECT_NE(comparison.recommendation(), v1::RECOMMENDATION_ROLLBACK);
  EXPECT_EQ(comparison.metrics(0).absolute_lift(), 0);
  EXPECT_EQ(comparison.metrics(0).p_value(), 1);
}

TEST_F(Spread, FixesACapByAQuantileOfAnEarlierExperiment) {
  CountUpTo(1'200);
  const v1::CreateExperimentRequest request = CappedAt(0.9);
  const v1::CreateExperimentResponse created = Created(request);
  const v1::Metric& metric = created.experiment().plan().primary();
  EXPECT_EQ(metric.cap_quantile(), 0.9);
  // 1,080 of 1,201 are smaller; a value that a unit had, at most 0.8 % above.
  EXPECT_GE(metric.cap(), 1'081);
  EXPECT_LE(metric.cap(), 1'081 * 1.008);
  EXPECT_EQ(metric.cap(), std::round(metric.cap()));
  EXPECT_FALSE(created.replayed());
  Restart();
  const v1::CreateExperimentResponse replayed = Created(request);
  EXPECT_TRUE(replayed.replayed());
  EXPECT_EQ(replayed.experiment().plan().SerializeAsString(),
            created.experiment().plan().SerializeAsString());
  v1::CreateExperimentRequest other = request;
  Primary(other)->set_cap_quantile(0.95);
  EXPECT_THAT(Create(other), HasReason(Reason::kAlreadyExistsWithOtherContent));
}

TEST_F(Spread, TakesTheValuesAsTheyWereBeforeTheirOwnCap) {
  v1::CreateExperimentRequest first = Comparison("exp");
  Primary(first)->set_cap(10);
  ASSERT_OK(Create(first));
  Serve(0, 1'000, [](const std::string&, int unit) { return unit + 1.0; });
  Stop("exp");
  v1::CreateExperimentRequest request = Comparison("next");
  Primary(request)->set_cap_quantile(0.5);
  const double cap = Created(request).experiment().plan().primary().cap();
  EXPECT_GE(cap, 501);
  EXPECT_LE(cap, 501 * 1.008);
}

TEST_F(Spread, HasNoCapByAQuantileOfTooFewUnitsOrOfAnotherMetric) {
  const grpc::Status without = Create(CappedAt(0.99));
  EXPECT_THAT(without, HasReason(Reason::kNotEnoughData));
  EXPECT_THAT(without.error_message(), HasSubstr("no earlier experiment of the agent"));
  CountUpTo(998);
  const grpc::Status few = Create(CappedAt(0.99));
  EXPECT_THAT(few, HasReason(Reason::kNotEnoughData));
  EXPECT_THAT(few.error_message(), HasSubstr("999 units with an outcome in experiment 'exp'"));
  v1::CreateExperimentRequest mean = CappedAt(0.99);
  Primary(mean)->set_aggregation(v1::AGGREGATION_MEAN);
  EXPECT_THAT(Create(mean).error_message(), HasSubstr("no earlier experiment of the agent"));
}

TEST_F(Spread, HasNoCapThatWouldMakeAllUnitsAlike) {
  ASSERT_OK(Create(Comparison("exp")));
  Serve(0, 1'000, [](const std::string&, int unit) { return unit < 5 ? 30.0 : 0.0; });
  Stop("exp");
  v1::CreateExperimentRequest request = Comparison("next");
  Primary(request)->set_cap_quantile(0.99);
  const grpc::Status status = Create(request);
  EXPECT_THAT(status, HasReason(Reason::kNotEnoughData));
  EXPECT_THAT(status.error_message(), HasSubstr("would make all units alike"));
  Primary(request)->set_cap_quantile(0.999);
  EXPECT_EQ(Created(request).experiment().plan().primary().cap(), 30);
}

TEST_F(Spread, HasNoCapBelowWhatAnAbsentOutcomeCountsAs) {
  CountUpTo(1'200);
  v1::CreateExperimentRequest request = CappedAt(0.9);
  Primary(request)->set_counts_as(5'000);
  const grpc::Status status = Create(request);
  EXPECT_THAT(status, HasReason(Reason::kInvalidArgument));
  EXPECT_THAT(status.error_message(), HasSubstr("counts_as"));
}

}  // namespace
}  // namespace flywheel::experiment

// What stands for a treatment: decided with the outcomes that prove it, kept, and computed anew.
#include <gmock/gmock.h>

#include <functional>
#include <string>
#include <vector>

#include "experiment_service/domain/assignment.h"
#include "shared/time/poll.h"
#include "tests/experiment_service/service_fixture.h"

namespace flywheel::experiment {
namespace {

using ::flywheel::testing::HasReason;
using ::testing::HasSubstr;

class Decisions : public ServiceFixture {
 protected:
  void SetUp() override {
    ServiceFixture::SetUp();
    PromoteFirstVersion();
  }
  std::vector<v1::Decision> List(const std::string& experiment_id, int page_size = 0) {
    std::vector<v1::Decision> decisions;
    v1::ListDecisionsRequest request;
    request.set_experiment_id(experiment_id);
    request.set_page_size(page_size);
    do {
      v1::ListDecisionsResponse response;
      EXPECT_OK(Call(&Stub::ListDecisions, request, &response));
      for (const v1::Decision& decision : response.decisions()) decisions.push_back(decision);
      request.set_page_token(response.next_page_token());
    } while (!request.page_token().empty());
    return decisions;
  }
  std::vector<v1::Recommendation> Recommendations() {
    std::vector<v1::Recommendation> recommendations;
    for (const v1::Decision& decision : List("exp")) {
      recommendations.push_back(decision.recommendation());
    }
    return recommendations;
  }
  v1::ReplayDecisionResponse Replay(int64_t sequence) {
    v1::ReplayDecisionRequest request;
    request.set_experiment_id("exp");
    request.set_sequence(sequence);
    v1::ReplayDecisionResponse response;
    EXPECT_OK(Call(&Stub::ReplayDecision, request, &response));
    return response;
  }
  v1::Comparison Compared() { return Analyze("exp").comparisons(0); }
  grpc::Status Promote(v1::PromoteVersionResponse* response) {
    v1::PromoteVersionRequest promotion = Promotion("p-2", "v2");
    promotion.set_experiment_id("exp");
    return Call(&Stub::PromoteVersion, promotion, response);
  }
  // Of so many in ten units accepted, by arm.
  static std::function<double(const std::string&, int)> Accepts(int control, int treatment) {
    return [=](const std::string& arm, int unit) {
      return unit % 10 < (arm == "treatment" ? treatment : control) ? 1.0 : 0.0;
    };
  }
  // Assigns units, and sends what each has of two metrics.
  void ServeTwo(int first, int units, const std::string& second_metric,
                const std::function<double(const std::string&, int)>& primary,
                const std::function<double(const std::string&, int)>& second) {
    std::vector<v1::UnitOutcome> outcomes;
    for (int i = first; i < first + units; ++i) {
      const std::string unit = "user-" + std::to_string(i);
      const std::string arm = Assign(unit).arm_id();
      outcomes.push_back(OutcomeOf("o-" + std::to_string(i), unit, primary(arm, i)));
      outcomes.push_back(OutcomeOf("s-" + std::to_string(i), unit, second(arm, i)));
      outcomes.back().set_metric(second_metric);
    }
    for (const common::v1::ItemResult& result : Record(outcomes)) {
      ASSERT_EQ(result.status(), common::v1::ITEM_STATUS_STORED) << result.message();
    }
  }
  static v1::Metric* Guardrail(v1::CreateExperimentRequest& request, const std::string& name) {
    v1::Metric* guardrail = request.mutable_plan()->add_guardrails();
    guardrail->set_name(name);
    guardrail->set_left_out(true);
    return guardrail;
  }
  // The background looks every second.
  void AwaitRecommendation(v1::Recommendation recommendation) {
    EXPECT_TRUE(PollUntil(
        [&] {
          const std::vector<v1::Decision> decided = List("exp");
          return !decided.empty() && decided.back().recommendation() == recommendation;
        },
        absl::Seconds(20)))
        << v1::Recommendation_Name(recommendation);
  }
};

TEST_F(Decisions, AreWrittenWithWhatProvesThemAndComeOutAgain) {
  ASSERT_OK(Create(Comparison("exp")));
  Serve(0, 500, Accepts(4, 7));
  EXPECT_TRUE(List("exp").empty()) << "too few units yet";
  EXPECT_EQ(Compared().reason(), v1::RECOMMENDATION_REASON_TOO_FEW_UNITS);
  clock_.Advance(absl::Minutes(5));
  Serve(500, 1'500, Accepts(4, 7));
  const std::vector<v1::Decision> decisions = List("exp");
  ASSERT_EQ(decisions.size(), 1u);
  const v1::Decision& ship = decisions[0];
  EXPECT_EQ(ship.sequence(), 1);
  EXPECT_EQ(ship.arm_id(), "treatment");
  EXPECT_EQ(ship.recommendation(), v1::RECOMMENDATION_SHIP);
  EXPECT_EQ(ship.reason(), v1::RECOMMENDATION_REASON_SUPERIOR);
  EXPECT_EQ(ship.decide_time().seconds(), 1'800'000'300);
  ASSERT_EQ(ship.arms_size(), 2);
  EXPECT_EQ(ship.arms(0).exposed_units() + ship.arms(1).exposed_units(), 2'000);
  EXPECT_EQ(ship.arms(0).metrics(0).units() + ship.arms(1).metrics(0).units(), 2'000);
  const v1::Comparison compared = Compared();
  EXPECT_EQ(compared.decision(), 1);
  EXPECT_EQ(compared.decide_time().seconds(), 1'800'000'300);
  EXPECT_EQ(compared.message(), ship.message());

  for (int round = 0; round < 2; ++round) {
    const v1::ReplayDecisionResponse replayed = Replay(1);
    EXPECT_TRUE(replayed.identical()) << replayed.difference();
    EXPECT_EQ(replayed.decision().SerializeAsString(), ship.SerializeAsString());
    EXPECT_EQ(replayed.analysis().comparisons(0).message(), ship.message());
    Restart();
  }
  v1::ReplayDecisionRequest unknown;
  unknown.set_experiment_id("exp");
  unknown.set_sequence(2);
  EXPECT_THAT(Call(&Stub::ReplayDecision, unknown), HasReason(Reason::kNotFound));
  unknown.set_experiment_id("other");
  EXPECT_THAT(Call(&Stub::ReplayDecision, unknown), HasReason(Reason::kNotFound));
}

TEST_F(Decisions, ThatWereTamperedWithDoNotComeOutAgain) {
  ASSERT_OK(Create(Comparison("exp")));
  Serve(0, 2'000, Accepts(4, 7));
  ASSERT_TRUE(Replay(1).identical());
  const auto change = [&](const std::string& sql) {
    auto connection =
        sql::Connection::Open(directory_->path() + "/experiment.db", sql::Access::kWrite);
    ASSERT_OK(connection);
    ASSERT_OK((*connection)->Execute(sql.c_str()));
  };
  change("UPDATE decisions SET recommendation = 2");
  EXPECT_EQ(Replay(1).difference(), "recommendation");
  change("UPDATE decisions SET recommendation = 1, counts = REPLACE(counts, '0x1.', '0x1.0')");
  EXPECT_FALSE(Replay(1).identical());
}

// What was shown once stays shown: a ramp must not wait for a second look that agrees.
TEST_F(Decisions, KeepASHIPThatALaterLookWouldNotGive) {
  ASSERT_OK(Create(Comparison("exp")));
  Serve(0, 1'000, Accepts(4, 7));
  ASSERT_EQ(Recommendations(), std::vector{v1::RECOMMENDATION_SHIP});
  // The treatment loses its lead, without being worse.
  Serve(1'000, 2'000, Accepts(6, 5));
  const v1::Comparison compared = Compared();
  EXPECT_NE(compared.look_recommendation(), v1::RECOMMENDATION_SHIP);
  EXPECT_EQ(compared.recommendation(), v1::RECOMMENDATION_SHIP);
  EXPECT_EQ(compared.decision(), 1);
  EXPECT_THAT(compared.message(), ::testing::Ne(compared.look_message()));
  const v1::MetricComparison& metric = compared.metrics(0);
  EXPECT_GT(metric.running_relative_interval().lower(), metric.relative_interval().lower());
  v1::PromoteVersionResponse promoted;
  ASSERT_OK(Promote(&promoted));
  EXPECT_EQ(promoted.active_version().decision(), 1);
  v1::GetActiveVersionRequest get;
  get.set_agent("helper");
  v1::GetActiveVersionResponse active;
  Restart();
  ASSERT_OK(Call(&Stub::GetActiveVersion, get, &active));
  EXPECT_EQ(active.active_version().decision(), 1);
}

TEST_F(Decisions, TakeASHIPBackForHarmAndThenStay) {
  ASSERT_OK(Create(Comparison("exp")));
  Serve(0, 1'000, Accepts(4, 7));
  Serve(1'000, 4'000, Accepts(7, 3));
  Serve(5'000, 6'000, Accepts(3, 8));
  EXPECT_EQ(Compared().look_recommendation(), v1::RECOMMENDATION_SHIP);
  EXPECT_EQ(Compared().recommendation(), v1::RECOMMENDATION_ROLLBACK) << "proven once";
  EXPECT_EQ(Recommendations(), (std::vector{v1::RECOMMENDATION_SHIP, v1::RECOMMENDATION_ROLLBACK}));
  EXPECT_EQ(List("exp", 1).size(), 2u) << "page by page";
  EXPECT_TRUE(Replay(2).identical());
  v1::PromoteVersionResponse promoted;
  const grpc::Status refused = Promote(&promoted);
  EXPECT_THAT(refused, HasReason(Reason::kNotRecommended));
  EXPECT_THAT(refused.error_message(), HasSubstr("worse than the control"));
}

// Whoever loses units of one arm is to be found first; then the evidence has to be there anew.
TEST_F(Decisions, HoldASHIPWhileTheArmsSizesDoNotFit) {
  ASSERT_OK(Create(Comparison("exp")));
  Serve(0, 1'000, Accepts(4, 7));
  ASSERT_EQ(Recommendations(), std::vector{v1::RECOMMENDATION_SHIP});
  // The hash is public in effect: who knows a unit's arm can leave it out.
  const Assignment assignment("default", [] {
    Experiment experiment;
    experiment.experiment_id = "exp";
    experiment.arms = {{"control", "v1", 1, true}, {"treatment", "v2", 1, false}};
    return experiment;
  }());
  std::vector<v1::UnitOutcome> outcomes;
  for (int i = 1'000; outcomes.size() < 400; ++i) {
    const std::string unit = "user-" + std::to_string(i);
    if (assignment.ArmOf(unit) == 1) outcomes.push_back(Served("o-" + unit, unit, 1));
  }
  Record(outcomes);
  EXPECT_EQ(Recommendations(), (std::vector{v1::RECOMMENDATION_SHIP, v1::RECOMMENDATION_HOLD}));
  EXPECT_EQ(Compared().reason(), v1::RECOMMENDATION_REASON_SAMPLE_RATIO_MISMATCH);
  v1::PromoteVersionResponse promoted;
  EXPECT_THAT(Promote(&promoted), HasReason(Reason::kNotRecommended));
}

TEST_F(Decisions, WaitForTheShortestTimeThatThePlanAsks) {
  v1::CreateExperimentRequest request = Comparison("exp");
  request.mutable_plan()->mutable_min_duration()->set_seconds(int64_t{24} * 3'600);
  ASSERT_OK(Create(request));
  Serve(0, 2'000, Accepts(4, 7));
  const v1::Comparison early = Compared();
  EXPECT_EQ(early.recommendation(), v1::RECOMMENDATION_CONTINUE);
  EXPECT_EQ(early.reason(), v1::RECOMMENDATION_REASON_TOO_EARLY);
  EXPECT_THAT(early.message(), HasSubstr("the evidence is there after 0 days"));
  v1::PromoteVersionResponse promoted;
  EXPECT_THAT(Promote(&promoted), HasReason(Reason::kNotRecommended));
  clock_.Advance(absl::Hours(24));
  AwaitRecommendation(v1::RECOMMENDATION_SHIP);
  EXPECT_TRUE(Replay(1).identical());
  ASSERT_OK(Promote(&promoted));
}

TEST_F(Decisions, GiveUpAtTheEndOfThePlan) {
  v1::CreateExperimentRequest request = Comparison("exp");
  request.mutable_plan()->mutable_max_duration()->set_seconds(int64_t{24} * 3'600);
  ASSERT_OK(Create(request));
  Serve(0, 2'000, Accepts(5, 5));
  EXPECT_EQ(Compared().recommendation(), v1::RECOMMENDATION_CONTINUE);
  clock_.Advance(absl::Hours(24));
  AwaitRecommendation(v1::RECOMMENDATION_STOP_FUTILE);
  EXPECT_EQ(Compared().reason(), v1::RECOMMENDATION_REASON_PLAN_ENDED);
}

TEST_F(Decisions, RollBackForHarmInAGuardrail) {
  v1::CreateExperimentRequest request = Comparison("exp");
  Guardrail(request, "latency_ms")->set_direction(v1::DIRECTION_LOWER_IS_BETTER);
  ASSERT_OK(Create(request));
  ServeTwo(0, 2'000, "latency_ms", Accepts(4, 7), [](const std::string& arm, int unit) {
    return (arm == "treatment" ? 130.0 : 100.0) + unit % 7;
  });
  const v1::Comparison compared = Compared();
  EXPECT_EQ(compared.recommendation(), v1::RECOMMENDATION_ROLLBACK);
  EXPECT_EQ(compared.reason(), v1::RECOMMENDATION_REASON_GUARDRAIL_HARM);
  EXPECT_THAT(compared.message(), HasSubstr("latency_ms"));
  ASSERT_EQ(compared.metrics_size(), 2);
  EXPECT_NEAR(compared.metrics(1).relative_lift(), 0.29, 0.01);
}

TEST_F(Decisions, ShipWhereTheGoalIsReachedAndNoGuardrailIsWorse) {
  v1::CreateExperimentRequest request = Comparison("exp");
  Guardrail(request, "latency_ms")->set_direction(v1::DIRECTION_LOWER_IS_BETTER);
  ASSERT_OK(Create(request));
  ServeTwo(0, 2'000, "latency_ms", Accepts(4, 7),
           [](const std::string&, int unit) { return 100.0 + unit % 7; });
  EXPECT_EQ(Recommendations(), std::vector{v1::RECOMMENDATION_SHIP});
}

TEST_F(Decisions, WaitForAGuardrailOfWhichNothingIsKnown) {
  v1::CreateExperimentRequest request = Comparison("exp");
  Guardrail(request, "latency_ms");
  ASSERT_OK(Create(request));
  Serve(0, 2'000, Accepts(4, 7));
  EXPECT_EQ(Compared().reason(), v1::RECOMMENDATION_REASON_GUARDRAIL_UNDECIDED);
}

// Of a metric that is better where it is lower.
TEST_F(Decisions, ShipALatencyThatFell) {
  v1::CreateExperimentRequest request = Comparison("exp");
  request.mutable_plan()->mutable_primary()->set_direction(v1::DIRECTION_LOWER_IS_BETTER);
  ASSERT_OK(Create(request));
  Serve(0, 3'000, [](const std::string& arm, int unit) {
    return (arm == "treatment" ? 800.0 : 1'000.0) + 20 * (unit % 20 - 10);
  });
  EXPECT_EQ(Compared().recommendation(), v1::RECOMMENDATION_SHIP);
  EXPECT_NEAR(Compared().metrics(0).relative_lift(), -0.2, 0.02);
}

// Every user of the treatment orders twice: the mean of an order does not show it, the sum does.
TEST_F(Decisions, CountWhatTheOutcomesOfAUnitSumUpTo) {
  v1::CreateExperimentRequest request = Comparison("exp");
  request.mutable_plan()->mutable_primary()->set_aggregation(v1::AGGREGATION_SUM);
  ASSERT_OK(Create(request));
  std::vector<v1::UnitOutcome> outcomes;
  for (int i = 0; i < 3'000; ++i) {
    const std::string unit = "user-" + std::to_string(i);
    const int orders = Assign(unit).arm_id() == "treatment" ? 2 : 1;
    for (int order = 0; order < orders; ++order) {
      outcomes.push_back(OutcomeOf("o-" + unit + "-" + std::to_string(order), unit, 20));
    }
  }
  Record(outcomes);
  EXPECT_NEAR(Compared().metrics(0).relative_lift(), 1, 0.01);
  EXPECT_EQ(Compared().recommendation(), v1::RECOMMENDATION_SHIP);
}

// One user among thousands spends a million: capped, the others can be seen.
TEST_F(Decisions, SeeThroughACapWhatOneUnitWouldHide) {
  for (const bool capped : {false, true}) {
    RestartEmpty();
    PromoteFirstVersion();
    v1::CreateExperimentRequest request = Comparison("exp");
    if (capped) request.mutable_plan()->mutable_primary()->set_cap(100);
    ASSERT_OK(Create(request));
    Serve(0, 4'000, [](const std::string& arm, int unit) {
      if (unit == 17) return 1e6;
      return (arm == "treatment" ? 12.0 : 10.0) + 0.5 * (unit % 13 - 6);
    });
    EXPECT_EQ(Compared().recommendation(),
              capped ? v1::RECOMMENDATION_SHIP : v1::RECOMMENDATION_CONTINUE)
        << Compared().message();
  }
}

// 0 of 400 against 40 of 400 is no accident, though there is no relative lift.
TEST_F(Decisions, ShipWhereTheControlNeverConverted) {
  v1::CreateExperimentRequest request = Comparison("exp");
  request.mutable_plan()->set_min_units(500);
  ASSERT_OK(Create(request));
  int treated = 0;
  Serve(0, 800, [&treated](const std::string& arm, int) {
    return arm == "treatment" && treated++ % 10 == 0 ? 1.0 : 0.0;
  });
  const v1::Comparison compared = Compared();
  EXPECT_EQ(compared.recommendation(), v1::RECOMMENDATION_SHIP) << compared.message();
  EXPECT_FALSE(compared.metrics(0).has_relative_lift());
  EXPECT_GT(compared.metrics(0).absolute_interval().lower(), 0);
}

TEST_F(Decisions, ShipAPerfectVersionThatIsNotWorse) {
  v1::CreateExperimentRequest request = Comparison("exp");
  request.mutable_plan()->mutable_primary()->set_goal(v1::GOAL_NOT_INFERIOR);
  ASSERT_OK(Create(request));
  Serve(0, 2'000, [](const std::string&, int) { return 1.0; });
  EXPECT_EQ(Compared().recommendation(), v1::RECOMMENDATION_SHIP) << Compared().message();
  EXPECT_EQ(Compared().reason(), v1::RECOMMENDATION_REASON_NOT_INFERIOR);
}

TEST_F(Decisions, RollADeadVersionBackAfterAFewUnits) {
  ASSERT_OK(Create(Comparison("exp")));
  Serve(0, 60, Accepts(9, 0));
  EXPECT_EQ(Compared().recommendation(), v1::RECOMMENDATION_ROLLBACK) << Compared().message();
}

TEST_F(Decisions, StandAsTheyWereWhenTheExperimentWasStopped) {
  ASSERT_OK(Create(Comparison("exp")));
  Serve(0, 1'000, Accepts(4, 7));
  v1::StopExperimentRequest stop;
  stop.set_experiment_id("exp");
  stop.set_reason("enough");
  ASSERT_OK(Call(&Stub::StopExperiment, stop));
  const v1::Analysis stopped = Analyze("exp");
  EXPECT_EQ(stopped.as_of().seconds(), 1'800'000'000);
  clock_.Advance(absl::Hours(24 * 400));
  EXPECT_EQ(Analyze("exp").SerializeAsString(), stopped.SerializeAsString());
  Restart();
  EXPECT_EQ(Analyze("exp").SerializeAsString(), stopped.SerializeAsString());
}

// However often they come: the decisions of one that saw everything twice are those of the other.
TEST_F(Decisions, AreTheSameWhereEverythingIsSentTwice) {
  std::vector<std::string> lists;
  for (const int times : {1, 2}) {
    RestartEmpty();
    PromoteFirstVersion();
    ASSERT_OK(Create(Comparison("exp")));
    for (int part = 0; part < 12; ++part) {
      std::vector<v1::UnitOutcome> outcomes;
      for (int i = 100 * part; i < 100 * part + 100; ++i) {
        const std::string unit = "user-" + std::to_string(i);
        const bool treated = Assign(unit).arm_id() == "treatment";
        outcomes.push_back(OutcomeOf("o-" + unit, unit, i % 10 < (treated ? 7 : 4) ? 1 : 0));
      }
      for (int time = 0; time < times; ++time) Record(outcomes);
    }
    std::string list;
    for (const v1::Decision& decision : List("exp")) list += decision.SerializeAsString();
    lists.push_back(list);
  }
  EXPECT_FALSE(lists[0].empty());
  EXPECT_EQ(lists[0], lists[1]);
}

}  // namespace
}  // namespace flywheel::experiment

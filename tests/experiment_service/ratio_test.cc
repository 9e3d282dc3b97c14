// Ratio metrics through the service: cost per answer of users who ask more or less often.
#include <gmock/gmock.h>

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "shared/time/poll.h"
#include "tests/experiment_service/service_fixture.h"

namespace flywheel::experiment {
namespace {

using ::testing::HasSubstr;

class Ratio : public ServiceFixture {
 protected:
  void SetUp() override {
    ServiceFixture::SetUp();
    PromoteFirstVersion();
  }

  // Cost per answer decides; answers, as a guardrail, must not become fewer.
  static v1::CreateExperimentRequest CostPerAnswer() {
    v1::CreateExperimentRequest request = Comparison("exp");
    v1::Metric* cost = request.mutable_plan()->mutable_primary();
    cost->set_name("cost");
    cost->set_denominator("answers");
    cost->set_direction(v1::DIRECTION_LOWER_IS_BETTER);
    v1::Metric* answers = request.mutable_plan()->add_guardrails();
    answers->set_name("answers");
    answers->set_aggregation(v1::AGGREGATION_SUM);
    answers->set_left_out(true);
    return request;
  }
  v1::UnitOutcome Of(const std::string& metric, const std::string& outcome_id,
                     const std::string& unit, double value) {
    v1::UnitOutcome outcome = OutcomeOf(outcome_id, unit, value);
    outcome.set_metric(metric);
    return outcome;
  }
  // A user's answers, and what each of them cost.
  void Ask(const std::string& unit, int answers, double cost,
           std::vector<v1::UnitOutcome>& outcomes) {
    for (int i = 0; i < answers; ++i) {
      const std::string id = unit + "-" + std::to_string(i);
      outcomes.push_back(Of("cost", "c-" + id, unit, cost));
      outcomes.push_back(Of("answers", "a-" + id, unit, 1));
    }
  }
  void Store(const std::vector<v1::UnitOutcome>& outcomes) {
    for (const common::v1::ItemResult& result : Record(outcomes)) {
      ASSERT_EQ(result.status(), common::v1::ITEM_STATUS_STORED) << result.message();
    }
  }
  // Users of the treatment ask twice as often, at `cost` times the control's cost an answer.
  void ServeUsers(int users, double cost) {
    std::vector<v1::UnitOutcome> outcomes;
    for (int i = 0; i < users; ++i) {
      const std::string unit = "user-" + std::to_string(i);
      const bool treated = Assign(unit).arm_id() == "treatment";
      const double own = 0.1 * (1 + 0.2 * (i % 5));
      Ask(unit, (1 + i % 3) * (treated ? 2 : 1), treated ? cost * own : own, outcomes);
    }
    Store(outcomes);
  }
};

TEST_F(Ratio, IsNotFooledByUsersWhoOnlyAskMoreOften) {
  ASSERT_OK(Create(CostPerAnswer()));
  ServeUsers(1'000, 1);
  const v1::Analysis analysis = Analyze("exp");
  for (const v1::ArmResult& arm : analysis.arms()) {
    EXPECT_NEAR(arm.metrics(0).mean(), 0.14, 0.01);
    EXPECT_EQ(arm.metrics(0).units(), arm.exposed_units());
    EXPECT_EQ(arm.metrics(0).outcomes(), 2 * arm.metrics(1).outcomes()) << "costs and answers";
  }
  const v1::Comparison& comparison = analysis.comparisons(0);
  EXPECT_LT(std::fabs(comparison.metrics(0).relative_lift()), 0.05);
  EXPECT_NEAR(comparison.metrics(1).relative_lift(), 1, 0.2) << "the sum is twice as high";
  EXPECT_EQ(comparison.recommendation(), v1::RECOMMENDATION_CONTINUE) << comparison.message();
}

TEST_F(Ratio, ShipsWhatMakesAnAnswerCheaperWhateverAUserCosts) {
  ASSERT_OK(Create(CostPerAnswer()));
  ServeUsers(1'200, 0.7);
  const v1::Comparison comparison = Analyze("exp").comparisons(0);
  EXPECT_NEAR(comparison.metrics(0).relative_lift(), -0.3, 0.05);
  EXPECT_EQ(comparison.recommendation(), v1::RECOMMENDATION_SHIP) << comparison.message();
}

TEST_F(Ratio, IsTheSameAfterARestartAndReplays) {
  ASSERT_OK(Create(CostPerAnswer()));
  ServeUsers(1'200, 0.7);
  const v1::Analysis before = Analyze("exp");
  Restart();
  EXPECT_EQ(Analyze("exp").SerializeAsString(), before.SerializeAsString());
  v1::GetExperimentRequest get;
  get.set_experiment_id("exp");
  v1::GetExperimentResponse got;
  ASSERT_OK(Call(&Stub::GetExperiment, get, &got));
  EXPECT_EQ(got.experiment().plan().primary().denominator(), "answers");
  EXPECT_EQ(got.experiment().plan().primary().aggregation(), v1::AGGREGATION_SUM);
  EXPECT_EQ(got.experiment().plan().guardrails(0).denominator(), "");
  v1::ReplayDecisionRequest replay;
  replay.set_experiment_id("exp");
  replay.set_sequence(before.comparisons(0).decision());
  v1::ReplayDecisionResponse replayed;
  ASSERT_OK(Call(&Stub::ReplayDecision, replay, &replayed));
  EXPECT_TRUE(replayed.identical()) << replayed.difference();
}

TEST_F(Ratio, OfAnotherDenominatorIsAnotherExperiment) {
  ASSERT_OK(Create(CostPerAnswer()));
  EXPECT_OK(Create(CostPerAnswer()));
  v1::CreateExperimentRequest other = CostPerAnswer();
  other.mutable_plan()->mutable_primary()->set_denominator("views");
  EXPECT_THAT(Create(other), testing::HasReason(Reason::kAlreadyExistsWithOtherContent));
}

TEST_F(Ratio, TakesARevisionOfWhatItDividesBy) {
  ASSERT_OK(Create(CostPerAnswer()));
  const v1::AssignResponse assigned = Assign("ada");
  const int arm = assigned.arm_id() == "control" ? 0 : 1;
  v1::UnitOutcome answers = Of("answers", "a-1", "ada", 1'000);
  Store({Of("cost", "c-1", "ada", 3), answers});
  EXPECT_EQ(Analyze("exp").arms(arm).metrics(0).mean(), 0.003);
  answers.set_value(2);
  answers.set_revision(1);
  Store({answers});
  EXPECT_EQ(Analyze("exp").arms(arm).metrics(0).mean(), 1.5);
  EXPECT_EQ(Analyze("exp").arms(arm).metrics(1).mean(), 2);
}

// One event in each arm must not divide by zero.
TEST_F(Ratio, OfOneUserEachIsTooEarlyToTell) {
  ASSERT_OK(Create(CostPerAnswer()));
  bool seen[2] = {};
  for (int i = 0; !seen[0] || !seen[1]; ++i) {
    const std::string unit = "user-" + std::to_string(i);
    const int arm = Assign(unit).arm_id() == "control" ? 0 : 1;
    if (seen[arm]) continue;
    seen[arm] = true;
    Store({Of("cost", "c-" + unit, unit, 3)});
  }
  v1::Analysis analysis = Analyze("exp");
  EXPECT_EQ(analysis.comparisons(0).reason(), v1::RECOMMENDATION_REASON_TOO_FEW_UNITS);
  EXPECT_EQ(analysis.arms(0).metrics(0).units(), 0) << "nothing to divide by";
  EXPECT_EQ(analysis.arms(0).metrics(0).units_with_outcome(), 1);
  EXPECT_THAT(analysis.DebugString(), ::testing::Not(HasSubstr(": nan")));
}

TEST_F(Ratio, KnowsItsDenominatorWhereItIsNoMetric) {
  v1::CreateExperimentRequest request = CostPerAnswer();
  request.mutable_plan()->clear_guardrails();
  ASSERT_OK(Create(request));
  Assign("ada");
  v1::UnitOutcome mistyped = Of("answer", "a-1", "ada", 1);
  EXPECT_THAT(Record({mistyped})[0].message(),
              HasSubstr("want a metric of the experiment's plan: 'cost', 'answers'"));
  Store({Of("answers", "a-2", "ada", 4), Of("cost", "c-2", "ada", 2)});
  const v1::Analysis analysis = Analyze("exp");
  EXPECT_EQ(analysis.arms(0).metrics(0).mean() + analysis.arms(1).metrics(0).mean(), 0.5);
  EXPECT_EQ(analysis.arms(0).metrics_size(), 1);
}

// A unit with both kinds of outcomes comes of age once.
TEST_F(Ratio, CountsAUnitThatMaturesOnce) {
  ASSERT_OK(Create(CostPerAnswer()));
  const std::string units[] = {"ada", "bob", "cy", "dee"};
  std::vector<v1::UnitOutcome> outcomes;
  for (const std::string& unit : units) Assign(unit);
  outcomes = {Of("cost", "c-1", "ada", 1), Of("answers", "a-1", "ada", 1),
              Of("cost", "c-2", "bob", 1), Of("answers", "a-3", "cy", 1)};
  Store(outcomes);
  clock_.Advance(absl::Hours(7 * 24 + 1));
  const auto matured = [&](int metric) {
    const v1::Analysis analysis = Analyze("exp");
    return analysis.arms(0).metrics(metric).matured_units_with_outcome() +
           analysis.arms(1).metrics(metric).matured_units_with_outcome();
  };
  EXPECT_TRUE(PollUntil([&] { return matured(0) == 3; }, absl::Seconds(20))) << matured(0);
  EXPECT_EQ(matured(1), 2);
}

}  // namespace
}  // namespace flywheel::experiment

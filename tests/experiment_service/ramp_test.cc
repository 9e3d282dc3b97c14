// What a ramp does without a hand: it climbs, holds, rolls back, promotes, and goes on after a
// stop.
#include <gmock/gmock.h>

#include <map>
#include <string>
#include <vector>

#include "shared/sql/connection.h"
#include "tests/experiment_service/ramp_fixture.h"

namespace flywheel::experiment {
namespace {

using ::testing::HasSubstr;

class RampRuns : public RampFixture {
 protected:
  // What the audit log has of the ramp's own doing, the oldest first.
  std::vector<std::string> AuditOfTheRamp() {
    auto connection =
        sql::Connection::Open(directory_->path() + "/experiment.db", sql::Access::kRead);
    EXPECT_OK(connection);
    sql::Statement select =
        (*connection)
            ->Prepare(
                "SELECT method || ' ' || resource_kind || ' ' || resource_id || ': ' || detail "
                "FROM audit_events WHERE key_id = 'ramp' ORDER BY sequence");
    std::vector<std::string> rows;
    while (select.Next()) rows.push_back(select.Text(0));
    EXPECT_OK(select.status());
    return rows;
  }
  // Those who took part before are among those of now, in the same arms.
  static void ExpectOnlyMore(const std::map<std::string, std::string>& before,
                             const std::map<std::string, std::string>& now) {
    EXPECT_GT(now.size(), before.size());
    for (const auto& [unit, arm] : before) {
      const auto found = now.find(unit);
      ASSERT_NE(found, now.end()) << unit;
      EXPECT_EQ(found->second, arm) << unit;
    }
  }
};

TEST_F(RampRuns, ClimbsToTheLastStepAndStaysThere) {
  v1::CreateExperimentRequest request = Ramped(/*promote=*/true);
  request.mutable_ramp()->mutable_steps(1)->set_min_units(300);
  // Whoever is exposed counts.
  request.mutable_plan()->mutable_primary()->set_counts_as(0);
  v1::CreateExperimentResponse created;
  ASSERT_OK(Call(&Stub::CreateExperiment, request, &created));
  EXPECT_EQ(created.experiment().ramp().steps_size(), 3);
  EXPECT_EQ(created.experiment().ramp_state().phase(), v1::RAMP_PHASE_CLIMBING);
  EXPECT_EQ(created.experiment().ramp_state().coverage(), 0.25);
  EXPECT_EQ(created.experiment().ramp_state().step_time().seconds(), 1'800'000'000);
  EXPECT_EQ(created.experiment().SerializeAsString(), Get().SerializeAsString());
  const auto quarter = ArmsOf(400);
  EXPECT_NEAR(static_cast<double>(quarter.size()), 100, 40);
  EXPECT_TRUE(StaysAsItIs());

  clock_.Advance(absl::Hours(1));
  AwaitStep(1);
  EXPECT_EQ(StateOf().phase(), v1::RAMP_PHASE_CLIMBING);
  EXPECT_EQ(StateOf().coverage(), 0.5);
  EXPECT_EQ(StateOf().step_time().seconds(), 1'800'003'600);
  const auto half = ArmsOf(400);
  EXPECT_NEAR(static_cast<double>(half.size()), 200, 50);
  ExpectOnlyMore(quarter, half);

  clock_.Advance(absl::Hours(1));
  EXPECT_TRUE(StaysAsItIs()) << "its hour is over, its units are not there";
  EXPECT_EQ(StateOf().step(), 1);
  ArmsOf(800);
  AwaitStep(2);
  EXPECT_EQ(StateOf().phase(), v1::RAMP_PHASE_ARRIVED);
  const auto all = ArmsOf(400);
  EXPECT_EQ(all.size(), 400u);
  ExpectOnlyMore(half, all);

  clock_.Advance(absl::Hours(24));
  EXPECT_TRUE(StaysAsItIs());
  EXPECT_EQ(Get().state(), v1::EXPERIMENT_STATE_RUNNING);
  EXPECT_EQ(Active().model_version(), "v1");
  const std::vector<v1::RampEvent> events = Events();
  EXPECT_EQ(KindsOf(events), (Kinds{v1::RAMP_EVENT_KIND_STARTED, v1::RAMP_EVENT_KIND_STEPPED,
                                    v1::RAMP_EVENT_KIND_STEPPED}));
  EXPECT_EQ(events[2].sequence(), 3);
  EXPECT_EQ(events[2].from_step(), 1);
  EXPECT_EQ(events[2].to_step(), 2);
  EXPECT_EQ(events[2].key_id(), "ramp");
  EXPECT_EQ(events[2].decision(), 0);
  EXPECT_EQ(AuditOfTheRamp(),
            (std::vector<std::string>{
                "Ramp experiment exp: agent 'helper', ramp: STEPPED, step 2 of 3",
                "Ramp experiment exp: agent 'helper', ramp: STEPPED, step 3 of 3"}));
}

TEST_F(RampRuns, ServesTheActiveVersionToThoseWhoAreNotCovered) {
  ASSERT_OK(Create(Ramped(/*promote=*/false)));
  bool found = false;
  for (int i = 0; i < 100 && !found; ++i) {
    const std::string unit = "user-" + std::to_string(i);
    const v1::AssignResponse assigned = Assign(unit);
    if (!assigned.not_covered()) continue;
    found = true;
    EXPECT_EQ(assigned.model_version(), "v1");
    EXPECT_EQ(assigned.experiment_id(), "");
    EXPECT_EQ(assigned.arm_id(), "");
    EXPECT_EQ(assigned.assignment_token(), "");
    EXPECT_EQ(assigned.unit(), v1::RANDOMISATION_UNIT_UNSPECIFIED);
    const common::v1::ItemResult refused = Record({OutcomeOf("o-1", unit, 1)})[0];
    EXPECT_EQ(refused.reason(), common::v1::ERROR_REASON_NOT_EXPOSED);
  }
  EXPECT_TRUE(found);
}

TEST_F(RampRuns, RollsBackForHarmInAGuardrail) {
  v1::CreateExperimentRequest request = Ramped(/*promote=*/true);
  v1::Metric* guardrail = request.mutable_plan()->add_guardrails();
  guardrail->set_name("latency_ms");
  guardrail->set_direction(v1::DIRECTION_LOWER_IS_BETTER);
  guardrail->set_left_out(true);
  ASSERT_OK(Create(request));
  ServeCovered(0, 600,
               {{"accepted", Accepts(4, 7)}, {"latency_ms", [](const std::string& arm, int unit) {
                                                return (arm == "treatment" ? 130.0 : 100.0) +
                                                       unit % 7;
                                              }}});
  AwaitPhase(v1::RAMP_PHASE_ENDED);
  const v1::Experiment ended = Get();
  EXPECT_EQ(ended.state(), v1::EXPERIMENT_STATE_STOPPED);
  EXPECT_EQ(ended.stopped_by(), "ramp");
  EXPECT_THAT(ended.stop_reason(), HasSubstr("ROLLBACK stands for arm 'treatment' (decision 1)"));
  EXPECT_EQ(ended.ramp_state().message(), ended.stop_reason());
  EXPECT_EQ(Active().model_version(), "v1");
  const v1::AssignResponse assigned = Assign("user-1");
  EXPECT_EQ(assigned.model_version(), "v1");
  EXPECT_FALSE(assigned.not_covered());
  const std::vector<v1::RampEvent> events = Events();
  ASSERT_EQ(KindsOf(events), (Kinds{v1::RAMP_EVENT_KIND_STARTED, v1::RAMP_EVENT_KIND_ROLLED_BACK}));
  EXPECT_EQ(events[1].decision(), 1);
  EXPECT_EQ(events[1].message(), ended.stop_reason());
  EXPECT_EQ(
      AuditOfTheRamp(),
      std::vector<std::string>{"Ramp experiment exp: agent 'helper', ramp: stopped by decision 1"});
  Restart();
  EXPECT_EQ(Get().SerializeAsString(), ended.SerializeAsString());
  EXPECT_EQ(Events().size(), 2u);
}

TEST_F(RampRuns, PromotesAGainByItself) {
  ASSERT_OK(Create(Ramped(/*promote=*/true)));
  ServeCovered(0, 1'200, {{"accepted", Accepts(4, 7)}});
  AwaitPhase(v1::RAMP_PHASE_ENDED);
  const v1::ActiveVersion active = Active();
  EXPECT_EQ(active.model_version(), "v2");
  EXPECT_EQ(active.promotion_id(), "ramp:exp:1");
  EXPECT_EQ(active.promoted_by(), "ramp");
  EXPECT_EQ(active.experiment_id(), "exp");
  EXPECT_EQ(active.decision(), 1);
  EXPECT_FALSE(active.has_waiver());
  EXPECT_EQ(gate_.questions(), (std::vector<std::string>{"default/v2", "default/v2"}));
  EXPECT_THAT(Get().stop_reason(), HasSubstr("ramp:exp:1"));
  const std::vector<v1::RampEvent> events = Events();
  ASSERT_EQ(KindsOf(events), (Kinds{v1::RAMP_EVENT_KIND_STARTED, v1::RAMP_EVENT_KIND_PROMOTED}));
  EXPECT_EQ(events[1].decision(), 1);
  EXPECT_EQ(events[1].key_id(), "ramp");
  EXPECT_EQ(Assign("user-1").model_version(), "v2");
}

TEST_F(RampRuns, GoesOnWithAGainThatAPersonIsToPromote) {
  ASSERT_OK(Create(Ramped(/*promote=*/false)));
  ServeCovered(0, 1'200, {{"accepted", Accepts(4, 7)}});
  ASSERT_EQ(Analyze("exp").comparisons(0).recommendation(), v1::RECOMMENDATION_SHIP);
  clock_.Advance(absl::Hours(1));
  AwaitStep(1);
  EXPECT_EQ(Active().model_version(), "v1");
  v1::PromoteVersionRequest promotion = Promotion("p-2", "v2");
  promotion.set_experiment_id("exp");
  ASSERT_OK(Call(&Stub::PromoteVersion, promotion));
  const std::vector<v1::RampEvent> events = Events();
  EXPECT_EQ(KindsOf(events), (Kinds{v1::RAMP_EVENT_KIND_STARTED, v1::RAMP_EVENT_KIND_STEPPED,
                                    v1::RAMP_EVENT_KIND_ENDED}));
  EXPECT_EQ(events[2].decision(), 1);
  EXPECT_EQ(StateOf().phase(), v1::RAMP_PHASE_ENDED);
}

// The treatment crashes in a quarter of its cases, and looks better by the rest.
TEST_F(RampRuns, HoldsWhileOutcomesAreMissingAndGoesOnOnceTheyAreThere) {
  v1::CreateExperimentRequest request = Ramped(/*promote=*/true);
  request.mutable_plan()->mutable_outcome_window()->set_seconds(60);
  request.mutable_plan()->mutable_min_duration()->set_seconds(3'600);
  ASSERT_OK(Create(request));
  const auto crashes = [](const std::string& arm, int unit) {
    return arm == "treatment" && unit % 4 == 0;
  };
  std::vector<v1::UnitOutcome> missing;
  const Value value = Accepts(4, 7);
  ServeCovered(0, 1'500,
               {{"accepted", [&](const std::string& arm, int unit) -> std::optional<double> {
                   if (!crashes(arm, unit)) return value(arm, unit);
                   const std::string name = "user-" + std::to_string(unit);
                   missing.push_back(OutcomeOf("late-" + name, name, *value(arm, unit)));
                   return std::nullopt;
                 }}});
  clock_.Advance(absl::Minutes(10));
  AwaitPhase(v1::RAMP_PHASE_HOLDING);
  EXPECT_THAT(StateOf().message(), HasSubstr("HOLD stands for arm 'treatment'"));
  EXPECT_EQ(Analyze("exp").comparisons(0).reason(), v1::RECOMMENDATION_REASON_MISSING_OUTCOMES);
  clock_.Advance(absl::Hours(2));
  EXPECT_TRUE(StaysAsItIs()) << "neither a step nor a promotion";
  EXPECT_EQ(StateOf().step(), 0);
  EXPECT_EQ(Active().model_version(), "v1");
  EXPECT_EQ(gate_.questions().size(), 1u);

  // They come late, and happened in time.
  Record(missing);
  AwaitPhase(v1::RAMP_PHASE_ENDED);
  EXPECT_EQ(Active().model_version(), "v2");
  const std::vector<v1::RampEvent> events = Events();
  EXPECT_EQ(KindsOf(events), (Kinds{v1::RAMP_EVENT_KIND_STARTED, v1::RAMP_EVENT_KIND_HELD,
                                    v1::RAMP_EVENT_KIND_RELEASED, v1::RAMP_EVENT_KIND_PROMOTED}));
  EXPECT_GT(events[1].decision(), 0);
}

TEST_F(RampRuns, StopsWhatIsFutile) {
  v1::CreateExperimentRequest request = Ramped(/*promote=*/true);
  request.mutable_plan()->mutable_max_duration()->set_seconds(int64_t{24} * 3'600);
  ASSERT_OK(Create(request));
  ServeCovered(0, 600, {{"accepted", Accepts(5, 5)}});
  clock_.Advance(absl::Hours(24));
  AwaitPhase(v1::RAMP_PHASE_ENDED);
  EXPECT_EQ(Events().back().kind(), v1::RAMP_EVENT_KIND_STOPPED_FUTILE);
  EXPECT_THAT(Get().stop_reason(), HasSubstr("STOP_FUTILE stands for arm 'treatment'"));
  EXPECT_EQ(Active().model_version(), "v1");
}

TEST_F(RampRuns, AsksForARefusedPromotionAgainAndSaysSoOnce) {
  ASSERT_OK(Create(Ramped(/*promote=*/true)));
  gate_.Judge("v2", evalgate::v1::DECISION_BLOCK, "it says no more");
  ServeCovered(0, 1'200, {{"accepted", Accepts(4, 7)}});
  const Kinds refused = {v1::RAMP_EVENT_KIND_STARTED, v1::RAMP_EVENT_KIND_PROMOTION_REFUSED};
  ASSERT_TRUE(PollUntil([&] { return KindsOf(Events()) == refused; }, absl::Seconds(20)));
  EXPECT_THAT(Events()[1].message(), HasSubstr("GATE_NOT_PASSED"));
  EXPECT_THAT(Events()[1].message(), HasSubstr("it says no more"));
  EXPECT_EQ(Events()[1].decision(), 1);
  EXPECT_THAT(StateOf().message(), HasSubstr("refused"));
  const auto asked = [&] { return gate_.questions().size(); };
  EXPECT_TRUE(StaysAsItIs());
  EXPECT_EQ(asked(), 2u) << "for the experiment, and for the promotion";
  clock_.Advance(absl::Minutes(1));
  EXPECT_TRUE(PollUntil([&] { return asked() == 3; }, absl::Seconds(20)));
  Restart();
  EXPECT_TRUE(PollUntil([&] { return asked() == 4; }, absl::Seconds(20)));
  EXPECT_EQ(KindsOf(Events()), refused);
  EXPECT_EQ(Get().state(), v1::EXPERIMENT_STATE_RUNNING);

  gate_.Judge("v2", evalgate::v1::DECISION_PASS);
  clock_.Advance(absl::Minutes(1));
  AwaitPhase(v1::RAMP_PHASE_ENDED);
  EXPECT_EQ(Active().promotion_id(), "ramp:exp:1");
}

TEST_F(RampRuns, GoesOnAfterARestart) {
  v1::CreateExperimentRequest request = Ramped(/*promote=*/true);
  request.mutable_plan()->mutable_primary()->set_counts_as(0);
  ASSERT_OK(Create(request));
  ArmsOf(200);
  clock_.Advance(absl::Hours(1));
  AwaitStep(1);
  const v1::Experiment before = Get();
  const auto arms = ArmsOf(200);
  Restart();
  EXPECT_EQ(Get().SerializeAsString(), before.SerializeAsString());
  EXPECT_EQ(ArmsOf(200), arms);
  clock_.Advance(absl::Hours(1));
  AwaitPhase(v1::RAMP_PHASE_ARRIVED);
  EXPECT_EQ(KindsOf(Events()), (Kinds{v1::RAMP_EVENT_KIND_STARTED, v1::RAMP_EVENT_KIND_STEPPED,
                                      v1::RAMP_EVENT_KIND_STEPPED}));
}

TEST_F(RampRuns, IsPartOfWhatWasAskedFor) {
  ASSERT_OK(Create(Ramped(/*promote=*/true)));
  ServeCovered(0, 200, {{"accepted", Accepts(5, 5)}});
  clock_.Advance(absl::Hours(1));
  AwaitStep(1);
  v1::CreateExperimentResponse replayed;
  ASSERT_OK(Call(&Stub::CreateExperiment, Ramped(/*promote=*/true), &replayed));
  EXPECT_TRUE(replayed.replayed());
  EXPECT_EQ(replayed.experiment().ramp_state().step(), 1);
  EXPECT_THAT(Create(Ramped(/*promote=*/false)),
              testing::HasReason(Reason::kAlreadyExistsWithOtherContent));
}

}  // namespace
}  // namespace flywheel::experiment

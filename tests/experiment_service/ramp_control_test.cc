// What a person does to a ramp, and a rollback of a version.
#include <gmock/gmock.h>

#include <fstream>
#include <string>
#include <vector>

#include "tests/experiment_service/ramp_fixture.h"

namespace flywheel::experiment {
namespace {

using ::flywheel::testing::HasReason;
using ::testing::HasSubstr;

class RampControls : public RampFixture {
 protected:
  grpc::Status StopExperiment() {
    v1::StopExperimentRequest request;
    request.set_experiment_id("exp");
    request.set_reason("enough");
    return Call(&Stub::StopExperiment, request);
  }
};

TEST_F(RampControls, PauseResumeAndAdvanceARamp) {
  ASSERT_OK(Create(Ramped(/*promote=*/false)));
  v1::PauseRampResponse paused;
  ASSERT_OK(Pause("ada", "look first", &paused));
  EXPECT_FALSE(paused.replayed());
  EXPECT_EQ(paused.experiment().ramp_state().phase(), v1::RAMP_PHASE_PAUSED);
  EXPECT_EQ(paused.experiment().ramp_state().message(), "paused by ada: look first");
  ASSERT_OK(Pause("bob", "me too", &paused));
  EXPECT_TRUE(paused.replayed());
  EXPECT_EQ(paused.experiment().ramp_state().message(), "paused by ada: look first");
  clock_.Advance(absl::Hours(2));
  EXPECT_TRUE(StaysAsItIs());

  v1::AdvanceRampResponse advanced;
  ASSERT_OK(Advance(1, &advanced));
  EXPECT_FALSE(advanced.replayed());
  EXPECT_EQ(advanced.experiment().ramp_state().step(), 1);
  EXPECT_EQ(advanced.experiment().ramp_state().phase(), v1::RAMP_PHASE_PAUSED);
  ASSERT_OK(Advance(1, &advanced));
  EXPECT_TRUE(advanced.replayed()) << "sent twice it goes one step";
  EXPECT_EQ(advanced.experiment().ramp_state().step(), 1);
  EXPECT_THAT(Advance(3, &advanced), HasReason(Reason::kInvalidArgument));

  clock_.Advance(absl::Hours(2));
  v1::ResumeRampResponse resumed;
  ASSERT_OK(Resume(&resumed));
  EXPECT_FALSE(resumed.replayed());
  EXPECT_EQ(resumed.experiment().ramp_state().phase(), v1::RAMP_PHASE_CLIMBING);
  EXPECT_EQ(resumed.experiment().ramp_state().step_time().seconds(), 1'800'014'400);
  ASSERT_OK(Resume(&resumed));
  EXPECT_TRUE(resumed.replayed());
  EXPECT_TRUE(StaysAsItIs()) << "its hour counts anew";
  ASSERT_OK(Advance(2, &advanced));
  EXPECT_EQ(advanced.experiment().ramp_state().phase(), v1::RAMP_PHASE_ARRIVED);
  const grpc::Status beyond = Advance(3, &advanced);
  EXPECT_THAT(beyond, HasReason(Reason::kInvalidArgument));
  EXPECT_THAT(beyond.error_message(), HasSubstr("2 (from 0) is the last step"));
  Restart();
  EXPECT_EQ(Get().SerializeAsString(), advanced.experiment().SerializeAsString());

  const std::vector<v1::RampEvent> events = Events("exp", /*page_size=*/2);
  ASSERT_EQ(KindsOf(events), (Kinds{v1::RAMP_EVENT_KIND_STARTED, v1::RAMP_EVENT_KIND_PAUSED,
                                    v1::RAMP_EVENT_KIND_ADVANCED, v1::RAMP_EVENT_KIND_RESUMED,
                                    v1::RAMP_EVENT_KIND_ADVANCED}));
  EXPECT_EQ(events[1].owner(), "ada");
  EXPECT_EQ(events[1].message(), "look first");
  EXPECT_EQ(events[1].key_id(), "");
  EXPECT_EQ(events[2].from_step(), 0);
  EXPECT_EQ(events[2].to_step(), 1);
  EXPECT_EQ(events[2].message(), "it looks well");
}

// Nobody pauses to hurt more people.
TEST_F(RampControls, APausedRampEndsForHarm) {
  ASSERT_OK(Create(Ramped(/*promote=*/true)));
  v1::PauseRampResponse paused;
  ASSERT_OK(Pause("ada", "look first", &paused));
  ServeCovered(0, 400, {{"accepted", Accepts(8, 2)}});
  ASSERT_EQ(Analyze("exp").comparisons(0).recommendation(), v1::RECOMMENDATION_ROLLBACK);
  AwaitPhase(v1::RAMP_PHASE_ENDED);
  EXPECT_EQ(Events().back().kind(), v1::RAMP_EVENT_KIND_ROLLED_BACK);
}

TEST_F(RampControls, ARampEndsWithItsExperiment) {
  ASSERT_OK(Create(Ramped(/*promote=*/true)));
  ASSERT_OK(StopExperiment());
  EXPECT_EQ(StateOf().phase(), v1::RAMP_PHASE_ENDED);
  EXPECT_EQ(StateOf().message(), "enough");
  EXPECT_EQ(KindsOf(Events()), (Kinds{v1::RAMP_EVENT_KIND_STARTED, v1::RAMP_EVENT_KIND_ENDED}));
  v1::PauseRampResponse paused;
  EXPECT_THAT(Pause("ada", "too late", &paused), HasReason(Reason::kAlreadyEnded));
  v1::AdvanceRampResponse advanced;
  EXPECT_THAT(Advance(1, &advanced), HasReason(Reason::kAlreadyEnded));
}

TEST_F(RampControls, ThereIsNothingToPauseWithoutARamp) {
  v1::PauseRampResponse paused;
  EXPECT_THAT(Pause("ada", "why not", &paused), HasReason(Reason::kNotFound));
  v1::ListRampEventsRequest list;
  list.set_experiment_id("exp");
  v1::ListRampEventsResponse listed;
  EXPECT_THAT(CallRamp(&Ramps::ListRampEvents, list, &listed), HasReason(Reason::kNotFound));
  ASSERT_OK(Create(Comparison("exp")));
  EXPECT_FALSE(Get().has_ramp());
  EXPECT_FALSE(Get().has_ramp_state());
  EXPECT_TRUE(Events().empty());
  const grpc::Status without = Pause("ada", "why not", &paused);
  EXPECT_THAT(without, HasReason(Reason::kNotFound));
  EXPECT_THAT(without.error_message(), HasSubstr("ramp of experiment"));
}

TEST_F(RampControls, AnEventNamesTheKey) {
  api_keys_file_ = directory_->path() + "/keys";
  key_ = "key-of-the-release-ci";
  std::ofstream(api_keys_file_) << "release " << key_ << " default operator\n";
  Restart();
  ASSERT_OK(Create(Ramped(/*promote=*/true)));
  v1::PauseRampResponse paused;
  ASSERT_OK(Pause("ada", "look first", &paused));
  EXPECT_EQ(Events()[0].key_id(), "release");
  EXPECT_EQ(Events()[1].key_id(), "release");
}

class Rollbacks : public RampFixture {
 protected:
  static v1::RollbackVersionRequest Back(const std::string& promotion_id, const std::string& from) {
    v1::RollbackVersionRequest request;
    request.set_promotion_id(promotion_id);
    request.set_from_model_version(from);
    request.set_agent("helper");
    request.set_owner("ada");
    request.set_reason("it answers in the wrong language");
    return request;
  }
  grpc::Status Roll(const v1::RollbackVersionRequest& request,
                    v1::RollbackVersionResponse* response) {
    return Call(&Stub::RollbackVersion, request, response);
  }
};

TEST_F(Rollbacks, MakeTheVersionBeforeActiveAgain) {
  v1::RollbackVersionResponse back;
  EXPECT_THAT(Roll(Back("p-back", "v1"), &back), HasReason(Reason::kNotFound))
      << "v1 was the first";
  ASSERT_OK(Call(&Stub::PromoteVersion, Waived("p-2", "v2")));
  ASSERT_OK(Call(&Stub::PromoteVersion, Waived("p-2-again", "v2")));
  ASSERT_OK(Roll(Back("p-back", "v2"), &back));
  EXPECT_FALSE(back.replayed());
  EXPECT_EQ(back.active_version().model_version(), "v1");
  EXPECT_EQ(back.active_version().promotion_id(), "p-back");
  EXPECT_EQ(back.active_version().waiver().owner(), "ada");
  EXPECT_EQ(back.active_version().waiver().reason(), "it answers in the wrong language");
  EXPECT_EQ(Active().model_version(), "v1");
  EXPECT_THAT(Roll(Back("p-too", "v2"), &back), HasReason(Reason::kVersionNotActive))
      << "two people at once roll back once";
  EXPECT_EQ(Active().model_version(), "v1");
  ASSERT_OK(Roll(Back("p-forth", "v1"), &back));
  EXPECT_EQ(Active().model_version(), "v2") << "who names v1 undoes the first one";

  ASSERT_OK(Call(&Stub::PromoteVersion, Waived("p-3", "v3")));
  ASSERT_OK(Roll(Back("p-back", "v2"), &back));
  EXPECT_TRUE(back.replayed());
  EXPECT_EQ(back.active_version().model_version(), "v1");
  EXPECT_EQ(Active().model_version(), "v3") << "a replay changes nothing";
  v1::RollbackVersionRequest other = Back("p-back", "v3");
  other.set_reason("another one");
  EXPECT_THAT(Roll(other, &back), HasReason(Reason::kAlreadyExistsWithOtherContent));
  other = Back("p-other", "v3");
  other.set_agent("nobody");
  EXPECT_THAT(Roll(other, &back), HasReason(Reason::kNotFound));
}

// Whoever rolled it back has seen what the experiment had not.
TEST_F(Rollbacks, UseUpTheEvidenceOfWhatTheyLeave) {
  ASSERT_OK(Create(Comparison("exp")));
  Serve(0, 1'200, [](const std::string& arm, int unit) {
    return unit % 10 < (arm == "treatment" ? 7 : 4) ? 1.0 : 0.0;
  });
  v1::PromoteVersionRequest promotion = Promotion("p-2", "v2");
  promotion.set_experiment_id("exp");
  ASSERT_OK(Call(&Stub::PromoteVersion, promotion));
  v1::RollbackVersionResponse back;
  ASSERT_OK(Roll(Back("p-back", "v2"), &back));
  promotion.set_promotion_id("p-again");
  const grpc::Status refused = Call(&Stub::PromoteVersion, promotion);
  EXPECT_THAT(refused, HasReason(Reason::kNotRecommended));
  EXPECT_THAT(refused.error_message(), HasSubstr("before, by promotion 'p-2'"));
  EXPECT_EQ(Active().model_version(), "v1");
}

TEST_F(Rollbacks, StopWhatRuns) {
  ASSERT_OK(Call(&Stub::PromoteVersion, Waived("p-3", "v3")));
  v1::CreateExperimentRequest request = Ramped(/*promote=*/true);
  request.mutable_arms(0)->set_model_version("v3");
  ASSERT_OK(Create(request));
  v1::RollbackVersionResponse back;
  ASSERT_OK(Roll(Back("p-back", "v3"), &back));
  EXPECT_EQ(Get().state(), v1::EXPERIMENT_STATE_STOPPED);
  EXPECT_THAT(Get().stop_reason(), HasSubstr("p-back"));
  EXPECT_EQ(KindsOf(Events()), (Kinds{v1::RAMP_EVENT_KIND_STARTED, v1::RAMP_EVENT_KIND_ENDED}));
  EXPECT_EQ(Events()[1].decision(), 0);
  EXPECT_EQ(Assign("user-1").model_version(), "v1");
}

}  // namespace
}  // namespace flywheel::experiment

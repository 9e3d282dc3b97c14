#include "tests/experiment_service/service_fixture.h"

namespace flywheel::experiment {
namespace {

using ::flywheel::testing::HasReason;
using ::testing::HasSubstr;

auto EndsEarly() {
  return ::testing::AnyOf(grpc::StatusCode::DEADLINE_EXCEEDED, grpc::StatusCode::CANCELLED);
}

class Gate : public ServiceFixture {
 protected:
  void SetUp() override {
    ServiceFixture::SetUp();
    PromoteFirstVersion();
  }
  // As Comparison, with a second treatment that serves "v7".
  static v1::CreateExperimentRequest ThreeArms() {
    v1::CreateExperimentRequest request = Comparison("exp");
    // Of a treatment and the control, which have two of three units.
    request.mutable_plan()->set_min_units(500);
    v1::Arm* arm = request.add_arms();
    arm->set_arm_id("third");
    arm->set_model_version("v7");
    arm->set_weight(1);
    return request;
  }
  v1::Experiment Get() {
    v1::GetExperimentRequest get;
    get.set_experiment_id("exp");
    v1::GetExperimentResponse response;
    EXPECT_OK(Call(&Stub::GetExperiment, get, &response));
    return response.experiment();
  }
  static v1::CreateExperimentRequest WaivedComparison() {
    v1::CreateExperimentRequest request = Comparison("exp");
    request.mutable_waiver()->set_owner("grace");
    request.mutable_waiver()->set_reason("a fix that cannot wait");
    return request;
  }
  static v1::PromoteVersionRequest ByExperiment() {
    v1::PromoteVersionRequest request = Promotion("p-2", "v2");
    request.set_experiment_id("exp");
    return request;
  }
  // A call whose caller waits 300 ms for a gate that does not answer.
  template <typename Request, typename Response>
  grpc::Status CallBriefly(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                        Response*),
                           const Request& request) {
    gate_.HoldAnswers(true);
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::milliseconds(300));
    Response response;
    return (stub_.get()->*method)(&context, request, &response);
  }
  // Ends what runs, then lets the gate answer.
  void RestartWithAnswers() {
    const absl::Time begin = absl::Now();
    server_->Stop(absl::Seconds(20));
    EXPECT_LT(absl::Now() - begin, absl::Seconds(3)) << "the call ends with its caller's deadline";
    gate_.HoldAnswers(false);
    server_.reset();
    StartServer();
  }
  void MakeTreatmentBetter() {
    Serve(0, 1'000, [](const std::string& arm, int unit) {
      return unit % 10 < (arm == "treatment" ? 7 : 4) ? 1.0 : 0.0;
    });
  }
};

TEST_F(Gate, KeepsOutWhatItBlocks) {
  gate_.Judge("v2", evalgate::v1::DECISION_BLOCK, "BLOCK by verdict 'v-7': it stands");
  const grpc::Status status = Create(Comparison("exp"));
  EXPECT_THAT(status, HasReason(Reason::kGateNotPassed));
  EXPECT_THAT(status.error_message(),
              HasSubstr("let it ship: BLOCK (BLOCK by verdict 'v-7': it stands)"));
  EXPECT_EQ(Assign("user-1").experiment_id(), "") << "nothing was made";
}

TEST_F(Gate, KeepsOutWhatIsInconclusiveOrNotJudged) {
  gate_.Judge("v2", evalgate::v1::DECISION_INCONCLUSIVE);
  EXPECT_THAT(Create(Comparison("exp")), HasReason(Reason::kGateNotPassed));
  v1::CreateExperimentRequest unknown = Comparison("exp");
  unknown.mutable_arms(1)->set_model_version("v7");
  EXPECT_THAT(Create(unknown), HasReason(Reason::kGateNotPassed));
}

TEST_F(Gate, IsAskedAboutEveryTreatment) {
  EXPECT_THAT(Create(ThreeArms()), HasReason(Reason::kGateNotPassed));
  gate_.Judge("v7", evalgate::v1::DECISION_PASS);
  EXPECT_OK(Create(ThreeArms()));
}

TEST_F(Gate, IsAskedForTheAgentAndTheVersionThatServes) {
  ASSERT_OK(Create(Comparison("exp")));
  EXPECT_EQ(gate_.last_request().agent(), "helper");
  EXPECT_EQ(gate_.last_request().baseline_model_version(), "v1");
}

TEST_F(Gate, DecidesWhatMayShipWhateverItFound) {
  evalgate::v1::GetShipDecisionResponse answer;
  answer.set_decision(evalgate::v1::DECISION_BLOCK);
  answer.set_may_ship(true);  // Somebody waived its verdicts there.
  gate_.Answer("v2", answer);
  EXPECT_OK(Create(Comparison("exp")));
}

TEST_F(Gate, KeepsOutWhatItDoesNotSayMayShip) {
  evalgate::v1::GetShipDecisionResponse answer;
  answer.set_decision(evalgate::v1::DECISION_PASS);
  gate_.Answer("v2", answer);
  EXPECT_THAT(Create(Comparison("exp")), HasReason(Reason::kGateNotPassed));
}

TEST_F(Gate, ThatWasGivenNoPolicySaysWhatIsToBeDone) {
  gate_.Judge("v2", evalgate::v1::DECISION_NOT_CONFIGURED);
  const grpc::Status status = Create(Comparison("exp"));
  EXPECT_THAT(status, HasReason(Reason::kGateNotPassed));
  EXPECT_THAT(status.error_message(), HasSubstr("NOT_CONFIGURED"));
  EXPECT_THAT(status.error_message(), HasSubstr("agent 'helper' has no release policy"));
  EXPECT_THAT(status.error_message(), HasSubstr("SetReleasePolicy"));
}

TEST_F(Gate, IsQuotedWhereItSaysSomethingElse) {
  gate_.Refuse(grpc::StatusCode::UNIMPLEMENTED);
  EXPECT_EQ(Create(Comparison("exp")).error_code(), grpc::StatusCode::UNIMPLEMENTED);
}

TEST_F(Gate, ThatRefusesThisServiceIsForItsOperatorToMend) {
  for (const auto code : {grpc::StatusCode::UNAUTHENTICATED, grpc::StatusCode::PERMISSION_DENIED}) {
    gate_.Refuse(code);
    const grpc::Status status = Create(Comparison("exp"));
    EXPECT_THAT(status, HasReason(Reason::kUpstreamRefused));
    EXPECT_THAT(status.error_message(), HasSubstr("--upstream-key-file"));
    EXPECT_FALSE(errors::RetryDelayOf(rpc::FromGrpcStatus(status)).has_value());
  }
}

TEST_F(Gate, IsWaivedForTheNamedVersionsAlone) {
  v1::CreateExperimentRequest request = ThreeArms();
  request.mutable_waiver()->set_owner("grace");
  request.mutable_waiver()->set_reason("a fix that cannot wait");
  EXPECT_THAT(Create(request), HasReason(Reason::kInvalidArgument)) << "which of the two?";
  request.mutable_waiver()->add_model_versions("v7");
  gate_.Judge("v2", evalgate::v1::DECISION_BLOCK);
  EXPECT_THAT(Create(request), HasReason(Reason::kGateNotPassed)) << "nobody answered for v2";
  gate_.Judge("v2", evalgate::v1::DECISION_PASS);
  ASSERT_OK(Create(request));
  EXPECT_EQ(gate_.questions().back(), "default/v2");
  ASSERT_EQ(Get().waiver().model_versions_size(), 1);
  EXPECT_EQ(Get().waiver().model_versions(0), "v7");

  MakeTreatmentBetter();
  gate_.Judge("v2", evalgate::v1::DECISION_BLOCK);
  EXPECT_THAT(Call(&Stub::PromoteVersion, ByExperiment()), HasReason(Reason::kGateNotPassed))
      << "the waiver is for v7";
}

TEST_F(Gate, PromotionUnderTheExperimentsWaiverSaysWhoAnswers) {
  ASSERT_OK(Create(WaivedComparison()));
  MakeTreatmentBetter();
  gate_.Judge("v2", evalgate::v1::DECISION_BLOCK);
  v1::PromoteVersionResponse promoted;
  ASSERT_OK(Call(&Stub::PromoteVersion, ByExperiment(), &promoted));
  EXPECT_EQ(promoted.active_version().experiment_id(), "exp");
  EXPECT_EQ(promoted.active_version().waiver().owner(), "grace");
  EXPECT_EQ(promoted.active_version().waiver().reason(), "a fix that cannot wait");
  ASSERT_OK(Call(&Stub::PromoteVersion, ByExperiment(), &promoted));
  EXPECT_TRUE(promoted.replayed()) << "the waiver is no part of what is asked for";
  EXPECT_EQ(promoted.active_version().waiver().owner(), "grace");
}

TEST_F(Gate, WaiverThatNamesTheOnlyTreatmentIsTheSameAsOneThatNamesNone) {
  ASSERT_OK(Create(WaivedComparison()));
  ASSERT_EQ(Get().waiver().model_versions_size(), 1);
  EXPECT_EQ(Get().waiver().model_versions(0), "v2");
  v1::CreateExperimentRequest spelled_out = WaivedComparison();
  spelled_out.mutable_waiver()->add_model_versions("v2");
  v1::CreateExperimentResponse response;
  ASSERT_OK(Call(&Stub::CreateExperiment, spelled_out, &response));
  EXPECT_TRUE(response.replayed());
  Restart();
  EXPECT_EQ(Get().waiver().model_versions_size(), 1);
}

TEST_F(Gate, WaiverForAVersionThatIsNotComparedIsRefused) {
  for (const char* version : {"v1", "v9", ""}) {
    v1::CreateExperimentRequest request = WaivedComparison();
    request.mutable_waiver()->add_model_versions(version);
    EXPECT_THAT(Create(request), HasReason(Reason::kInvalidArgument)) << version;
  }
  v1::PromoteVersionRequest promotion = Waived("p-5", "v5");
  promotion.mutable_waiver()->add_model_versions("v6");
  EXPECT_THAT(Call(&Stub::PromoteVersion, promotion), HasReason(Reason::kInvalidArgument));
  promotion.mutable_waiver()->set_model_versions(0, "v5");
  v1::PromoteVersionResponse promoted;
  ASSERT_OK(Call(&Stub::PromoteVersion, promotion, &promoted));
  EXPECT_EQ(promoted.active_version().waiver().model_versions(0), "v5");
}

TEST_F(Gate, ThatIsDownDelaysNewExperimentsAndNothingElse) {
  gate_.Stop();
  const grpc::Status status = Create(Comparison("exp"));
  EXPECT_THAT(status, HasReason(Reason::kUpstreamUnavailable));
  EXPECT_TRUE(errors::RetryDelayOf(rpc::FromGrpcStatus(status)).has_value());
  Restart();
  EXPECT_EQ(Assign("user-1").model_version(), "v1");
  ASSERT_OK(Create(WaivedComparison())) << "a waiver needs no gate";
  EXPECT_EQ(Assign("user-1").experiment_id(), "exp");
}

TEST_F(Gate, ThatDoesNotAnswerHoldsUpACreationUntilTheCallersDeadline) {
  EXPECT_THAT(CallBriefly(&Stub::CreateExperiment, Comparison("exp")).error_code(), EndsEarly());
  EXPECT_LT(gate_.last_time_left(), absl::Seconds(1)) << "it was told of the deadline";
  RestartWithAnswers();
  EXPECT_EQ(Assign("user-1").experiment_id(), "") << "nothing was made";
  EXPECT_OK(Create(Comparison("exp")));
}

TEST_F(Gate, ThatDoesNotAnswerHoldsUpAPromotionUntilTheCallersDeadline) {
  ASSERT_OK(Create(Comparison("exp")));
  MakeTreatmentBetter();
  EXPECT_THAT(CallBriefly(&Stub::PromoteVersion, ByExperiment()).error_code(), EndsEarly());
  EXPECT_LT(gate_.last_time_left(), absl::Seconds(1)) << "it was told of the deadline";
  RestartWithAnswers();
  EXPECT_EQ(Assign("user-1").experiment_id(), "exp") << "the experiment runs on";
  v1::PromoteVersionResponse promoted;
  ASSERT_OK(Call(&Stub::PromoteVersion, ByExperiment(), &promoted));
  EXPECT_FALSE(promoted.replayed()) << "nothing was promoted before";
}

TEST_F(Gate, IsWaivedByNameAndTheNameIsKept) {
  gate_.Judge("v2", evalgate::v1::DECISION_BLOCK);
  ASSERT_OK(Create(WaivedComparison()));
  EXPECT_TRUE(gate_.questions().empty());
  v1::GetExperimentRequest get;
  get.set_experiment_id("exp");
  v1::GetExperimentResponse response;
  ASSERT_OK(Call(&Stub::GetExperiment, get, &response));
  EXPECT_EQ(response.experiment().waiver().owner(), "grace");

  MakeTreatmentBetter();
  EXPECT_OK(Call(&Stub::PromoteVersion, ByExperiment())) << "the experiment carries the waiver";
}

TEST_F(Gate, IsAskedAgainBeforeAPromotion) {
  ASSERT_OK(Create(Comparison("exp")));
  MakeTreatmentBetter();
  gate_.Judge("v2", evalgate::v1::DECISION_BLOCK);
  EXPECT_THAT(Call(&Stub::PromoteVersion, ByExperiment()), HasReason(Reason::kGateNotPassed));
  gate_.Judge("v2", evalgate::v1::DECISION_PASS);
  EXPECT_OK(Call(&Stub::PromoteVersion, ByExperiment()));
  const size_t questions = gate_.questions().size();
  gate_.Stop();
  v1::PromoteVersionResponse replay;
  ASSERT_OK(Call(&Stub::PromoteVersion, ByExperiment(), &replay));
  EXPECT_TRUE(replay.replayed());
  EXPECT_EQ(gate_.questions().size(), questions);
}

TEST_F(Gate, ThatIsDownDelaysAPromotionByEvidenceButNotOneByName) {
  ASSERT_OK(Create(Comparison("exp")));
  MakeTreatmentBetter();
  gate_.Stop();
  EXPECT_THAT(Call(&Stub::PromoteVersion, ByExperiment()), HasReason(Reason::kUpstreamUnavailable));
  EXPECT_OK(Call(&Stub::PromoteVersion, Waived("p-3", "v0")));
}

}  // namespace
}  // namespace flywheel::experiment

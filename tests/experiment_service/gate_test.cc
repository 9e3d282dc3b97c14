#include "tests/experiment_service/service_fixture.h"

namespace flywheel::experiment {
namespace {

using ::flywheel::testing::HasReason;
using ::testing::HasSubstr;

class Gate : public ServiceFixture {
 protected:
  void SetUp() override {
    ServiceFixture::SetUp();
    PromoteFirstVersion();
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
  void MakeTreatmentBetter() {
    Serve(0, 1'000, [](const std::string& arm, int unit) {
      return unit % 10 < (arm == "treatment" ? 7 : 4) ? 1.0 : 0.0;
    });
  }
};

TEST_F(Gate, KeepsOutWhatItBlocks) {
  gate_.Judge("v2", evalgate::v1::DECISION_BLOCK);
  const grpc::Status status = Create(Comparison("exp"));
  EXPECT_THAT(status, HasReason(Reason::kGateNotPassed));
  EXPECT_THAT(status.error_message(), HasSubstr("BLOCK"));
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
  v1::CreateExperimentRequest request = Comparison("exp");
  v1::Arm* arm = request.add_arms();
  arm->set_arm_id("third");
  arm->set_model_version("v7");
  arm->set_weight(1);
  EXPECT_THAT(Create(request), HasReason(Reason::kGateNotPassed));
  gate_.Judge("v7", evalgate::v1::DECISION_PASS);
  EXPECT_OK(Create(request));
}

TEST_F(Gate, ThatIsDownDelaysNewExperimentsAndNothingElse) {
  gate_.Stop();
  const grpc::Status status = Create(Comparison("exp"));
  EXPECT_THAT(status, HasReason(Reason::kNeighbourUnavailable));
  EXPECT_TRUE(errors::RetryDelayOf(rpc::FromGrpcStatus(status)).has_value());
  Restart();
  EXPECT_EQ(Assign("user-1").model_version(), "v1");
  ASSERT_OK(Create(WaivedComparison())) << "a waiver needs no gate";
  EXPECT_EQ(Assign("user-1").experiment_id(), "exp");
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
  EXPECT_THAT(Call(&Stub::PromoteVersion, ByExperiment()),
              HasReason(Reason::kNeighbourUnavailable));
  EXPECT_OK(Call(&Stub::PromoteVersion, Waived("p-3", "v0")));
}

}  // namespace
}  // namespace flywheel::experiment

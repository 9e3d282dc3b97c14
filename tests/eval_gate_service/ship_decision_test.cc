// "May this version ship?": what cannot be asked until the answer is yes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/eval_gate_service/eval_gate_fixture.h"

namespace flywheel::evalgate {
namespace {

using testing::HasReason;
using ::testing::HasSubstr;
using testing::IsOk;

class ShipDecisions : public EvalGateTest {
 protected:
  // "s1": 400 cases; "m1" is good, "bad" far below the floor.
  void SetUp() override {
    MakeSuite(400);
    SubmitAll("m1", 400, /*wrong=*/4);
    SubmitAll("bad", 400, /*wrong=*/80);
  }

  void ExpectBlocked(const std::string& model_version, const std::string& verdict_id) {
    const v1::GetShipDecisionResponse response = ShipDecision(model_version);
    EXPECT_EQ(response.decision(), v1::DECISION_BLOCK);
    EXPECT_EQ(response.verdict().verdict_id(), verdict_id);
  }
};

TEST_F(ShipDecisions, AnEasierSuiteDoesNotTakeABlockBack) {
  ASSERT_OK(Judge("v1", "bad"));
  v1::CreateSuiteRequest easy = SuiteRequest("easy");
  easy.mutable_policy()->set_pass_rate_floor(0.5);
  ASSERT_OK(Create(easy));
  SubmitAll("bad", 400, /*wrong=*/80, "easy");
  ASSERT_OK(Judge("v2", "bad", "", "easy"));
  ASSERT_EQ(judged_.verdict().decision(), v1::DECISION_PASS);
  ExpectBlocked("bad", "v1");
}

TEST_F(ShipDecisions, ASmallerSuiteDoesNotTakeABlockBack) {
  ASSERT_OK(Judge("v1", "bad"));
  PutRows(40, "", "d-small");
  ASSERT_OK(Create(SuiteRequest("small", "d-small")));
  SubmitAll("bad", 40, /*wrong=*/0, "small");
  ASSERT_OK(Judge("v2", "bad", "", "small"));
  ASSERT_EQ(judged_.verdict().decision(), v1::DECISION_PASS);
  ExpectBlocked("bad", "v1");
}

TEST_F(ShipDecisions, AJudgementWithoutBaselineDoesNotTakeABlockAgainstItBack) {
  SubmitAll("worse", 400, /*wrong=*/18);
  ASSERT_OK(Judge("v1", "worse", "m1"));
  ASSERT_EQ(judged_.verdict().decision(), v1::DECISION_BLOCK);
  ASSERT_OK(Judge("v2", "worse"));
  ASSERT_EQ(judged_.verdict().decision(), v1::DECISION_PASS);
  ExpectBlocked("worse", "v1");
}

TEST_F(ShipDecisions, AWeakerBaselineDoesNotTakeABlockBack) {
  SubmitAll("worse", 400, /*wrong=*/18);
  ASSERT_OK(Judge("v1", "worse", "m1"));
  ASSERT_OK(Judge("v2", "worse", "bad"));
  ASSERT_EQ(judged_.verdict().decision(), v1::DECISION_PASS);
  ExpectBlocked("worse", "v1");
}

TEST_F(ShipDecisions, AnotherTryOnASuiteWithTheSameBarDoesNotTakeABlockBack) {
  ASSERT_OK(Judge("v1", "bad"));
  const std::string bar_hash = judged_.verdict().bar_hash();
  ASSERT_OK(Create(SuiteRequest("copy")));
  SubmitAll("bad", 400, /*wrong=*/0, "copy");
  ASSERT_OK(Judge("v2", "bad", "", "copy"));
  ASSERT_EQ(judged_.verdict().decision(), v1::DECISION_PASS);
  ASSERT_EQ(judged_.verdict().bar_hash(), bar_hash);
  ExpectBlocked("bad", "v1");
}

TEST_F(ShipDecisions, AskingTheSameAgainGivesTheSame) {
  ASSERT_OK(Judge("v1", "bad"));
  ASSERT_OK(Judge("v2", "bad"));
  EXPECT_EQ(judged_.verdict().decision(), v1::DECISION_BLOCK);
  ExpectBlocked("bad", "v2");
}

TEST_F(ShipDecisions, AnInconclusiveVerdictStandsToo) {
  PutRows(20, "", "d-small");
  ASSERT_OK(Create(SuiteRequest("small", "d-small")));
  SubmitAll("m1", 20, /*wrong=*/0, "small");
  ASSERT_OK(Judge("v1", "m1", "", "small"));
  ASSERT_OK(Judge("v2", "m1"));
  ASSERT_EQ(judged_.verdict().decision(), v1::DECISION_PASS);
  EXPECT_EQ(ShipDecision("m1").decision(), v1::DECISION_INCONCLUSIVE);
  EXPECT_EQ(ShipDecision("m1").verdict().verdict_id(), "v1");
}

TEST_F(ShipDecisions, AMendedModelShipsUnderANewVersionId) {
  ASSERT_OK(Judge("v1", "bad"));
  SubmitAll("mended", 400);
  ASSERT_OK(Judge("v2", "mended"));
  EXPECT_EQ(ShipDecision("mended").decision(), v1::DECISION_PASS);
}

TEST_F(ShipDecisions, ABlockAfterAPassTakesEffect) {
  SubmitAll("worse", 400, /*wrong=*/18);
  ASSERT_OK(Judge("v1", "worse"));
  EXPECT_EQ(ShipDecision("worse").decision(), v1::DECISION_PASS);
  clock_.Advance(-absl::Hours(1));
  ASSERT_OK(Judge("v2", "worse", "m1"));
  ExpectBlocked("worse", "v2");
}

TEST_F(ShipDecisions, APassForAnotherAgentIsNone) {
  PutRows(100, "", "d-other");
  curation_.SetAgent("d-other", "another");
  ASSERT_OK(Create(SuiteRequest("other", "d-other")));
  SubmitAll("m1", 100, /*wrong=*/0, "other");
  ASSERT_OK(Judge("v1", "m1", "", "other"));
  EXPECT_EQ(ShipDecision("m1", "another").decision(), v1::DECISION_PASS);
  EXPECT_EQ(ShipDecision("m1", "helper").decision(), v1::DECISION_UNSPECIFIED);
  EXPECT_FALSE(ShipDecision("m1", "helper").has_verdict());
}

TEST_F(ShipDecisions, APassAgainstAnotherBaselineThanTheAskedOneIsInconclusive) {
  ASSERT_OK(Judge("floors", "m1"));
  EXPECT_EQ(ShipDecision("m1").decision(), v1::DECISION_PASS);
  // Without a comparison the largest margin that an operator allows would mean nothing.
  EXPECT_EQ(ShipDecision("m1", "helper", "serving").decision(), v1::DECISION_INCONCLUSIVE);
  ASSERT_OK(Judge("against-bad", "m1", "bad"));
  EXPECT_EQ(ShipDecision("m1").decision(), v1::DECISION_PASS);
  EXPECT_EQ(ShipDecision("m1", "helper", "bad").decision(), v1::DECISION_PASS);
  const v1::GetShipDecisionResponse other = ShipDecision("m1", "helper", "serving");
  EXPECT_EQ(other.decision(), v1::DECISION_INCONCLUSIVE);
  EXPECT_EQ(other.verdict().baseline_model_version(), "bad");

  SubmitAll("serving", 400, /*wrong=*/4);
  ASSERT_OK(Judge("against-serving", "m1", "serving"));
  ASSERT_OK(Judge("against-bad-again", "m1", "bad"));
  EXPECT_EQ(ShipDecision("m1", "helper", "serving").decision(), v1::DECISION_PASS);
  EXPECT_EQ(ShipDecision("m1", "helper", "serving").verdict().verdict_id(), "against-serving");
  EXPECT_EQ(ShipDecision("m1").verdict().verdict_id(), "floors") << "what answers the question";
}

TEST_F(ShipDecisions, ThereIsNoShortFormOfTheQuestion) {
  ASSERT_OK(Judge("floors", "m1"));
  v1::GetShipDecisionRequest whole;
  whole.set_model_version("m1");
  whole.set_agent("helper");
  whole.set_no_baseline(true);
  const auto refusal_of = [&](const v1::GetShipDecisionRequest& request) {
    v1::GetShipDecisionResponse response;
    const grpc::Status status =
        Call(&v1::EvalGateService::Stub::GetShipDecision, request, response);
    EXPECT_THAT(status, HasReason(Reason::kInvalidArgument)) << request.ShortDebugString();
    return status.error_message();
  };
  v1::GetShipDecisionResponse response;
  ASSERT_OK(Call(&v1::EvalGateService::Stub::GetShipDecision, whole, response));
  EXPECT_EQ(response.decision(), v1::DECISION_PASS);
  v1::GetShipDecisionRequest request = whole;
  request.clear_model_version();
  EXPECT_THAT(refusal_of(request), HasSubstr("model_version"));
  request = whole;
  request.clear_agent();
  EXPECT_THAT(refusal_of(request), HasSubstr("agent"));
  request = whole;
  request.clear_baseline();
  EXPECT_THAT(refusal_of(request),
              HasSubstr("baseline_model_version (the version that serves now), or no_baseline"));
  request.set_no_baseline(false);
  EXPECT_THAT(refusal_of(request), HasSubstr("no_baseline"));
  request.set_baseline_model_version("");
  EXPECT_THAT(refusal_of(request), HasSubstr("baseline_model_version"));
  request.set_baseline_model_version(std::string(129, 'm'));
  EXPECT_THAT(refusal_of(request), HasSubstr("baseline_model_version"));
}

}  // namespace
}  // namespace flywheel::evalgate

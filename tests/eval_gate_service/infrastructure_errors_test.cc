// Errors of the infrastructure: how often an attempt at a case may end in one.
#include <gtest/gtest.h>

#include <string>

#include "tests/eval_gate_service/eval_gate_fixture.h"

namespace flywheel::evalgate {
namespace {

using testing::HasReason;
using ::testing::HasSubstr;

class InfrastructureErrors : public EvalGateTest {
 protected:
  void SetUp() override {
    EvalGateTest::SetUp();
    MakeSuite(20);
    ASSERT_OK(StartRun("r1", "m1"));
  }

  // One output of the run; an answer where `error` is empty.
  common::v1::ItemResult Send(int i, const std::string& error, int attempt = 1) {
    v1::SubmitOutputsRequest request;
    request.set_run_id("r1");
    v1::CaseOutput& output = *request.add_outputs();
    output.set_case_id(CaseId(i));
    output.set_attempt(attempt);
    if (error.empty()) output.set_output("answer " + CaseId(i));
    output.set_infrastructure_error(error);
    EXPECT_OK(Call(&v1::RunService::Stub::SubmitOutputs, request, outputs_));
    return outputs_.results(0);
  }

  v1::Run Get() {
    v1::GetRunRequest request;
    request.set_run_id("r1");
    v1::GetRunResponse response;
    EXPECT_OK(Call(&v1::RunService::Stub::GetRun, request, response));
    return response.run();
  }

  v1::SetReleasePolicyRequest Policy(int64_t policy_version, int most) {
    v1::SetReleasePolicyRequest request = PolicyRequest(policy_version);
    request.mutable_policy()->mutable_suites(0)->set_most_infrastructure_errors(most);
    return request;
  }

  static std::string Error(int i) { return "429 at " + std::to_string(i); }
};

TEST_F(InfrastructureErrors, AreTakenTenTimesAnAttemptAndThenAnAnswerIsStill) {
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(Send(0, Error(i)).status(), common::v1::ITEM_STATUS_STORED) << i;
  }
  const common::v1::ItemResult refused = Send(0, Error(10));
  EXPECT_EQ(refused.status(), common::v1::ITEM_STATUS_REJECTED);
  EXPECT_EQ(refused.reason(), common::v1::ERROR_REASON_LIMIT_EXCEEDED);
  EXPECT_THAT(refused.message(),
              HasSubstr("another error of the infrastructure after 10 in attempt 1"));
  EXPECT_THAT(refused.message(), HasSubstr("what the version answers"));
  EXPECT_EQ(Send(0, Error(9)).status(), common::v1::ITEM_STATUS_REPLAYED);
  EXPECT_EQ(Send(1, Error(0)).status(), common::v1::ITEM_STATUS_STORED) << "another case";
  EXPECT_EQ(Get().unavailable(), 2);
  EXPECT_EQ(Send(0, "").status(), common::v1::ITEM_STATUS_STORED);
  EXPECT_EQ(Get().unavailable(), 1);
  EXPECT_EQ(Get().infrastructure_errors(), 11) << "those that an answer replaced are counted";
}

TEST_F(InfrastructureErrors, AreTakenAsOftenAsThePolicySays) {
  ASSERT_OK(SetPolicy(Policy(1, 1)));
  EXPECT_EQ(policy_.policy().suites(0).most_infrastructure_errors(), 1);
  EXPECT_EQ(Send(0, Error(0)).status(), common::v1::ITEM_STATUS_STORED);
  EXPECT_EQ(Send(0, Error(1)).reason(), common::v1::ERROR_REASON_LIMIT_EXCEEDED);
  ASSERT_OK(SetPolicy(Policy(2, 2)));
  EXPECT_EQ(Send(0, Error(1)).status(), common::v1::ITEM_STATUS_STORED);
  EXPECT_EQ(Send(0, Error(2)).reason(), common::v1::ERROR_REASON_LIMIT_EXCEEDED);
  for (const int bad : {0, -1, 1'001}) {
    EXPECT_THAT(SetPolicy(Policy(3, bad)), HasReason(Reason::kInvalidArgument)) << bad;
  }
}

// Who needs more of them has the same bar, and the same verdicts.
TEST_F(InfrastructureErrors, ChangeNoVerdictByTheirNumberInThePolicy) {
  ASSERT_OK(SetPolicy(Policy(1, 1)));
  for (int i = 0; i < 20; ++i) Send(i, "");
  ASSERT_OK(FinishRun("r1"));
  ASSERT_OK(Judge("v1", "m1"));
  const v1::Decision before = ShipDecision("m1").decision();
  ASSERT_OK(SetPolicy(Policy(2, 1'000)));
  EXPECT_EQ(ShipDecision("m1").decision(), before);
  EXPECT_THAT(Judge("v2", "m1"), HasReason(Reason::kAlreadyEnded)) << "no look begins again";
}

}  // namespace
}  // namespace flywheel::evalgate

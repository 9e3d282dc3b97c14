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

  static std::string Error(int i) { return "429 at " + std::to_string(i); }
};

TEST_F(InfrastructureErrors, AreTakenTenTimesAnAttemptAndThenAnAnswerIsStill) {
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(Send(0, Error(i)).status(), common::v1::ITEM_STATUS_STORED) << i;
  }
  const common::v1::ItemResult refused = Send(0, Error(10));
  EXPECT_EQ(refused.status(), common::v1::ITEM_STATUS_REJECTED);
  EXPECT_EQ(refused.reason(), common::v1::ERROR_REASON_LIMIT_EXCEEDED);
  EXPECT_THAT(refused.message(), HasSubstr("10 errors of the infrastructure in attempt 1"));
  EXPECT_THAT(refused.message(), HasSubstr("send what the version answers"));
  EXPECT_EQ(Send(0, Error(9)).status(), common::v1::ITEM_STATUS_REPLAYED);
  EXPECT_EQ(Send(1, Error(0)).status(), common::v1::ITEM_STATUS_STORED) << "another case";
  EXPECT_EQ(Get().unavailable(), 2);
  EXPECT_EQ(Send(0, "").status(), common::v1::ITEM_STATUS_STORED);
  EXPECT_EQ(Get().unavailable(), 1);
  EXPECT_EQ(Get().infrastructure_errors(), 11) << "those that an answer replaced are counted";
}

TEST_F(InfrastructureErrors, AreTakenAsOftenAsThePolicySays) {
  bar_.emplace();
  bar_->set_most_infrastructure_errors(1);
  ASSERT_OK(SetPolicy(PolicyRequest()));
  EXPECT_EQ(policy_.policy().suites(0).bar().most_infrastructure_errors(), 1);
  EXPECT_EQ(Send(0, Error(0)).status(), common::v1::ITEM_STATUS_STORED);
  EXPECT_EQ(Send(0, Error(1)).reason(), common::v1::ERROR_REASON_LIMIT_EXCEEDED);
  bar_.emplace();
  bar_->set_most_infrastructure_errors(2);
  ASSERT_OK(SetPolicy(PolicyRequest(2)));
  EXPECT_EQ(Send(0, Error(1)).status(), common::v1::ITEM_STATUS_STORED);
  EXPECT_EQ(Send(0, Error(2)).reason(), common::v1::ERROR_REASON_LIMIT_EXCEEDED);
}

// They come before a verdict, whose own bar says nothing about them.
TEST_F(InfrastructureErrors, AreNoMatterOfAnExploration) {
  for (int i = 0; i < 20; ++i) Send(i, "");
  bar_.emplace();
  bar_->set_most_infrastructure_errors(3);
  const grpc::Status status = Judge("v1", "m1");
  EXPECT_THAT(status, HasReason(Reason::kInvalidArgument));
  EXPECT_THAT(status.error_message(), HasSubstr("bar.most_infrastructure_errors"));
}

}  // namespace
}  // namespace flywheel::evalgate

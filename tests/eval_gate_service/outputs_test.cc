// Outputs: taken once, and never taken back.
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "tests/eval_gate_service/runs_fixture.h"

namespace flywheel::evalgate {
namespace {

using testing::HasReason;
using ::testing::HasSubstr;
using testing::IsOk;
using ::testing::SizeIs;
using GradedOutputs = RunsFixture;

class SubmittedOutputs : public EvalGateTest {
 protected:
  SubmittedOutputs() { MakeSuite(100); }

  // Of the last answer: stored, replayed, conflicts, and what is missing then.
  std::vector<int64_t> Figures() const {
    return {Count(common::v1::ITEM_STATUS_STORED), Count(common::v1::ITEM_STATUS_REPLAYED),
            Count(common::v1::ITEM_STATUS_CONFLICT), outputs_.missing()};
  }
  using Want = std::vector<int64_t>;

  int64_t Count(common::v1::ItemStatus status) const {
    return std::count_if(outputs_.results().begin(), outputs_.results().end(),
                         [status](const auto& one) { return one.status() == status; });
  }

  // What became of the `i`-th output of the last call.
  const common::v1::ItemResult& Result(int i) const { return outputs_.results(i); }

  // One output of m1, on its own.
  void SubmitOne(int i, const std::string& output, const std::string& infrastructure_error = "") {
    v1::SubmitOutputsRequest request = OutputsRequest("m1");
    AddOutput(CaseId(i), output, request);
    request.mutable_outputs(0)->set_infrastructure_error(infrastructure_error);
    ASSERT_OK(Submit(request));
  }
};

TEST_F(SubmittedOutputs, MayComeInSeveralCallsAndCountOnce) {
  v1::SubmitOutputsRequest first = OutputsRequest("m1");
  for (int i = 0; i < 60; ++i) AddOutput(CaseId(i), "answer " + CaseId(i), first);
  ASSERT_OK(Submit(first));
  EXPECT_EQ(Figures(), (Want{60, 0, 0, 40}));
  ASSERT_OK(Submit(first));
  EXPECT_EQ(Figures(), (Want{0, 60, 0, 40}));
  v1::SubmitOutputsRequest second = OutputsRequest("m1");
  for (int i = 50; i < 100; ++i) AddOutput(CaseId(i), "answer " + CaseId(i), second);
  ASSERT_OK(Submit(second));
  EXPECT_EQ(Figures(), (Want{40, 10, 0, 0}));
  ASSERT_OK(Judge("v1", "m1"));
  EXPECT_EQ(judged_.verdict().decision(), v1::DECISION_PASS);
}

TEST_F(SubmittedOutputs, OfMessagesAreTheirCallsAndTheFinalAnswer) {
  v1::SubmitOutputsRequest whole = OutputsRequest("m1");
  v1::CaseOutput& output = *whole.add_outputs();
  output.set_case_id(CaseId(0));
  const auto add = [&](common::v1::Role role) -> common::v1::Message& {
    output.add_messages()->set_role(role);
    return *output.mutable_messages(output.messages_size() - 1);
  };
  common::v1::Message& calls = add(common::v1::ROLE_ASSISTANT);
  calls.add_parts()->set_text("I look.");
  calls.add_parts()->mutable_tool_call()->set_name("book");
  calls.mutable_parts(1)->mutable_tool_call()->set_arguments_json("{}");
  add(common::v1::ROLE_TOOL).add_parts()->mutable_tool_result()->set_content("done");
  common::v1::Message& answer = add(common::v1::ROLE_ASSISTANT);
  answer.add_parts()->set_text("one");
  answer.add_parts()->set_text("two");
  ASSERT_OK(Submit(whole));
  EXPECT_EQ(Figures(), (Want{1, 0, 0, 99}));

  v1::SubmitOutputsRequest short_form = OutputsRequest("m1");
  AddOutput(CaseId(0), "one\ntwo", short_form);
  short_form.mutable_outputs(0)->add_tool_calls()->set_name("book");
  short_form.mutable_outputs(0)->mutable_tool_calls(0)->set_arguments_json("{}");
  ASSERT_OK(Submit(short_form));
  EXPECT_EQ(Figures(), (Want{0, 1, 0, 99}));

  output.set_output("one\ntwo");
  EXPECT_THAT(Submit(whole), HasReason(Reason::kInvalidArgument));
}

TEST_F(SubmittedOutputs, OfVersionsDoNotMix) {
  SubmitAll("m1", 100);
  v1::SubmitOutputsRequest other = OutputsRequest("m2");
  AddOutput(CaseId(0), "other", other);
  ASSERT_OK(Submit(other));
  EXPECT_EQ(Figures(), (Want{1, 0, 0, 99}));
}

TEST_F(SubmittedOutputs, AnotherAnswerIsAConflictAndTheFirstStays) {
  SubmitAll("m1", 100, /*wrong=*/20);
  // Three samples a case, of which two are worded otherwise, condemn nobody and help nobody.
  for (const char* word : {"answer ", "the answer is "}) {
    v1::SubmitOutputsRequest better = OutputsRequest("m1");
    for (int i = 0; i < 20; ++i) AddOutput(CaseId(i), word + CaseId(i), better);
    ASSERT_OK(Submit(better));
    EXPECT_EQ(Figures(), (Want{0, 0, 20, 0}));
    EXPECT_EQ(Result(0).id(), CaseId(0));
    EXPECT_EQ(Result(0).reason(), common::v1::ERROR_REASON_CONTRADICTING_OUTPUTS);
    EXPECT_THAT(Result(0).message(), HasSubstr("the first stays"));
  }
  SubmitAll("m1", 100, /*wrong=*/20);
  EXPECT_EQ(Figures(), (Want{0, 100, 0, 0}));
  ASSERT_OK(Judge("v1", "m1"));
  EXPECT_EQ(judged_.verdict().findings(0).passed(), 80);
}

TEST_F(SubmittedOutputs, ToolCallsAndErrorsAreContentToo) {
  SubmitAll("m1", 100);
  v1::SubmitOutputsRequest with_call = OutputsRequest("m1");
  AddOutput(CaseId(0), "answer " + CaseId(0), with_call);
  with_call.mutable_outputs(0)->add_tool_calls()->set_name("book");
  ASSERT_OK(Submit(with_call));
  EXPECT_EQ(Figures(), (Want{0, 0, 1, 0}));
  v1::SubmitOutputsRequest with_error = OutputsRequest("m1");
  AddOutput(CaseId(1), "answer " + CaseId(1), with_error);
  with_error.mutable_outputs(0)->set_error("no such tool");
  ASSERT_OK(Submit(with_error));
  EXPECT_EQ(Figures(), (Want{0, 0, 1, 0}));
}

TEST_F(SubmittedOutputs, TwiceInACallAreOneAndItsReplayOrAConflict) {
  v1::SubmitOutputsRequest request = OutputsRequest("m1");
  AddOutput(CaseId(0), "answer", request);
  AddOutput(CaseId(0), "answer", request);
  AddOutput(CaseId(0), "another", request);
  ASSERT_OK(Submit(request));
  EXPECT_EQ(Figures(), (Want{1, 1, 1, 99}));
}

TEST_F(SubmittedOutputs, OfAnUnknownCaseOrTooLongAreRejectedAloneAndTheOthersKept) {
  v1::SubmitOutputsRequest request = OutputsRequest("m1");
  AddOutput(CaseId(0), "x", request);
  AddOutput("case-of-another-suite", "x", request);
  AddOutput(CaseId(1), std::string(size_t{256} * 1024 + 1, 'x'), request);
  AddOutput(CaseId(2), std::string(size_t{256} * 1024, 'x'), request);
  // An empty call takes its place too.
  AddOutput(CaseId(3), "x", request);
  for (int i = 0; i < 10'000; ++i) request.mutable_outputs(4)->add_tool_calls();
  ASSERT_OK(Submit(request));
  EXPECT_EQ(Figures(), (Want{2, 0, 0, 98}));
  EXPECT_EQ(Result(4).reason(), common::v1::ERROR_REASON_TOO_LARGE);
  EXPECT_EQ(Result(1).status(), common::v1::ITEM_STATUS_REJECTED);
  EXPECT_EQ(Result(1).reason(), common::v1::ERROR_REASON_NOT_FOUND);
  EXPECT_THAT(Result(1).message(), HasSubstr("case-of-another-suite"));
  EXPECT_EQ(Result(2).status(), common::v1::ITEM_STATUS_REJECTED);
  EXPECT_EQ(Result(2).reason(), common::v1::ERROR_REASON_TOO_LARGE);
}

TEST_F(SubmittedOutputs, AfterAVerdictChangeNothing) {
  SubmitAll("m1", 100);
  ASSERT_OK(Judge("v1", "m1"));
  SubmitAll("m1", 100);
  EXPECT_EQ(Figures(), (Want{0, 100, 0, 0}));
  SubmitOne(1, "another");
  EXPECT_EQ(Figures(), (Want{0, 0, 1, 0}));
  SubmitAll("m2", 100);
}

TEST_F(SubmittedOutputs, ThatAreErroredCountAsFailed) {
  v1::SubmitOutputsRequest request = OutputsRequest("m1");
  for (int i = 0; i < 100; ++i) {
    AddOutput(CaseId(i), "answer " + CaseId(i), request);
    if (i < 20) request.mutable_outputs(i)->set_error("no such tool");
  }
  ASSERT_OK(Submit(request));
  ASSERT_OK(Judge("v1", "m1"));
  EXPECT_EQ(judged_.verdict().decision(), v1::DECISION_BLOCK);
  EXPECT_EQ(judged_.verdict().findings(0).passed(), 80);
}

// A job that was cancelled says nothing about the version, and may go on.
TEST_F(SubmittedOutputs, ThatAreMissingGiveNoVerdictUntilTheyCome) {
  v1::SubmitOutputsRequest partial = OutputsRequest("m1");
  for (int i = 0; i < 99; ++i) AddOutput(CaseId(i), "answer " + CaseId(i), partial);
  ASSERT_OK(Submit(partial));
  const grpc::Status status = Judge("v1", "m1");
  EXPECT_THAT(status, HasReason(Reason::kNotEnoughData));
  EXPECT_THAT(status.error_message(),
              HasSubstr("99 of 100 attempts answered, 0 errors of the infrastructure and 1 "
                        "without an output"));
  SubmitAll("m1", 100);
  ASSERT_OK(Judge("v1", "m1"));
  EXPECT_EQ(judged_.verdict().decision(), v1::DECISION_PASS);
}

// The provider was down for a while, for the candidate and for the baseline.
TEST_F(SubmittedOutputs, ThatTheInfrastructureFailedAreTriedAgain) {
  v1::SubmitOutputsRequest down = OutputsRequest("m1");
  for (int i = 0; i < 100; ++i) {
    AddOutput(CaseId(i), "", down);
    down.mutable_outputs(i)->set_infrastructure_error("429 Too Many Requests");
  }
  ASSERT_OK(Submit(down));
  EXPECT_EQ(Figures(), (Want{100, 0, 0, 0}));
  EXPECT_EQ(outputs_.unavailable(), 100);
  const grpc::Status status = Judge("v1", "m1");
  EXPECT_THAT(status, HasReason(Reason::kNotEnoughData));
  EXPECT_THAT(status.error_message(), HasSubstr("100 errors of the infrastructure"));
  SubmitAll("m2", 100);
  EXPECT_THAT(Judge("v2", "m2", "m1"), HasReason(Reason::kNotEnoughData));

  // Another error takes the place of the first, and an answer that of both; then it stays.
  SubmitOne(0, "", "connection reset");
  EXPECT_EQ(outputs_.unavailable(), 100);
  SubmitAll("m1", 100);
  EXPECT_EQ(Figures(), (Want{100, 0, 0, 0}));
  EXPECT_EQ(outputs_.unavailable(), 0);
  SubmitOne(0, "", "connection reset");
  EXPECT_EQ(Figures(), (Want{0, 0, 1, 0}));
  ASSERT_OK(Judge("v1", "m1"));
  EXPECT_EQ(judged_.verdict().decision(), v1::DECISION_PASS);
  ASSERT_OK(Judge("v2", "m2", "m1"));
  EXPECT_EQ(judged_.verdict().decision(), v1::DECISION_PASS);
}

TEST_F(SubmittedOutputs, AreNoAnswerAndAnErrorOfTheInfrastructureAtOnce) {
  v1::SubmitOutputsRequest request = OutputsRequest("m1");
  AddOutput(CaseId(0), "answer", request);
  request.mutable_outputs(0)->set_infrastructure_error("timeout");
  EXPECT_THAT(Submit(request), HasReason(Reason::kInvalidArgument));
}

TEST_F(GradedOutputs, WhatOthersSayAndWhatItCostIsJudgedToo) {
  PutRows(40);
  v1::CreateSuiteRequest suite = SuiteRequest("s1");
  v1::EvaluatorSpec& reward = *suite.add_evaluators();
  reward.set_kind("external");
  reward.set_parameters_json(R"({"name": "reward"})");
  v1::EvaluatorSpec& fast = *suite.add_evaluators();
  fast.set_kind("latency");
  fast.set_parameters_json(R"({"most_ms": 500})");
  ASSERT_OK(Create(suite));
  ASSERT_OK(StartRun("r1", "m1"));
  std::vector<v1::CaseOutput> outputs;
  for (int i = 0; i < 40; ++i) {
    v1::CaseOutput output = Output(i, "whatever");
    v1::ExternalGrade& grade = *output.add_external_grades();
    grade.set_name("reward");
    grade.set_score(i == 0 ? 0 : 1);
    output.mutable_latency()->set_nanos(i == 1 ? 900'000'000 : 100'000'000);
    if (i == 2) output.clear_external_grades();
    outputs.push_back(output);
  }
  ASSERT_OK(Send("r1", outputs));
  ASSERT_OK(FinishRun("r1"));
  const auto failed = Results("m1", v1::CASE_FILTER_FAILED);
  ASSERT_THAT(failed.results(), SizeIs(3));
  EXPECT_EQ(failed.results(0).attempts(0).grades(0).evaluator_id(), "external");
  EXPECT_FALSE(failed.results(0).attempts(0).grades(0).passed());
  EXPECT_FALSE(failed.results(1).attempts(0).grades(1).passed()) << "slow";
  EXPECT_FALSE(failed.results(2).attempts(0).grades(0).passed()) << "nobody said";
  EXPECT_EQ(failed.results(1).attempts(0).output().latency().nanos(), 900'000'000);

  v1::CaseOutput bad = outputs[0];
  bad.mutable_external_grades(0)->set_score(1.5);
  EXPECT_THAT(Send("r1", {bad}), HasReason(Reason::kInvalidArgument));
  bad = outputs[0];
  bad.set_cost_usd(-1);
  EXPECT_THAT(Send("r1", {bad}), HasReason(Reason::kInvalidArgument));
  bad = outputs[0];
  *bad.add_external_grades() = bad.external_grades(0);
  EXPECT_THAT(Send("r1", {bad}), HasReason(Reason::kInvalidArgument)) << "a name twice";
}

TEST_F(EvalGateTest, KeepsItsPortWhenItStopsAndStopsOnce) {
  const int port = server_->port();
  server_->Stop(absl::Seconds(5));
  server_->Stop(absl::ZeroDuration());
  EXPECT_EQ(server_->port(), port);
  EXPECT_EQ(Submit(OutputsRequest("m1")).error_code(), grpc::StatusCode::UNAVAILABLE);
}

}  // namespace
}  // namespace flywheel::evalgate

// Outputs: taken once, and never taken back.
#include <gtest/gtest.h>

#include "tests/eval_gate_service/eval_gate_fixture.h"

namespace flywheel::evalgate {
namespace {

using testing::HasReason;
using testing::IsOk;

class Outputs : public EvalGateTest {
 protected:
  Outputs() { MakeSuite(100); }

  // The four figures of the last answer.
  std::vector<int64_t> Figures() const {
    return {outputs_.stored(), outputs_.replayed(), outputs_.duplicates(), outputs_.missing()};
  }
  using Want = std::vector<int64_t>;
};

TEST_F(Outputs, MayComeInSeveralCallsAndCountOnce) {
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

TEST_F(Outputs, OfMessagesAreTheirCallsAndTheFinalAnswer) {
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

TEST_F(Outputs, OfVersionsDoNotMix) {
  SubmitAll("m1", 100);
  v1::SubmitOutputsRequest other = OutputsRequest("m2");
  AddOutput(CaseId(0), "other", other);
  ASSERT_OK(Submit(other));
  EXPECT_EQ(Figures(), (Want{1, 0, 0, 99}));
}

TEST_F(Outputs, ThatDifferMakeTheCaseADuplicateForEver) {
  SubmitAll("m1", 100, /*wrong=*/1);
  v1::SubmitOutputsRequest better = OutputsRequest("m1");
  AddOutput(CaseId(0), "answer " + CaseId(0), better);
  ASSERT_OK(Submit(better));
  EXPECT_EQ(Figures(), (Want{0, 0, 1, 0}));
  // Sent again, the call says the same; and so does the first one, which does not heal the case.
  ASSERT_OK(Submit(better));
  EXPECT_EQ(Figures(), (Want{0, 0, 1, 0}));
  SubmitAll("m1", 100, /*wrong=*/1);
  EXPECT_EQ(Figures(), (Want{0, 100, 0, 0}));
  ASSERT_OK(Judge("v1", "m1"));
  EXPECT_EQ(judged_.verdict().decision(), v1::DECISION_BLOCK);
  EXPECT_EQ(judged_.verdict().findings(0).kind(), v1::FINDING_KIND_DUPLICATE_CASES);
  EXPECT_EQ(judged_.verdict().findings(0).cases(), 1);
}

TEST_F(Outputs, ToolCallsAndErrorsAreContentToo) {
  SubmitAll("m1", 100);
  v1::SubmitOutputsRequest with_call = OutputsRequest("m1");
  AddOutput(CaseId(0), "answer " + CaseId(0), with_call);
  with_call.mutable_outputs(0)->add_tool_calls()->set_name("book");
  ASSERT_OK(Submit(with_call));
  EXPECT_EQ(outputs_.duplicates(), 1);
  v1::SubmitOutputsRequest with_error = OutputsRequest("m1");
  AddOutput(CaseId(1), "answer " + CaseId(1), with_error);
  with_error.mutable_outputs(0)->set_error("late timeout");
  ASSERT_OK(Submit(with_error));
  EXPECT_EQ(outputs_.duplicates(), 1);
}

TEST_F(Outputs, TwiceInACallAreDuplicatesEvenWhereTheyAreEqual) {
  v1::SubmitOutputsRequest request = OutputsRequest("m1");
  AddOutput(CaseId(0), "answer " + CaseId(0), request);
  AddOutput(CaseId(0), "answer " + CaseId(0), request);
  ASSERT_OK(Submit(request));
  EXPECT_EQ(Figures(), (Want{1, 0, 1, 99}));
  ASSERT_OK(Submit(request));
  EXPECT_EQ(Figures(), (Want{0, 1, 1, 99}));
}

TEST_F(Outputs, OfAnUnknownCaseAreRefusedWithTheWholeCall) {
  v1::SubmitOutputsRequest request = OutputsRequest("m1");
  AddOutput(CaseId(0), "x", request);
  AddOutput("case-of-another-suite", "x", request);
  const grpc::Status status = Submit(request);
  EXPECT_THAT(status, HasReason(Reason::kInvalidArgument));
  EXPECT_NE(status.error_message().find("case-of-another-suite"), std::string::npos);
  EXPECT_NE(status.error_message().find("outputs[1].case_id"), std::string::npos);
  SubmitAll("m1", 100);
  EXPECT_EQ(Figures(), (Want{100, 0, 0, 0}));
}

TEST_F(Outputs, AfterAVerdictAreRefusedUnlessNothingChanges) {
  v1::SubmitOutputsRequest most = OutputsRequest("m1");
  for (int i = 0; i < 99; ++i) AddOutput(CaseId(i), "answer " + CaseId(i), most);
  AddOutput(CaseId(0), "second thought", most);
  ASSERT_OK(Submit(most));
  ASSERT_OK(Judge("v1", "m1"));
  ASSERT_OK(Submit(most));
  EXPECT_EQ(Figures(), (Want{0, 99, 1, 1}));

  v1::SubmitOutputsRequest late = OutputsRequest("m1");
  AddOutput(CaseId(99), "answer " + CaseId(99), late);
  EXPECT_THAT(Submit(late), HasReason(Reason::kAlreadyEnded));
  v1::SubmitOutputsRequest changed = OutputsRequest("m1");
  AddOutput(CaseId(1), "another", changed);
  EXPECT_THAT(Submit(changed), HasReason(Reason::kAlreadyEnded));
  v1::SubmitOutputsRequest third = OutputsRequest("m1");
  AddOutput(CaseId(0), "third thought", third);
  EXPECT_THAT(Submit(third), HasReason(Reason::kAlreadyEnded));
  v1::SubmitOutputsRequest twice = OutputsRequest("m1");
  AddOutput(CaseId(1), "answer " + CaseId(1), twice);
  AddOutput(CaseId(1), "answer " + CaseId(1), twice);
  EXPECT_THAT(Submit(twice), HasReason(Reason::kAlreadyEnded));
  SubmitAll("m2", 100);
}

TEST_F(Outputs, ThatAreErroredOrMissingNeverPass) {
  v1::SubmitOutputsRequest request = OutputsRequest("m1");
  for (int i = 0; i < 100; ++i) {
    AddOutput(CaseId(i), "answer " + CaseId(i), request);
    if (i < 20) request.mutable_outputs(i)->set_error("timeout");
  }
  ASSERT_OK(Submit(request));
  ASSERT_OK(Judge("v1", "m1"));
  EXPECT_EQ(judged_.verdict().decision(), v1::DECISION_BLOCK);
  EXPECT_EQ(judged_.verdict().findings(0).passed(), 80);

  v1::SubmitOutputsRequest partial = OutputsRequest("m2");
  for (int i = 0; i < 99; ++i) AddOutput(CaseId(i), "answer " + CaseId(i), partial);
  ASSERT_OK(Submit(partial));
  ASSERT_OK(Judge("v2", "m2"));
  EXPECT_EQ(judged_.verdict().decision(), v1::DECISION_BLOCK);
  EXPECT_EQ(judged_.verdict().findings(0).kind(), v1::FINDING_KIND_MISSING_CASES);
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

// Personal data in every text that the gate takes: nothing of it reaches the disk.
#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "tests/eval_gate_service/runs_fixture.h"
#include "tests/shared/personal_text.h"

namespace flywheel::evalgate {
namespace {

using testing::HasReason;
using testing::IsRedactedText;
using testing::kPersonalText;

class TextRedactionTest : public RunsFixture {
 protected:
  static std::string Json() { return std::string(R"({"text": ")") + kPersonalText + "\"}"; }

  static v1::CaseOutput PersonalOutput(const std::string& case_id) {
    v1::CaseOutput output;
    output.set_case_id(case_id);
    output.set_output(case_id + ": " + kPersonalText);
    output.add_tool_calls()->set_name("send");
    output.mutable_tool_calls(0)->set_arguments_json(Json());
    output.add_contexts()->set_text(kPersonalText);
    v1::ExternalGrade& grade = *output.add_external_grades();
    grade.set_name("judge");
    grade.set_score(1);
    grade.set_explanation(kPersonalText);
    return output;
  }
};

TEST_F(TextRedactionTest, LabelsOfASuiteAreRedactedAndItsCasesAreTests) {
  v1::UploadSuiteRequest header = Header("s1");
  (*header.mutable_header()->mutable_labels())["why"] = kPersonalText;
  v1::UploadedCase one = UploadedCase("c1");
  one.set_input("write to someone@example.com");
  ASSERT_OK(Upload(header, {one}));
  EXPECT_THAT(uploaded_.suite().labels().at("why"), IsRedactedText());
  ASSERT_OK(Upload(header, {one}));
  EXPECT_TRUE(uploaded_.replayed());

  // The same filter finds it that found it before.
  v1::ListSuitesRequest list;
  (*list.mutable_labels())["why"] = kPersonalText;
  v1::ListSuitesResponse found;
  ASSERT_OK(Call(&v1::EvalGateService::Stub::ListSuites, list, found));
  EXPECT_EQ(found.suites_size(), 1);

  grpc::ClientContext context;
  v1::ReadSuiteCasesRequest read;
  read.set_suite_id("s1");
  const auto reader = stub_->ReadSuiteCases(&context, read);
  v1::ReadSuiteCasesResponse response;
  ASSERT_TRUE(reader->Read(&response));
  ASSERT_EQ(response.cases_size(), 1);
  EXPECT_EQ(response.cases(0).input(), "write to someone@example.com");
  while (reader->Read(&response)) {
  }
  ASSERT_OK(reader->Finish());
  testing::ExpectNothingPersonalBelow(directory_.path(), "[EMAIL_1]");
}

TEST_F(TextRedactionTest, OutputsAreStoredRedactedAndResentOnesStayReplays) {
  ASSERT_OK(Upload(Header("s1"), {UploadedCase("c1"), UploadedCase("c2"), UploadedCase("c3")}));
  v1::StartRunRequest start;
  start.set_run_id("r1");
  start.set_suite_id("s1");
  start.set_model_version("m1");
  (*start.mutable_labels())["why"] = kPersonalText;
  for (const bool again : {false, true}) {
    ASSERT_OK(Call(&Stub::StartRun, start, started_));
    EXPECT_EQ(started_.replayed(), again);
  }
  v1::CaseOutput failed;
  failed.set_case_id("c2");
  failed.set_error(kPersonalText);
  v1::CaseOutput unavailable;
  unavailable.set_case_id("c3");
  unavailable.set_infrastructure_error(kPersonalText);
  const std::vector<v1::CaseOutput> outputs = {PersonalOutput("c1"), failed, unavailable};
  for (const auto status : {common::v1::ITEM_STATUS_STORED, common::v1::ITEM_STATUS_REPLAYED}) {
    ASSERT_OK(Send("r1", outputs));
    for (const auto& result : outputs_.results()) EXPECT_EQ(result.status(), status);
  }
  ASSERT_OK(Send("r1", {PersonalOutput("c3")}));
  ASSERT_OK(FinishRun("r1"));
  bar_.emplace().set_least_cases(1);
  v1::JudgeVersionRequest judge;
  judge.set_verdict_id("v1");
  judge.set_suite_id("s1");
  judge.set_model_version("m1");
  *judge.mutable_bar() = *bar_;
  (*judge.mutable_labels())["why"] = kPersonalText;
  for (const bool again : {false, true}) {
    ASSERT_OK(Call(&v1::EvalGateService::Stub::JudgeVersion, judge, judged_));
    EXPECT_EQ(judged_.replayed(), again);
  }
  EXPECT_THAT(judged_.verdict().labels().at("why"), IsRedactedText());
  const v1::ListCaseResultsResponse failed_cases = Results("m1", v1::CASE_FILTER_FAILED);
  ASSERT_EQ(failed_cases.results_size(), 3);
  for (const auto& one : failed_cases.results()) {
    EXPECT_THAT(one.DebugString(), IsRedactedText());
  }

  start.set_run_id("r2");
  start.set_model_version("m2");
  ASSERT_OK(Call(&Stub::StartRun, start, started_));
  for (const bool again : {false, true}) {
    ASSERT_OK(Abort("r2", kPersonalText));
    EXPECT_EQ(aborted_.replayed(), again);
  }
  EXPECT_THAT(Get("r2").abort_reason(), IsRedactedText());
  EXPECT_THAT(Get("r2").labels().at("why"), IsRedactedText());
  testing::ExpectNothingPersonalBelow(directory_.path(), "[EMAIL_1]");
}

TEST_F(TextRedactionTest, NothingHidesBehindAControlCharacterAndOrdinaryBytesStay) {
  ASSERT_OK(Upload(Header("s1"), {UploadedCase("c1"), UploadedCase("c2")}));
  ASSERT_OK(StartRun("r1", "m1"));
  v1::CaseOutput hidden;
  hidden.set_case_id("c1");
  hidden.set_output("write to pike.z@exam\x01ple.com");
  v1::CaseOutput ordinary;
  ordinary.set_case_id("c2");
  ordinary.set_output("a bell \x07 rings at 6942297802");
  ASSERT_OK(Send("r1", {hidden, ordinary}));
  const std::string disk = testing::BytesBelow(directory_.path());
  EXPECT_EQ(disk.find("pike.z@"), std::string::npos);
  EXPECT_NE(disk.find("write to [EMAIL_1]"), std::string::npos);
  EXPECT_NE(disk.find("a bell \x07 rings at 6942297802"), std::string::npos);
}

TEST_F(TextRedactionTest, ReasonsOfOwnersAreRedactedAndTheirNamesAreNot) {
  v1::SetReleasePolicyRequest policy = PolicyRequest();
  policy.mutable_policy()->set_reason(kPersonalText);
  (*policy.mutable_policy()->mutable_labels())["why"] = kPersonalText;
  v1::ApproveBaselineRequest approve;
  approve.mutable_approval()->set_approval_id("a1");
  approve.mutable_approval()->set_agent(agent_);
  approve.mutable_approval()->set_model_version("m1");
  approve.mutable_approval()->set_reason(kPersonalText);
  v1::WaiveVerdictsRequest waive = WaiverRequest("m2");
  waive.mutable_waiver()->set_owner("Grace Hopper");
  waive.mutable_waiver()->set_reason(kPersonalText);
  (*waive.mutable_waiver()->mutable_labels())["why"] = kPersonalText;
  for (const bool again : {false, true}) {
    ASSERT_OK(SetPolicy(policy));
    EXPECT_EQ(policy_.replayed(), again);
    ASSERT_OK(Call(&v1::ReleasePolicyService::Stub::ApproveBaseline, approve, approved_));
    EXPECT_EQ(approved_.replayed(), again);
    ASSERT_OK(Waive(waive));
    EXPECT_EQ(waived_.replayed(), again);
  }
  EXPECT_THAT(policy_.policy().reason(), IsRedactedText());
  EXPECT_THAT(policy_.policy().labels().at("why"), IsRedactedText());
  EXPECT_THAT(approved_.approval().reason(), IsRedactedText());
  EXPECT_THAT(waived_.waiver().reason(), IsRedactedText());
  EXPECT_THAT(waived_.waiver().labels().at("why"), IsRedactedText());
  EXPECT_EQ(waived_.waiver().owner(), "Grace Hopper");
  testing::ExpectNothingPersonalBelow(directory_.path(), "Grace Hopper");
}

TEST_F(TextRedactionTest, AnswersOnUploadedCasesAreJudgedAsTheyCame) {
  v1::UploadedCase who = UploadedCase("c1");
  who.clear_ideal_outputs();
  who.mutable_expected_tool_calls()->add_calls()->set_name("book");
  who.mutable_expected_tool_calls()->mutable_calls(0)->set_arguments_json(
      R"({"first_name": "Zebulon", "city": "Springfield"})");
  v1::UploadSuiteRequest header = Header("s1");
  header.mutable_header()->clear_evaluators();
  header.mutable_header()->add_evaluators()->set_kind("tool_calls");
  ASSERT_OK(Upload(header, {who}));
  // Told apart though both are placeholders on the disk.
  for (const std::string version : {"Zebulon", "Barnaby"}) {
    ASSERT_OK(StartRun(version, version));
    v1::CaseOutput output;
    output.set_case_id("c1");
    output.add_tool_calls()->set_name("book");
    output.mutable_tool_calls(0)->set_arguments_json(R"({"first_name": ")" + version +
                                                     R"(", "city": "Springfield"})");
    ASSERT_OK(Send(version, {output}));
    ASSERT_OK(FinishRun(version));
    EXPECT_EQ(Results(version, v1::CASE_FILTER_FAILED).results_size(),
              version == "Zebulon" ? 0 : 1);
  }
  EXPECT_EQ(testing::BytesBelow(directory_.path()).find("\"first_name\": \"Barnaby"),
            std::string::npos);
}

}  // namespace
}  // namespace flywheel::evalgate

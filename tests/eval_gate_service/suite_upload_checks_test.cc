// Checks that cases of an uploaded suite have of their own.
#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "shared/sql/connection.h"
#include "tests/eval_gate_service/suite_uploads_fixture.h"

namespace flywheel::evalgate {
namespace {

using ::testing::AllOf;
using testing::HasReason;
using ::testing::HasSubstr;
using ::testing::Not;
using Stub = v1::EvalGateService::Stub;
using SuiteUploadChecksTest = SuiteUploadsFixture;

// Judging an output makes all checks of its case.
TEST_F(SuiteUploadChecksTest, AreRefusedWhereTheChecksOfACaseTakeTooMuchToMake) {
  v1::UploadSuiteRequest header = Header("s1");
  header.mutable_header()->add_evaluators()->set_kind("checks");
  std::vector<v1::UploadedCase> cases = Cases(10);
  for (v1::UploadedCase& one : cases) {
    for (int i = 0; i < (&one == &cases[7] ? 20 : 1); ++i) {
      v1::EvaluatorSpec& check = *one.add_checks();
      check.set_kind("regex");
      check.set_parameters_json(R"({"pattern":"\\pL{40}"})");
    }
  }
  const grpc::Status refused = Upload(header, cases);
  EXPECT_THAT(refused, HasReason(Reason::kInvalidArgument));
  EXPECT_THAT(refused.error_message(),
              AllOf(HasSubstr("case '" + CaseId(7) + "': checks["), HasSubstr("too many steps"),
                    Not(HasSubstr(CaseId(8)))));
  cases[7].mutable_checks()->DeleteSubrange(1, 19);
  ASSERT_OK(Upload(header, cases));
  cases[7].mutable_checks(0)->set_parameters_json(std::string(64 * 1024 + 1, ' '));
  header.mutable_header()->set_suite_id("s2");
  EXPECT_THAT(Upload(header, cases).error_message(),
              AllOf(HasSubstr("checks[0].parameters_json"), HasSubstr("65536")));
}

TEST_F(SuiteUploadChecksTest, MayWantSomethingElseOfEachCase) {
  v1::UploadSuiteRequest header = Header("s1");
  header.mutable_header()->add_evaluators()->set_kind("checks");
  std::vector<v1::UploadedCase> cases = Cases(2);
  for (v1::UploadedCase& one : cases) {
    one.clear_ideal_outputs();
    v1::EvaluatorSpec& check = *one.add_checks();
    check.set_kind("contains");
    check.set_parameters_json(R"({"texts": ["a to )" + one.case_id() + R"("]})");
  }
  ASSERT_OK(Upload(header, cases));
  EXPECT_THAT(ReadCases("s1")[0].DebugString(), Not(HasSubstr("a to")))
      << "what is right stays with the gate";
  ASSERT_OK(Upload(header, cases));
  EXPECT_TRUE(uploaded_.replayed());
  v1::SubmitOutputsRequest outputs = OutputsRequest("v1");
  AddOutput(CaseId(0), "Here is a to " + CaseId(0), outputs);
  AddOutput(CaseId(1), "a to " + CaseId(0), outputs);
  ASSERT_OK(Submit(outputs));
  v1::ListCaseResultsRequest list;
  list.set_suite_id("s1");
  list.set_model_version("v1");
  v1::ListCaseResultsResponse results;
  ASSERT_OK(Call(&Stub::ListCaseResults, list, results));
  ASSERT_EQ(results.results_size(), 2);
  EXPECT_EQ(results.results(0).outcome(), v1::CASE_OUTCOME_PASSED);
  EXPECT_EQ(results.results(1).outcome(), v1::CASE_OUTCOME_FAILED);

  cases[0].mutable_checks(0)->set_kind("exakt");
  EXPECT_THAT(Upload(Header("s2"), cases).error_message(),
              AllOf(HasSubstr("case 'case-00000': checks: got some, want none, or"),
                    HasSubstr("case 'case-00000': checks[0]: kind: got"),
                    HasSubstr("case 'case-00001': checks: got some")));
  cases[0].mutable_checks(0)->set_kind("checks");
  header.mutable_header()->set_suite_id("s2");
  EXPECT_THAT(Upload(header, cases).error_message(), HasSubstr("want any other kind"));
  cases[0].mutable_checks(0)->set_informative(true);
  cases[0].mutable_checks(0)->set_evaluator_id("a");
  EXPECT_THAT(Upload(header, cases).error_message(),
              AllOf(HasSubstr("checks[0].evaluator_id"), HasSubstr("checks[0].informative")));
}

// As after an upgrade that measures otherwise: the baseline was judged by what was there before.
TEST_F(SuiteUploadChecksTest, AreNotJudgedByChecksOfAnotherDefinition) {
  v1::UploadSuiteRequest header = Header("s1");
  header.mutable_header()->add_evaluators()->set_kind("checks");
  std::vector<v1::UploadedCase> cases = Cases(3);
  for (v1::UploadedCase& one : cases) {
    one.add_checks()->set_kind("contains");
    one.mutable_checks(0)->set_parameters_json(R"({"texts": ["answer"]})");
  }
  ASSERT_OK(Upload(header, cases));
  server_.reset();
  {
    auto store = sql::Connection::Open(directory_.path() + "/eval-gate.db", sql::Access::kWrite);
    ASSERT_OK(store);
    ASSERT_OK((*store)->Execute(R"sql(
        UPDATE suite_cases SET checks = replace(checks, '"version":1', '"version":7')
        WHERE case_id = 'case-00001')sql"));
  }
  Restart();
  const auto submit = [&](int i) {
    v1::SubmitOutputsRequest outputs = OutputsRequest("v1");
    AddOutput(CaseId(i), "answer " + CaseId(i), outputs);
    return Submit(outputs);
  };
  ASSERT_OK(submit(0));
  const grpc::Status other = submit(1);
  EXPECT_THAT(other, HasReason(Reason::kOutdated));
  EXPECT_THAT(other.error_message(),
              AllOf(HasSubstr(CaseId(1)), HasSubstr("contains version 7"), HasSubstr("version 1")));
  ASSERT_OK(submit(2));
}

}  // namespace
}  // namespace flywheel::evalgate

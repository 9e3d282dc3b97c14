// What differs between two suites.
#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "tests/eval_gate_service/eval_gate_fixture.h"

namespace flywheel::evalgate {
namespace {

using ::testing::ElementsAre;
using testing::HasReason;

class SuiteComparisonTest : public EvalGateTest {
 protected:
  // Such as "c1 changed ideal,group"; what the stream ended with is in `status_`.
  std::vector<std::string> Compare(const std::string& first, const std::string& second) {
    grpc::ClientContext context;
    v1::CompareSuitesRequest request;
    request.set_suite_id(first);
    request.set_other_suite_id(second);
    const auto reader = stub_->CompareSuites(&context, request);
    std::vector<std::string> differences;
    messages_ = 0;
    v1::CompareSuitesResponse response;
    for (; reader->Read(&response); ++messages_) {
      for (const v1::CaseDifference& one : response.differences()) {
        std::string text = one.case_id() + " " + v1::CaseChange_Name(one.change()).substr(12);
        for (const std::string& part : one.changed()) text += " " + part;
        differences.push_back(text);
        EXPECT_EQ(one.input(), "question " + one.case_id());
      }
    }
    status_ = reader->Finish();
    return differences;
  }

  grpc::Status status_;
  int messages_ = 0;
};

TEST_F(SuiteComparisonTest, NamesEachCaseThatIsNotInBothAlike) {
  std::vector<v1::UploadedCase> cases;
  for (const char* id : {"c1", "c2", "c3", "c4", "c5"}) cases.push_back(UploadedCase(id));
  ASSERT_OK(Upload(Header("s1"), {cases[0], cases[1], cases[2], cases[3]}));
  ASSERT_OK(Upload(Header("same"), {cases[3], cases[1], cases[2], cases[0]}));
  cases[1].add_ideal_outputs("another answer");
  cases[1].set_group("g");
  cases[3].set_critical(true);
  cases[3].set_cohort("app");
  (*cases[3].mutable_labels())["a"] = "b";
  cases[3].mutable_expected_tool_calls();
  ASSERT_OK(Upload(Header("s2"), {cases[1], cases[2], cases[3], cases[4]}));
  EXPECT_THAT(Compare("s1", "s2"),
              ElementsAre("c1 REMOVED", "c2 CHANGED ideal group",
                          "c4 CHANGED calls cohort critical labels", "c5 ADDED"));
  EXPECT_OK(status_);
  EXPECT_THAT(Compare("s2", "s1"),
              ElementsAre("c1 ADDED", "c2 CHANGED ideal group",
                          "c4 CHANGED calls cohort critical labels", "c5 REMOVED"));
  EXPECT_THAT(Compare("s1", "same"), ElementsAre());
  EXPECT_OK(status_);
  Compare("s1", "none");
  EXPECT_THAT(status_, HasReason(Reason::kNotFound));
  Compare("", "s1");
  EXPECT_THAT(status_, HasReason(Reason::kInvalidArgument));
}

TEST_F(SuiteComparisonTest, NamesChecksThatChanged) {
  v1::UploadedCase one = UploadedCase("c1");
  for (const char* suite_id : {"s1", "s2", "s3"}) {
    v1::UploadSuiteRequest header = Header(suite_id);
    header.mutable_header()->add_evaluators()->set_kind("checks");
    one.clear_checks();
    one.add_checks()->set_kind(suite_id == std::string("s1") ? "exact" : "normalised");
    ASSERT_OK(Upload(header, {one}));
  }
  EXPECT_THAT(Compare("s1", "s2"), ElementsAre("c1 CHANGED checks"));
  EXPECT_THAT(Compare("s2", "s3"), ElementsAre());
}

TEST_F(SuiteComparisonTest, GoesThroughSuitesOfManyPages) {
  std::vector<v1::UploadedCase> cases;
  for (int i = 0; i < 1'800; ++i) cases.push_back(UploadedCase(CaseId(i)));
  ASSERT_OK(Upload(Header("s1"), cases));
  ASSERT_OK(Upload(Header("s2"), {cases[0]}));
  const std::vector<std::string> differences = Compare("s1", "s2");
  EXPECT_EQ(differences.size(), 1'799u);
  EXPECT_EQ(messages_, 4);
}

}  // namespace
}  // namespace flywheel::evalgate

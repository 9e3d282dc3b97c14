// Which cases a version failed, and what the baseline did there.
#include <gtest/gtest.h>

#include <fstream>

#include "tests/eval_gate_service/runs_fixture.h"

namespace flywheel::evalgate {
namespace {

using ::testing::ElementsAre;
using testing::HasReason;
using ::testing::IsEmpty;
using testing::IsOk;
using ::testing::SizeIs;
using UnansweredResultsTest = RunsFixture;

class CaseResultsTest : public EvalGateTest {
 protected:
  static v1::ListCaseResultsRequest Request(v1::CaseFilter filter,
                                            const std::string& baseline = "") {
    v1::ListCaseResultsRequest request;
    request.set_suite_id("s1");
    request.set_model_version("m2");
    request.set_baseline_model_version(baseline);
    request.set_filter(filter);
    return request;
  }

  grpc::Status List(const v1::ListCaseResultsRequest& request) {
    return Call(&v1::EvalGateService::Stub::ListCaseResults, request, response_);
  }

  // All pages of it, one result a page.
  std::vector<std::string> Ids(v1::ListCaseResultsRequest request) {
    std::vector<std::string> ids;
    request.set_page_size(1);
    do {
      EXPECT_OK(List(request));
      EXPECT_LE(response_.results_size(), 1);
      for (const v1::CaseResult& one : response_.results()) ids.push_back(one.case_id());
      request.set_page_token(response_.next_page_token());
    } while (!request.page_token().empty());
    return ids;
  }

  // Six cases: m1 right in all but the last two, m2 wrong in the first, an error in the second,
  // nothing for the third, and right in the others.
  void MakeVersions() {
    MakeSuite(6, "app");
    v1::SubmitOutputsRequest baseline = OutputsRequest("m1");
    for (int i = 0; i < 6; ++i)
      AddOutput(CaseId(i), (i < 4 ? "answer " : "x ") + CaseId(i), baseline);
    ASSERT_OK(Submit(baseline));
    v1::SubmitOutputsRequest candidate = OutputsRequest("m2");
    AddOutput(CaseId(0), "something else", candidate);
    AddOutput(CaseId(1), "", candidate);
    candidate.mutable_outputs(1)->set_error("timeout");
    for (int i = 3; i < 6; ++i) AddOutput(CaseId(i), "answer " + CaseId(i), candidate);
    ASSERT_OK(Submit(candidate));
  }

  v1::ListCaseResultsResponse response_;
};

TEST_F(CaseResultsTest, AreFilteredByWhatBecameOfThem) {
  MakeVersions();
  EXPECT_THAT(Ids(Request(v1::CASE_FILTER_UNSPECIFIED)),
              ElementsAre(CaseId(0), CaseId(1), CaseId(2), CaseId(3), CaseId(4), CaseId(5)));
  EXPECT_THAT(Ids(Request(v1::CASE_FILTER_FAILED)), ElementsAre(CaseId(0), CaseId(1), CaseId(2)));
  EXPECT_THAT(Ids(Request(v1::CASE_FILTER_UNANSWERED)), ElementsAre(CaseId(2)));
  EXPECT_THAT(Ids(Request(v1::CASE_FILTER_REGRESSED, "m1")),
              ElementsAre(CaseId(0), CaseId(1), CaseId(2)));
  EXPECT_THAT(Ids(Request(v1::CASE_FILTER_IMPROVED, "m1")), ElementsAre(CaseId(4), CaseId(5)));
  v1::ListCaseResultsRequest other = Request(v1::CASE_FILTER_UNSPECIFIED);
  other.set_cohort("web");
  EXPECT_THAT(Ids(other), IsEmpty());
}

TEST_F(CaseResultsTest, ShowBothAnswersAndTheIdealWhereItIsAskedFor) {
  MakeVersions();
  v1::ListCaseResultsRequest request = Request(v1::CASE_FILTER_REGRESSED, "m1");
  ASSERT_OK(List(request));
  ASSERT_EQ(response_.results_size(), 3);
  const v1::CaseResult wrong = response_.results(0);
  EXPECT_EQ(wrong.input(), "question " + CaseId(0));
  EXPECT_EQ(wrong.cohort(), "app");
  EXPECT_EQ(wrong.outcome(), v1::CASE_OUTCOME_FAILED);
  EXPECT_EQ(wrong.attempts(0).output().output(), "something else");
  EXPECT_EQ(wrong.baseline_outcome(), v1::CASE_OUTCOME_PASSED);
  EXPECT_EQ(wrong.baseline_attempts(0).output().output(), "answer " + CaseId(0));
  EXPECT_EQ(wrong.ideal_output(), "");
  // What it wanted is said to everybody, and nothing of what would be right.
  ASSERT_EQ(wrong.attempts(0).grades_size(), 1);
  EXPECT_EQ(wrong.attempts(0).grades(0).kind(), "normalised");
  EXPECT_EQ(wrong.attempts(0).grades(0).explanation(), "");
  EXPECT_EQ(wrong.attempts(0).grades(0).shortfall(),
            "want the ideal output, whatever its case and spaces");
  EXPECT_EQ(wrong.baseline_attempts(0).grades(0).shortfall(), "") << "it passed";
  EXPECT_EQ(response_.results(1).outcome(), v1::CASE_OUTCOME_ERRORED);
  EXPECT_EQ(response_.results(1).attempts(0).output().error(), "timeout");
  EXPECT_EQ(response_.results(2).outcome(), v1::CASE_OUTCOME_MISSING);
  EXPECT_FALSE(response_.results(2).attempts(0).has_output());
  // Who has not answered everything yet must not know what would be right.
  request.set_include_ideal(true);
  EXPECT_THAT(List(request), HasReason(Reason::kNotEnoughData));
  v1::SubmitOutputsRequest rest = OutputsRequest("m2");
  AddOutput(CaseId(2), "no idea", rest);
  ASSERT_OK(Submit(rest));
  ASSERT_OK(Judge("v1", "m2"));
  ASSERT_OK(List(request));
  EXPECT_EQ(response_.results(0).ideal_output(), "answer " + CaseId(0));
}

// 60 uploaded cases, of which m2 fails the 20 of tier gold.
TEST_F(CaseResultsTest, AreFoundByTheLabelsThatGiveCohorts) {
  std::vector<v1::UploadedCase> cases;
  for (int i = 0; i < 60; ++i) {
    cases.push_back(UploadedCase(CaseId(i)));
    (*cases.back().mutable_labels())["tier"] = i < 20 ? "gold" : "free";
    cases.back().add_ideal_outputs("or this");
  }
  ASSERT_OK(Upload(Header("s1"), cases));
  v1::SubmitOutputsRequest outputs = OutputsRequest("m2");
  for (int i = 0; i < 60; ++i) {
    AddOutput(CaseId(i), i < 20 ? "no" : "answer " + CaseId(i), outputs);
  }
  outputs.mutable_outputs(0)->clear_output();
  outputs.mutable_outputs(0)->set_error("lost");
  ASSERT_OK(Submit(outputs));
  bar_ = v1::Bar();
  bar_->set_pass_rate_floor(0.6);
  bar_->add_cohort_labels("tier");
  bar_->add_cohort_labels("tier");
  ASSERT_OK(Judge("v1", "m2"));
  EXPECT_EQ(judged_.verdict().decision(), v1::DECISION_BLOCK);
  EXPECT_EQ(judged_.verdict().findings(0).kind(), v1::FINDING_KIND_COHORT_BELOW_FLOOR);
  EXPECT_EQ(judged_.verdict().findings(0).cohort(), "tier=gold");
  EXPECT_EQ(judged_.verdict().findings(0).cases(), 20);
  EXPECT_EQ(judged_.verdict().findings_size(), 4) << "one of each rule and cohort";
  v1::ListCaseResultsRequest request = Request(v1::CASE_FILTER_FAILED);
  request.set_cohort("tier=gold");
  EXPECT_EQ(Ids(request).size(), 20u);
  request.clear_cohort();
  (*request.mutable_labels())["tier"] = "free";
  EXPECT_THAT(Ids(request), IsEmpty());
  EXPECT_THAT(Ids(Request(v1::CASE_FILTER_ERRORED)), ElementsAre(CaseId(0)));
  // Of the run that says which suite and version.
  v1::ListCaseResultsRequest of_run;
  of_run.set_run_id(RunId("m2"));
  of_run.set_filter(v1::CASE_FILTER_ERRORED);
  of_run.set_include_ideal(true);
  ASSERT_OK(List(of_run));
  ASSERT_EQ(response_.results_size(), 1);
  EXPECT_EQ(response_.results(0).case_id(), CaseId(0));
  EXPECT_EQ(response_.results(0).labels().at("tier"), "gold");
  EXPECT_THAT(response_.results(0).other_ideal_outputs(), ElementsAre("or this"));
  of_run.set_suite_id("s1");
  EXPECT_THAT(List(of_run), HasReason(Reason::kInvalidArgument));
  of_run.clear_suite_id();
  of_run.set_run_id("none");
  EXPECT_THAT(List(of_run), HasReason(Reason::kNotFound));
}

TEST_F(CaseResultsTest, OfLongAnswersComeInPagesThatAMessageCarries) {
  MakeSuite(30);
  for (const char* version : {"m1", "m2"}) {
    for (int i = 0; i < 30; ++i) {
      v1::SubmitOutputsRequest request = OutputsRequest(version);
      AddOutput(CaseId(i), std::string(size_t{256} * 1024, 'x'), request);
      ASSERT_OK(Submit(request));
    }
  }
  v1::ListCaseResultsRequest request = Request(v1::CASE_FILTER_FAILED, "m1");
  request.set_page_size(1'000);
  int results = 0;
  do {
    ASSERT_OK(List(request));
    EXPECT_GE(response_.results_size(), 1);
    EXPECT_LT(response_.ByteSizeLong(), size_t{2} << 20);
    results += response_.results_size();
    request.set_page_token(response_.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(results, 30);
}

TEST_F(CaseResultsTest, OfManyLongIdealsComeInPagesThatAMessageCarries) {
  constexpr int kCases = 30;
  std::vector<v1::UploadedCase> cases;
  for (int i = 0; i < kCases; ++i) {
    cases.push_back(UploadedCase(CaseId(i)));
    cases.back().clear_ideal_outputs();
    for (char ideal = 'a'; ideal < 'i'; ++ideal) {
      cases.back().add_ideal_outputs(std::string(size_t{30} * 1024, ideal));
    }
  }
  ASSERT_OK(Upload(Header("s1"), cases));
  SubmitAll("m2", kCases);
  ASSERT_OK(Judge("v1", "m2"));
  v1::ListCaseResultsRequest request = Request(v1::CASE_FILTER_UNSPECIFIED);
  request.set_include_ideal(true);
  request.set_page_size(1'000);
  std::vector<std::string> ids;
  int pages = 0;
  do {
    ASSERT_OK(List(request));
    EXPECT_LT(response_.ByteSizeLong(), size_t{2} << 20);
    for (const v1::CaseResult& one : response_.results()) {
      EXPECT_EQ(one.other_ideal_outputs_size(), 7);
      ids.push_back(one.case_id());
    }
    ++pages;
    request.set_page_token(response_.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_GE(pages, 4);
  std::vector<std::string> all;
  for (int i = 0; i < kCases; ++i) all.push_back(CaseId(i));
  EXPECT_EQ(ids, all) << "each once";
}

// Before the verdict whoever asks what is missing learns nothing of what was answered.
TEST_F(UnansweredResultsTest, ShowNoAnswer) {
  MakeSuite(3);
  ASSERT_OK(StartRun("r1", "m1", "s1", 2));
  v1::CaseOutput down = Output(1, "", 2);
  down.set_infrastructure_error("429");
  ASSERT_OK(
      Send("r1", {Output(0, "wrong", 1), Output(0, "wrong", 2), Output(1, "wrong", 1), down}));
  const auto unanswered = Results("m1", v1::CASE_FILTER_UNANSWERED);
  ASSERT_THAT(unanswered.results(), SizeIs(2));
  EXPECT_EQ(unanswered.results(0).case_id(), CaseId(1));
  EXPECT_EQ(unanswered.results(0).outcome(), v1::CASE_OUTCOME_UNAVAILABLE);
  ASSERT_THAT(unanswered.results(0).attempts(), SizeIs(1));
  EXPECT_EQ(unanswered.results(0).attempts(0).attempt(), 2);
  EXPECT_THAT(unanswered.results(1).attempts(), SizeIs(2));
}

TEST_F(CaseResultsTest, NeedASuiteOutputsAndABaselineToCompareWith) {
  MakeVersions();
  EXPECT_THAT(List(Request(v1::CASE_FILTER_REGRESSED)), HasReason(Reason::kInvalidArgument));
  EXPECT_THAT(List(Request(v1::CASE_FILTER_REGRESSED, "m0")), HasReason(Reason::kNotFound));
  v1::ListCaseResultsRequest request = Request(v1::CASE_FILTER_FAILED);
  request.set_model_version("m3");
  EXPECT_THAT(List(request), HasReason(Reason::kNotFound));
  request = Request(v1::CASE_FILTER_FAILED);
  request.set_suite_id("s2");
  EXPECT_THAT(List(request), HasReason(Reason::kNotFound));
  // A page of one list says nothing in another.
  request = Request(v1::CASE_FILTER_FAILED);
  request.set_page_size(1);
  ASSERT_OK(List(request));
  request.set_filter(v1::CASE_FILTER_UNSPECIFIED);
  request.set_page_token(response_.next_page_token());
  EXPECT_THAT(List(request), HasReason(Reason::kInvalidArgument));
}

TEST_F(CaseResultsTest, KeepCasesFromTrainersAndIdealsFromReaders) {
  MakeVersions();
  api_keys_file_ = directory_.path() + "/keys";
  std::ofstream(api_keys_file_) << "train key-of-the-training-job default trainer\n"
                                << "read key-of-the-dashboard default reader\n";
  Restart();
  v1::ListCaseResultsRequest request = Request(v1::CASE_FILTER_FAILED);
  key_ = "key-of-the-training-job";
  EXPECT_THAT(List(request), HasReason(Reason::kPermissionDenied));
  key_ = "key-of-the-dashboard";
  EXPECT_OK(List(request));
  request.set_include_ideal(true);
  EXPECT_THAT(List(request), HasReason(Reason::kPermissionDenied));
}

}  // namespace
}  // namespace flywheel::evalgate

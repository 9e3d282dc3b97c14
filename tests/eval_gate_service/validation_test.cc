// What the gate refuses before it does anything.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>

#include "tests/eval_gate_service/eval_gate_fixture.h"

namespace flywheel::evalgate {
namespace {

using testing::HasReason;
using testing::IsOk;
using Stub = v1::EvalGateService::Stub;

class Validation : public EvalGateTest {};

TEST_F(Validation, RefusesEveryBarOutsideItsRange) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  using Change = std::function<void(v1::Bar&)>;
  std::vector<Change> changes = {
      [](v1::Bar& p) { p.set_least_cases(0); },
      [](v1::Bar& p) { p.set_least_cases(100'001); },
      [](v1::Bar& p) { p.set_least_attempts(0); },
      [](v1::Bar& p) { p.set_least_attempts(33); },
      [](v1::Bar& p) { p.set_repeat_rule(static_cast<v1::RepeatRule>(4)); },
      [](v1::Bar& p) { p.set_repeat_rule(v1::REPEAT_RULE_ALL); },
      [](v1::Bar& p) { p.set_min_cohort_cases(-1); },
      [](v1::Bar& p) { p.set_min_cohort_cases(0); },
      [](v1::Bar& p) { p.set_cohort_margin_cases(0); },
      [](v1::Bar& p) { p.set_cohort_margin_cases(1'001); },
      [](v1::Bar& p) { p.set_min_cohort_cases(1'001); },
      [](v1::Bar& p) { (*p.mutable_cohort_floors())[""] = 0.5; },
  };
  for (const double bad : {nan, infinity, -infinity, -0.1, 1.0001}) {
    changes.push_back([bad](v1::Bar& p) { p.set_pass_rate_floor(bad); });
  }
  for (const double bad : {nan, infinity, -infinity, 0.0, -0.1, 1.0001}) {
    changes.push_back([bad](v1::Bar& p) { (*p.mutable_cohort_floors())["app"] = bad; });
  }
  for (const double bad : {nan, infinity, -0.01, 0.51}) {
    changes.push_back([bad](v1::Bar& p) { p.set_non_inferiority_margin(bad); });
    changes.push_back([bad](v1::Bar& p) { p.set_cohort_margin(bad); });
  }
  for (const double bad : {nan, infinity, 0.0, 1e-300, -0.05, 0.21}) {
    changes.push_back([bad](v1::Bar& p) { p.set_alpha(bad); });
  }
  for (const Change& change : changes) {
    bar_.emplace();
    change(*bar_);
    EXPECT_THAT(Judge("v1", "m1"), HasReason(Reason::kInvalidArgument)) << bar_->DebugString();
    EXPECT_THAT(SetPolicy(PolicyRequest()), HasReason(Reason::kInvalidArgument));
  }
}

TEST_F(Validation, TakesEveryBarAtTheEndsOfItsRange) {
  bar_.emplace();
  bar_->set_pass_rate_floor(1.0);
  (*bar_->mutable_cohort_floors())["app"] = 1e-6;
  bar_->set_non_inferiority_margin(0.0);
  bar_->set_alpha(0.2);
  bar_->set_min_cohort_cases(1'000);
  bar_->set_least_cases(100'000);
  bar_->set_least_attempts(32);
  bar_->set_repeat_rule(v1::REPEAT_RULE_ANY);
  ASSERT_OK(SetPolicy(PolicyRequest()));
  bar_.emplace();
  bar_->set_pass_rate_floor(0.0);
  bar_->set_non_inferiority_margin(0.5);
  bar_->set_alpha(0.001);
  ASSERT_OK(SetPolicy(PolicyRequest(2)));
}

TEST_F(Validation, RefusesEvaluatorsThatMeanNothing) {
  PutRows(40);
  using Change = void (*)(v1::CreateSuiteRequest&);
  const std::vector<Change> changes = {
      [](v1::CreateSuiteRequest& r) { r.add_evaluators()->set_kind("exakt"); },
      [](v1::CreateSuiteRequest& r) { r.add_evaluators(); },
      [](v1::CreateSuiteRequest& r) { r.add_evaluators()->set_kind("rouge_l"); },
      [](v1::CreateSuiteRequest& r) {
        // Whose grade it reads is not said.
        r.add_evaluators()->set_kind("external");
      },
      [](v1::CreateSuiteRequest& r) {
        r.add_evaluators()->set_kind("rouge_l");
        r.mutable_evaluators(0)->set_threshold(5e-324);
      },
      [](v1::CreateSuiteRequest& r) {
        r.add_evaluators()->set_kind("exact");
        r.mutable_evaluators(0)->set_threshold(1.5);
      },
      [](v1::CreateSuiteRequest& r) {
        r.add_evaluators()->set_kind("exact");
        r.mutable_evaluators(0)->set_threshold(0);
      },
      [](v1::CreateSuiteRequest& r) {
        r.add_evaluators()->set_kind("exact");
        r.mutable_evaluators(0)->set_parameters_json(R"({"unknown": 1})");
      },
      [](v1::CreateSuiteRequest& r) {
        // White space is no parameter, and costs as much to read.
        r.add_evaluators()->set_kind("exact");
        r.mutable_evaluators(0)->set_parameters_json("{" + std::string(64 * 1024 - 1, ' ') + "}");
      },
      [](v1::CreateSuiteRequest& r) {
        r.add_evaluators()->set_kind("exact");
        r.add_evaluators()->set_kind("exact");
      },
      [](v1::CreateSuiteRequest& r) {
        r.add_evaluators()->set_kind("exact");
        r.mutable_evaluators(0)->set_informative(true);
      },
      [](v1::CreateSuiteRequest& r) {
        for (int i = 0; i < 11; ++i) {
          r.add_evaluators()->set_kind("exact");
          r.mutable_evaluators(i)->set_evaluator_id("e" + std::to_string(i));
        }
      },
  };
  for (const Change change : changes) {
    v1::CreateSuiteRequest request = SuiteRequest("s1");
    change(request);
    EXPECT_THAT(Create(request), HasReason(Reason::kInvalidArgument)) << request.DebugString();
  }
  EXPECT_EQ(curation_.calls(), 0);
}

TEST_F(Validation, RefusesMalformedIds) {
  for (const std::string& bad : {std::string(), std::string("a b"), std::string("a/b"),
                                 std::string(129, 'x'), std::string("é")}) {
    v1::CreateSuiteRequest create = SuiteRequest(bad);
    EXPECT_THAT(Create(create), HasReason(Reason::kInvalidArgument)) << bad;
    create = SuiteRequest("s1");
    create.set_dataset_version_id(bad);
    EXPECT_THAT(Create(create), HasReason(Reason::kInvalidArgument)) << bad;
    EXPECT_THAT(Judge(bad, "m1"), HasReason(Reason::kInvalidArgument)) << bad;
    v1::GetSuiteRequest get_suite;
    get_suite.set_suite_id(bad);
    v1::GetSuiteResponse suite;
    EXPECT_THAT(Call(&Stub::GetSuite, get_suite, suite), HasReason(Reason::kInvalidArgument));
    v1::GetVerdictRequest get_verdict;
    get_verdict.set_verdict_id(bad);
    v1::GetVerdictResponse verdict;
    EXPECT_THAT(Call(&Stub::GetVerdict, get_verdict, verdict), HasReason(Reason::kInvalidArgument));
  }
}

TEST_F(Validation, RefusesNoModelVersionAndAComparisonWithItself) {
  MakeSuite(40);
  SubmitAll("m1", 40);
  EXPECT_THAT(Judge("v1", ""), HasReason(Reason::kInvalidArgument));
  EXPECT_THAT(Judge("v1", std::string(129, 'm')), HasReason(Reason::kInvalidArgument));
  EXPECT_THAT(Judge("v1", "m1", "m1"), HasReason(Reason::kInvalidArgument));
  EXPECT_THAT(Judge("v1", "m1", "M1 "), HasReason(Reason::kInvalidArgument));
  v1::SubmitOutputsRequest outputs = OutputsRequest("");
  AddOutput(CaseId(0), "x", outputs);
  EXPECT_THAT(Submit(outputs), HasReason(Reason::kInvalidArgument));
}

TEST_F(Validation, RepeatsNoLongTextOfTheCaller) {
  MakeSuite(1, "app");
  const std::string text(3'000, 'x');
  v1::SubmitOutputsRequest outputs = OutputsRequest("m1");
  AddOutput(text, "answer", outputs);
  const grpc::Status unknown_case = Submit(outputs);
  EXPECT_THAT(unknown_case, HasReason(Reason::kInvalidArgument));
  EXPECT_LT(unknown_case.error_message().size(), 400u);
  bar_.emplace();
  (*bar_->mutable_cohort_floors())[text] = 2;
  const grpc::Status long_cohort = Judge("v1", "m1");
  EXPECT_THAT(long_cohort, HasReason(Reason::kInvalidArgument));
  EXPECT_LT(long_cohort.error_message().size(), 400u);
}

TEST_F(Validation, BoundsABatchOfOutputs) {
  MakeSuite(1);
  EXPECT_THAT(Submit(OutputsRequest("m1")), HasReason(Reason::kEmptyBatch));
  v1::SubmitOutputsRequest request = OutputsRequest("m1");
  for (int i = 0; i < 10'001; ++i) AddOutput(CaseId(0), "answer", request);
  EXPECT_THAT(Submit(request), HasReason(Reason::kTooLarge));
  request.mutable_outputs()->RemoveLast();
  ASSERT_OK(Submit(request));
  EXPECT_EQ(outputs_.results_size(), 10'000);
  EXPECT_EQ(outputs_.results(9'999).status(), common::v1::ITEM_STATUS_REPLAYED);
}

TEST_F(Validation, RefusesWrongPages) {
  v1::ListVerdictsResponse response;
  v1::ListVerdictsRequest request;
  request.set_page_size(-1);
  EXPECT_THAT(Call(&Stub::ListVerdicts, request, response), HasReason(Reason::kInvalidArgument));
  request.set_page_size(0);
  request.set_page_token("17");
  EXPECT_THAT(Call(&Stub::ListVerdicts, request, response), HasReason(Reason::kInvalidArgument));
}

}  // namespace
}  // namespace flywheel::evalgate

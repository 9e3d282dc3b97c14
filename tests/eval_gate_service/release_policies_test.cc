// Release policies, approvals and waivers: who may say what a version must show, and what is kept.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/eval_gate_service/eval_gate_fixture.h"

namespace flywheel::evalgate {
namespace {

using testing::HasReason;
using ::testing::HasSubstr;
using testing::IsOk;
using PolicyStub = v1::ReleasePolicyService::Stub;

class ReleasePolicyTest : public EvalGateTest {
 protected:
  v1::GetReleasePolicyResponse Get(int64_t policy_version = 0) {
    v1::GetReleasePolicyRequest request;
    request.set_agent(agent_);
    request.set_policy_version(policy_version);
    v1::GetReleasePolicyResponse response;
    EXPECT_OK(Call(&PolicyStub::GetReleasePolicy, request, response));
    return response;
  }
};

TEST_F(ReleasePolicyTest, IsKeptAsItWasSet) {
  v1::SetReleasePolicyRequest request = PolicyRequest();
  v1::ReleasePolicy& policy = *request.mutable_policy();
  (*policy.mutable_suites(0)->mutable_bar()->mutable_cohort_floors())["vip"] = 0.97;
  policy.add_suites()->set_suite_name("orders");
  policy.mutable_suites(1)->mutable_bar()->set_repeat_rule(v1::REPEAT_RULE_ALL);
  policy.mutable_suites(1)->mutable_bar()->set_least_attempts(4);
  policy.mutable_suites(1)->mutable_bar()->add_cohort_labels("tier");
  policy.add_judges("release-ci");
  policy.set_reference_model_version("m0");
  (*policy.mutable_labels())["ticket"] = "17";
  ASSERT_OK(SetPolicy(request));
  EXPECT_FALSE(policy_.replayed());
  const v1::ReleasePolicy& set = policy_.policy();
  EXPECT_EQ(set.suites(0).bar().pass_rate_floor(), 0.92) << "the defaults are filled in";
  EXPECT_EQ(set.suites(0).bar().cohort_floors().at("vip"), 0.97);
  EXPECT_EQ(set.suites(0).bar().repeat_rule(), v1::REPEAT_RULE_MEAN);
  EXPECT_EQ(set.suites(0).bar().least_attempts(), 1);
  EXPECT_EQ(set.suites(1).suite_name(), "orders");
  EXPECT_EQ(set.suites(1).bar().repeat_rule(), v1::REPEAT_RULE_ALL);
  EXPECT_EQ(set.suites(1).bar().least_attempts(), 4);
  EXPECT_EQ(set.suites(1).bar().cohort_labels(0), "tier");
  EXPECT_EQ(set.create_time().seconds(), 1'700'000'000);
  Restart();
  EXPECT_EQ(Get().policy().SerializeAsString(), set.SerializeAsString());
  EXPECT_EQ(Get().reference_model_version(), "m0");
  EXPECT_EQ(Get().baseline_model_version(), "");
  ASSERT_OK(Approve("m1"));
  EXPECT_EQ(Get().baseline_model_version(), "m1");
}

TEST_F(ReleasePolicyTest, IsNeverEdited) {
  ASSERT_OK(SetPolicy(PolicyRequest()));
  ASSERT_OK(SetPolicy(PolicyRequest()));
  EXPECT_TRUE(policy_.replayed());
  EXPECT_THAT(SetPolicy(PolicyRequest(1, "other")),
              HasReason(Reason::kAlreadyExistsWithOtherContent));
  const grpc::Status gap = SetPolicy(PolicyRequest(3));
  EXPECT_THAT(gap, HasReason(Reason::kOutdated));
  EXPECT_THAT(gap.error_message(), HasSubstr("policy_version 2"));
  ASSERT_OK(SetPolicy(PolicyRequest(2, "other")));
  EXPECT_EQ(Get().policy().policy_version(), 2);
  EXPECT_EQ(Get(1).policy().suites(0).suite_name(), "s1");
  v1::GetReleasePolicyRequest unknown;
  unknown.set_agent("nobody");
  v1::GetReleasePolicyResponse response;
  EXPECT_THAT(Call(&PolicyStub::GetReleasePolicy, unknown, response), HasReason(Reason::kNotFound));
}

TEST_F(ReleasePolicyTest, RefusesWhatMeansNothing) {
  using Change = void (*)(v1::ReleasePolicy&);
  const std::vector<Change> changes = {
      [](v1::ReleasePolicy& p) { p.clear_agent(); },
      [](v1::ReleasePolicy& p) { p.set_policy_version(0); },
      [](v1::ReleasePolicy& p) { p.clear_suites(); },
      [](v1::ReleasePolicy& p) { *p.add_suites() = p.suites(0); },
      [](v1::ReleasePolicy& p) { p.mutable_suites(0)->set_suite_name("a b"); },
      [](v1::ReleasePolicy& p) { p.add_judges(""); },
      [](v1::ReleasePolicy& p) { p.set_reason(" \t"); },
      [](v1::ReleasePolicy& p) { p.set_reason(std::string(4'097, 'x')); },
      [](v1::ReleasePolicy& p) { p.set_baseline_model_version("m\u200b1"); },
      [](v1::ReleasePolicy& p) { (*p.mutable_labels())[""] = "x"; },
      [](v1::ReleasePolicy& p) {
        v1::EvaluatorSpec& one = *p.mutable_suites(0)->mutable_bar()->add_evaluators();
        one.set_kind("rouge_l");
        one.set_threshold(0);
      },
      // Another definition than that of this release.
      [](v1::ReleasePolicy& p) {
        v1::EvaluatorSpec& one = *p.mutable_suites(0)->mutable_bar()->add_evaluators();
        one.set_kind("exact");
        one.set_version(99);
      },
      [](v1::ReleasePolicy& p) {
        for (int i = 0; i < 20; ++i) p.add_suites()->set_suite_name("s-" + std::to_string(i));
      },
  };
  for (const Change change : changes) {
    v1::SetReleasePolicyRequest request = PolicyRequest();
    change(*request.mutable_policy());
    EXPECT_THAT(SetPolicy(request), HasReason(Reason::kInvalidArgument)) << request.DebugString();
  }
  v1::SetReleasePolicyRequest large = PolicyRequest();
  auto& floors = *large.mutable_policy()->mutable_suites(0)->mutable_bar()->mutable_cohort_floors();
  for (int i = 0; i < 900; ++i) floors[std::to_string(i) + std::string(100, 'c')] = 0.5;
  EXPECT_THAT(SetPolicy(large), HasReason(Reason::kTooLarge));
}

TEST_F(ReleasePolicyTest, RefusesApprovalsAndWaiversThatMeanNothing) {
  using Change = void (*)(v1::VerdictWaiver&);
  const std::vector<Change> changes = {
      [](v1::VerdictWaiver& w) { w.set_waiver_id("a b"); },
      [](v1::VerdictWaiver& w) { w.clear_agent(); },
      [](v1::VerdictWaiver& w) { w.set_model_version("  "); },
      [](v1::VerdictWaiver& w) { w.set_owner(" - "); },
      [](v1::VerdictWaiver& w) { w.set_reason("--"); },
      [](v1::VerdictWaiver& w) { w.clear_expire_time(); },
      [](v1::VerdictWaiver& w) {
        w.add_suite_names("s1");
        w.add_suite_names("s1");
      },
      [](v1::VerdictWaiver& w) {
        for (int i = 0; i < 21; ++i) w.add_suite_names("s-" + std::to_string(i));
      },
  };
  for (const Change change : changes) {
    v1::WaiveVerdictsRequest request = WaiverRequest("m1");
    change(*request.mutable_waiver());
    EXPECT_THAT(Waive(request), HasReason(Reason::kInvalidArgument)) << request.DebugString();
  }
  EXPECT_THAT(Approve(" "), HasReason(Reason::kInvalidArgument));
  EXPECT_THAT(Approve("m1", "a b"), HasReason(Reason::kInvalidArgument));
}

TEST_F(ReleasePolicyTest, ApprovalsAndWaiversAreReplayedAndListed) {
  ASSERT_OK(SetPolicy(PolicyRequest()));
  ASSERT_OK(Approve("m1"));
  ASSERT_OK(Approve("m1"));
  EXPECT_TRUE(approved_.replayed());
  EXPECT_THAT(Approve("m2", "approve-m1"), HasReason(Reason::kAlreadyExistsWithOtherContent));
  ASSERT_OK(Approve("m2"));
  agent_ = "another";
  ASSERT_OK(Approve("m3"));
  ASSERT_OK(Waive(WaiverRequest("m3")));
  agent_ = "helper";
  ASSERT_OK(Waive(WaiverRequest("m1")));

  v1::ListBaselineApprovalsRequest list;
  list.set_page_size(1);
  list.set_agent("helper");
  v1::ListBaselineApprovalsResponse page;
  ASSERT_OK(Call(&PolicyStub::ListBaselineApprovals, list, page));
  ASSERT_EQ(page.approvals_size(), 1);
  EXPECT_EQ(page.approvals(0).model_version(), "m2");
  list.set_page_token(page.next_page_token());
  ASSERT_OK(Call(&PolicyStub::ListBaselineApprovals, list, page));
  ASSERT_EQ(page.approvals_size(), 1);
  EXPECT_EQ(page.approvals(0).model_version(), "m1");
  EXPECT_EQ(page.next_page_token(), "");

  v1::ListVerdictWaiversRequest waivers;
  waivers.set_order(common::v1::LIST_ORDER_OLDEST_FIRST);
  v1::ListVerdictWaiversResponse all;
  ASSERT_OK(Call(&PolicyStub::ListVerdictWaivers, waivers, all));
  ASSERT_EQ(all.waivers_size(), 2);
  EXPECT_EQ(all.waivers(0).agent(), "another");
  EXPECT_EQ(all.waivers(1).SerializeAsString(), waived_.waiver().SerializeAsString());

  v1::ListReleasePoliciesResponse policies;
  ASSERT_OK(Call(&PolicyStub::ListReleasePolicies, v1::ListReleasePoliciesRequest(), policies));
  ASSERT_EQ(policies.policies_size(), 1);
  project_ = "other";
  ASSERT_OK(Call(&PolicyStub::ListReleasePolicies, v1::ListReleasePoliciesRequest(), policies));
  EXPECT_EQ(policies.policies_size(), 0);
}

}  // namespace
}  // namespace flywheel::evalgate

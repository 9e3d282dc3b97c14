// The lists of suites and verdicts: labels, filters, orders and pages.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "tests/eval_gate_service/eval_gate_fixture.h"

namespace flywheel::evalgate {
namespace {

using ::testing::ElementsAre;
using testing::HasReason;
using ::testing::IsEmpty;
using Stub = v1::EvalGateService::Stub;
using Words = std::map<std::string, std::string>;

constexpr auto kOldestFirst = common::v1::LIST_ORDER_OLDEST_FIRST;
constexpr int64_t kStart = 1'700'000'000;

const std::string& IdOf(const v1::Suite& suite) { return suite.suite_id(); }
const std::string& IdOf(const v1::Verdict& verdict) { return verdict.verdict_id(); }

class GateLists : public EvalGateTest {
 protected:
  // Each is made an hour after what was there before.
  grpc::Status MakeLabelled(const std::string& suite_id, const std::string& dataset,
                            const Words& labels) {
    clock_.Advance(absl::Hours(1));
    v1::CreateSuiteRequest request = SuiteRequest(suite_id, dataset);
    request.mutable_labels()->insert(labels.begin(), labels.end());
    return Create(request);
  }
  grpc::Status JudgeLabelled(const std::string& verdict_id, const std::string& model_version,
                             const std::string& suite_id, const Words& labels) {
    clock_.Advance(absl::Hours(1));
    FinishRuns(suite_id);
    v1::JudgeVersionRequest request;
    request.set_verdict_id(verdict_id);
    request.set_suite_id(suite_id);
    request.set_model_version(model_version);
    request.mutable_labels()->insert(labels.begin(), labels.end());
    return Call(&Stub::JudgeVersion, request, judged_);
  }

  // "s1" and "s3" of "d1", which is the helper's, and "s2" of "d2", which is the router's; a
  // verdict on each but the last, of which "good" passes and "bad" does not.
  void MakeThree() {
    PutRows(40);
    PutRows(40, "", "d2");
    curation_.SetAgent("d2", "router");
    ASSERT_OK(MakeLabelled("s1", "d1", {{"branch", "main"}, {"sha", "1"}}));
    ASSERT_OK(MakeLabelled("s2", "d2", {{"branch", "main"}}));
    ASSERT_OK(MakeLabelled("s3", "d1", {}));
    SubmitAll("good", 40);
    SubmitAll("bad", 40, /*wrong=*/30);
    SubmitAll("good", 40, 0, "s2");
    ASSERT_OK(JudgeLabelled("v1", "good", "s1", {{"sha", "1"}, {"ci", "run/1"}}));
    ASSERT_OK(JudgeLabelled("v2", "bad", "s1", {{"sha", "2"}}));
    ASSERT_OK(JudgeLabelled("v3", "good", "s2", {{"sha", "1"}}));
  }

  // All pages of one thing each.
  std::vector<std::string> List(v1::ListSuitesRequest request) {
    return Pages<v1::ListSuitesResponse>(&Stub::ListSuites, request,
                                         [](const auto& response) { return response.suites(); });
  }
  std::vector<std::string> List(v1::ListVerdictsRequest request) {
    return Pages<v1::ListVerdictsResponse>(
        &Stub::ListVerdicts, request, [](const auto& response) { return response.verdicts(); });
  }

 private:
  template <typename Response, typename Request, typename Method, typename Things>
  std::vector<std::string> Pages(Method method, Request& request, Things things) {
    std::vector<std::string> ids;
    request.set_page_size(1);
    do {
      Response response;
      EXPECT_OK(Call(method, request, response));
      const auto page = things(response);
      for (const auto& thing : page) ids.push_back(IdOf(thing));
      request.set_page_token(response.next_page_token());
    } while (!request.page_token().empty());
    return ids;
  }
};

TEST_F(GateLists, OfSuitesGoInEitherOrderAndByAgentDatasetVersionTimeAndLabels) {
  MakeThree();
  v1::ListSuitesRequest request;
  EXPECT_THAT(List(request), ElementsAre("s3", "s2", "s1"));
  request.set_order(kOldestFirst);
  EXPECT_THAT(List(request), ElementsAre("s1", "s2", "s3"));
  request.set_agent("helper");
  EXPECT_THAT(List(request), ElementsAre("s1", "s3"));
  request.set_dataset_version_id("d2");
  EXPECT_THAT(List(request), IsEmpty());
  request.set_agent("router");
  EXPECT_THAT(List(request), ElementsAre("s2"));
  request.Clear();
  (*request.mutable_labels())["branch"] = "main";
  EXPECT_THAT(List(request), ElementsAre("s2", "s1"));
  (*request.mutable_labels())["sha"] = "1";
  EXPECT_THAT(List(request), ElementsAre("s1"));
  (*request.mutable_labels())["sha"] = "2";
  EXPECT_THAT(List(request), IsEmpty());
  request.Clear();
  request.mutable_create_time_from()->set_seconds(kStart + 7'200);
  EXPECT_THAT(List(request), ElementsAre("s3", "s2"));
  request.mutable_create_time_before()->set_seconds(kStart + 10'800);
  EXPECT_THAT(List(request), ElementsAre("s2"));
  project_ = "other";
  EXPECT_THAT(List(v1::ListSuitesRequest()), IsEmpty());
}

TEST_F(GateLists, OfSuitesHoldWhatGetSuiteSays) {
  PutRows(40, "app");
  v1::CreateSuiteRequest create = SuiteRequest("s1");
  (*create.mutable_labels())["sha"] = "0a1b";
  ASSERT_OK(Create(create));
  v1::ListSuitesResponse response;
  ASSERT_OK(Call(&Stub::ListSuites, v1::ListSuitesRequest(), response));
  ASSERT_EQ(response.suites_size(), 1);
  EXPECT_EQ(response.suites(0).SerializeAsString(), suite_.suite().SerializeAsString());
  EXPECT_EQ(response.suites(0).labels().at("sha"), "0a1b");
}

TEST_F(GateLists, OfSuitesHaveNoneThatWasNotMade) {
  PutRows(40);
  v1::CreateSuiteRequest create = SuiteRequest("s1");
  create.add_evaluators()->set_kind("tool_calls");
  (*create.mutable_labels())["sha"] = "0a1b";
  EXPECT_THAT(Create(create), HasReason(Reason::kNotEnoughData));
  EXPECT_THAT(List(v1::ListSuitesRequest()), IsEmpty());
  ASSERT_OK(Create(SuiteRequest("s1")));
  EXPECT_TRUE(suite_.suite().labels().empty());
}

TEST_F(GateLists, OfVerdictsGoInEitherOrderAndByEverything) {
  MakeThree();
  v1::ListVerdictsRequest request;
  EXPECT_THAT(List(request), ElementsAre("v3", "v2", "v1"));
  request.set_order(kOldestFirst);
  EXPECT_THAT(List(request), ElementsAre("v1", "v2", "v3"));
  request.set_agent("helper");
  EXPECT_THAT(List(request), ElementsAre("v1", "v2"));
  request.set_model_version("good");
  EXPECT_THAT(List(request), ElementsAre("v1"));
  request.clear_agent();
  EXPECT_THAT(List(request), ElementsAre("v1", "v3"));
  request.set_suite_id("s2");
  EXPECT_THAT(List(request), ElementsAre("v3"));
  request.Clear();
  request.set_suite_id("s1");
  EXPECT_THAT(List(request), ElementsAre("v2", "v1"));
  request.set_agent("router");
  EXPECT_THAT(List(request), IsEmpty());
  request.Clear();
  request.set_decision(v1::DECISION_BLOCK);
  EXPECT_THAT(List(request), ElementsAre("v2"));
  request.set_decision(v1::DECISION_INCONCLUSIVE);
  EXPECT_THAT(List(request), IsEmpty());
  request.Clear();
  (*request.mutable_labels())["sha"] = "1";
  EXPECT_THAT(List(request), ElementsAre("v3", "v1"));
  (*request.mutable_labels())["ci"] = "run/1";
  EXPECT_THAT(List(request), ElementsAre("v1"));
  request.Clear();
  request.mutable_create_time_from()->set_seconds(kStart + 18'000);
  EXPECT_THAT(List(request), ElementsAre("v3", "v2"));
  request.mutable_create_time_before()->set_seconds(kStart + 21'600);
  EXPECT_THAT(List(request), ElementsAre("v2"));
}

TEST_F(GateLists, LabelsAreContentAndOutliveARestart) {
  MakeThree();
  Restart();
  v1::GetVerdictRequest get;
  get.set_verdict_id("v1");
  v1::GetVerdictResponse got;
  ASSERT_OK(Call(&Stub::GetVerdict, get, got));
  EXPECT_EQ(got.verdict().labels().size(), 2u);
  EXPECT_EQ(got.verdict().labels().at("ci"), "run/1");
  ASSERT_OK(JudgeLabelled("v1", "good", "s1", {{"ci", "run/1"}, {"sha", "1"}}));
  EXPECT_TRUE(judged_.replayed());
  EXPECT_EQ(judged_.verdict().labels().at("ci"), "run/1");
  EXPECT_THAT(JudgeLabelled("v1", "good", "s1", {{"ci", "run/2"}, {"sha", "1"}}),
              HasReason(Reason::kAlreadyExistsWithOtherContent));
  EXPECT_THAT(JudgeLabelled("v1", "good", "s1", {}),
              HasReason(Reason::kAlreadyExistsWithOtherContent));
  ASSERT_OK(MakeLabelled("s1", "d1", {{"branch", "main"}, {"sha", "1"}}));
  EXPECT_TRUE(suite_.replayed());
  EXPECT_EQ(suite_.suite().labels().at("branch"), "main");
  EXPECT_THAT(MakeLabelled("s1", "d1", {{"branch", "main"}}),
              HasReason(Reason::kAlreadyExistsWithOtherContent));
}

TEST_F(GateLists, DoNotHashTheLabelsWithTheCases) {
  MakeThree();
  ASSERT_OK(MakeLabelled("s4", "d1", {{"sha", "4"}}));
  const std::string labelled = suite_.suite().content_hash();
  ASSERT_OK(MakeLabelled("s5", "d1", {}));
  EXPECT_EQ(suite_.suite().content_hash(), labelled);
}

TEST_F(GateLists, RefuseLabelsAndFiltersOutsideTheirRange) {
  PutRows(40);
  const auto is_invalid = HasReason(Reason::kInvalidArgument);
  EXPECT_THAT(MakeLabelled("s1", "d1", {{"", "x"}}), is_invalid);
  EXPECT_THAT(MakeLabelled("s1", "d1", {{std::string(65, 'n'), "x"}}), is_invalid);
  EXPECT_THAT(JudgeLabelled("v1", "m", "s1", {{"n", std::string(257, 'x')}}), is_invalid);
  Words many;
  for (int i = 0; i < 65; ++i) many[std::to_string(i)] = "";
  EXPECT_THAT(MakeLabelled("s1", "d1", many), is_invalid);
  many.erase("0");
  EXPECT_OK(MakeLabelled("s1", "d1", many));
  const auto refused = [&](auto change) {
    v1::ListVerdictsRequest request;
    change(request);
    v1::ListVerdictsResponse response;
    return Call(&Stub::ListVerdicts, request, response);
  };
  EXPECT_THAT(refused([](auto& r) { r.set_agent(std::string(129, 'a')); }), is_invalid);
  EXPECT_THAT(refused([](auto& r) { r.set_suite_id("a b"); }), is_invalid);
  EXPECT_THAT(refused([](auto& r) { r.set_decision(static_cast<v1::Decision>(9)); }), is_invalid);
  EXPECT_THAT(refused([](auto& r) { r.set_order(static_cast<common::v1::ListOrder>(9)); }),
              is_invalid);
  EXPECT_THAT(refused([](auto& r) { (*r.mutable_labels())[""] = ""; }), is_invalid);
}

TEST_F(GateLists, APageTokenBelongsToItsListFilterAndOrder) {
  MakeThree();
  const auto is_invalid = HasReason(Reason::kInvalidArgument);
  v1::ListVerdictsRequest request;
  request.set_page_size(1);
  v1::ListVerdictsResponse response;
  ASSERT_OK(Call(&Stub::ListVerdicts, request, response));
  request.set_page_token(response.next_page_token());
  const auto refused = [&](auto change) {
    v1::ListVerdictsRequest other = request;
    change(other);
    return Call(&Stub::ListVerdicts, other, response);
  };
  EXPECT_THAT(refused([](auto& other) { other.set_order(kOldestFirst); }), is_invalid);
  EXPECT_THAT(refused([](auto& other) { other.set_agent("helper"); }), is_invalid);
  EXPECT_THAT(refused([](auto& other) { other.set_suite_id("s1"); }), is_invalid);
  EXPECT_THAT(refused([](auto& other) { other.set_model_version("good"); }), is_invalid);
  EXPECT_THAT(refused([](auto& other) { other.set_decision(v1::DECISION_PASS); }), is_invalid);
  EXPECT_THAT(refused([](auto& other) { other.mutable_create_time_before(); }), is_invalid);
  EXPECT_THAT(refused([](auto& other) { (*other.mutable_labels())["sha"] = "1"; }), is_invalid);
  EXPECT_OK(refused([](auto& other) { other.set_order(common::v1::LIST_ORDER_NEWEST_FIRST); }));
  v1::ListSuitesRequest suites;
  suites.set_page_token(request.page_token());
  v1::ListSuitesResponse none;
  EXPECT_THAT(Call(&Stub::ListSuites, suites, none), is_invalid);
  suites.clear_page_token();
  suites.set_page_size(1);
  ASSERT_OK(Call(&Stub::ListSuites, suites, none));
  suites.set_page_token(none.next_page_token());
  suites.set_dataset_version_id("d1");
  EXPECT_THAT(Call(&Stub::ListSuites, suites, none), is_invalid);
}

TEST_F(GateLists, OfSuitesWithManyLabelsComeInSmallerPages) {
  PutRows(40);
  Words labels;
  for (int i = 0; i < 64; ++i) labels[std::to_string(i)] = std::string(256, 'x');
  for (int i = 0; i < 70; ++i) {
    ASSERT_OK(MakeLabelled("s" + std::to_string(i), "d1", labels));
  }
  v1::ListSuitesRequest request;
  request.set_page_size(1'000);
  v1::ListSuitesResponse response;
  ASSERT_OK(Call(&Stub::ListSuites, request, response));
  EXPECT_LT(response.suites_size(), 70);
  EXPECT_LT(response.ByteSizeLong(), size_t{2} << 20);
  const int first = response.suites_size();
  request.set_page_token(response.next_page_token());
  ASSERT_OK(Call(&Stub::ListSuites, request, response));
  EXPECT_EQ(first + response.suites_size(), 70);
  EXPECT_EQ(response.next_page_token(), "");
}

}  // namespace
}  // namespace flywheel::evalgate

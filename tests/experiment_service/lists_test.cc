// The lists of experiments and promotions: labels, filters, orders and pages.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "tests/experiment_service/service_fixture.h"

namespace flywheel::experiment {
namespace {

using ::testing::ElementsAre;
using testing::HasReason;
using ::testing::IsEmpty;
using Words = std::map<std::string, std::string>;

constexpr auto kOldestFirst = common::v1::LIST_ORDER_OLDEST_FIRST;
constexpr int64_t kStart = 1'800'000'000;

const std::string& IdOf(const v1::Experiment& experiment) { return experiment.experiment_id(); }
const std::string& IdOf(const v1::ActiveVersion& promotion) { return promotion.promotion_id(); }

class ExperimentLists : public ServiceFixture {
 protected:
  // Each is made an hour after what was there before.
  grpc::Status Promote(const std::string& promotion_id, const std::string& agent,
                       const std::string& version, const Words& labels) {
    clock_.Advance(absl::Hours(1));
    v1::PromoteVersionRequest request = Waived(promotion_id, version);
    request.set_agent(agent);
    request.mutable_labels()->insert(labels.begin(), labels.end());
    return Call(&Stub::PromoteVersion, request, &promoted_);
  }
  // The control serves "v1".
  grpc::Status Compare(const std::string& experiment_id, const std::string& agent,
                       const std::string& version, const Words& labels) {
    clock_.Advance(absl::Hours(1));
    v1::CreateExperimentRequest request = Comparison(experiment_id);
    request.set_agent(agent);
    request.mutable_arms(1)->set_model_version(version);
    request.mutable_labels()->insert(labels.begin(), labels.end());
    return Call(&Stub::CreateExperiment, request, &made_);
  }
  void Stop(const std::string& experiment_id) {
    v1::StopExperimentRequest request;
    request.set_experiment_id(experiment_id);
    request.set_reason("enough");
    ASSERT_OK(Call(&Stub::StopExperiment, request));
  }

  // Promotions "p1" to "p4", the second the router's, and experiments "e1" to "e3", likewise.
  void MakeAll() {
    gate_.Judge("v3", evalgate::v1::DECISION_PASS);
    ASSERT_OK(Promote("p1", "helper", "v1", {{"sha", "1"}, {"branch", "main"}}));
    ASSERT_OK(Promote("p2", "router", "v1", {{"sha", "1"}}));
    ASSERT_OK(Compare("e1", "helper", "v2", {{"sha", "1"}, {"branch", "main"}}));
    ASSERT_OK(Compare("e2", "router", "v2", {{"sha", "1"}}));
    Stop("e1");
    ASSERT_OK(Compare("e3", "helper", "v3", {}));
    ASSERT_OK(Promote("p3", "helper", "v2", {}));
    ASSERT_OK(Promote("p4", "helper", "v1", {{"sha", "4"}}));
  }

  // All pages of one thing each.
  std::vector<std::string> List(v1::ListExperimentsRequest request) {
    return Pages<v1::ListExperimentsResponse>(
        &Stub::ListExperiments, request,
        [](const auto& response) { return response.experiments(); });
  }
  std::vector<std::string> List(v1::ListPromotionsRequest request) {
    return Pages<v1::ListPromotionsResponse>(
        &Stub::ListPromotions, request, [](const auto& response) { return response.promotions(); });
  }

  v1::PromoteVersionResponse promoted_;
  v1::CreateExperimentResponse made_;

 private:
  template <typename Response, typename Request, typename Method, typename Things>
  std::vector<std::string> Pages(Method method, Request& request, Things things) {
    std::vector<std::string> ids;
    request.set_page_size(1);
    do {
      Response response;
      EXPECT_OK(Call(method, request, &response));
      const auto page = things(response);
      for (const auto& thing : page) ids.push_back(IdOf(thing));
      request.set_page_token(response.next_page_token());
    } while (!request.page_token().empty());
    return ids;
  }
};

TEST_F(ExperimentLists, OfExperimentsGoInEitherOrderAndByEverything) {
  MakeAll();
  v1::ListExperimentsRequest request;
  EXPECT_THAT(List(request), ElementsAre("e3", "e2", "e1"));
  request.set_order(kOldestFirst);
  EXPECT_THAT(List(request), ElementsAre("e1", "e2", "e3"));
  request.set_agent("helper");
  EXPECT_THAT(List(request), ElementsAre("e1", "e3"));
  request.set_model_version("v3");
  EXPECT_THAT(List(request), ElementsAre("e3"));
  request.clear_agent();
  request.set_model_version("v1");
  EXPECT_THAT(List(request), ElementsAre("e1", "e2", "e3")) << "the control is an arm too";
  request.set_model_version("v2");
  EXPECT_THAT(List(request), ElementsAre("e1", "e2"));
  request.set_state(v1::EXPERIMENT_STATE_RUNNING);
  EXPECT_THAT(List(request), ElementsAre("e2"));
  request.Clear();
  (*request.mutable_labels())["sha"] = "1";
  EXPECT_THAT(List(request), ElementsAre("e2", "e1"));
  (*request.mutable_labels())["branch"] = "main";
  EXPECT_THAT(List(request), ElementsAre("e1"));
  (*request.mutable_labels())["branch"] = "other";
  EXPECT_THAT(List(request), IsEmpty());
  request.Clear();
  request.mutable_create_time_from()->set_seconds(kStart + 14'400);
  EXPECT_THAT(List(request), ElementsAre("e3", "e2"));
  request.mutable_create_time_before()->set_seconds(kStart + 18'000);
  EXPECT_THAT(List(request), ElementsAre("e2"));
  project_ = "other";
  EXPECT_THAT(List(v1::ListExperimentsRequest()), IsEmpty());
}

TEST_F(ExperimentLists, OfPromotionsHaveEveryOneThatEverWasInEitherOrderAndByEverything) {
  MakeAll();
  v1::ListPromotionsRequest request;
  EXPECT_THAT(List(request), ElementsAre("p4", "p3", "p2", "p1"));
  request.set_order(kOldestFirst);
  EXPECT_THAT(List(request), ElementsAre("p1", "p2", "p3", "p4"));
  request.set_agent("helper");
  EXPECT_THAT(List(request), ElementsAre("p1", "p3", "p4"));
  request.set_model_version("v1");
  EXPECT_THAT(List(request), ElementsAre("p1", "p4"));
  request.clear_agent();
  EXPECT_THAT(List(request), ElementsAre("p1", "p2", "p4"));
  request.Clear();
  (*request.mutable_labels())["sha"] = "1";
  EXPECT_THAT(List(request), ElementsAre("p2", "p1"));
  (*request.mutable_labels())["branch"] = "main";
  EXPECT_THAT(List(request), ElementsAre("p1"));
  request.Clear();
  request.mutable_create_time_from()->set_seconds(kStart + 7'200);
  EXPECT_THAT(List(request), ElementsAre("p4", "p3", "p2"));
  request.mutable_create_time_before()->set_seconds(kStart + 21'600 + 1);
  EXPECT_THAT(List(request), ElementsAre("p3", "p2"));
  project_ = "other";
  EXPECT_THAT(List(v1::ListPromotionsRequest()), IsEmpty());
}

TEST_F(ExperimentLists, OfPromotionsBeginWithTheActiveVersionAsItIsToldElsewhere) {
  MakeAll();
  v1::ListPromotionsRequest request;
  request.set_agent("helper");
  v1::ListPromotionsResponse response;
  ASSERT_OK(Call(&Stub::ListPromotions, request, &response));
  v1::GetActiveVersionRequest get;
  get.set_agent("helper");
  v1::GetActiveVersionResponse active;
  ASSERT_OK(Call(&Stub::GetActiveVersion, get, &active));
  ASSERT_EQ(response.promotions_size(), 3);
  EXPECT_EQ(response.promotions(0).SerializeAsString(),
            active.active_version().SerializeAsString());
  EXPECT_EQ(active.active_version().labels().at("sha"), "4");
  EXPECT_EQ(response.promotions(2).waiver().owner(), "ada");
}

TEST_F(ExperimentLists, LabelsAreContentAndOutliveARestart) {
  MakeAll();
  Restart();
  v1::GetExperimentRequest get;
  get.set_experiment_id("e1");
  v1::GetExperimentResponse got;
  ASSERT_OK(Call(&Stub::GetExperiment, get, &got));
  EXPECT_EQ(got.experiment().labels().size(), 2u);
  EXPECT_EQ(got.experiment().labels().at("branch"), "main");
  ASSERT_OK(Compare("e1", "helper", "v2", {{"sha", "1"}, {"branch", "main"}}));
  EXPECT_TRUE(made_.replayed());
  EXPECT_EQ(made_.experiment().labels().at("sha"), "1");
  EXPECT_THAT(Compare("e1", "helper", "v2", {{"sha", "1"}}),
              HasReason(Reason::kAlreadyExistsWithOtherContent));
  ASSERT_OK(Promote("p4", "helper", "v1", {{"sha", "4"}}));
  EXPECT_TRUE(promoted_.replayed());
  EXPECT_EQ(promoted_.active_version().labels().at("sha"), "4");
  EXPECT_THAT(Promote("p4", "helper", "v1", {}), HasReason(Reason::kAlreadyExistsWithOtherContent));
}

TEST_F(ExperimentLists, RefuseLabelsAndFiltersOutsideTheirRange) {
  const auto is_invalid = HasReason(Reason::kInvalidArgument);
  EXPECT_THAT(Promote("p1", "helper", "v1", {{"", "x"}}), is_invalid);
  EXPECT_THAT(Promote("p1", "helper", "v1", {{"n", std::string(257, 'x')}}), is_invalid);
  EXPECT_THAT(Compare("e1", "helper", "v2", {{std::string(65, 'n'), "x"}}), is_invalid);
  Words many;
  for (int i = 0; i < 65; ++i) many[std::to_string(i)] = "";
  EXPECT_THAT(Compare("e1", "helper", "v2", many), is_invalid);
  const auto refused = [&](auto change) {
    v1::ListPromotionsRequest request;
    change(request);
    return Call(&Stub::ListPromotions, request);
  };
  EXPECT_THAT(refused([](auto& r) { r.set_agent(std::string(129, 'a')); }), is_invalid);
  EXPECT_THAT(refused([](auto& r) { r.set_model_version(std::string(129, 'v')); }), is_invalid);
  EXPECT_THAT(refused([](auto& r) { r.set_order(static_cast<common::v1::ListOrder>(9)); }),
              is_invalid);
  EXPECT_THAT(refused([](auto& r) { (*r.mutable_labels())[""] = ""; }), is_invalid);
  EXPECT_THAT(refused([](auto& r) { r.set_page_size(-1); }), is_invalid);
}

TEST_F(ExperimentLists, APageTokenBelongsToItsListFilterAndOrder) {
  MakeAll();
  const auto is_invalid = HasReason(Reason::kInvalidArgument);
  v1::ListExperimentsRequest request;
  request.set_page_size(1);
  v1::ListExperimentsResponse response;
  ASSERT_OK(Call(&Stub::ListExperiments, request, &response));
  request.set_page_token(response.next_page_token());
  const auto refused = [&](auto change) {
    v1::ListExperimentsRequest other = request;
    change(other);
    return Call(&Stub::ListExperiments, other);
  };
  EXPECT_THAT(refused([](auto& other) { other.set_order(kOldestFirst); }), is_invalid);
  EXPECT_THAT(refused([](auto& other) { other.set_model_version("v2"); }), is_invalid);
  EXPECT_THAT(refused([](auto& other) { other.set_state(v1::EXPERIMENT_STATE_RUNNING); }),
              is_invalid);
  EXPECT_THAT(refused([](auto& other) { other.mutable_create_time_from(); }), is_invalid);
  EXPECT_THAT(refused([](auto& other) { (*other.mutable_labels())["sha"] = "1"; }), is_invalid);
  EXPECT_OK(refused([](auto& other) { other.set_order(common::v1::LIST_ORDER_NEWEST_FIRST); }));
  v1::ListPromotionsRequest promotions;
  promotions.set_page_token(request.page_token());
  EXPECT_THAT(Call(&Stub::ListPromotions, promotions), is_invalid);
  promotions.clear_page_token();
  promotions.set_page_size(1);
  v1::ListPromotionsResponse some;
  ASSERT_OK(Call(&Stub::ListPromotions, promotions, &some));
  promotions.set_page_token(some.next_page_token());
  promotions.set_model_version("v1");
  EXPECT_THAT(Call(&Stub::ListPromotions, promotions), is_invalid);
}

TEST_F(ExperimentLists, OfThingsWithManyLabelsComeInSmallerPages) {
  Words labels;
  for (int i = 0; i < 64; ++i) labels[std::to_string(i)] = std::string(256, 'x');
  for (int i = 0; i < 70; ++i) {
    const std::string agent = "a" + std::to_string(i);
    ASSERT_OK(Promote("p-" + agent, agent, "v1", labels));
    ASSERT_OK(Compare("e-" + agent, agent, "v2", labels));
  }
  v1::ListPromotionsRequest request;
  request.set_page_size(1'000);
  v1::ListPromotionsResponse response;
  ASSERT_OK(Call(&Stub::ListPromotions, request, &response));
  EXPECT_LT(response.ByteSizeLong(), size_t{2} << 20);
  const int first = response.promotions_size();
  request.set_page_token(response.next_page_token());
  ASSERT_OK(Call(&Stub::ListPromotions, request, &response));
  EXPECT_EQ(first + response.promotions_size(), 70);
  EXPECT_EQ(response.next_page_token(), "");
  v1::ListExperimentsRequest experiments;
  experiments.set_page_size(1'000);
  v1::ListExperimentsResponse page;
  ASSERT_OK(Call(&Stub::ListExperiments, experiments, &page));
  EXPECT_LT(page.experiments_size(), 70);
  EXPECT_LT(page.ByteSizeLong(), size_t{2} << 20);
  EXPECT_NE(page.next_page_token(), "");
}

}  // namespace
}  // namespace flywheel::experiment

// The lists of dataset versions, training runs and model versions: filters, orders and pages.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "tests/curation_service/training_fixture.h"

namespace flywheel::curation {
namespace {

using ::flywheel::testing::HasReason;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Stub = v1::CurationService::Stub;

constexpr auto kOldestFirst = common::v1::LIST_ORDER_OLDEST_FIRST;

const std::string& IdOf(const v1::DatasetVersion& version) { return version.dataset_version_id(); }
const std::string& IdOf(const v1::TrainingRun& run) { return run.training_run_id(); }
const std::string& IdOf(const v1::ModelVersion& version) { return version.model_version(); }

// Every test begins with the dataset version "dataset" of the fixture.
class ListsTest : public TrainingTest {
 protected:
  // A version with labels; each is made an hour after what was there before.
  void BuildLabelled(const std::string& id, const std::map<std::string, std::string>& labels,
                     const std::string& agent = kAgent) {
    clock_.Advance(absl::Hours(1));
    v1::BuildDatasetVersionRequest request = BuildRequest(id);
    request.mutable_options()->set_agent(agent);
    request.mutable_labels()->insert(labels.begin(), labels.end());
    v1::BuildDatasetVersionResponse response;
    ASSERT_OK(Build(request, response));
  }
  void OpenLabelled(const std::string& id, const std::string& label) {
    clock_.Advance(absl::Hours(1));
    v1::OpenTrainingRunRequest request = OpenRequest(id);
    request.set_force_reason("test");
    (*request.mutable_labels())["team"] = label;
    ASSERT_OK(Open(request));
  }

  // All pages of one thing each.
  std::vector<std::string> List(v1::ListDatasetVersionsRequest request) {
    return Pages<v1::ListDatasetVersionsResponse>(
        &Stub::ListDatasetVersions, request,
        [](const auto& response) { return response.dataset_versions(); });
  }
  std::vector<std::string> List(v1::ListTrainingRunsRequest request) {
    return Pages<v1::ListTrainingRunsResponse>(
        &Stub::ListTrainingRuns, request,
        [](const auto& response) { return response.training_runs(); });
  }
  std::vector<std::string> List(v1::ListVersionsRequest request) {
    return Pages<v1::ListVersionsResponse>(&Stub::ListVersions, request, [](const auto& response) {
      return response.model_versions();
    });
  }

 private:
  template <typename Response, typename Request, typename Things>
  std::vector<std::string> Pages(Method<Request, Response> method, Request& request,
                                 Things things) {
    std::vector<std::string> ids;
    request.set_page_size(1);
    do {
      Response response;
      EXPECT_OK(Call(method, request, response));
      for (const auto& thing : things(response)) ids.push_back(IdOf(thing));
      request.set_page_token(response.next_page_token());
    } while (!request.page_token().empty());
    return ids;
  }
};

TEST_F(ListsTest, OfDatasetVersionsGoInEitherOrderAndByAgentTimeLabelsAndState) {
  BuildLabelled("red", {{"team", "a"}, {"colour", "red"}});
  BuildLabelled("blue", {{"team", "a"}, {"colour", "blue"}});
  BuildLabelled("none", {}, "nobody");
  v1::ListDatasetVersionsRequest request;
  EXPECT_THAT(List(request), ElementsAre("none", "blue", "red", "dataset"));
  request.set_order(kOldestFirst);
  EXPECT_THAT(List(request), ElementsAre("dataset", "red", "blue", "none"));
  request.set_agent(kAgent);
  EXPECT_THAT(List(request), ElementsAre("dataset", "red", "blue"));
  (*request.mutable_labels())["team"] = "a";
  EXPECT_THAT(List(request), ElementsAre("red", "blue"));
  (*request.mutable_labels())["colour"] = "blue";
  EXPECT_THAT(List(request), ElementsAre("blue"));
  (*request.mutable_labels())["colour"] = "green";
  EXPECT_THAT(List(request), IsEmpty());
  request.Clear();
  request.mutable_create_time_from()->set_seconds(1'700'003'600);
  EXPECT_THAT(List(request), ElementsAre("none", "blue", "red"));
  request.mutable_create_time_before()->set_seconds(1'700'003'601);
  EXPECT_THAT(List(request), ElementsAre("red"));
  request.Clear();
  request.set_state(v1::DATASET_VERSION_STATE_FAILED);
  EXPECT_THAT(List(request), ElementsAre("none"));
  request.set_state(v1::DATASET_VERSION_STATE_READY);
  EXPECT_THAT(List(request), ElementsAre("blue", "red", "dataset"));
}

TEST_F(ListsTest, LabelsAreContentAndOutliveTheBuildAndARestart) {
  BuildLabelled("red", {{"team", "a"}});
  OpenLabelled("r1", "a");
  Restart();
  v1::GetDatasetVersionRequest get;
  get.set_dataset_version_id("red");
  v1::GetDatasetVersionResponse got;
  ASSERT_OK(Call(&Stub::GetDatasetVersion, get, got));
  EXPECT_EQ(got.dataset_version().labels().at("team"), "a");
  EXPECT_EQ(Run("r1").labels().at("team"), "a");
  v1::BuildDatasetVersionRequest other = BuildRequest("red");
  (*other.mutable_labels())["team"] = "b";
  v1::BuildDatasetVersionResponse response;
  EXPECT_THAT(Begin(other, response), HasReason(Reason::kAlreadyExistsWithOtherContent));
  (*other.mutable_labels())["team"] = "a";
  ASSERT_OK(Begin(other, response));
  EXPECT_TRUE(response.replayed());
  v1::OpenTrainingRunRequest open = OpenRequest("r1");
  open.set_force_reason("test");
  EXPECT_THAT(Open(open), HasReason(Reason::kAlreadyExistsWithOtherContent));
}

TEST_F(ListsTest, ABuildThatFailedLeavesItsLabelsToNobody) {
  BuildLabelled("v1", {{"team", "a"}}, "nobody");
  v1::BuildDatasetVersionRequest request = BuildRequest("v1");
  EXPECT_TRUE(Built(request).labels().empty());
}

TEST_F(ListsTest, OfTrainingRunsGoByModelVersionAndLabelsToo) {
  OpenLabelled("r1", "a");
  OpenLabelled("r2", "b");
  OpenLabelled("r3", "a");
  Lease("t");
  ASSERT_OK(Complete(Success("r1", "t", "m1")));
  v1::ListTrainingRunsRequest request;
  request.set_order(kOldestFirst);
  EXPECT_THAT(List(request), ElementsAre("r1", "r2", "r3"));
  (*request.mutable_labels())["team"] = "a";
  EXPECT_THAT(List(request), ElementsAre("r1", "r3"));
  request.set_state(v1::TRAINING_RUN_STATE_OPEN);
  EXPECT_THAT(List(request), ElementsAre("r3"));
  request.Clear();
  request.set_model_version("m1");
  EXPECT_THAT(List(request), ElementsAre("r1"));
  request.Clear();
  request.mutable_create_time_before()->set_seconds(1'700'007'200);
  EXPECT_THAT(List(request), ElementsAre("r1"));
}

TEST_F(ListsTest, OfModelVersionsGoByTimeAndLabelsToo) {
  for (const char* name : {"m1", "m2", "m3"}) {
    clock_.Advance(absl::Hours(1));
    v1::RegisterVersionRequest request;
    request.set_agent(kAgent);
    request.set_model_version(name);
    (*request.mutable_labels())["odd"] = name == std::string("m2") ? "no" : "yes";
    v1::RegisterVersionResponse response;
    ASSERT_OK(Call(&Stub::RegisterVersion, request, response));
  }
  v1::ListVersionsRequest request;
  request.set_order(kOldestFirst);
  EXPECT_THAT(List(request), ElementsAre("m1", "m2", "m3"));
  (*request.mutable_labels())["odd"] = "yes";
  EXPECT_THAT(List(request), ElementsAre("m1", "m3"));
  request.mutable_create_time_from()->set_seconds(1'700'007'200);
  EXPECT_THAT(List(request), ElementsAre("m3"));
}

TEST_F(ListsTest, APageTokenBelongsToItsFilterAndOrder) {
  BuildLabelled("red", {{"team", "a"}});
  v1::ListDatasetVersionsRequest request;
  request.set_page_size(1);
  v1::ListDatasetVersionsResponse response;
  ASSERT_OK(Call(&Stub::ListDatasetVersions, request, response));
  request.set_page_token(response.next_page_token());
  const auto refused = [&](auto change) {
    v1::ListDatasetVersionsRequest other = request;
    change(other);
    return Call(&Stub::ListDatasetVersions, other, response);
  };
  const auto is_invalid = HasReason(Reason::kInvalidArgument);
  EXPECT_THAT(refused([](auto& other) { other.set_order(kOldestFirst); }), is_invalid);
  EXPECT_THAT(refused([](auto& other) { other.set_agent(kAgent); }), is_invalid);
  EXPECT_THAT(refused([](auto& other) { other.set_state(v1::DATASET_VERSION_STATE_READY); }),
              is_invalid);
  EXPECT_THAT(refused([](auto& other) { (*other.mutable_labels())["team"] = "a"; }), is_invalid);
  EXPECT_THAT(refused([](auto& other) { other.mutable_create_time_from(); }), is_invalid);
  EXPECT_OK(refused([](auto& other) { other.set_order(common::v1::LIST_ORDER_NEWEST_FIRST); }));
  EXPECT_THAT(Call(&Stub::ListDatasetVersions, request, response, "other"), is_invalid);
  EXPECT_THAT(refused([](auto& other) { other.set_order(static_cast<common::v1::ListOrder>(9)); }),
              is_invalid);
}

TEST_F(ListsTest, APageTokenOfRunsBelongsToItsStateAndModelVersionToo) {
  Force("r1");
  Force("r2");
  v1::ListTrainingRunsRequest request;
  request.set_page_size(1);
  v1::ListTrainingRunsResponse response;
  ASSERT_OK(Call(&Stub::ListTrainingRuns, request, response));
  request.set_page_token(response.next_page_token());
  v1::ListTrainingRunsRequest other = request;
  other.set_state(v1::TRAINING_RUN_STATE_OPEN);
  EXPECT_THAT(Call(&Stub::ListTrainingRuns, other, response), HasReason(Reason::kInvalidArgument));
  other = request;
  other.set_model_version("m1");
  EXPECT_THAT(Call(&Stub::ListTrainingRuns, other, response), HasReason(Reason::kInvalidArgument));
  v1::ListVersionsRequest versions;
  versions.set_page_token(request.page_token());
  v1::ListVersionsResponse none;
  EXPECT_THAT(Call(&Stub::ListVersions, versions, none), HasReason(Reason::kInvalidArgument));
  EXPECT_OK(Call(&Stub::ListTrainingRuns, request, response));
}

TEST_F(ListsTest, OfThingsWithLongTextsComeInSmallerPages) {
  for (int i = 0; i < 80; ++i) {
    v1::RegisterVersionRequest request;
    request.set_agent(kAgent);
    request.set_model_version("m" + std::to_string(i));
    request.set_description(std::string(16'384, 'd'));
    v1::RegisterVersionResponse response;
    ASSERT_OK(Call(&Stub::RegisterVersion, request, response));
  }
  v1::ListVersionsRequest request;
  request.set_page_size(1'000);
  v1::ListVersionsResponse response;
  ASSERT_OK(Call(&Stub::ListVersions, request, response));
  EXPECT_LT(response.ByteSizeLong(), size_t{2} << 20);
  const int first = response.model_versions_size();
  request.set_page_token(response.next_page_token());
  ASSERT_OK(Call(&Stub::ListVersions, request, response));
  EXPECT_EQ(first + response.model_versions_size(), 80);
  EXPECT_EQ(response.next_page_token(), "");
}

}  // namespace
}  // namespace flywheel::curation

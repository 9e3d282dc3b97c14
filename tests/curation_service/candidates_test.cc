// What a version would take, without building it; and how far an agent is from having no data.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "shared/rpc/status_to_grpc.h"
#include "tests/curation_service/curation_fixture.h"

namespace flywheel::curation {
namespace {

using ::flywheel::testing::HasReason;
using ::testing::ElementsAre;

class CandidatesTest : public CurationTest {
 protected:
  struct Listed {
    v1::DatasetVersion version;
    std::vector<std::string> ids;
  };

  v1::ListTrainingCandidatesRequest ListRequest() {
    v1::ListTrainingCandidatesRequest request;
    request.mutable_options()->set_agent(kAgent);
    request.mutable_options()->set_eval_share(1e-9);
    return request;
  }

  absl::Status List(const v1::ListTrainingCandidatesRequest& request, Listed& listed) {
    grpc::ClientContext context;
    const auto reader = stub_->ListTrainingCandidates(&context, request);
    v1::ListTrainingCandidatesResponse response;
    bool first = true;
    while (reader->Read(&response)) {
      EXPECT_EQ(response.has_version(), first);
      EXPECT_LE(response.rows_size(), 500);
      if (first) listed.version = response.version();
      first = false;
      for (const v1::DatasetRow& row : response.rows()) listed.ids.push_back(row.interaction_id());
    }
    return rpc::FromGrpcStatus(reader->Finish());
  }

  v1::ColdStart ColdStartOf(const std::string& agent) {
    v1::CheckTrainingTriggerRequest request;
    request.set_agent(agent);
    v1::CheckTrainingTriggerResponse response;
    EXPECT_OK(Call(&v1::CurationService::Stub::CheckTrainingTrigger, request, response));
    return response.cold_start();
  }
};

TEST_F(CandidatesTest, AreWhatAVersionWouldTakeTheBestFirst) {
  AddAccepted(2);
  Log({.id = "checked", .input = "q1", .output = "o1"});
  ApproveAsStaff("checked");
  Log({.id = "bad", .input = "q2", .output = "o2"});
  Reject("bad");
  AwaitFeed();
  v1::ListTrainingCandidatesRequest request = ListRequest();
  Listed all;
  ASSERT_OK(List(request, all));
  EXPECT_THAT(all.ids, ElementsAre("checked", "a0", "a1"));
  EXPECT_EQ(all.version.train_rows(), 3);
  EXPECT_EQ(all.version.negative_rows(), 1);
  EXPECT_EQ(all.version.candidate_rows(), 4);
  EXPECT_EQ(all.version.state(), v1::DATASET_VERSION_STATE_UNSPECIFIED);
  EXPECT_EQ(all.version.content_hash(), "");

  request.set_limit(1);
  Listed first;
  ASSERT_OK(List(request, first));
  EXPECT_THAT(first.ids, ElementsAre("checked"));
  EXPECT_EQ(first.version.train_rows(), 3);

  request.set_limit(0);
  request.set_min_tier(v1::TIER_BRONZE);
  Listed with_bad;
  ASSERT_OK(List(request, with_bad));
  EXPECT_THAT(with_bad.ids, ElementsAre("checked", "a0", "a1", "bad"));

  v1::BuildDatasetVersionRequest build = BuildRequest("v1");
  *build.mutable_options() = request.options();
  build.mutable_options()->mutable_selection()->mutable_budget()->set_max_rows(17);
  const v1::DatasetVersion built = Built(build);
  *request.mutable_options() = build.options();
  Listed same;
  ASSERT_OK(List(request, same));
  EXPECT_EQ(same.version.train_rows(), built.train_rows());
  EXPECT_EQ(same.version.removed_by_reason_size(), built.removed_by_reason_size());
  EXPECT_EQ(static_cast<int64_t>(same.ids.size()), built.train_rows() + built.negative_rows());
}

TEST_F(CandidatesTest, StoreNothingAndGiveNoSessionASide) {
  AddAccepted(1);
  AwaitFeed();
  Listed listed;
  ASSERT_OK(List(ListRequest(), listed));
  EXPECT_THAT(listed.ids, ElementsAre("a0"));
  v1::ListDatasetVersionsResponse versions;
  ASSERT_OK(Call(&v1::CurationService::Stub::ListDatasetVersions, v1::ListDatasetVersionsRequest(),
                 versions));
  EXPECT_EQ(versions.dataset_versions_size(), 0);
  // On the other side now, where it would be trained on had the call kept its place.
  v1::ListTrainingCandidatesRequest request = ListRequest();
  request.mutable_options()->set_eval_share(1 - 1e-9);
  Listed none;
  ASSERT_OK(List(request, none));
  EXPECT_EQ(none.version.eval_rows(), 1);
  EXPECT_TRUE(none.ids.empty()) << "the eval side is counted alone";
}

TEST_F(CandidatesTest, AreReadByOneCallAtATimeUntilItsStreamEnds) {
  // More than the buffers of a connection hold.
  for (int i = 0; i < 40; ++i) {
    const std::string id = "long" + std::to_string(i);
    Log({.id = id, .input = id + std::string(500'000, 'x'), .output = "o"});
    Accept(id);
  }
  AwaitFeed();
  v1::ListTrainingCandidatesRequest request = ListRequest();
  request.mutable_options()->set_skip_label_review(true);
  grpc::ClientContext context;
  const auto reader = stub_->ListTrainingCandidates(&context, request);
  v1::ListTrainingCandidatesResponse response;
  ASSERT_TRUE(reader->Read(&response));
  Listed other;
  EXPECT_THAT(List(request, other), HasReason(Reason::kBusy));
  while (reader->Read(&response)) {
  }
  ASSERT_OK(rpc::FromGrpcStatus(reader->Finish()));
  // The first call's thread may still be on its way out.
  EXPECT_TRUE(PollUntil([&] { return List(request, other).ok(); }, absl::Seconds(10),
                        absl::Milliseconds(10)));
  EXPECT_EQ(other.ids.size(), 40u);
}

TEST_F(CandidatesTest, OfAnAgentWithoutAnyAreNone) {
  v1::ListTrainingCandidatesRequest request = ListRequest();
  Listed listed;
  ASSERT_OK(List(request, listed));
  EXPECT_TRUE(listed.ids.empty());
  EXPECT_EQ(listed.version.options().agent(), kAgent);
  request.set_limit(-1);
  EXPECT_THAT(List(request, listed), HasReason(Reason::kInvalidArgument));
  request.set_limit(0);
  request.mutable_options()->clear_agent();
  EXPECT_THAT(List(request, listed), HasReason(Reason::kInvalidArgument));
}

TEST_F(CandidatesTest, ColdStartGoesByRealInteractionsAlone) {
  EXPECT_EQ(ColdStartOf("nobody").phase(), v1::COLD_START_PHASE_NO_DATA);
  AddAccepted(499);
  for (const char* traffic : {"golden", "Synthetic"}) {
    ingest::v1::FeedEntry entry = InteractionEntry({.id = traffic});
    (*entry.mutable_interaction()->mutable_attributes())["traffic"] = traffic;
    ingest_.Add(entry);
    ApproveAsStaff(traffic);
  }
  AwaitFeed();
  EXPECT_EQ(ColdStartOf(kAgent).phase(), v1::COLD_START_PHASE_NO_DATA);
  EXPECT_EQ(ColdStartOf(kAgent).real_interactions(), 499);
  AddAccepted(1, "b");
  AwaitFeed();
  EXPECT_EQ(ColdStartOf(kAgent).phase(), v1::COLD_START_PHASE_ACCUMULATING);
  AddAccepted(1'501, "c");
  AwaitFeed();
  EXPECT_EQ(ColdStartOf(kAgent).phase(), v1::COLD_START_PHASE_MATURE);
  EXPECT_EQ(ColdStartOf(kAgent).real_interactions(), 2'000);
}

}  // namespace
}  // namespace flywheel::curation

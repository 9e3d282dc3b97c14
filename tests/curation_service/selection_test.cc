// What a version takes of the rows that pass, from the request to the rows.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "shared/rpc/status_to_grpc.h"
#include "tests/curation_service/curation_fixture.h"

namespace flywheel::curation {
namespace {

using ::testing::HasSubstr;

class SelectionTest : public CurationTest {
 protected:
  // All on the train side.
  v1::BuildDatasetVersionRequest TrainRequest(const std::string& id) {
    v1::BuildDatasetVersionRequest request = BuildRequest(id);
    request.mutable_options()->set_eval_share(1e-9);
    return request;
  }

  // Accepted, with a version, a plan and a time.
  void Say(const std::string& id, const std::string& version, const std::string& plan,
           int64_t start_seconds, const std::string& traffic = "") {
    ingest::v1::FeedEntry entry = InteractionEntry({.id = id, .input = "question " + id});
    entry.mutable_interaction()->set_model_version(version);
    (*entry.mutable_interaction()->mutable_attributes())["plan"] = plan;
    if (!traffic.empty()) (*entry.mutable_interaction()->mutable_attributes())["traffic"] = traffic;
    entry.mutable_interaction()->mutable_start_time()->set_seconds(start_seconds);
    ingest_.Add(entry);
  }

  std::set<std::string> IdsOf(const std::string& version) {
    std::set<std::string> ids;
    for (const v1::DatasetRow& row : Rows(version)) ids.insert(row.interaction_id());
    return ids;
  }

  std::string WhyNot(const v1::BuildDatasetVersionRequest& request) {
    v1::BuildDatasetVersionResponse response;
    const absl::Status status = rpc::FromGrpcStatus(Begin(request, response));
    EXPECT_EQ(errors::ReasonOf(status), Reason::kInvalidArgument);
    return errors::MessageOf(status);
  }
};

// The rows of a tier that a reason took out.
int64_t Removed(const v1::DatasetVersion& version, v1::RemovalReason reason, v1::Tier tier) {
  for (const v1::RemovalCount& count : version.removed_by_reason()) {
    if (count.reason() != reason) continue;
    for (const v1::TierCount& of_tier : count.rows_by_tier()) {
      if (of_tier.tier() == tier) return of_tier.rows();
    }
  }
  return 0;
}

TEST_F(SelectionTest, TakesNoMoreThanTheBudgetAndSaysWhatItLeftOut) {
  AddAccepted(20);
  v1::BuildDatasetVersionRequest request = TrainRequest("v1");
  v1::RowBudget& budget = *request.mutable_options()->mutable_selection()->mutable_budget();
  budget.set_max_rows(85);  // Of which platinum has 5.
  const v1::DatasetVersion version = Built(request);
  EXPECT_EQ(version.train_rows(), 5);
  EXPECT_EQ(flywheel::curation::Removed(version, v1::REMOVAL_REASON_OVER_BUDGET), 15);
  EXPECT_EQ(Removed(version, v1::REMOVAL_REASON_OVER_BUDGET, v1::TIER_PLATINUM), 15);
  EXPECT_EQ(version.options().selection().budget().max_rows(), 85);
  EXPECT_FALSE(version.options().selection().has_filter());

  v1::ListRemovedRowsRequest list;
  list.set_dataset_version_id("v1");
  list.set_reason(v1::REMOVAL_REASON_OVER_BUDGET);
  v1::ListRemovedRowsResponse removed;
  ASSERT_OK(Call(&v1::CurationService::Stub::ListRemovedRows, list, removed));
  ASSERT_EQ(removed.removed_rows_size(), 15);
  EXPECT_THAT(removed.removed_rows(0).remedy(), HasSubstr("max_rows"));

  // The same rows under another name, others by another seed, more where it is filled.
  request.set_dataset_version_id("v2");
  EXPECT_EQ(Built(request).content_hash(), version.content_hash());
  request.set_dataset_version_id("v3");
  budget.set_seed(7);
  EXPECT_NE(Built(request).content_hash(), version.content_hash());
  request.set_dataset_version_id("v4");
  budget.set_max_rows(12);
  budget.set_fill(true);
  EXPECT_EQ(Built(request).train_rows(), 12);
}

TEST_F(SelectionTest, IsPartOfWhatWasAskedForAndIsKept) {
  AddAccepted(3);
  v1::BuildDatasetVersionRequest request = TrainRequest("v1");
  v1::Selection& selection = *request.mutable_options()->mutable_selection();
  selection.mutable_budget()->set_max_rows(2);
  selection.mutable_budget()->set_fill(true);
  selection.mutable_filter()->add_model_versions("model-1");
  selection.mutable_filter()->add_tiers(v1::TIER_PLATINUM);
  selection.mutable_filter()->add_sources(v1::ROW_SOURCE_USER_ACCEPTED);
  selection.mutable_segments()->set_attribute("plan");
  (*selection.mutable_segments()->mutable_weights())["pro"] = 2;
  selection.mutable_synthetic()->set_max_rows(5);
  const v1::DatasetVersion version = Built(request);
  EXPECT_EQ(version.train_rows(), 2);

  v1::BuildDatasetVersionResponse response;
  EXPECT_OK(Begin(request, response));
  EXPECT_TRUE(response.replayed());
  v1::BuildDatasetVersionRequest other = request;
  other.mutable_options()->mutable_selection()->mutable_budget()->set_seed(1);
  EXPECT_EQ(errors::ReasonOf(rpc::FromGrpcStatus(Begin(other, response))),
            Reason::kAlreadyExistsWithOtherContent);
  other.mutable_options()->clear_selection();
  EXPECT_EQ(errors::ReasonOf(rpc::FromGrpcStatus(Begin(other, response))),
            Reason::kAlreadyExistsWithOtherContent);

  Restart();
  v1::GetDatasetVersionRequest get;
  get.set_dataset_version_id("v1");
  v1::GetDatasetVersionResponse got;
  ASSERT_OK(Call(&v1::CurationService::Stub::GetDatasetVersion, get, got));
  EXPECT_EQ(got.dataset_version().SerializeAsString(), version.SerializeAsString());
  const v1::Selection& kept = got.dataset_version().options().selection();
  EXPECT_EQ(kept.budget().max_rows(), 2);
  EXPECT_TRUE(kept.budget().fill());
  EXPECT_EQ(kept.filter().model_versions(0), "model-1");
  EXPECT_EQ(kept.filter().tiers(0), v1::TIER_PLATINUM);
  EXPECT_EQ(kept.filter().sources(0), v1::ROW_SOURCE_USER_ACCEPTED);
  EXPECT_EQ(kept.segments().weights().at("pro"), 2);
  EXPECT_EQ(kept.segments().max_share(), 1);
  EXPECT_EQ(kept.synthetic().max_rows(), 5);
  EXPECT_EQ(kept.synthetic().real_rows(), 2'000);
}

TEST_F(SelectionTest, TakesWhatTheFilterAsksFor) {
  Say("old", "m1", "pro", 1'700'000'000);
  Say("new", "m2", "pro", 1'700'000'100);
  Say("late", "m2", "pro", 1'700'000'200);
  Say("free", "m2", "free", 1'700'000'100);
  for (const char* id : {"old", "new", "late", "free"}) Accept(id);
  // Its time is not known.
  Log({.id = "timeless", .input = "when"});
  Accept("timeless");
  v1::BuildDatasetVersionRequest request = TrainRequest("by-time");
  v1::CandidateFilter& filter = *request.mutable_options()->mutable_selection()->mutable_filter();
  filter.mutable_start_time_from()->set_seconds(1'700'000'100);
  filter.mutable_start_time_before()->set_seconds(1'700'000'200);
  const v1::DatasetVersion version = Built(request);
  EXPECT_EQ(IdsOf("by-time"), (std::set<std::string>{"new", "free"}));
  EXPECT_EQ(Removed(version, v1::REMOVAL_REASON_FILTERED, v1::TIER_PLATINUM), 3);
  EXPECT_EQ(version.candidate_rows(), 5);

  request.set_dataset_version_id("by-version");
  filter.Clear();
  filter.add_model_versions("m2");
  (*filter.mutable_labels())["plan"] = "pro";
  Built(request);
  EXPECT_EQ(IdsOf("by-version"), (std::set<std::string>{"new", "late"}));

  request.set_dataset_version_id("of-nobody");
  filter.add_prompt_versions("p9");
  v1::BuildDatasetVersionResponse response;
  EXPECT_OK(Build(request, response));
  EXPECT_EQ(response.dataset_version().failure().reason(),
            common::v1::ERROR_REASON_NOT_ENOUGH_DATA);
  EXPECT_THAT(response.dataset_version().failure().message(),
              HasSubstr("the selection left 5 rows out"));
}

TEST_F(SelectionTest, LeavesADuplicateOfAVersionThatWasNotAskedForOutOfIt) {
  // The first of both would stand for them.
  for (const char* version : {"m1", "m2"}) {
    ingest::v1::FeedEntry entry = InteractionEntry({.id = version});
    entry.mutable_interaction()->set_model_version(version);
    ingest_.Add(entry);
    Accept(version);
  }
  v1::BuildDatasetVersionRequest request = TrainRequest("v1");
  request.mutable_options()->mutable_selection()->mutable_filter()->add_model_versions("m2");
  Built(request);
  EXPECT_EQ(IdsOf("v1"), std::set<std::string>{"m2"});
}

TEST_F(SelectionTest, HoldsSegmentsToTheirShareAndWeighsThemByTheirUse) {
  for (int i = 0; i < 40; ++i) {
    Say(fmt::format("pro{}", i), "m", "pro", 1'700'000'000);
    Say(fmt::format("free{}", i), "m", "free", 1'700'000'000);
    Accept(fmt::format("pro{}", i));
    if (i < 10) Accept(fmt::format("free{}", i));
  }
  v1::BuildDatasetVersionRequest request = TrainRequest("shared");
  v1::SegmentBalance& segments =
      *request.mutable_options()->mutable_selection()->mutable_segments();
  segments.set_attribute("plan");
  segments.set_max_share(0.5);
  const v1::DatasetVersion version = Built(request);
  EXPECT_EQ(version.train_rows(), 20);
  EXPECT_EQ(Removed(version, v1::REMOVAL_REASON_OVER_SEGMENT_SHARE, v1::TIER_PLATINUM), 30);

  request.set_dataset_version_id("weighed");
  segments.set_max_share(0);
  segments.set_weight_by_use(true);
  v1::RowBudget& budget = *request.mutable_options()->mutable_selection()->mutable_budget();
  budget.set_max_rows(20);
  budget.set_fill(true);
  const auto free_rows = [&](const std::string& id) {
    int64_t rows = 0;
    for (const v1::DatasetRow& row : Rows(id)) rows += row.labels().at("plan") == "free";
    return rows;
  };
  EXPECT_EQ(Built(request).train_rows(), 20);
  request.set_dataset_version_id("as-they-come");
  segments.set_weight_by_use(false);
  EXPECT_EQ(Built(request).train_rows(), 20);
  // Half of the use and a fifth of the rows.
  EXPECT_GT(free_rows("weighed"), free_rows("as-they-come"));
}

TEST_F(SelectionTest, KeepsSyntheticRowsOffTheEvalSide) {
  for (const char* id : {"a", "b"}) {
    Say(id, "m", "pro", 1'700'000'000, id[0] == 'a' ? "synthetic" : "");
    ApproveAsStaff(id);
  }
  v1::BuildDatasetVersionRequest request = BuildRequest("v1");
  request.mutable_options()->set_eval_share(1 - 1e-9);
  request.mutable_options()->mutable_selection()->mutable_synthetic();
  v1::BuildDatasetVersionResponse response;
  ASSERT_OK(Build(request, response));  // Nothing is left to train on.
  EXPECT_EQ(response.dataset_version().state(), v1::DATASET_VERSION_STATE_FAILED);
  request = TrainRequest("v2");
  request.mutable_options()->mutable_selection()->mutable_synthetic();
  Built(request);
  for (const v1::DatasetRow& row : Rows("v2")) {
    EXPECT_EQ(row.tier(), row.interaction_id() == "a" ? v1::TIER_GOLD : v1::TIER_PLATINUM);
  }
}

TEST_F(SelectionTest, SaysWhichFieldIsWrong) {
  const auto refused = [&](const std::function<void(v1::DatasetOptions&)>& change) {
    v1::BuildDatasetVersionRequest request = BuildRequest("v1");
    change(*request.mutable_options());
    return WhyNot(request);
  };
  const auto of_selection = [&](const std::function<void(v1::Selection&)>& change) {
    return refused([&](v1::DatasetOptions& options) { change(*options.mutable_selection()); });
  };
  EXPECT_THAT(of_selection([](auto& s) { s.mutable_budget()->set_max_rows(-1); }),
              HasSubstr("options.selection.budget.max_rows"));
  EXPECT_THAT(of_selection([](auto& s) { s.mutable_budget()->set_max_rows(10'000'001); }),
              HasSubstr("0 to 10000000"));
  EXPECT_THAT(of_selection([](auto& s) { s.mutable_filter()->add_tiers(v1::TIER_UNSPECIFIED); }),
              HasSubstr("options.selection.filter.tiers"));
  EXPECT_THAT(of_selection([](auto& s) { s.mutable_filter()->add_model_versions(""); }),
              HasSubstr("options.selection.filter.model_versions"));
  EXPECT_THAT(of_selection([](auto& s) {
                s.mutable_filter()->mutable_start_time_from()->set_seconds(2);
                s.mutable_filter()->mutable_start_time_before()->set_seconds(2);
              }),
              HasSubstr("options.selection.filter.start_time_before"));
  EXPECT_THAT(of_selection([](auto& s) { s.mutable_segments()->set_max_share(0.5); }),
              HasSubstr("options.selection.segments.attribute"));
  EXPECT_THAT(of_selection([](auto& s) {
                s.mutable_segments()->set_attribute("plan");
                s.mutable_segments()->set_max_share(1.5);
              }),
              HasSubstr("options.selection.segments.max_share"));
  EXPECT_THAT(of_selection([](auto& s) {
                s.mutable_segments()->set_attribute("plan");
                s.mutable_segments()->set_weight_by_use(true);
              }),
              HasSubstr("options.selection.budget"));
  EXPECT_THAT(of_selection([](auto& s) {
                s.mutable_budget();
                s.mutable_segments()->set_attribute("plan");
                (*s.mutable_segments()->mutable_weights())["pro"] = -1;
              }),
              HasSubstr("options.selection.segments.weights"));
  EXPECT_THAT(of_selection([](auto& s) { s.mutable_synthetic()->set_real_rows(-1); }),
              HasSubstr("options.selection.synthetic.real_rows"));
}

}  // namespace
}  // namespace flywheel::curation

// The trials of a task stand on one side, from the door of ingest to the rows.
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/integration/conversation_rows.h"

namespace flywheel::integration {
namespace {

using Sides = std::map<std::string, std::set<curation::v1::Split>>;

class TaskGroups : public ConversationRows {
 protected:
  // On which sides the rows of each task of a new dataset version stand.
  Sides SidesOfTasks(const std::string& version, const std::vector<std::string>& attributes) {
    Reach(cli::Service::kCuration);
    curation::v1::BuildDatasetVersionRequest build;
    build.set_dataset_version_id(version);
    build.set_min_feed_token(last_);
    build.mutable_options()->set_agent(kAgent);
    build.mutable_options()->set_eval_share(0.4);
    build.mutable_options()->mutable_group_attributes()->Add(attributes.begin(), attributes.end());
    curation::v1::BuildDatasetVersionResponse built;
    EXPECT_OK(Call<curation::v1::CurationService>(
        &curation::v1::CurationService::Stub::BuildDatasetVersion, build, &built));
    AwaitDataset(channel_.get(), version);
    const auto stub = curation::v1::CurationService::NewStub(channel_.get());
    curation::v1::ReadDatasetRowsRequest request;
    request.set_dataset_version_id(version);
    grpc::ClientContext context;
    const auto reader = stub->ReadDatasetRows(&context, request);
    curation::v1::ReadDatasetRowsResponse page;
    Sides sides;
    while (reader->Read(&page)) {
      for (const auto& row : page.rows()) sides[row.labels().at("task_id")].insert(row.split());
    }
    EXPECT_TRUE(reader->Finish().ok());
    return sides;
  }
};

size_t OnBothSides(const Sides& sides) {
  size_t both = 0;
  for (const auto& [task, of_task] : sides) both += of_task.size() > 1;
  return both;
}

TEST_F(TaskGroups, OfTauBenchStandOnOneSide) {
  const std::string file = TauBenchFile();
  if (file.empty()) GTEST_SKIP() << "FLYWHEEL_DATA_DIR has no tau-bench";
  ImportApproved(file, RightRuns(file));
  const Sides by_task = SidesOfTasks("by-task", {"task_id"});
  EXPECT_GT(by_task.size(), 30u);
  EXPECT_EQ(OnBothSides(by_task), 0u);
}

TEST_F(TaskGroups, AreAskedForBySomebody) {
  const std::string file = TauBenchFile();
  if (file.empty()) GTEST_SKIP() << "FLYWHEEL_DATA_DIR has no tau-bench";
  ImportApproved(file, RightRuns(file));
  const Sides by_session = SidesOfTasks("by-session", {});
  RecordProperty("tasks", static_cast<int>(by_session.size()));
  RecordProperty("on_both_sides", static_cast<int>(OnBothSides(by_session)));
  // Otherwise the test above shows nothing.
  EXPECT_GT(OnBothSides(by_session), 5u);
}

}  // namespace
}  // namespace flywheel::integration

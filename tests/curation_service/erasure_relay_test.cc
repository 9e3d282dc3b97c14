#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "shared/rpc/feed_token.h"
#include "shared/testing/feed_sequence.h"
#include "shared/time/poll.h"
#include "tests/curation_service/curation_fixture.h"

namespace flywheel::curation {
namespace {

using ::testing::ElementsAre;
using testing::HasReason;

class ErasureRelayTest : public CurationTest {
 protected:
  void Erase(const std::string& erasure_id, const std::vector<int64_t>& sequences, bool last = true,
             const std::string& project = "default") {
    ingest::v1::FeedEntry entry;
    entry.set_project(project);
    entry.mutable_tombstone()->set_erasure_id(erasure_id);
    entry.mutable_tombstone()->mutable_sequences()->Add(sequences.begin(), sequences.end());
    entry.mutable_tombstone()->set_last(last);
    last_ = Feed(entry);
  }

  v1::ListErasuresResponse List(int64_t cursor, bool all_projects = true, int page_size = 0) {
    v1::ListErasuresRequest request;
    request.set_cursor(rpc::FeedToken(cursor));
    request.set_all_projects(all_projects);
    request.set_page_size(page_size);
    v1::ListErasuresResponse response;
    EXPECT_OK(Call(&v1::CurationService::Stub::ListErasures, request, response));
    return response;
  }

  static std::vector<std::string> Ids(const v1::ListErasuresResponse& page) {
    std::vector<std::string> ids;
    for (const auto& one : page.erasures()) ids.push_back(one.project() + "/" + one.erasure_id());
    return ids;
  }

  grpc::Status Report(const std::string& store) {
    v1::ReportErasureRequest request;
    request.set_erasure_id("e1");
    request.set_store(store);
    request.set_rows(7);
    v1::ReportErasureResponse response;
    return Call(&v1::CurationService::Stub::ReportErasure, request, response, "shop");
  }
};

TEST_F(ErasureRelayTest, ListsWhatIsFinishedOnceInTheOrderOfTheFeed) {
  EXPECT_EQ(List(0).next_cursor(), "");
  Erase("b", {}, /*last=*/false);
  EXPECT_THAT(Ids(List(0)), ElementsAre());
  Erase("z", {});
  Erase("b", {});
  Erase("a", {}, /*last=*/true, "shop");
  EXPECT_THAT(Ids(List(0)), ElementsAre("default/z", "default/b", "shop/a"));
  EXPECT_THAT(Ids(List(0, /*all_projects=*/false)), ElementsAre("default/z", "default/b"));
  const v1::ListErasuresResponse first = List(0, true, 2);
  EXPECT_THAT(Ids(first), ElementsAre("default/z", "default/b"));
  const v1::ListErasuresResponse second = List(testing::FeedSequence(first.next_cursor()), true, 2);
  EXPECT_THAT(Ids(second), ElementsAre("shop/a"));
  EXPECT_THAT(Ids(List(testing::FeedSequence(second.next_cursor()))), ElementsAre());
  EXPECT_EQ(List(testing::FeedSequence(second.next_cursor())).next_cursor(), second.next_cursor());
  Restart();
  Erase("late", {});
  EXPECT_THAT(Ids(List(testing::FeedSequence(second.next_cursor()))), ElementsAre("default/late"));
}

TEST_F(ErasureRelayTest, ACursorOfAnotherStoreBeginsAnew) {
  Erase("e1", {});
  const v1::ListErasuresResponse page = List(last_ + 1'000);
  EXPECT_THAT(Ids(page), ElementsAre("default/e1"));
  EXPECT_LE(testing::FeedSequence(page.next_cursor()), last_);
  v1::ListErasuresRequest request;
  request.set_cursor("-1");
  v1::ListErasuresResponse response;
  EXPECT_THAT(Call(&v1::CurationService::Stub::ListErasures, request, response),
              HasReason(Reason::kInvalidArgument));
}

TEST_F(ErasureRelayTest, AllProjectsAreForWhoNamesNone) {
  v1::ListErasuresRequest request;
  request.set_all_projects(true);
  v1::ListErasuresResponse response;
  EXPECT_THAT(Call(&v1::CurationService::Stub::ListErasures, request, response, "shop"),
              HasReason(Reason::kPermissionDenied));
}

TEST_F(ErasureRelayTest, HandsReportsOnToIngest) {
  ASSERT_OK(Report("eval-gate"));
  const auto reports = ingest_.privacy().AwaitReports(1);
  ASSERT_EQ(reports.size(), 1u);
  EXPECT_EQ(reports[0].project, "shop");
  EXPECT_EQ(reports[0].request.erasure_id(), "e1");
  EXPECT_EQ(reports[0].request.store(), "eval-gate");
  EXPECT_EQ(reports[0].request.rows(), 7);
}

TEST_F(ErasureRelayTest, AReportThatIngestDoesNotTakeIsTheCallersToRepeat) {
  for (const char* taken : {"ingest", "curation", ""}) {
    EXPECT_THAT(Report(taken), HasReason(Reason::kInvalidArgument)) << taken;
  }
  ingest_.Stop();
  EXPECT_THAT(Report("eval-gate"), HasReason(Reason::kUpstreamUnavailable));
  ingest_.Start();
  EXPECT_TRUE(PollUntil([&] { return Report("eval-gate").ok(); }, absl::Seconds(30)));
  EXPECT_EQ(ingest_.privacy().AwaitReports(1).size(), 1u);
}

TEST_F(ErasureRelayTest, ReadsWhichRowsAreStillThereWithoutTheirTexts) {
  std::vector<int64_t> hers;
  for (const char* id : {"a", "b", "c"}) {
    const int64_t sequence = ingest_.Add(
        InteractionEntry({.id = id, .input = std::string("question ") + id, .session = id}));
    Accept(id);
    if (std::string(id) == "b") hers = {sequence};
  }
  Built(BuildRequest("v1"));
  Erase("e1", hers);
  v1::ReadDatasetRowsRequest request;
  request.set_dataset_version_id("v1");
  request.set_ids_only(true);
  grpc::ClientContext context;
  const auto reader = stub_->ReadDatasetRows(&context, request);
  v1::ReadDatasetRowsResponse response;
  ASSERT_TRUE(reader->Read(&response));
  ASSERT_EQ(response.rows_size(), 2);
  v1::DatasetRow only_id;
  only_id.set_interaction_id("a");
  EXPECT_EQ(response.rows(0).SerializeAsString(), only_id.SerializeAsString());
  EXPECT_EQ(response.rows(1).interaction_id(), "c");
}

}  // namespace
}  // namespace flywheel::curation

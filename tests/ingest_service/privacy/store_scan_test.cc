// ScanStore: what recognisers of before left in the store is counted, and replaced everywhere.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "cli/free_port.h"
#include "ingest_service/store/migrations.h"
#include "ingest_service/store/payload_store.h"
#include "shared/audit/audit_store.h"
#include "shared/sql/database.h"
#include "shared/status/status_macros.h"
#include "tests/ingest_service/privacy/store_scan_fixture.h"
#include "tests/integration/http_client.h"

namespace flywheel::ingest {
namespace {

using ::testing::ElementsAre;
using testing::HasReason;
using ::testing::HasSubstr;
using ::testing::Not;

TEST_F(StoreScanTest, CountsByTypeAndChangesNothing) {
  Log({Personal("a"), Interaction("clean"), Turn("t1", 1), Turn("t2", 2)});
  Record({Correction("s", "a"), Signal("thumb", "clean")});
  LearnEmail();
  const auto before = Feed();
  const v1::StoreScan scan = Scan("count", /*rewrite=*/false);
  EXPECT_EQ(scan.project(), "default");
  EXPECT_EQ(scan.records(), 6);
  EXPECT_EQ(scan.stored_records(), 6);
  EXPECT_EQ(scan.changed_interactions(), 3);
  EXPECT_EQ(scan.changed_signals(), 1);
  EXPECT_EQ(scan.held_records(), 0);
  // Input and attribute, one and two messages, ideal output and comment.
  EXPECT_EQ(Emails(scan), 2 + 1 + 2 + 2);
  EXPECT_TRUE(DiskHasValue());
  EXPECT_EQ(Feed().size(), before.size());
  EXPECT_THAT(Get("a").interaction().input(), HasSubstr(kValue));
}

TEST_F(StoreScanTest, ReplacesSoThatNothingOfItIsInTheFilesAndReplaysStayReplays) {
  Log({Personal("a"), Interaction("clean"), Turn("t1", 1), Turn("t2", 2)});
  Record({Correction("s", "a")});
  LearnEmail();
  ASSERT_TRUE(DiskHasValue());
  const v1::StoreScan scan = Scan("rewrite", /*rewrite=*/true);
  EXPECT_EQ(scan.changed_interactions(), 3);
  EXPECT_EQ(scan.changed_signals(), 1);
  EXPECT_FALSE(DiskHasValue());

  const v1::GetInteractionResponse a = Get("a");
  EXPECT_EQ(a.interaction().input(), "write to [EMAIL_1]");
  EXPECT_EQ(a.interaction().attributes().at("note"), "mail of [EMAIL_1]");
  EXPECT_EQ(a.signals(0).correction().ideal_output(), "ask [EMAIL_1]");
  EXPECT_EQ(a.signals(0).comment(), "as [EMAIL_1] said");
  EXPECT_THAT(Get("t2").interaction().history(1).parts(0).text(), HasSubstr("turn 1: [EMAIL_1]"));
  v1::ListInteractionsRequest list;
  list.set_attribute_name("note");
  list.set_attribute_value("mail of [EMAIL_1]");
  v1::ListInteractionsResponse listed;
  ASSERT_OK(Call(&v1::IngestService::Stub::ListInteractions, list, &listed));
  EXPECT_EQ(listed.interactions_size(), 1);

  // The hash is of what was sent, which did not change.
  const v1::LogInteractionsResponse resent = Log({Personal("a"), Turn("t2", 2)});
  for (const auto& result : resent.results()) {
    EXPECT_EQ(result.status(), common::v1::ITEM_STATUS_REPLAYED) << result.message();
  }
  EXPECT_EQ(Record({Correction("s", "a")}).results(0).status(), common::v1::ITEM_STATUS_REPLAYED);
  EXPECT_EQ(Scan("again", /*rewrite=*/false).changed_interactions(), 0);
  EXPECT_EQ(Stats().interactions(), 4);
}

TEST_F(StoreScanTest, TellsTheFeedWhatChangedAndReadersReport) {
  Log({Personal("a"), Interaction("clean")});
  Record({Correction("s", "a")});
  const int64_t head = Feed().back().sequence();
  LearnEmail();
  Scan("rewrite", /*rewrite=*/true);
  const std::vector<v1::FeedEntry> feed = Feed(head);
  ASSERT_EQ(feed.size(), 3u);
  EXPECT_EQ(feed[0].rewrite().scan_id(), "rewrite");
  EXPECT_EQ(feed[0].rewrite().sequence(), 1);
  EXPECT_EQ(feed[0].rewrite().interaction().input(), "write to [EMAIL_1]");
  EXPECT_EQ(feed[1].rewrite().sequence(), 3);
  EXPECT_EQ(feed[1].rewrite().signal().comment(), "as [EMAIL_1] said");
  EXPECT_TRUE(feed[2].rewrite().last());
  EXPECT_EQ(feed[2].rewrite().sequence(), 0);
  // Who reads from the beginning finds the new texts at once.
  EXPECT_EQ(Feed().front().interaction().input(), "write to [EMAIL_1]");

  const v1::Erasure receipt = Receipt("rewrite");
  EXPECT_EQ(receipt.subject_kind(), v1::SUBJECT_KIND_REWRITE);
  EXPECT_EQ(receipt.interactions(), 1);
  EXPECT_EQ(receipt.signals(), 1);
  ASSERT_GE(receipt.stores_size(), 2);
  EXPECT_TRUE(receipt.stores(0).has_clean_time()) << "ingest";
  EXPECT_FALSE(receipt.stores(1).has_clean_time()) << "curation does not run here";
  // A reader that comes late to a record that has left meanwhile is told that.
  Erase(EraseInteractionRequest("gone", "a"));
  const v1::FeedEntry late = Feed(head).front();
  EXPECT_EQ(late.rewrite().sequence(), 1);
  EXPECT_EQ(late.rewrite().record_case(), v1::Rewrite::RECORD_NOT_SET);
}

TEST_F(StoreScanTest, ReplacesInArchivesAndInCompressedRows) {
  config_.retention.compress_after = "1h";
  config_.retention.archive_after = "30d";
  config_.retention.archive_dir = dir_.path() + "/archive";
  Start();
  std::vector<v1::Interaction> old = {Personal("old"), Interaction("clean"), Turn("t1", 1)};
  Log(old);
  // Old enough, and a day more: so few wait that long for a file.
  clock_.Advance(absl::Hours(32 * 24));
  const auto archived = server_->ApplyRetention();
  ASSERT_OK(archived);
  ASSERT_EQ(archived->archived, 3);
  v1::Interaction young = Personal("young");
  young.set_output(std::string(5'000, 'y'));
  Log({young});
  clock_.Advance(absl::Hours(2));
  ASSERT_EQ(server_->ApplyRetention()->compressed, 1);
  LearnEmail();
  EXPECT_EQ(Scan("count", false).changed_interactions(), 3);
  const v1::StoreScan scan = Scan("rewrite", true);
  EXPECT_EQ(scan.changed_interactions(), 3);
  EXPECT_EQ(Emails(scan), 2 + 1 + 2);
  EXPECT_EQ(Get("old").interaction().input(), "write to [EMAIL_1]");
  EXPECT_EQ(Get("clean").interaction().input(), "where is my card");
  EXPECT_EQ(Get("young").interaction().input(), "write to [EMAIL_1]");
  EXPECT_EQ(Scan("again", false).changed_interactions(), 0);
  EXPECT_EQ(Log(old).results(0).status(), common::v1::ITEM_STATUS_REPLAYED);
  // One file, with the records that were in the one before; and totals that fit the rows.
  int files = 0;
  for (const auto& file :
       std::filesystem::recursive_directory_iterator(config_.retention.archive_dir)) {
    files += file.is_regular_file();
  }
  EXPECT_EQ(files, 1);
  server_.reset();
  auto database = sql::Database::Open({config_.server.database_url, 1 << 20}, Migrations());
  ASSERT_OK(database);
  ASSERT_OK((*database)->Read([](sql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(const PayloadTotals compressed,
                     PayloadStore(connection).ReadTotals(PayloadForm::kCompressed));
    EXPECT_EQ(compressed.records, 0);
    EXPECT_EQ(compressed.payload_bytes, 0);
    EXPECT_EQ(compressed.stored_bytes, 0);
    ASSIGN_OR_RETURN(const PayloadTotals archived_now,
                     PayloadStore(connection).ReadTotals(PayloadForm::kArchived));
    EXPECT_EQ(archived_now.records, 3);
    return absl::OkStatus();
  }));
}

TEST_F(StoreScanTest, LeavesWhatALegalHoldKeeps) {
  Log({Personal("a"), Personal("b")});
  Record({Correction("about-a", "a")});
  LearnEmail();
  ASSERT_TRUE(SetLegalHold("user-a", true));
  const v1::StoreScan scan = Scan("rewrite", true);
  EXPECT_EQ(scan.changed_interactions(), 1);
  EXPECT_EQ(scan.changed_signals(), 0);
  EXPECT_EQ(scan.held_records(), 2);
  EXPECT_THAT(Get("a").interaction().input(), HasSubstr(kValue));
  EXPECT_EQ(Get("b").interaction().input(), "write to [EMAIL_1]");
  SetLegalHold("user-a", false);
  EXPECT_EQ(Scan("later", true).changed_signals(), 1);
  EXPECT_FALSE(DiskHasValue());
}

TEST_F(StoreScanTest, AnswersACompleteScanByWhatItFoundAndRefusesAnotherOfItsId) {
  Log({Personal("a")});
  LearnEmail();
  Scan("scan", true);
  const size_t feed = Feed().size();
  EXPECT_EQ(Scan("scan", true).changed_interactions(), 1) << "a replay";
  EXPECT_EQ(Feed().size(), feed);
  const auto conflict = HasReason(Reason::kAlreadyExistsWithOtherContent);
  EXPECT_THAT(TryScan("scan", false), conflict);
  v1::EraseResponse erased;
  EXPECT_THAT(Ask(&v1::PrivacyService::Stub::Erase, EraseRequest("scan", "user-a"), &erased),
              conflict);
  Erase("erasure", "user-a");
  EXPECT_THAT(TryScan("erasure", true), conflict);
  EXPECT_THAT(TryScan("no id", false), HasReason(Reason::kInvalidArgument));
}

TEST_F(StoreScanTest, OfNothingIsCompleteAndHasNoReceipt) {
  LearnEmail();
  EXPECT_EQ(Scan("rewrite", true).records(), 0);
  Log({Interaction("clean")});
  EXPECT_EQ(Scan("second", true).records(), 1);
  v1::GetErasureRequest request;
  request.set_erasure_id("second");
  v1::GetErasureResponse response;
  EXPECT_THAT(Ask(&v1::PrivacyService::Stub::GetErasure, request, &response),
              HasReason(Reason::kNotFound));
  EXPECT_EQ(Feed().size(), 1u);
}

TEST_F(StoreScanTest, NeedsRecognisers) {
  config_.redaction.mode = "off";
  Start();
  EXPECT_THAT(TryScan("scan", false), HasReason(Reason::kInvalidConfiguration));
}

TEST_F(StoreScanTest, StandsInTheAuditLogWithoutAValue) {
  Log({Personal("a")});
  LearnEmail();
  Scan("rewrite", true);
  server_.reset();
  auto database = sql::Database::Open({config_.server.database_url, 1 << 20}, Migrations());
  ASSERT_OK(database);
  std::vector<std::string> details;
  ASSERT_OK((*database)->Read([&](sql::Connection& connection) -> absl::Status {
    sql::Statement select = connection.Prepare(
        "SELECT detail FROM audit_events WHERE method = 'ScanStore' ORDER BY sequence");
    while (select.Next()) details.push_back(select.Text(0));
    return select.status();
  }));
  EXPECT_THAT(details, ElementsAre("replaces", HasSubstr("changed 1 interactions")));
  EXPECT_THAT(details.back(), HasSubstr("EMAIL 2"));
}

TEST_F(StoreScanTest, CountsByTypeInTheMetricsWhatIsReplacedOnItsWayIn) {
  config_.server.metrics_listen = "127.0.0.1:" + std::to_string(cli::FindFreePorts(1)->at(0));
  const int port = std::stoi(config_.server.metrics_listen.substr(10));
  Log({Personal("a")});
  LearnEmail();
  Log({Personal("b")});
  Scan("rewrite", true);
  EXPECT_THAT(integration::HttpGet(port, "/metrics"),
              HasSubstr("flywheel_redactions_total{type=\"EMAIL\"} 2\n"))
      << "those of b, and not those that the scan found";
}

TEST_F(StoreScanTest, GoesOverManyPages) {
  std::vector<v1::Interaction> batch;
  for (int i = 0; i < 900; ++i) {
    batch.push_back(i % 3 == 0 ? Personal("i" + std::to_string(i))
                               : Interaction("i" + std::to_string(i)));
  }
  Log(batch);
  LearnEmail();
  EXPECT_EQ(Scan("count", false).changed_interactions(), 300);
  const v1::StoreScan scan = Scan("rewrite", true);
  EXPECT_EQ(scan.records(), 900);
  EXPECT_EQ(scan.changed_interactions(), 300);
  EXPECT_EQ(Emails(scan), 600);
  EXPECT_FALSE(DiskHasValue());
}

}  // namespace
}  // namespace flywheel::ingest

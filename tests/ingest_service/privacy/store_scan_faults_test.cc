// A rewrite of the store beside all that goes on in it: holds, archive files, rules of age.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include "ingest_service/store/migrations.h"
#include "shared/sql/database.h"
#include "tests/ingest_service/payloads/s3_server.h"
#include "tests/ingest_service/privacy/store_scan_fixture.h"

namespace flywheel::ingest {
namespace {

using testing::HasReason;
using ::testing::HasSubstr;

class StoreScanFaultsTest : public StoreScanTest {
 protected:
  void ArchiveInto(const std::string& folder) {
    config_.retention.archive_after = "30d";
    config_.retention.archive_dir = folder;
    Start();
  }

  void ArchiveIntoBucket() {
    const std::string credentials = dir_.path() + "/credentials";
    std::ofstream(credentials) << "[default]\naws_access_key_id = AKID\n"
                                  "aws_secret_access_key = secret\n";
    config_.retention.archive_after = "30d";
    config_.retention.s3_endpoint = s3_.endpoint();
    config_.retention.s3_bucket = "bucket";
    config_.retention.s3_credentials_file = credentials;
    Start();
  }

  // Old enough for the archive, and for a file of so few.
  void LogArchived(const std::vector<v1::Interaction>& interactions) {
    Log(interactions);
    clock_.Advance(absl::Hours(32 * 24));
    const auto report = server_->ApplyRetention();
    ASSERT_OK(report);
    ASSERT_EQ(report->archived, static_cast<int64_t>(interactions.size()));
  }

  testing::S3Server s3_{"AKID", "secret"};
};

TEST_F(StoreScanFaultsTest, AHoldThatComesWhileAFileIsWrittenKeepsItsRecords) {
  ArchiveIntoBucket();
  LogArchived({Personal("a"), Personal("b")});
  Log({Personal("young")});
  LearnEmail();
  s3_.BeforeNextPut([this] {
    SetLegalHold("user-a", true);
    SetLegalHold("user-young", true);
  });
  const v1::StoreScan scan = Scan("rewrite", true);
  EXPECT_EQ(scan.changed_interactions(), 1);
  EXPECT_EQ(scan.held_records(), 2);
  EXPECT_THAT(Get("a").interaction().input(), HasSubstr(kValue));
  EXPECT_THAT(Get("young").interaction().input(), HasSubstr(kValue));
  EXPECT_EQ(Get("b").interaction().input(), "write to [EMAIL_1]");
  EXPECT_EQ(s3_.objects().size(), 1u);
  SetLegalHold("user-a", false);
  SetLegalHold("user-young", false);
  EXPECT_EQ(Scan("later", true).changed_interactions(), 2);
  EXPECT_FALSE(DiskHasValue());
}

TEST_F(StoreScanFaultsTest, IsNotCompleteWhileAnOldFileIsThere) {
  const std::string archive = dir_.path() + "/archive";
  ArchiveInto(archive);
  Log({Interaction("clean")});
  // As a kill leaves it between the commit that points at the new file and the old one's removal.
  std::filesystem::create_directories(archive + "/project-default");
  std::ofstream(archive + "/project-default/old.jsonl.zst") << kValue;
  server_.reset();
  {
    auto database = sql::Database::Open({config_.server.database_url, 1 << 20}, Migrations());
    ASSERT_OK(database);
    ASSERT_OK((*database)->Write([](sql::Connection& connection) {
      return connection
          .Prepare(R"sql(
              INSERT INTO archive_files (archive_id, project, name, state, first_sequence,
                                         last_sequence, create_time_us)
              VALUES (1, 'default', 'project-default/old.jsonl.zst', 2, 1, 1, 0))sql")
          .Run();
    }));
  }
  config_.retention.archive_after.clear();
  config_.retention.archive_dir.clear();
  LearnEmail();
  EXPECT_THAT(TryScan("rewrite", true), HasReason(Reason::kStorageUnavailable));
  ASSERT_TRUE(DiskHasValue());
  ArchiveInto(archive);
  EXPECT_EQ(Scan("rewrite", true).records(), 1);
  EXPECT_FALSE(DiskHasValue());
}

TEST_F(StoreScanFaultsTest, WritesAnArchiveFileOnceHoweverManyPagesItHas) {
  ArchiveIntoBucket();
  std::vector<v1::Interaction> many;
  for (int i = 0; i < 450; ++i) many.push_back(Personal("i" + std::to_string(i)));
  LogArchived(many);
  LearnEmail();
  int puts = 0;
  // One after the other: each counts itself and what comes next.
  std::function<void()> count = [&] {
    ++puts;
    s3_.BeforeNextPut(count);
  };
  s3_.BeforeNextPut(count);
  const v1::StoreScan scan = Scan("rewrite", true);
  s3_.BeforeNextPut([] {});
  EXPECT_EQ(puts, 1);
  EXPECT_EQ(scan.records(), 450);
  EXPECT_EQ(scan.changed_interactions(), 450);
  EXPECT_EQ(Emails(scan), 900);
  EXPECT_EQ(Get("i449").interaction().input(), "write to [EMAIL_1]");
}

TEST_F(StoreScanFaultsTest, CompressesAnewWhatItHasReplaced) {
  config_.retention.compress_after = "1h";
  Start();
  v1::Interaction long_one = Personal("long");
  long_one.set_output(std::string(5'000, 'y'));
  Log({long_one});
  clock_.Advance(absl::Hours(2));
  ASSERT_EQ(server_->ApplyRetention()->compressed, 1);
  LearnEmail();
  ASSERT_EQ(Scan("rewrite", true).changed_interactions(), 1);
  EXPECT_EQ(server_->ApplyRetention()->compressed, 1);
  EXPECT_EQ(Get("long").interaction().input(), "write to [EMAIL_1]");
}

TEST_F(StoreScanFaultsTest, TellsReadersToEraseWhatWasThinnedOut) {
  config_.retention.thin_after = "7d";
  config_.retention.thin_share = 0.000001;
  Start();
  Log({Personal("a"), Personal("held")});
  clock_.Advance(absl::Hours(24 * 8));
  ASSERT_EQ(server_->ApplyRetention()->thinned, 2);
  constexpr int64_t kHead = 2;
  LearnEmail();
  EXPECT_EQ(Scan("count", false).changed_interactions(), 0);
  EXPECT_TRUE(Feed(kHead).empty());
  SetLegalHold("user-held", true);
  const v1::StoreScan scan = Scan("rewrite", true);
  EXPECT_EQ(scan.changed_interactions(), 0);
  EXPECT_EQ(scan.held_records(), 1);
  const std::vector<v1::FeedEntry> feed = Feed(kHead);
  ASSERT_EQ(feed.size(), 2u);
  EXPECT_EQ(feed[0].rewrite().sequence(), 1);
  EXPECT_EQ(feed[0].rewrite().record_case(), v1::Rewrite::RECORD_NOT_SET);
  EXPECT_FALSE(feed[0].rewrite().last());
  EXPECT_TRUE(feed[1].rewrite().last());
  EXPECT_EQ(Receipt("rewrite").interactions(), 0);
}

}  // namespace
}  // namespace flywheel::ingest

// Test fixture: stores of a data directory with real records, written by the services' own code.
#ifndef FLYWHEEL_TESTS_STORE_TOOLS_STORES_FIXTURE_H_
#define FLYWHEEL_TESTS_STORE_TOOLS_STORES_FIXTURE_H_

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "curation_service/store/migrations.h"
#include "curation_service/store/record_store.h"
#include "eval_gate_service/store/migrations.h"
#include "experiment_service/store/migrations.h"
#include "ingest_service/store/feed_store.h"
#include "ingest_service/store/interaction_store.h"
#include "ingest_service/store/migrations.h"
#include "shared/sql/database.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"
#include "shared/testing/status_matchers.h"
#include "shared/testing/temp_dir.h"
#include "shared/time/clock.h"
#include "store_tools/backup.h"

namespace flywheel::store_tools {

class StoresTest : public ::testing::Test {
 protected:
  StoresTest() {
    std::filesystem::create_directories(data() + "/ingest");
    std::filesystem::create_directories(data() + "/curation");
    std::ofstream(data() + "/ingest/pseudonym.key") << std::string(64, 'a') << "\n";
    Open();
    MakeOthers();
  }

  // As the services have them open.
  void Open() {
    ingest_ =
        *sql::Database::Open({"sqlite:" + data() + "/ingest/ingest.db"}, ingest::Migrations());
    curation_ = *sql::Database::Open({"sqlite:" + data() + "/curation/curation.db"},
                                     curation::Migrations());
  }
  // Besides: the stores of the eval gate and the experiment service, without records.
  void MakeOthers() {
    MakeStore(data() + "/eval-gate", "eval-gate", evalgate::Migrations());
    MakeStore(data() + "/experiment", "experiment", experiment::Migrations());
  }
  // As a service that is started alone on `directory` leaves it.
  static void MakeStore(const std::string& directory, const std::string& service,
                        absl::Span<const sql::Migration> migrations) {
    std::filesystem::create_directories(directory);
    EXPECT_OK(sql::Database::Open({"sqlite:" + directory + "/" + service + ".db"}, migrations));
  }
  void Close() {
    ingest_.reset();
    curation_.reset();
  }

  std::string data() const { return dir_.path() + "/data"; }
  std::string backups() const { return dir_.path() + "/backups"; }
  std::string restored() const { return dir_.path() + "/restored"; }

  // Stores an interaction, committed now by the clock.
  void Log(const std::string& id) {
    ingest::InteractionRecord record;
    record.interaction_id = id;
    record.agent = "support";
    record.payload = std::string(2'000, 'p');
    record.content_hash = std::string(32, 'h');
    record.tool_calls = 2;
    record.attributes["channel"] = "web";
    EXPECT_OK(ingest_->Write([&](sql::Connection& connection) -> absl::Status {
      ASSIGN_OR_RETURN(const int64_t last, ingest::FeedStore(connection).LastSequence());
      RETURN_IF_ERROR(ingest::InteractionStore(connection)
                          .Insert("shop", record, last + 1, clock_.Now())
                          .status());
      RETURN_IF_ERROR(ingest::FeedStore(connection).SetLastSequence(last + 1));
      ingest::Added added;
      added.interactions = 1;
      added.tool_calls = 2;
      return ingest::FeedStore(connection).AddToTotals("shop", added);
    }));
  }

  // Curation has read the feed up to here.
  void ReadUpTo(int64_t cursor) {
    EXPECT_OK(curation_->Write([&](sql::Connection& connection) {
      return curation::RecordStore(connection).SetCursor(cursor);
    }));
  }

  Backup Make() {
    auto backup = MakeBackup({data(), backups(), "test"}, clock_, nullptr);
    EXPECT_OK(backup);
    return *std::move(backup);
  }

  // Runs one statement on a file that nobody has open.
  static void Change(const std::string& path, const char* sql) {
    const auto connection = *sql::Connection::Open(path, sql::Access::kWrite);
    EXPECT_OK(connection->Execute(sql));
  }

  // The first column of every row, as text.
  static std::vector<std::string> Select(const std::string& path, const std::string& sql) {
    const auto connection = *sql::Connection::Open(path, sql::Access::kRead);
    sql::Statement select = connection->Prepare(sql);
    std::vector<std::string> values;
    while (select.Next()) values.push_back(select.Text(0));
    EXPECT_OK(select.status());
    return values;
  }

  static std::string Read(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file), {});
  }

  testing::TempDir dir_;
  FakeClock clock_{absl::FromUnixSeconds(1'800'000'000)};
  std::unique_ptr<sql::Database> ingest_;
  std::unique_ptr<sql::Database> curation_;
};

}  // namespace flywheel::store_tools

#endif  // FLYWHEEL_TESTS_STORE_TOOLS_STORES_FIXTURE_H_

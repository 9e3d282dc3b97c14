#include "store_tools/restore.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "store_tools/check.h"
#include "tests/store_tools/stores_fixture.h"

namespace flywheel::store_tools {
namespace {

using ::testing::ElementsAre;
using testing::HasReason;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kIds[] = "SELECT interaction_id FROM interactions ORDER BY sequence";

class RestoreTest : public StoresTest {
 protected:
  absl::StatusOr<RestoreReport> TryRestore(std::optional<absl::Time> at = std::nullopt,
                                           bool allow_missing = false) {
    return Restore({backups(), restored(), at, "", allow_missing}, nullptr);
  }
  RestoreReport Restored(std::optional<absl::Time> at = std::nullopt) {
    auto report = TryRestore(at);
    EXPECT_OK(report);
    const auto checks = CheckStores(restored(), nullptr);
    EXPECT_OK(checks);
    for (const StoreCheck& check : *checks) EXPECT_THAT(check.findings, IsEmpty());
    return *std::move(report);
  }
  std::string ingest_path() const { return restored() + "/ingest/ingest.db"; }
  std::string Cursor() const {
    return Select(restored() + "/curation/curation.db", "SELECT next_cursor FROM feed_cursors")
        .front();
  }
  absl::Time LogAfterAnHour(const std::string& id) {
    clock_.Advance(absl::Hours(1));
    Log(id);
    return clock_.Now();
  }
};

TEST_F(RestoreTest, BringsBackTheNewestBackupWithItsKey) {
  LogAfterAnHour("a");
  Make();
  LogAfterAnHour("b");
  ReadUpTo(2);
  Make();
  LogAfterAnHour("lost");
  const RestoreReport report = Restored();
  EXPECT_THAT(Select(ingest_path(), kIds), ElementsAre("a", "b"));
  EXPECT_EQ(Cursor(), "2");
  EXPECT_EQ(Read(restored() + "/ingest/pseudonym.key"), std::string(64, 'a') + "\n");
  EXPECT_EQ(report.last_sequence, 2);
  EXPECT_EQ(report.removed, 0);
}

TEST_F(RestoreTest, GoesBackToAMomentThatNoBackupWasMadeAt) {
  LogAfterAnHour("a");
  ReadUpTo(1);
  Make();
  LogAfterAnHour("b");
  const absl::Time moment = LogAfterAnHour("c");
  LogAfterAnHour("mistake");
  ReadUpTo(4);
  Make();
  const RestoreReport report = Restored(moment);
  EXPECT_THAT(Select(ingest_path(), kIds), ElementsAre("a", "b", "c"));
  EXPECT_EQ(report.last_sequence, 3);
  EXPECT_EQ(report.removed, 1);
  EXPECT_EQ(Cursor(), "1") << "the younger copy has read what is gone";
  EXPECT_THAT(Select(ingest_path(), "SELECT interactions FROM project_totals"), ElementsAre("3"));
  EXPECT_THAT(Select(ingest_path(), "SELECT tool_calls FROM project_totals"), ElementsAre("6"));
  // A number that a reader may know is never given to another record.
  EXPECT_THAT(Select(ingest_path(), "SELECT last_sequence FROM feed_head"), ElementsAre("4"));
}

TEST_F(RestoreTest, KeepsForgottenWhoWasForgottenAfterThatMoment) {
  LogAfterAnHour("a");
  const absl::Time moment = LogAfterAnHour("of-the-forgotten");
  ReadUpTo(0);
  Make();
  clock_.Advance(absl::Hours(1));
  EXPECT_OK(ingest_->Write([&](sql::Connection& connection) {
    return connection.Execute(R"sql(
        DELETE FROM interaction_attributes WHERE sequence = 2;
        DELETE FROM interactions WHERE sequence = 2;
        UPDATE project_totals SET interactions = 1, tool_calls = 2;
        INSERT INTO erased_records (project, record_mac) VALUES ('shop', x'01');
        INSERT INTO privacy_records (sequence, project, kind, commit_time_us, erasure_id,
                                     erased_sequences, is_last, user_pseudonym, purpose, allowed,
                                     event_time_us)
          VALUES (3, 'shop', 2, 0, 'e', '2', 1, '', 0, 0, 0);
        INSERT INTO erasure_reports (project, erasure_id, store, store_rows, clean_time_us)
          VALUES ('shop', 'e', 'curation', 1, 4000000000000000);
        UPDATE feed_head SET last_sequence = 3)sql");
  }));
  LogAfterAnHour("later");
  Make();
  Restored(moment);
  EXPECT_THAT(Select(ingest_path(), kIds), ElementsAre("a"));
  EXPECT_THAT(Select(ingest_path(), "SELECT erased_sequences FROM privacy_records"),
              ElementsAre("2"))
      << "curation's older copy learns of it";
  EXPECT_THAT(Select(ingest_path(), "SELECT COUNT(*) FROM erased_records"), ElementsAre("1"));
  EXPECT_THAT(Select(ingest_path(), "SELECT COUNT(*) FROM erasure_reports"), ElementsAre("0"));
}

TEST_F(RestoreTest, ForgetsAgainWhoWasForgottenAfterTheNewestBackup) {
  LogAfterAnHour("a");
  LogAfterAnHour("of-the-forgotten");
  LogAfterAnHour("c");
  ReadUpTo(3);
  Make();
  LogAfterAnHour("lost");
  EXPECT_OK(ingest_->Write([&](sql::Connection& connection) {
    return connection.Execute(R"sql(
        DELETE FROM interaction_attributes WHERE sequence = 2;
        DELETE FROM interactions WHERE sequence = 2;
        INSERT INTO erasures (project, erasure_id, subject_kind, subject_mac, subject_names,
                              last_sequence, request_time_us, clean_time_us, interactions,
                              signals, waiting_spans, commit_sequence)
          VALUES ('shop', 'e', 2, x'02', '', 4, 1, 1, 1, 0, 3, 5);
        INSERT INTO erased_records (project, record_mac) VALUES ('shop', x'01');
        INSERT INTO consents (project, user_pseudonym, purpose, allowed, event_time_us)
          VALUES ('shop', 'u_1', 2, 0, 7);
        INSERT INTO privacy_records (sequence, project, kind, commit_time_us, erasure_id,
                                     erased_sequences, is_last, user_pseudonym, purpose, allowed,
                                     event_time_us)
          VALUES (5, 'shop', 2, 0, 'e', '2', 1, '', 0, 0, 0);
        UPDATE feed_head SET last_sequence = 5)sql");
  }));
  Close();
  const auto report = Restore({backups(), restored(), std::nullopt, data() + "/ingest/ingest.db",
                               /*allow_missing=*/false},
                              nullptr);
  ASSERT_OK(report);
  EXPECT_EQ(report->forgotten, 1);
  EXPECT_EQ(report->forgotten_until, absl::InfiniteFuture());
  EXPECT_THAT(Select(ingest_path(), kIds), ElementsAre("a", "c"));
  EXPECT_THAT(Select(ingest_path(), "SELECT interactions FROM project_totals"), ElementsAre("2"));
  EXPECT_THAT(Select(ingest_path(), "SELECT sequence FROM privacy_records"), ElementsAre("5"))
      << "beyond curation's cursor, so that it forgets too";
  EXPECT_THAT(Select(ingest_path(), "SELECT last_sequence FROM feed_head"), ElementsAre("5"));
  EXPECT_THAT(
      Select(ingest_path(), "SELECT erasure_id || subject_kind || waiting_spans FROM erasures"),
      ElementsAre("e23"));
  EXPECT_THAT(Select(ingest_path(), "SELECT COUNT(*) FROM erased_records"), ElementsAre("1"));
  EXPECT_THAT(Select(ingest_path(), "SELECT user_pseudonym FROM consents"), ElementsAre("u_1"));
  const auto checks = CheckStores(restored(), nullptr);
  ASSERT_OK(checks);
  for (const StoreCheck& check : *checks) EXPECT_THAT(check.findings, IsEmpty());
}

TEST_F(RestoreTest, RefusesATargetWithSomethingInItAndATimeThatNoBackupKnows) {
  LogAfterAnHour("a");
  Make();
  EXPECT_THAT(TryRestore(clock_.Now() + absl::Seconds(1)),
              HasReason(Reason::kInvalidConfiguration));
  EXPECT_FALSE(std::filesystem::exists(restored()));
  std::filesystem::create_directories(restored() + "/anything");
  EXPECT_THAT(TryRestore(), HasReason(Reason::kInvalidConfiguration));
  EXPECT_TRUE(std::filesystem::is_empty(restored() + "/anything"));
}

TEST_F(RestoreTest, LeavesAStoreOutOnlyWhereItIsToldTo) {
  const absl::Time moment = LogAfterAnHour("a");
  LogAfterAnHour("b");
  ReadUpTo(2);
  Make();
  const auto refused = TryRestore(moment);
  EXPECT_THAT(refused, HasReason(Reason::kInvalidConfiguration));
  EXPECT_THAT(errors::MessageOf(refused.status()), HasSubstr("--allow-missing"));
  const auto report = TryRestore(moment, /*allow_missing=*/true);
  ASSERT_OK(report);
  const auto curation =
      std::find_if(report->stores.begin(), report->stores.end(),
                   [](const RestoredStore& store) { return store.service == "curation"; });
  ASSERT_NE(curation, report->stores.end());
  EXPECT_EQ(curation->backup, "");
  EXPECT_FALSE(std::filesystem::exists(restored() + "/curation"));
}

TEST_F(RestoreTest, BringsBackEachServiceThatIsBackedUpAlone) {
  struct Alone {
    std::string service;
    absl::Span<const sql::Migration> migrations;
  };
  for (const Alone& alone :
       {Alone{"curation", curation::Migrations()}, Alone{"eval-gate", evalgate::Migrations()},
        Alone{"experiment", experiment::Migrations()}}) {
    SCOPED_TRACE(alone.service);
    const std::string directory = dir_.path() + "/" + alone.service;
    const std::string to = dir_.path() + "/backups-of-" + alone.service;
    const std::string store = alone.service + "/" + alone.service + ".db";
    MakeStore(directory, alone.service, alone.migrations);
    std::ofstream(directory + "/unit.key") << "a key";
    ASSERT_OK(MakeBackup({directory, to, "test"}, clock_, nullptr));
    const absl::Time first = clock_.Now();
    clock_.Advance(absl::Hours(1));
    Change(directory + "/" + alone.service + ".db", "CREATE TABLE later (id INTEGER)");
    ASSERT_OK(MakeBackup({directory, to, "test"}, clock_, nullptr));
    constexpr char kLater[] = "SELECT name FROM sqlite_master WHERE name = 'later'";
    const auto newest = Restore({to, directory + "-now", std::nullopt, "", false}, nullptr);
    ASSERT_OK(newest);
    EXPECT_FALSE(newest->last_sequence.has_value());
    EXPECT_THAT(newest->never_backed_up, ElementsAre("ingest"));
    ASSERT_EQ(newest->stores.size(), 1u);
    EXPECT_EQ(newest->stores.front().service, alone.service);
    EXPECT_THAT(Select(fmt::format("{}-now/{}", directory, store), kLater), ElementsAre("later"));
    EXPECT_EQ(Read(fmt::format("{}-now/{}/unit.key", directory, alone.service)),
              alone.service == "experiment" ? "a key" : "");
    ASSERT_OK(Restore({to, directory + "-then", first, "", false}, nullptr));
    EXPECT_THAT(Select(fmt::format("{}-then/{}", directory, store), kLater), IsEmpty());
    const auto forgotten = Restore(
        {to, directory + "-no", std::nullopt, data() + "/ingest/ingest.db", false}, nullptr);
    EXPECT_THAT(forgotten, HasReason(Reason::kInvalidConfiguration));
    EXPECT_FALSE(std::filesystem::exists(directory + "-no"));
  }
}

TEST_F(RestoreTest, SaysWhatToGiveInsteadOfOneBackup) {
  LogAfterAnHour("a");
  const Backup first = Make();
  LogAfterAnHour("b");
  Make();
  const auto refused = Restore({first.path + "/", restored(), std::nullopt, "", false}, nullptr);
  EXPECT_THAT(refused, HasReason(Reason::kInvalidConfiguration));
  const std::string message = errors::MessageOf(refused.status());
  const std::string time = "2027-01-15T09:00:00Z";
  EXPECT_THAT(message, HasSubstr("which is one backup"));
  EXPECT_THAT(message, HasSubstr("--from " + backups() + " --at " + time));
  // And that does what was wanted.
  Restored(first.manifest.create_time);
  EXPECT_THAT(Select(ingest_path(), kIds), ElementsAre("a"));
}

TEST_F(RestoreTest, NamesTheStoreThatNoBackupHas) {
  LogAfterAnHour("a");
  const Backup backup = Make();
  EXPECT_THAT(Restored().never_backed_up, IsEmpty());
  std::filesystem::remove_all(restored());
  // As an older program left a store out.
  Manifest manifest = backup.manifest;
  manifest.files.erase(manifest.files.begin());
  std::ofstream(backup.path + "/" + kManifestName, std::ios::trunc) << ToJson(manifest);
  EXPECT_THAT(Restored().never_backed_up, ElementsAre("experiment"));
}

TEST_F(RestoreTest, RefusesEmptyNamesOfDirectories) {
  LogAfterAnHour("a");
  Make();
  for (const RestoreOptions& options : {RestoreOptions{"", restored(), std::nullopt, "", false},
                                        RestoreOptions{backups(), "", std::nullopt, "", false}}) {
    const auto refused = Restore(options, nullptr);
    EXPECT_THAT(refused, HasReason(Reason::kInvalidConfiguration));
    EXPECT_THAT(errors::MessageOf(refused.status()), HasSubstr("got '', want a directory"));
  }
}

TEST_F(RestoreTest, SaysThatThereIsNoBackup) {
  std::filesystem::create_directories(backups());
  const auto empty = TryRestore();
  EXPECT_THAT(empty, HasReason(Reason::kInvalidConfiguration));
  EXPECT_THAT(errors::MessageOf(empty.status()), HasSubstr("where no backup is"));
  std::filesystem::remove(backups());
  EXPECT_THAT(TryRestore(), HasReason(Reason::kInvalidConfiguration));
}

TEST_F(RestoreTest, TakesNoBackupThatIsNotWhatItWas) {
  LogAfterAnHour("a");
  const Backup backup = Make();
  std::fstream file(backup.path + "/ingest.db", std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(5000);
  file.put('!');
  file.close();
  EXPECT_THAT(TryRestore(), HasReason(Reason::kStoreCorrupt));
  EXPECT_FALSE(std::filesystem::exists(restored()));
  EXPECT_FALSE(std::filesystem::exists(restored() + ".unfinished"));
}

TEST_F(RestoreTest, IsAStoreThatGoesOn) {
  LogAfterAnHour("a");
  const absl::Time moment = clock_.Now();
  ReadUpTo(1);
  Make();
  LogAfterAnHour("mistake");
  Make();
  Restored(moment);
  auto database = sql::Database::Open({"sqlite:" + ingest_path()}, ingest::Migrations());
  ASSERT_OK(database);
  ingest_ = *std::move(database);
  Log("mistake");
  EXPECT_THAT(Select(ingest_path(), kIds), ElementsAre("a", "mistake"));
}

}  // namespace
}  // namespace flywheel::store_tools

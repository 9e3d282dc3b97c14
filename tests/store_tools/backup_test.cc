#include "store_tools/backup.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "shared/sql/backup.h"
#include "store_tools/file_copy.h"
#include "store_tools/file_errors.h"
#include "store_tools/manifest.h"
#include "tests/store_tools/stores_fixture.h"

namespace flywheel::store_tools {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using testing::HasReason;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

using BackupTest = StoresTest;

TEST_F(BackupTest, CopiesStoresThatAreInUseInAnOrderInWhichTheyFitTogether) {
  for (int i = 0; i < 3; ++i) Log("i" + std::to_string(i));
  ReadUpTo(2);
  const Backup backup = Make();
  EXPECT_EQ(backup.manifest.feed_sequence, 3);
  EXPECT_EQ(backup.manifest.curation_cursor, 2);
  std::vector<std::string> names;
  for (const BackupFile& file : backup.manifest.files) {
    names.push_back(file.name);
    const auto digest = DigestFile(backup.path + "/" + file.name);
    ASSERT_OK(digest);
    EXPECT_EQ(digest->sha256, file.sha256);
    EXPECT_EQ(digest->size_bytes, file.size_bytes);
  }
  EXPECT_THAT(names, ElementsAre("experiment.db", "eval-gate.db", "curation.db", "ingest.db",
                                 "pseudonym.key"));
  EXPECT_THAT(Select(backup.path + "/ingest.db", "SELECT interaction_id FROM interactions"),
              ElementsAre("i0", "i1", "i2"));
}

TEST_F(BackupTest, IsNamedByItsTimeAndListedInOrder) {
  Log("a");
  const Backup first = Make();
  EXPECT_EQ(std::filesystem::path(first.path).filename(), "20270115T080000.000000Z");
  clock_.Advance(absl::Hours(1));
  Log("b");
  const Backup second = Make();
  const auto backups = ListBackups(this->backups());
  ASSERT_OK(backups);
  ASSERT_THAT(*backups, SizeIs(2));
  EXPECT_EQ((*backups)[0].manifest.feed_sequence, 1);
  EXPECT_EQ((*backups)[1].manifest.feed_sequence, 2);
  EXPECT_EQ((*backups)[1].manifest.create_time, clock_.Now());
  EXPECT_EQ((*backups)[1].path, second.path);
}

TEST_F(BackupTest, LeavesNothingOfAStoreThatIsDamaged) {
  Log("a");
  for (int i = 0; i < 200; ++i) Log("filler-" + std::to_string(i));
  Close();
  std::fstream file(data() + "/ingest/ingest.db", std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(20 * 8192 + 3);
  file.write("\x7F\x7F", 2);
  file.close();
  EXPECT_FALSE(MakeBackup({data(), backups(), "test"}, clock_, nullptr).ok());
  EXPECT_THAT(*ListBackups(backups()), IsEmpty());
  for (const auto& entry : std::filesystem::directory_iterator(backups())) {
    EXPECT_EQ(entry.path().filename(), "backup.lock");
  }
}

TEST_F(BackupTest, ClearsAwayWhatACrashLeftBehind) {
  Log("a");
  std::filesystem::create_directories(backups() + "/.unfinished");
  std::ofstream(backups() + "/.unfinished/ingest.db") << "half";
  Make();
  EXPECT_FALSE(std::filesystem::exists(backups() + "/.unfinished"));
}

TEST_F(BackupTest, RefusesToLeaveAStoreOutAndNamesIt) {
  const std::string path = data() + "/eval-gate/eval-gate.db";
  std::filesystem::remove(path);
  const auto missing = MakeBackup({data(), backups(), "test"}, clock_, nullptr);
  EXPECT_THAT(missing, HasReason(Reason::kStorageUnavailable));
  EXPECT_THAT(errors::MessageOf(missing.status()),
              AllOf(HasSubstr(path + " is missing"), HasSubstr("No backup was made."),
                    Not(HasSubstr("send it again"))));
  std::ofstream(path).close();
  EXPECT_THAT(errors::MessageOf(MakeBackup({data(), backups(), "test"}, clock_, nullptr).status()),
              HasSubstr(path + " is empty"));
  EXPECT_FALSE(std::filesystem::exists(backups())) << "nothing was begun";
}

TEST_F(BackupTest, SaysWhyAStoreCannotBeReadInsteadOfLeavingItOut) {
  const std::string path = data() + "/eval-gate/eval-gate.db";
  std::filesystem::remove(path);
  std::filesystem::create_symlink("eval-gate.db", path);
  EXPECT_THAT(
      errors::MessageOf(MakeBackup({data(), backups(), "test"}, clock_, nullptr).status()),
      HasSubstr(path + " cannot be read (Too many levels of symbolic links). No backup was made."));
  EXPECT_FALSE(std::filesystem::exists(backups()));
}

TEST_F(BackupTest, RefusesEmptyNamesOfDirectories) {
  for (const BackupOptions& options :
       {BackupOptions{"", backups(), "test"}, BackupOptions{data(), "", "test"}}) {
    const auto refused = MakeBackup(options, clock_, nullptr);
    EXPECT_THAT(refused, HasReason(Reason::kInvalidConfiguration));
    EXPECT_THAT(errors::MessageOf(refused.status()), HasSubstr("got '', want a directory"));
  }
}

TEST(ForCommand, SpeaksOfTheCommandAndKeepsTheReason) {
  const absl::Status full = ForCommand(errors::StorageFull("the detail"), "No backup was made.");
  EXPECT_THAT(full, HasReason(Reason::kStorageFull));
  EXPECT_EQ(errors::MessageOf(full),
            "the disk is full (the detail). No backup was made. Make space, then run it again.");
  const absl::Status other = errors::StoreCorrupt("a.db", "the detail");
  EXPECT_EQ(ForCommand(other, "No backup was made."), other);
}

TEST_F(BackupTest, RefusesADirectoryWithoutStores) {
  EXPECT_THAT(MakeBackup({dir_.path() + "/nowhere", backups(), "test"}, clock_, nullptr),
              HasReason(Reason::kInvalidConfiguration));
}

TEST_F(BackupTest, StaysOutsideOfWhatItIsToSave) {
  std::filesystem::create_directory_symlink(data(), dir_.path() + "/link");
  for (const std::string& to :
       {data(), data() + "/", data() + "/backups", data() + "/ingest/../b",
        dir_.path() + "/link/backups", std::filesystem::relative(data()).string() + "/b"}) {
    const auto refused = MakeBackup({data(), to, "test"}, clock_, nullptr);
    EXPECT_THAT(refused, HasReason(Reason::kInvalidConfiguration)) << to;
    EXPECT_THAT(errors::MessageOf(refused.status()), HasSubstr("inside the data directory")) << to;
  }
  EXPECT_FALSE(std::filesystem::exists(data() + "/backups"));
  EXPECT_OK(MakeBackup({data(), data() + "-of-others", "test"}, clock_, nullptr));
}

TEST_F(BackupTest, SaysThatADirectoryCannotBeMade) {
  std::ofstream(dir_.path() + "/file") << "a file";
  const auto refused = MakeBackup({data(), dir_.path() + "/file/backups", "test"}, clock_, nullptr);
  EXPECT_THAT(refused, HasReason(Reason::kInvalidConfiguration));
  EXPECT_THAT(errors::MessageOf(refused.status()), HasSubstr("--to: got '" + dir_.path()));
}

TEST_F(BackupTest, LeavesADirectoryThatIsThereAsOpenAsItIs) {
  std::filesystem::create_directories(backups());
  const auto open = std::filesystem::perms::owner_all | std::filesystem::perms::group_all;
  std::filesystem::permissions(backups(), open);
  const Backup backup = Make();
  EXPECT_EQ(std::filesystem::status(backups()).permissions(), open);
  EXPECT_EQ(std::filesystem::status(backup.path).permissions(), std::filesystem::perms::owner_all);
}

TEST(Manifest, IsReadAsItWasWrittenAndRefusesWhatIsNone) {
  Manifest manifest;
  manifest.version = "1.2.3";
  manifest.create_time = absl::FromUnixMicros(1'800'000'000'123'456);
  manifest.feed_sequence = 7;
  manifest.curation_cursor = 6;
  manifest.archive_files = {"a", "b"};
  manifest.files.push_back({"ingest.db", "ingest", 4096, "00ff", manifest.create_time});
  const auto read = ParseManifest(ToJson(manifest), "here");
  ASSERT_OK(read);
  EXPECT_EQ(ToJson(*read), ToJson(manifest));
  EXPECT_EQ(read->create_time, manifest.create_time);
  for (const char* json : {"", "{}", "[]", R"({"format": 2})"}) {
    EXPECT_THAT(ParseManifest(json, "here"), HasReason(Reason::kInvalidConfiguration)) << json;
  }
  std::string escaping = ToJson(manifest);
  escaping.replace(escaping.find("\"ingest.db"), 10, "\"../key.db");
  EXPECT_THAT(ParseManifest(escaping, "here"), HasReason(Reason::kInvalidConfiguration));
}

}  // namespace
}  // namespace flywheel::store_tools

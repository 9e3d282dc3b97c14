// The store is copied while it is written, lost, and brought back.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <thread>

#include "tests/fault/fault_service.h"

namespace flywheel::fault {
namespace {

using ::testing::HasSubstr;

class BackupCommandTest : public FaultTest {
 protected:
  void ExpectOk(const std::vector<std::string>& arguments) {
    const cli::CommandResult result = cli::RunFlywheel(arguments);
    EXPECT_EQ(result.ending, "exit code 0") << result.output;
  }

  std::string backups() const { return dir_.path() + "/backups"; }
};

TEST_F(BackupCommandTest, BringsBackWhatWasAcknowledgedBeforeTheBackupBegan) {
  Serve();
  std::atomic<bool> stop = false;
  std::atomic<int> acknowledged = 0;
  std::thread writer([&] {
    for (int i = 0; !stop; ++i) {
      ASSERT_OK(Store(MakeBatch(fmt::format("b{}", i), 20)));
      ++acknowledged;
    }
  });
  int before = 0;
  for (int backup = 0; backup < 3; ++backup) {
    before = acknowledged;
    ExpectOk({"backup", "--data-dir", data(), "--to", backups()});
    ExpectOk({"check", "--data-dir", data()});
  }
  stop = true;
  writer.join();
  EXPECT_GT(acknowledged, before) << "the service wrote while it was copied";
  child_->Kill();
  const std::string old_data = data();
  const cli::CommandResult refused =
      cli::RunFlywheel({"restore", "--from", backups(), "--to", old_data});
  EXPECT_EQ(refused.ending, "exit code 2");
  EXPECT_THAT(refused.output, HasSubstr("where something is already"));
  const std::string restored = dir_.path() + "/restored";
  ExpectOk({"restore", "--from", backups(), "--to", restored, "--forgotten-in", store()});
  ExpectOk({"check", "--data-dir", restored + "/ingest"});
  // Where 'flywheel up' goes on, three stores are missing.
  const cli::CommandResult others = cli::RunFlywheel({"check", "--data-dir", restored});
  EXPECT_EQ(others.ending, "exit code 1");
  EXPECT_THAT(others.output, HasSubstr("experiment  MISSING  " + restored));
  EXPECT_THAT(others.output, HasSubstr("ingest      ok "));
  data_ = restored + "/ingest";
  Serve();
  const auto all = List();
  ASSERT_OK(all);
  EXPECT_GE(all->size(), 20u * static_cast<size_t>(before));
  // The clients send again what is missing; what is there is a replay, under the same pseudonyms.
  for (int i = 0; i < acknowledged; ++i) {
    ASSERT_OK(Store(MakeBatch(fmt::format("b{}", i), 20)));
  }
  EXPECT_EQ(List()->size(), 20u * static_cast<size_t>(acknowledged));
}

TEST_F(BackupCommandTest, SaysWhatIsWrongWithItsFlags) {
  Serve();
  const auto refusal = [&](const std::vector<std::string>& arguments) {
    const cli::CommandResult result = cli::RunFlywheel(arguments);
    EXPECT_EQ(result.ending, "exit code 2") << result.output;
    return result.output;
  };
  EXPECT_THAT(refusal({"backup", "--data-dir", data(), "--to", data() + "/backups"}),
              HasSubstr("error: --to: got '" + data() + "/backups', inside the data directory"));
  EXPECT_THAT(refusal({"backup", "--data-dir", data(), "--to", log_ + "/backups"}),
              HasSubstr("error: --to: got '" + log_ + "/backups', which cannot be written"));
  EXPECT_THAT(refusal({"backup", "--data-dir", data(), "--to", ""}),
              HasSubstr("error: --to: got '', want a directory"));
  EXPECT_THAT(refusal({"restore", "--from", backups(), "--to", ""}),
              HasSubstr("error: --to: got '', want a directory"));
  ExpectOk({"backup", "--data-dir", data(), "--to", backups()});
  for (const auto& entry : std::filesystem::directory_iterator(backups())) {
    if (!entry.is_directory()) continue;
    EXPECT_THAT(
        refusal({"restore", "--from", entry.path().string(), "--to", dir_.path() + "/restored"}),
        HasSubstr("--from " + backups() + " --at 20"));
  }
  const cli::CommandResult none =
      cli::RunFlywheel({"backup", "--data-dir", dir_.path(), "--to", backups()});
  EXPECT_EQ(none.ending, "exit code 2");
  EXPECT_THAT(none.output, HasSubstr("where no store is"));
  const cli::CommandResult time = cli::RunFlywheel(
      {"restore", "--from", backups(), "--to", dir_.path() + "/r", "--at", "yesterday"});
  EXPECT_EQ(time.ending, "exit code 2");
  EXPECT_THAT(time.output, HasSubstr("want a time such as"));
}

}  // namespace
}  // namespace flywheel::fault

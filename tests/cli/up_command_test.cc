// `flywheel up`: the four services on one machine.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <filesystem>
#include <string>

#include "cli/free_port.h"
#include "cli/health.h"
#include "shared/rpc/channel.h"
#include "tests/cli/command_fixture.h"

namespace flywheel::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

using UpCommandTest = CommandFixture;

TEST_F(UpCommandTest, FailsUpWithExitCodeOneWhereAServiceDoesNotStart) {
  const auto ports = FindFreePorts(1);
  ASSERT_OK(ports);
  const int base = 20'000 + ports->front() % 10'000;
  std::filesystem::create_directories(directory_.path() + "/up/curation");
  Write("up/curation/curation.db", std::string(4096, 'x'));
  const CommandResult up = RunFlywheel(
      {"up", "--data-dir", directory_.path() + "/up", "--port-base", std::to_string(base)});
  EXPECT_EQ(up.ending, "exit code 1") << up.output;
  EXPECT_THAT(up.output, AllOf(HasSubstr("ingest      serving"),
                               HasSubstr("error: curation ended at its start: exit code 1")));
}

TEST_F(UpCommandTest, UpServesRestartsWhatDiesAndEndsOnSigterm) {
  const auto ports = FindFreePorts(1);
  ASSERT_OK(ports);
  const std::string data = directory_.path() + "/up";
  const std::string log = directory_.path() + "/up.log";
  const int base = 20'000 + ports->front() % 10'000;
  auto up = ChildProcess::Start({BinDir() + "/flywheel",
                                 {"up", "--data-dir", data, "--port-base", std::to_string(base)},
                                 {},
                                 log});
  ASSERT_OK(up);
  const auto said = [&](const std::string& text) {
    return Eventually(
               [&] { return ReadAll(log).find(text) != std::string::npos || up->Exited(); }) &&
           ReadAll(log).find(text) != std::string::npos;
  };
  ASSERT_TRUE(said("Ctrl-C stops all")) << ReadAll(log);
  EXPECT_THAT(ReadAll(log),
              AllOf(HasSubstr("SERVICE     ADDRESS"), HasSubstr("ingest      starting"),
                    HasSubstr(fmt::format("http://127.0.0.1:{}/metrics", base + 4)),
                    HasSubstr(fmt::format("'flywheel status --port-base {}' shows", base))));
  const auto channel = rpc::Channel::Open({fmt::format("127.0.0.1:{}", base), "", ""});
  ASSERT_OK(channel);
  EXPECT_OK(CheckHealth(*channel, absl::Seconds(5)));

  // The child that serves ingest, found by its data directory.
  pid_t ingest = -1;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const std::string command = ReadAll(entry.path().string() + "/cmdline");
    if (command.find("flywheel-ingest") != std::string::npos &&
        command.find(data + "/ingest") != std::string::npos) {
      ingest = std::stoi(entry.path().filename().string());
    }
  }
  ASSERT_GT(ingest, 0);
  ASSERT_EQ(kill(ingest, SIGKILL), 0);
  EXPECT_TRUE(said("ingest ended (signal 9 (Killed)")) << ReadAll(log);
  EXPECT_TRUE(Eventually([&] { return CheckHealth(*channel, absl::Seconds(5)).ok(); }));

  up->Terminate();
  ASSERT_TRUE(up->WaitForExit(absl::Seconds(60)));
  EXPECT_EQ(up->Exited(), "exit code 0");
  EXPECT_THAT(ReadAll(log), HasSubstr("stopped\n"));
  EXPECT_FALSE(CheckHealth(*channel, absl::Seconds(5)).ok());

  const CommandResult whole = RunFlywheel({"check", "--data-dir", data});
  EXPECT_EQ(whole.ending, "exit code 0") << whole.output;
  EXPECT_THAT(whole.output, Not(HasSubstr("MISSING")));
  std::filesystem::remove(data + "/eval-gate/eval-gate.db");
  const CommandResult missing = RunFlywheel({"check", "--data-dir", data});
  EXPECT_EQ(missing.ending, "exit code 1");
  EXPECT_THAT(missing.output, HasSubstr("eval-gate   MISSING  " + data));
  EXPECT_LT(missing.output.find("ingest      ok"),
            missing.output.find("error: a store is damaged, missing or empty"))
      << "the table comes first";
  const CommandResult refused =
      RunFlywheel({"backup", "--data-dir", data, "--to", data + "-backups"});
  EXPECT_EQ(refused.ending, "exit code 1");
  EXPECT_THAT(refused.output, HasSubstr(data + "/eval-gate/eval-gate.db is missing"));
}

}  // namespace
}  // namespace flywheel::cli

#include "cli/child_process.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <string>
#include <thread>
#include <utility>

#include "tests/cli/command_runner.h"

namespace flywheel::cli {
namespace {

class ChildProcessTest : public ::testing::Test {
 protected:
  absl::StatusOr<ChildProcess> Shell(const std::string& script) {
    return ChildProcess::Start({"/bin/sh", {"-c", script}, {"FLYWHEEL_HIDDEN"}, log_});
  }

  void SetUp() override { ASSERT_EQ(mkfifo(pipe_.c_str(), 0600), 0); }

  testing::TempDir directory_;
  const std::string log_ = directory_.path() + "/log";
  // What reads it waits until somebody writes.
  const std::string pipe_ = directory_.path() + "/pipe";
};

TEST_F(ChildProcessTest, SaysHowTheChildEndedAndKeepsWhatItWrote) {
  auto child = Shell("echo out; echo err >&2; exit 7");
  ASSERT_OK(child);
  ASSERT_TRUE(child->WaitForExit(absl::Seconds(20)));
  EXPECT_EQ(child->Exited(), "exit code 7");
  EXPECT_EQ(ReadAll(log_), "out\nerr\n");
}

TEST_F(ChildProcessTest, KillsWhatDoesNotEndByItself) {
  auto child = Shell("trap '' TERM; cat < " + pipe_);
  ASSERT_OK(child);
  child->Kill();
  EXPECT_EQ(child->Exited(), "signal 9 (Killed)");
  child->Kill();
  EXPECT_EQ(child->Exited(), "signal 9 (Killed)") << "again is no harm";
}

TEST_F(ChildProcessTest, GivesTheChildAGroupNoBlockedSignalsAndNoHiddenVariable) {
  sigset_t stop;
  sigemptyset(&stop);
  sigaddset(&stop, SIGTERM);
  sigset_t before;
  pthread_sigmask(SIG_BLOCK, &stop, &before);
  setenv("FLYWHEEL_HIDDEN", "secret", 1);
  auto child = Shell(
      "echo hidden=$FLYWHEEL_HIDDEN; grep SigBlk /proc/self/status; "
      "test $(cut -d' ' -f5 /proc/$$/stat) = $$ && echo own group");
  unsetenv("FLYWHEEL_HIDDEN");
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  ASSERT_OK(child);
  ASSERT_TRUE(child->WaitForExit(absl::Seconds(20)));
  EXPECT_EQ(ReadAll(log_), "hidden=\nSigBlk:\t0000000000000000\nown group\n");
}

TEST_F(ChildProcessTest, LivesOnWhenTheThreadThatStartedItEnds) {
  absl::StatusOr<ChildProcess> child = absl::UnknownError("not started");
  // The kernel would have sent the parent-death signal before join returned. Opening the pipe waits
  // for the child, which reads from it and then ends with a code of its own.
  std::thread([&] { child = Shell("read line < " + pipe_ + "; exit 3"); }).join();
  ASSERT_OK(child);
  std::ofstream(pipe_) << "go on\n";
  ASSERT_TRUE(child->WaitForExit(absl::Seconds(20)));
  EXPECT_EQ(child->Exited(), "exit code 3");
}

TEST_F(ChildProcessTest, RefusesABinaryThatIsNotThere) {
  const auto child = ChildProcess::Start({"/nowhere/flywheel-ingest", {}, {}, log_});
  EXPECT_THAT(child, testing::HasReason(Reason::kInvalidConfiguration));
}

}  // namespace
}  // namespace flywheel::cli

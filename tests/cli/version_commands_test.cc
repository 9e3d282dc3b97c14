// `flywheel verdict` and `flywheel export`: what a release pipeline and a trainer ask.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/cli/command_fixture.h"

namespace flywheel::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

using VersionCommandsTest = CommandFixture;

TEST_F(VersionCommandsTest, SaysForWhichAgentAVersionWasNotJudged) {
  StartServices({Service::kEvalGate});
  EXPECT_EQ(RunFlywheel({"verdict", "v1", "--agent", "support", "--address",
                         services_->at(Service::kEvalGate).address})
                .output,
            "v1: NOT JUDGED for agent 'support', so it may not ship. Judge it with "
            "JudgeVersion.\n");
}

TEST_F(VersionCommandsTest, SaysInItsOwnWordsThatTheEvalSideNeedsAnotherKey) {
  StartServices({Service::kCuration}, "a-key-of-no-other-use acme reader\n");
  const CommandResult refused = RunFlywheel({"export", "d1", "--split", "eval", "--key-file",
                                             Write("key", "a-key-of-no-other-use"), "--address",
                                             services_->at(Service::kCuration).address});
  EXPECT_EQ(refused.ending, "exit code 1");
  EXPECT_THAT(refused.output, AllOf(HasSubstr("--split train"), Not(HasSubstr("SPLIT_TRAIN"))));
}

TEST_F(VersionCommandsTest, SaysNoForAVersionThatNobodyJudgedAndForAGateThatIsDown) {
  StartServices({Service::kCuration, Service::kEvalGate});
  const std::string gate = services_->at(Service::kEvalGate).address;
  const CommandResult verdict = RunFlywheel({"verdict", "v1", "--address", gate});
  EXPECT_EQ(verdict.ending, "exit code 4");
  EXPECT_THAT(verdict.output, HasSubstr("NOT JUDGED"));
  const std::string curation = services_->at(Service::kCuration).address;
  const CommandResult dataset = RunFlywheel({"export", "d1", "--address", curation});
  EXPECT_EQ(dataset.ending, "exit code 1");
  EXPECT_THAT(dataset.output, HasSubstr("d1"));
  services_->Stop();
  EXPECT_EQ(RunFlywheel({"verdict", "v1", "--address", gate}).ending, "exit code 3");
  EXPECT_EQ(RunFlywheel({"export", "d1", "--address", curation}).ending, "exit code 3");
}

}  // namespace
}  // namespace flywheel::cli

// `flywheel new-key`: a key that a service takes from the line that it printed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <string>

#include "tests/cli/command_fixture.h"

namespace flywheel::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

using NewKeyCommandTest = CommandFixture;

TEST_F(NewKeyCommandTest, MakesAKeyThatAServiceTakesFromItsLine) {
  const CommandResult made = RunFlywheel({"new-key", "agent-prod", "--project", "acme", "--roles",
                                          "ingest=writer", "--expires", "2100-01-01T00:00:00Z"});
  ASSERT_EQ(made.ending, "exit code 0") << made.output;
  std::istringstream lines(made.output);
  std::string key, line;
  std::getline(lines, key);
  std::getline(lines, line);
  EXPECT_EQ(key.substr(0, 4), "fwk_");
  EXPECT_GE(key.size(), 40U);
  EXPECT_THAT(line, Not(HasSubstr(key)));
  StartServices({Service::kIngest}, line + "\n");
  const std::string file = Write("chat.jsonl", kConversations);
  const CommandResult refused = Import(file, {"--key-file", Write("wrong", key + "x\n")});
  EXPECT_EQ(refused.ending, "exit code 1") << refused.output;
  const CommandResult taken = Import(file, {"--key-file", Write("key", key + "\n")});
  EXPECT_EQ(taken.ending, "exit code 0") << taken.output;
}

TEST_F(NewKeyCommandTest, MakesNoKeyThatAServiceWouldRefuse) {
  for (const std::vector<std::string>& arguments : std::vector<std::vector<std::string>>{
           {"new-key", "agent", "--project", "acme", "--roles", "king"},
           {"new-key", "agent", "--project", "*", "--roles", "writer"},
           {"new-key", "an agent", "--project", "acme", "--roles", "writer"},
           {"new-key", "agent", "--project", "acme", "--roles", "writer", "--expires", "soon"}}) {
    const CommandResult result = RunFlywheel(arguments);
    EXPECT_EQ(result.ending, "exit code 2") << result.output;
    EXPECT_THAT(result.output, Not(HasSubstr("fwk_")));
  }
}

}  // namespace
}  // namespace flywheel::cli

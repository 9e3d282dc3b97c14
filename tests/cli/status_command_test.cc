// `flywheel status`: which services serve, and what they hold.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/cli/command_fixture.h"

namespace flywheel::cli {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

using StatusCommandTest = CommandFixture;

TEST_F(StatusCommandTest, ReportsWhatIsDownWithExitCodeThreeAndWhatServesWithItsFigures) {
  StartServices({Service::kIngest});
  const CommandResult text = Status({});
  EXPECT_EQ(text.ending, "exit code 3");
  EXPECT_THAT(text.output,
              AllOf(HasSubstr("not reachable"), HasSubstr("serving"),
                    HasSubstr("ingest: 0 interactions"), Not(HasSubstr("'flywheel up'"))));
  const CommandResult result = Status({"--json"});
  EXPECT_EQ(result.ending, "exit code 3");
  const json report = json::parse(result.output, nullptr, false);
  ASSERT_TRUE(report.is_object()) << result.output;
  ASSERT_EQ(report["services"].size(), 4);
  EXPECT_EQ(report["services"][0]["serving"], true);
  EXPECT_EQ(report["services"][1]["serving"], false);
  EXPECT_NE(report["services"][1]["problem"], "");
  EXPECT_EQ(report["ingest"]["interactions"], 0);
  EXPECT_EQ(report["ingest"]["textless_traces"], 0);
  EXPECT_FALSE(report.contains("curation"));
}

TEST_F(StatusCommandTest, SaysHowToStartThemWhereNothingServes) {
  std::vector<std::string> arguments = {"status"};
  for (const Service service : kAllServices) {
    arguments.push_back(fmt::format("--{}-address", ServiceName(service)));
    arguments.emplace_back("127.0.0.1:1");
  }
  const CommandResult text = RunFlywheel(arguments);
  EXPECT_EQ(text.ending, "exit code 3");
  EXPECT_THAT(text.output, HasSubstr("Start them with 'flywheel up'"));
}

}  // namespace
}  // namespace flywheel::cli

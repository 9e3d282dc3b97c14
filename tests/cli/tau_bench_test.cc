// The benchmark's own file, where it is present.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <string>

#include "cli/conversation.h"
#include "cli/importer.h"
#include "tests/cli/ingest_fixture.h"

namespace flywheel::cli {
namespace {

using TauBenchTest = IngestFixture;

std::string Path() {
  const char* directory = std::getenv("FLYWHEEL_DATA_DIR");
  return std::string(directory == nullptr ? "../shared/data" : directory) +
         "/tau_bench_airline/gpt-4o-airline.json";
}

TEST_F(TauBenchTest, ImportsTheAirlineRunsWithTheFiguresOfTheFileAndTwiceWithoutATrace) {
  std::ifstream file(Path(), std::ios::binary);
  if (!file) GTEST_SKIP() << Path() << " is not here; FLYWHEEL_DATA_DIR names its directory";
  const std::string text(std::istreambuf_iterator<char>(file), {});
  const auto conversations = ReadConversations(text, Path(), ConversationFormat::kTauBench, {});
  ASSERT_OK(conversations);

  const auto first = Importer(*channel_, {}).Import(*conversations);
  ASSERT_OK(first);
  EXPECT_EQ(
      Describe(*first),
      "stored 200 interactions (1,164 tool calls) and 200 signals; 0 replayed, 0 conflicts, 0 "
      "rejected");
  const auto second = Importer(*channel_, {}).Import(*conversations);
  ASSERT_OK(second);
  EXPECT_EQ(Describe(*second),
            "stored nothing: all 200 interactions and 200 signals were already there");

  const ingest::v1::GetStatsResponse stats = Stats("trial");
  EXPECT_EQ(stats.interactions(), 200);
  EXPECT_EQ(stats.signals(), 200);
  EXPECT_EQ(stats.tool_calls(), 1'164);
  std::map<std::string, double> means;
  for (const auto& mean : stats.evaluation_means()) {
    EXPECT_EQ(mean.name(), "reward");
    EXPECT_EQ(mean.count(), 50);
    means[mean.group()] = mean.mean();
  }
  const auto about = [](double value) { return ::testing::DoubleNear(value, 1e-12); };
  EXPECT_THAT(means, ::testing::ElementsAre(
                         ::testing::Pair("0", about(.42)), ::testing::Pair("1", about(.44)),
                         ::testing::Pair("2", about(.40)), ::testing::Pair("3", about(.42))));
}

TEST_F(TauBenchTest, JoinsEveryToolResultToItsCall) {
  std::ifstream file(Path(), std::ios::binary);
  if (!file) GTEST_SKIP() << Path() << " is not here; FLYWHEEL_DATA_DIR names its directory";
  const std::string text(std::istreambuf_iterator<char>(file), {});
  const auto conversations = ReadConversations(text, Path(), ConversationFormat::kTauBench, {});
  ASSERT_OK(conversations);
  int failed = 0;
  for (const Conversation& conversation : *conversations) {
    EXPECT_FALSE(conversation.interaction.user_id().empty());
    EXPECT_EQ(conversation.interaction.agent(), "tau-bench-airline");
    for (const auto& step : conversation.interaction.steps()) {
      EXPECT_NE(step.role(), ingest::v1::ROLE_TOOL) << "a result without a call";
      for (const auto& call : step.tool_calls()) failed += call.has_success() ? 1 : 0;
    }
  }
  EXPECT_EQ(failed, 73) << "results that begin with 'Error: '";
}

}  // namespace
}  // namespace flywheel::cli

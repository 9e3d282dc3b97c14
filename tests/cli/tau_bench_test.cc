// The benchmark's own file, where it is present.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
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
      "stored 1,490 interactions (1,164 tool calls) and 200 signals; 0 replayed, 0 conflicts, 0 "
      "rejected");
  const auto second = Importer(*channel_, {}).Import(*conversations);
  ASSERT_OK(second);
  EXPECT_EQ(Describe(*second),
            "stored nothing: all 1,490 interactions and 200 signals were already there");

  const ingest::v1::GetStatsResponse stats = Stats("trial");
  EXPECT_EQ(stats.interactions(), 1'490);
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

TEST_F(TauBenchTest, KeepsEveryToolResultInTheTurnOfItsCall) {
  std::ifstream file(Path(), std::ios::binary);
  if (!file) GTEST_SKIP() << Path() << " is not here; FLYWHEEL_DATA_DIR names its directory";
  const std::string text(std::istreambuf_iterator<char>(file), {});
  const auto conversations = ReadConversations(text, Path(), ConversationFormat::kTauBench, {});
  ASSERT_OK(conversations);
  int turns = 0, results = 0, failed = 0;
  for (const Conversation& conversation : *conversations) {
    for (const ingest::v1::Interaction& turn : conversation.turns) {
      ++turns;
      EXPECT_FALSE(turn.user_id().empty());
      EXPECT_EQ(turn.messages(0).role(), common::v1::ROLE_USER);
      EXPECT_EQ(turn.agent(), "tau-bench-airline");
      std::set<std::string> calls;
      for (const common::v1::Message& message : turn.messages()) {
        for (const common::v1::Part& part : message.parts()) {
          if (part.has_tool_call()) calls.insert(part.tool_call().tool_call_id());
          if (!part.has_tool_result()) continue;
          EXPECT_EQ(calls.count(part.tool_result().tool_call_id()), 1u)
              << "a result without a call";
          ++results;
          failed += part.tool_result().has_success() ? 1 : 0;
        }
      }
    }
  }
  EXPECT_EQ(turns, 1'490) << "questions, of which none follows another directly";
  EXPECT_EQ(results, 1'164);
  EXPECT_EQ(failed, 73) << "results that begin with 'Error: '";
}

}  // namespace
}  // namespace flywheel::cli

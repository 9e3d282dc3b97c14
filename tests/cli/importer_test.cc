#include "cli/importer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "shared/rpc/retry.h"
#include "tests/cli/ingest_fixture.h"

namespace flywheel::cli {
namespace {

using ImporterTest = IngestFixture;

std::vector<Conversation> Conversations(int count, const std::string& answer = "yes") {
  std::string text;
  for (int i = 0; i < count; ++i) {
    text += fmt::format(
        R"({{"id": "c{}", "reward": 1, "messages": [{{"role": "user", "content": "q"}},)"
        R"({{"role": "assistant", "content": "{}", "tool_calls": [{{"id": "t", "function": )"
        R"({{"name": "f", "arguments": "{{}}"}}}}]}}]}})"
        "\n",
        i, answer);
  }
  return ReadConversations(text, "test", ConversationFormat::kOpenAiChat, {}).value();
}

TEST_F(ImporterTest, ImportsASecondTimeAsAPureReplay) {
  const auto conversations = Conversations(20);
  const auto first = Importer(*channel_, {}).Import(conversations);
  ASSERT_OK(first);
  EXPECT_EQ(Describe(*first),
            "stored 20 interactions (20 tool calls) and 20 signals; 0 replayed, 0 conflicts, 0 "
            "rejected");
  const auto second = Importer(*channel_, {}).Import(conversations);
  ASSERT_OK(second);
  EXPECT_EQ(Describe(*second),
            "stored nothing: all 20 interactions and 20 signals were already there");
  EXPECT_TRUE(second->clean());
  EXPECT_EQ(second->tool_calls, 0);
  EXPECT_EQ(Stats().interactions(), 20);
  EXPECT_EQ(Stats().signals(), 20);
}

TEST_F(ImporterTest, KeepsEachBatchWithinItsItemsAndBytes) {
  const auto conversations = Conversations(10);
  const auto batch_ends = [&](ImporterOptions options) {
    std::vector<size_t> ends;
    options.on_progress = [&](size_t done, size_t total) {
      EXPECT_EQ(total, 20);
      ends.push_back(done);
    };
    EXPECT_OK(Importer(*channel_, options).Import(conversations));
    return ends;
  };
  EXPECT_EQ(batch_ends({.max_batch_items = 4}), (std::vector<size_t>{4, 8, 10, 14, 18, 20}));
  const auto two_items = static_cast<int64_t>(2 * conversations[0].turns[0].ByteSizeLong());
  EXPECT_EQ(batch_ends({.max_batch_bytes = two_items}).front(), 2);
  EXPECT_EQ(batch_ends({.max_batch_bytes = 1}).size(), 20) << "an item too large goes alone";
}

TEST_F(ImporterTest, ListsConflictsWithTheirReasonAndKeepsTheFirstContent) {
  ASSERT_OK(Importer(*channel_, {}).Import(Conversations(12, "yes")));
  const auto summary = Importer(*channel_, {}).Import(Conversations(13, "no"));
  ASSERT_OK(summary);
  EXPECT_FALSE(summary->clean());
  EXPECT_EQ(summary->interactions.conflicts, 12);
  EXPECT_EQ(summary->interactions.stored, 1);
  EXPECT_EQ(summary->signals.replayed, 12);
  ASSERT_EQ(summary->problems.size(), 10) << "only the first";
  EXPECT_EQ(summary->problems[0].id, "c0");
  EXPECT_EQ(summary->problems[0].outcome, "CONFLICT");
  EXPECT_EQ(summary->problems[0].reason, "ALREADY_EXISTS_WITH_OTHER_CONTENT");
  EXPECT_FALSE(summary->problems[0].message.empty());
}

TEST_F(ImporterTest, ListsWhatIngestRejectsAndStoresTheRest) {
  auto conversations = Conversations(2);
  conversations[0].turns[0].set_interaction_id("not an id");
  const auto summary = Importer(*channel_, {}).Import(conversations);
  ASSERT_OK(summary);
  EXPECT_EQ(summary->interactions.stored, 1);
  EXPECT_EQ(summary->interactions.rejected, 1);
  ASSERT_EQ(summary->problems.size(), 1);
  EXPECT_EQ(summary->problems[0].outcome, "REJECTED");
  EXPECT_EQ(summary->problems[0].reason, "INVALID_ARGUMENT");
  EXPECT_EQ(summary->tool_calls, 1);
}

TEST_F(ImporterTest, GivesUpOnAServerThatIsGoneOnceTheTotalTimeIsOver) {
  server_->Stop(absl::ZeroDuration());
  server_.reset();
  int retries = 0;
  ImporterOptions options;
  options.retry.initial_delay = absl::Milliseconds(1);
  options.retry.max_delay = absl::Milliseconds(10);
  options.retry.total_timeout = absl::Milliseconds(300);
  options.retry.on_retry = [&](const absl::Status&, absl::Duration) { ++retries; };
  const auto summary = Importer(*channel_, options).Import(Conversations(1));
  // The last try may end with the time.
  EXPECT_TRUE(rpc::IsRetryable(summary.status())) << summary.status();
  EXPECT_GT(retries, 0);
}

}  // namespace
}  // namespace flywheel::cli

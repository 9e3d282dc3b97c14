#include "cli/conversation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "shared/ids/id.h"
#include "shared/rpc/field_checks.h"
#include "shared/testing/status_matchers.h"

namespace flywheel::cli {
namespace {

namespace v1 = ingest::v1;
using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr char kTauBench[] = R"([
{"task_id": 7, "trial": 2, "reward": 1.0,
 "info": {"task": {"user_id": "mia_li", "actions": []}},
 "traj": [{"role": "system", "content": "# Airline Agent Policy\n\nBe brief."},
          {"role": "user", "content": "Book a flight."},
          {"role": "assistant", "content": "Booked."}]},
{"task_id": 8, "trial": 2, "reward": 0.0,
 "traj": [{"role": "user", "content": "Hello"}]}
])";

std::vector<Conversation> Read(const std::string& text, ConversationFormat format,
                               const ConversationLabels& labels = {}) {
  auto conversations = ReadConversations(text, "file.json", format, labels);
  EXPECT_OK(conversations);
  return conversations.ok() ? *std::move(conversations) : std::vector<Conversation>();
}

std::string ErrorOf(const std::string& text, ConversationFormat format) {
  const auto conversations = ReadConversations(text, "file.json", format, {});
  EXPECT_TRUE(absl::IsInvalidArgument(conversations.status())) << conversations.status();
  return errors::MessageOf(conversations.status());
}

TEST(TauBenchFormat, MakesOneInteractionAndOneRewardOfARun) {
  const auto conversations = Read(kTauBench, ConversationFormat::kTauBench);
  ASSERT_EQ(conversations.size(), 2);
  const v1::Interaction& interaction = conversations[0].turns[0];
  EXPECT_EQ(interaction.interaction_id(), "tau-bench-airline-task-7-trial-2");
  EXPECT_EQ(interaction.session_id(), interaction.interaction_id());
  EXPECT_EQ(interaction.user_id(), "mia_li");
  EXPECT_EQ(interaction.agent(), "tau-bench-airline");
  EXPECT_EQ(interaction.history(0).role(), common::v1::ROLE_SYSTEM);
  ASSERT_EQ(interaction.messages_size(), 2);
  EXPECT_EQ(interaction.messages(0).parts(0).text(), "Book a flight.");
  EXPECT_EQ(interaction.messages(1).parts(0).text(), "Booked.");
  EXPECT_EQ(interaction.attributes().at("task_id"), "7");
  EXPECT_EQ(interaction.attributes().at("trial"), "2");
  EXPECT_EQ(interaction.attributes().at("traffic"), "imported");
  ASSERT_EQ(conversations[0].signals.size(), 1u);
  const v1::Signal& reward = conversations[0].signals[0];
  EXPECT_EQ(reward.signal_id(), "tau-bench-airline-task-7-trial-2-reward");
  EXPECT_EQ(reward.interaction_id(), interaction.interaction_id());
  EXPECT_EQ(reward.actor(), v1::ACTOR_SYSTEM);
  EXPECT_EQ(reward.evaluation().name(), "reward");
  EXPECT_EQ(reward.evaluation().score(), 1.0);
  EXPECT_EQ(conversations[1].turns[0].agent(), "tau-bench") << "no system prompt says a domain";
}

TEST(TauBenchFormat, GivesTheSameTimeAtEveryImport) {
  const auto conversations = Read(kTauBench, ConversationFormat::kTauBench);
  const absl::Time time = rpc::FromProto(conversations[0].turns[0].start_time());
  EXPECT_EQ(absl::FormatTime(absl::RFC3339_full, time, absl::UTCTimeZone()),
            "2024-05-15T20:00:00+00:00");
  EXPECT_EQ(rpc::FromProto(conversations[0].signals[0].event_time()), time);
}

TEST(TauBenchFormat, KeepsTwoModelsApartByTheirVersion) {
  const auto conversations = Read(kTauBench, ConversationFormat::kTauBench,
                                  {.agent = "my agent", .model_version = "gpt-4o"});
  const v1::Interaction& interaction = conversations[0].turns[0];
  EXPECT_EQ(interaction.agent(), "my agent");
  EXPECT_EQ(interaction.model_version(), "gpt-4o");
  EXPECT_EQ(interaction.interaction_id(), "my-agent-gpt-4o-task-7-trial-2");
  EXPECT_TRUE(IsValidId(interaction.interaction_id()));
}

TEST(OpenAiChatFormat, ReadsLinesAndAnArrayAlike) {
  const std::string a = R"({"id": "a", "messages": [{"role": "user", "content": "x"}]})";
  const std::string b = R"({"id": "b", "messages": [{"role": "user", "content": "y"}]})";
  const auto lines = Read(a + "\n\n" + b + "\r\n", ConversationFormat::kOpenAiChat);
  const auto array = Read(" [" + a + "," + b + "]", ConversationFormat::kOpenAiChat);
  ASSERT_EQ(lines.size(), 2);
  ASSERT_EQ(array.size(), 2);
  for (size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(lines[i].turns[0].SerializeAsString(), array[i].turns[0].SerializeAsString());
  }
  EXPECT_EQ(lines[1].turns[0].interaction_id(), "b");
  EXPECT_EQ(lines[1].turns[0].messages(0).parts(0).text(), "y");
}

TEST(OpenAiChatFormat, MakesATurnOfEveryQuestionWithAllThatWasSaidBefore) {
  const auto conversations =
      Read(R"([{"id": "a", "reward": 1, "tools": [{"type": "function", "function":
              {"name": "refund", "description": "pays", "parameters": {"type": "object"}}}],
              "messages": [
              {"role": "system", "content": "Be kind."},
              {"role": "user", "content": "I bought a laptop"},
              {"role": "assistant", "content": "Which order?"},
              {"role": "user", "content": "Order 9"}, {"role": "user", "content": "please"},
              {"role": "assistant", "content": null, "tool_calls": [{"id": "c", "type": "function",
               "function": {"name": "refund", "arguments": "{\"order\":9}"}}]},
              {"role": "tool", "tool_call_id": "c", "content": "ok"},
              {"role": "assistant", "content": "Your refund is on its way"}]}])",
           ConversationFormat::kOpenAiChat);
  ASSERT_EQ(conversations.size(), 1);
  const std::vector<v1::Interaction>& turns = conversations[0].turns;
  ASSERT_EQ(turns.size(), 2);
  EXPECT_EQ(turns[0].interaction_id(), "a-turn-1");
  EXPECT_EQ(turns[1].interaction_id(), "a-turn-2");
  EXPECT_EQ(turns[1].previous_interaction_id(), "a-turn-1");
  EXPECT_EQ(turns[0].session_id(), "a");
  EXPECT_EQ(turns[1].session_id(), "a");
  EXPECT_EQ(turns[0].history_size(), 1);
  EXPECT_EQ(turns[0].messages_size(), 2);
  EXPECT_EQ(turns[1].history_size(), 3);
  EXPECT_EQ(turns[1].messages_size(), 5);
  EXPECT_EQ(turns[1].messages(3).parts(0).tool_result().content(), "ok");
  EXPECT_EQ(turns[1].tools(0).parameters_json_schema(), R"({"type":"object"})");
  EXPECT_EQ(conversations[0].signals[0].interaction_id(), "a-turn-2");
}

TEST(OpenAiChatFormat, TakesUserRewardAndTimeWhereTheyAreGiven) {
  const auto conversations =
      Read(R"({"id": "a", "user": "u", "reward": 0.5, "created": 1700000000, )"
           R"("messages": [{"role": "user", "content": "x"}]})",
           ConversationFormat::kOpenAiChat);
  ASSERT_EQ(conversations.size(), 1);
  const v1::Interaction& interaction = conversations[0].turns[0];
  EXPECT_EQ(interaction.user_id(), "u");
  EXPECT_EQ(rpc::FromProto(interaction.start_time()), absl::FromUnixSeconds(1'700'000'000));
  ASSERT_EQ(conversations[0].signals.size(), 1u);
  EXPECT_EQ(conversations[0].signals[0].evaluation().score(), 0.5);
}

TEST(OpenAiChatFormat, NamesAConversationAfterItsContentWhereItHasNoId) {
  const std::string a = R"({"messages": [{"role": "user", "content": "x"}]})";
  const std::string a_otherwise = R"({ "messages":[{"content":"x", "role":"user"}]})";
  const std::string b = R"({"messages": [{"role": "user", "content": "y"}]})";
  const auto conversations =
      Read(a + "\n" + a_otherwise + "\n" + b, ConversationFormat::kOpenAiChat);
  ASSERT_EQ(conversations.size(), 3);
  const std::string& id = conversations[0].turns[0].interaction_id();
  EXPECT_TRUE(IsValidId(id));
  EXPECT_EQ(conversations[1].turns[0].interaction_id(), id) << "the same content";
  EXPECT_NE(conversations[2].turns[0].interaction_id(), id);
  EXPECT_TRUE(conversations[0].signals.empty());
}

TEST(Conversations, SayLineAndByteOfMalformedJson) {
  EXPECT_THAT(ErrorOf("[\n{\"task_id\": 1,\n oops}]", ConversationFormat::kTauBench),
              AllOf(HasSubstr("file.json, line 3, byte 19"), HasSubstr("malformed JSON"),
                    HasSubstr("want")));
  EXPECT_THAT(ErrorOf("{\"messages\": [{\"role\": \"user\"}]}\n{\"messages\": [}\n",
                      ConversationFormat::kOpenAiChat),
              AllOf(HasSubstr("file.json, line 2"), HasSubstr("malformed JSON")));
  EXPECT_THAT(ErrorOf("[{\"task_id\": 1", ConversationFormat::kTauBench),
              HasSubstr("malformed JSON"));
  EXPECT_THAT(ErrorOf("[\"\xff\"]", ConversationFormat::kTauBench), HasSubstr("malformed JSON"));
  EXPECT_THAT(ErrorOf("[1e999]", ConversationFormat::kTauBench), HasSubstr("file.json"));
}

TEST(Conversations, SayThatAFileIsEmpty) {
  for (const auto format : {ConversationFormat::kTauBench, ConversationFormat::kOpenAiChat}) {
    for (const char* text : {"", " \n\r\n", "\xef\xbb\xbf"}) {
      EXPECT_THAT(ErrorOf(text, format), HasSubstr("file.json: got an empty file"));
    }
  }
}

TEST(Conversations, TakeAFileThatBeginsWithAByteOrderMark) {
  const std::string entry = R"({"id": "a", "messages": [{"role": "user", "content": "x"}]})";
  for (const std::string& text : {entry, "[" + entry + "]"}) {
    const auto conversations = Read("\xef\xbb\xbf" + text, ConversationFormat::kOpenAiChat);
    ASSERT_EQ(conversations.size(), 1);
    EXPECT_EQ(conversations[0].turns[0].interaction_id(), "a");
  }
}

TEST(Conversations, SayThePlaceOfWhatIsNotOfTheFormat) {
  EXPECT_THAT(ErrorOf("{}", ConversationFormat::kTauBench),
              AllOf(HasSubstr("file.json: got"), HasSubstr("an array")));
  EXPECT_THAT(ErrorOf("[]", ConversationFormat::kTauBench), HasSubstr("no conversation"));
  EXPECT_THAT(ErrorOf("[7]", ConversationFormat::kTauBench),
              AllOf(HasSubstr("file.json: [0]"), HasSubstr("'traj'")));
  EXPECT_THAT(ErrorOf(R"([{"traj": [{"role": "user", "content": "x"}], "task_id": 1, "trial": 0,
                           "reward": "good"}])",
                      ConversationFormat::kTauBench),
              AllOf(HasSubstr("[0].reward"), HasSubstr("good"), HasSubstr("a number")));
  EXPECT_THAT(ErrorOf(R"([{"traj": [{"role": "user", "content": "x"}], "task_id": 1.5}])",
                      ConversationFormat::kTauBench),
              HasSubstr("[0].task_id"));
  EXPECT_THAT(ErrorOf("\n{\"prompt\": 1}", ConversationFormat::kOpenAiChat),
              HasSubstr("file.json, line 2: .messages"));
  EXPECT_THAT(ErrorOf(R"({"messages": [{"role": "user"}], "created": 1e300})",
                      ConversationFormat::kOpenAiChat),
              HasSubstr(".created"));
}

TEST(Conversations, ThatAreExamplesAreAcceptedTurnByTurn) {
  const std::string text =
      R"({"id": "a", "messages": [{"role": "user", "content": "x"}, )"
      R"({"role": "assistant", "content": "y"}, {"role": "user", "content": "z"}]})";
  const auto golden = Read(text, ConversationFormat::kOpenAiChat, {"", "", ImportedAs::kGolden});
  ASSERT_EQ(golden.size(), 1);
  EXPECT_EQ(golden[0].turns[1].attributes().at("traffic"), "golden");
  ASSERT_EQ(golden[0].signals.size(), 2u);
  EXPECT_EQ(golden[0].signals[1].signal_id(), "a-turn-2-accepted");
  EXPECT_EQ(golden[0].signals[1].interaction_id(), "a-turn-2");
  EXPECT_EQ(golden[0].signals[1].actor(), v1::ACTOR_STAFF);
  EXPECT_TRUE(golden[0].signals[1].has_accepted());
  const auto synthetic =
      Read(text, ConversationFormat::kOpenAiChat, {"", "", ImportedAs::kSynthetic});
  EXPECT_EQ(synthetic[0].turns[0].attributes().at("traffic"), "synthetic");
  EXPECT_EQ(synthetic[0].signals.size(), 2u);
}

TEST(Conversations, LeaveOutAndNameWhatCannotBeReadWhereThatIsWanted) {
  const std::string good = R"({"id": "a", "messages": [{"role": "user", "content": "x"}]})";
  const std::string text = good + "\n" + R"({"messages": [{"role": "user", "content": "cut)" +
                           "\n\n" + R"({"messages": [{"role": "wizard", "content": "x"}]})" + "\n" +
                           good + "\n";
  FileFaults faults;
  const auto conversations =
      ReadConversations(text, "chats.jsonl", ConversationFormat::kOpenAiChat, {}, &faults);
  ASSERT_OK(conversations);
  EXPECT_EQ(conversations->size(), 2u);
  EXPECT_EQ(faults.count, 2);
  ASSERT_EQ(faults.first.size(), 2u);
  EXPECT_THAT(errors::MessageOf(faults.first[0]), HasSubstr("chats.jsonl, line 2, byte"));
  EXPECT_THAT(errors::MessageOf(faults.first[1]),
              AllOf(HasSubstr("chats.jsonl, line 4"), HasSubstr("wizard")));
  EXPECT_THAT(ErrorOf(text, ConversationFormat::kOpenAiChat), HasSubstr("line 2"))
      << "all or nothing";
  std::string all_bad;
  for (int i = 0; i < 30; ++i) all_bad += "{\n";
  FileFaults many;
  EXPECT_THAT(errors::MessageOf(ReadConversations(all_bad, "chats.jsonl",
                                                  ConversationFormat::kOpenAiChat, {}, &many)
                                    .status()),
              HasSubstr("line 1"));
  EXPECT_EQ(many.count, 30);
  EXPECT_EQ(many.first.size(), FileFaults::kMaxFirst);
}

// Each text as a line of a file.
std::string Lines(std::vector<std::string> texts) {
  std::string lines;
  for (std::string& text : texts) {
    std::replace(text.begin(), text.end(), '\n', ' ');
    lines += text + "\n";
  }
  return lines;
}

// What users' files have in them, one record each: a byte order mark, parts, a blank line, results
// in another order, arguments as an object, half of an emoji, fields that are null, old names.
TEST(Conversations, TakeTheFilesThatUsersHave) {
  const auto conversations = Read("\xef\xbb\xbf" + Lines({R"({"id": "plain", "messages": [
               {"role": "user", "content": "Plain?"}, {"role": "assistant", "content": "Yes."}]})",
                                                          "", R"({"id": "half", "messages": [
               {"role": "user", "content": "Thanks \ud83e \\ud83e"},
               {"role": "assistant", "content": "\ud83d\ude00", "refusal": null}]})",
                                                          R"({"id": "order", "messages": [
               {"role": "user", "content": "Do f and g", "name": "kunde"},
               {"role": "assistant", "content": null, "function_call": null, "tool_calls": [
                {"id": "a", "type": "function", "function": {"name": "f", "arguments": "{}"}},
                {"id": "b", "type": "function", "function": {"name": "g", "arguments": {"x": 1}}}]},
               {"role": "tool", "tool_call_id": "b", "content": "gee"},
               {"role": "tool", "tool_call_id": "a", "content": "eff"},
               {"role": "assistant", "content": [{"type": "text", "text": "Done."}]}]})",
                                                          R"({"id": "legacy", "messages": [
               {"role": "user", "content": "Weather?"},
               {"role": "assistant", "content": null, "function_call": {"name": "get_weather",
                "arguments": "{\"city\":\"Oslo\"}"}},
               {"role": "function", "name": "get_weather", "content": "rain"},
               {"role": "assistant", "content": "Rain."}]})"}),
                                  ConversationFormat::kOpenAiChat);
  ASSERT_EQ(conversations.size(), 4u);
  EXPECT_EQ(conversations[0].turns[0].interaction_id(), "plain");
  const auto& half = conversations[1].turns[0];
  EXPECT_EQ(half.messages(0).parts(0).text(), "Thanks \uFFFD \\ud83e");
  EXPECT_EQ(half.messages(1).parts(0).text(), "\U0001F600");
  const auto& order = conversations[2].turns[0];
  EXPECT_EQ(order.messages(1).parts(1).tool_call().arguments_json(), R"({"x":1})");
  EXPECT_EQ(order.messages(2).parts(0).tool_result().tool_call_id(), "b");
  EXPECT_EQ(order.messages(4).parts(0).text(), "Done.");
  const auto& legacy = conversations[3].turns[0];
  EXPECT_EQ(legacy.messages(1).parts(0).tool_call().name(), "get_weather");
  EXPECT_EQ(legacy.messages(2).parts(0).tool_result().content(), "rain");
}

}  // namespace
}  // namespace flywheel::cli

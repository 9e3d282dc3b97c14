#include "ingest_service/otlp/message_reader.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "ingest_service/otlp/part_reader.h"
#include "ingest_service/otlp/placeholder_numbers.h"
#include "ingest_service/otlp/text_reader.h"

namespace flywheel::ingest {
namespace {

std::vector<ChatMessage> Read(const char* json,
                              common::v1::Role role = common::v1::ROLE_ASSISTANT) {
  return ReadMessages(nlohmann::json::parse(json), role);
}

TEST(MessageReader, ReadsPartsOfTheGenAiConventions) {
  const auto messages = Read(R"([
      {"role": "assistant", "parts": [
        {"type": "reasoning", "content": "I should look"},
        {"type": "text", "content": "One moment."},
        {"type": "tool_call", "id": "c1", "name": "find", "arguments": {"q": "x"}}]},
      {"role": "tool", "parts": [{"type": "tool_call_response", "id": "c1", "response": {"n": 3}}]}
      ])");
  ASSERT_EQ(messages.size(), 2u);
  EXPECT_EQ(messages[0].text, "One moment.");
  EXPECT_EQ(messages[0].thought, "I should look");
  ASSERT_EQ(messages[0].calls.size(), 1u);
  EXPECT_EQ(messages[0].calls[0].arguments_json, R"({"q":"x"})");
  ASSERT_EQ(messages[1].answers.size(), 1u);
  EXPECT_EQ(messages[1].answers[0].id, "c1");
  EXPECT_EQ(messages[1].answers[0].result, R"({"n":3})");
}

TEST(MessageReader, ReadsOpenAisInterface) {
  const auto messages = Read(R"({"choices": [{"index": 0, "message": {"role": "assistant",
      "content": null, "tool_calls": [{"id": "c1", "type": "function",
      "function": {"name": "find", "arguments": "{\"q\": \"x\"}"}}]}}]})");
  ASSERT_EQ(messages.size(), 1u);
  EXPECT_EQ(messages[0].text, "");
  ASSERT_EQ(messages[0].calls.size(), 1u);
  EXPECT_EQ(messages[0].calls[0].name, "find");
  EXPECT_EQ(messages[0].calls[0].arguments_json, R"({"q": "x"})");
  const auto tool = Read(R"([{"role": "tool", "tool_call_id": "c1", "content": "done"}])");
  ASSERT_EQ(tool.size(), 1u);
  EXPECT_EQ(tool[0].answers[0].result, "done");
  EXPECT_EQ(tool[0].text, "");
}

TEST(MessageReader, ReadsAnthropicsInterface) {
  const auto messages = Read(R"([
      {"role": "assistant", "content": [{"type": "thinking", "thinking": "hm"},
        {"type": "tool_use", "id": "c1", "name": "find", "input": {"q": "x"}}]},
      {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "c1",
        "content": [{"type": "text", "text": "done"}]}]}])");
  ASSERT_EQ(messages.size(), 2u);
  EXPECT_EQ(messages[0].thought, "hm");
  EXPECT_EQ(messages[0].calls[0].name, "find");
  EXPECT_EQ(messages[1].answers[0].id, "c1");
  EXPECT_EQ(messages[1].answers[0].result, "done");
}

TEST(MessageReader, ReadsGeminisInterface) {
  const auto messages = Read(R"([{"role": "model", "parts": [{"text": "hello"},
      {"functionCall": {"name": "find", "args": {"q": "x"}}}]},
      {"role": "user", "parts": [{"functionResponse": {"name": "find", "response": {"n": 1}}}]}])");
  ASSERT_EQ(messages.size(), 2u);
  EXPECT_EQ(messages[0].role, common::v1::ROLE_ASSISTANT);
  EXPECT_EQ(messages[0].text, "hello");
  EXPECT_EQ(messages[0].calls[0].arguments_json, R"({"q":"x"})");
  EXPECT_EQ(messages[1].answers[0].name, "find");
}

TEST(MessageReader, ReadsWhatLangChainWrites) {
  const auto messages = Read(R"([[{"lc": 1, "type": "constructor",
      "id": ["langchain", "schema", "messages", "HumanMessage"],
      "kwargs": {"content": "hi", "type": "human"}},
      {"type": "ai", "content": "hello", "tool_calls": [{"name": "f", "args": {}, "id": "c"}]}]])");
  ASSERT_EQ(messages.size(), 2u);
  EXPECT_EQ(messages[0].role, common::v1::ROLE_USER);
  EXPECT_EQ(messages[0].text, "hi");
  EXPECT_EQ(messages[1].calls[0].name, "f");
}

TEST(MessageReader, FindsTheTextThatAValueIsThereFor) {
  EXPECT_EQ(ReadText("plain", common::v1::ROLE_USER), "plain");
  EXPECT_EQ(ReadText(R"({"question": "why"})", common::v1::ROLE_USER), "why");
  EXPECT_EQ(ReadText(R"({"inputs": {"question": "why"}})", common::v1::ROLE_USER), "why");
  EXPECT_EQ(ReadText(R"({"messages": [{"role": "user", "content": "why"},
                        {"role": "assistant", "content": "so"}]})",
                     common::v1::ROLE_USER),
            "why");
  EXPECT_EQ(ReadText(R"({"output": {"answer": "so"}})", common::v1::ROLE_ASSISTANT), "so");
  EXPECT_EQ(ReadText(R"("so")", common::v1::ROLE_ASSISTANT), "so");
  // Nothing in it says which: a blob, which is no text.
  EXPECT_EQ(ReadText(R"({"a": 1, "b": 2})", common::v1::ROLE_USER), "");
  EXPECT_EQ(ReadText("{broken", common::v1::ROLE_USER), "{broken");
}

TEST(MessageReader, ArgumentsAreAlwaysJson) {
  EXPECT_EQ(ReadArguments(std::string(R"({"a": 1})")), R"({"a": 1})");
  EXPECT_EQ(ReadArguments(std::string("Paris, \"now\"")), R"("Paris, \"now\"")");
  EXPECT_EQ(ReadArguments(std::string()), "");
}

TEST(PlaceholderNumbers, SmallNumbersDoNotMeetThoseThatCameWithTheText) {
  PlaceholderNumbers numbers;
  std::string text =
      "[EMAIL_3] wrote to [EMAIL_123456789012] and [EMAIL_999999999999], [PHONE_123456789012]";
  numbers.Show(text);
  numbers.Number(text);
  EXPECT_EQ(text, "[EMAIL_3] wrote to [EMAIL_4] and [EMAIL_5], [PHONE_1]");
  std::string other = "[EMAIL_999999999999]";
  numbers.Number(other);
  EXPECT_EQ(other, "[EMAIL_5]");
  std::string none = "[EMAIL_99999999999999999999999] [x_123456789012] [";
  const std::string before = none;
  numbers.Show(none);
  numbers.Number(none);
  EXPECT_EQ(none, before);
}

}  // namespace
}  // namespace flywheel::ingest

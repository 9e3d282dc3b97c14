#include "cli/chat_messages.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "shared/testing/status_matchers.h"

namespace flywheel::cli {
namespace {

namespace v1 = ingest::v1;
using ::testing::HasSubstr;

absl::Status Read(const char* text, v1::Interaction& interaction) {
  const nlohmann::json messages = nlohmann::json::parse(text);
  return ReadChatMessages(JsonView(messages, "file: "), interaction);
}

std::string ErrorOf(const char* text) {
  v1::Interaction interaction;
  const absl::Status status = Read(text, interaction);
  EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
  return errors::MessageOf(status);
}

TEST(ChatMessages, TakesTheFirstQuestionAndTheLastTextOfTheAssistant) {
  v1::Interaction interaction;
  ASSERT_OK(Read(R"([{"role": "system", "content": "Be kind."},
                     {"role": "user", "content": "first"},
                     {"role": "assistant", "content": "one"},
                     {"role": "user", "content": "second"},
                     {"role": "assistant", "content": "two"},
                     {"role": "assistant", "content": null, "tool_calls": []}])",
                 interaction));
  EXPECT_EQ(interaction.input(), "first");
  EXPECT_EQ(interaction.output(), "two");
  ASSERT_EQ(interaction.steps_size(), 6);
  EXPECT_EQ(interaction.steps(0).role(), v1::ROLE_SYSTEM);
  EXPECT_EQ(interaction.steps(0).text(), "Be kind.");
  EXPECT_EQ(interaction.steps(5).role(), v1::ROLE_ASSISTANT);
}

TEST(ChatMessages, JoinsEachToolResultToTheCallThatItAnswers) {
  v1::Interaction interaction;
  ASSERT_OK(Read(R"([{"role": "assistant", "content": null, "tool_calls": [
                        {"id": "a", "type": "function",
                         "function": {"name": "find", "arguments": "{\"q\": 1}"}},
                        {"id": "b", "type": "function",
                         "function": {"name": "book", "arguments": {"seat": 2}}}]},
                     {"role": "tool", "tool_call_id": "b", "content": "Error: no seat"},
                     {"role": "tool", "tool_call_id": "a", "content": "found"}])",
                 interaction));
  ASSERT_EQ(interaction.steps_size(), 1) << "results are part of the calls, not steps";
  ASSERT_EQ(interaction.steps(0).tool_calls_size(), 2);
  const v1::ToolCall& find = interaction.steps(0).tool_calls(0);
  EXPECT_EQ(find.name(), "find");
  EXPECT_EQ(find.arguments_json(), R"({"q": 1})");
  EXPECT_EQ(find.result(), "found");
  EXPECT_FALSE(find.has_success()) << "nobody knows";
  const v1::ToolCall& book = interaction.steps(0).tool_calls(1);
  EXPECT_EQ(book.tool_call_id(), "b");
  EXPECT_EQ(book.arguments_json(), R"({"seat":2})");
  EXPECT_EQ(book.result(), "Error: no seat");
  ASSERT_TRUE(book.has_success());
  EXPECT_FALSE(book.success());
}

TEST(ChatMessages, KeepsAToolsAnswerThatBelongsToNoCallAsAStep) {
  v1::Interaction interaction;
  ASSERT_OK(Read(R"([{"role": "assistant", "tool_calls": [
                        {"id": "a", "function": {"name": "find"}}]},
                     {"role": "tool", "tool_call_id": "a", "content": "first"},
                     {"role": "tool", "tool_call_id": "a", "content": "again"},
                     {"role": "tool", "content": "no id"}])",
                 interaction));
  EXPECT_EQ(interaction.steps(0).tool_calls(0).result(), "first");
  ASSERT_EQ(interaction.steps_size(), 3);
  EXPECT_EQ(interaction.steps(1).role(), v1::ROLE_TOOL);
  EXPECT_EQ(interaction.steps(1).text(), "again");
  EXPECT_EQ(interaction.steps(2).text(), "no id");
}

TEST(ChatMessages, ReadsContentInPartsAndLeavesATraceOfWhatIsNoText) {
  v1::Interaction interaction;
  ASSERT_OK(Read(R"([{"role": "user", "content": [
                        {"type": "text", "text": "What is this?"},
                        {"type": "image_url", "image_url": {"url": "x"}}]}])",
                 interaction));
  EXPECT_EQ(interaction.input(), "What is this?\n[image_url]");
}

TEST(ChatMessages, SaysWhereWhatStandsThatIsNotOfTheFormat) {
  EXPECT_THAT(ErrorOf(R"([{"role": "user", "content": "x"}, {"role": "robot"}])"),
              ::testing::AllOf(HasSubstr("[1].role"), HasSubstr("robot"), HasSubstr("assistant")));
  EXPECT_THAT(ErrorOf(R"([{"content": "x"}])"), HasSubstr("[0].role"));
  EXPECT_THAT(ErrorOf(R"([{"role": "user", "content": 7}])"),
              ::testing::AllOf(HasSubstr("[0].content"), HasSubstr("7"), HasSubstr("a text")));
  EXPECT_THAT(ErrorOf(R"([{"role": "assistant", "tool_calls": [{"id": "a", "function": {}}]}])"),
              HasSubstr("[0].tool_calls[0].function.name"));
  EXPECT_THAT(ErrorOf(R"([{"role": "assistant", "tool_calls": {}}])"), HasSubstr("an array"));
  EXPECT_THAT(ErrorOf(R"({"role": "user"})"), HasSubstr("an array"));
  EXPECT_THAT(ErrorOf("[]"), HasSubstr("at least one message"));
  EXPECT_THAT(ErrorOf("[7]"), HasSubstr("[0]"));
}

}  // namespace
}  // namespace flywheel::cli

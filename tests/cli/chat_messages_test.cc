#include "cli/chat_messages.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "shared/hashing/sha256.h"
#include "shared/testing/status_matchers.h"

namespace flywheel::cli {
namespace {

using common::v1::Message;
using ::testing::HasSubstr;

absl::StatusOr<std::vector<Message>> Read(const char* text) {
  const nlohmann::json messages = nlohmann::json::parse(text);
  return ReadChatMessages(JsonView(messages, "file: "));
}

std::vector<Message> Messages(const char* text) {
  const auto messages = Read(text);
  EXPECT_OK(messages);
  return messages.value_or(std::vector<Message>());
}

std::string ErrorOf(const char* text) {
  const absl::Status status = Read(text).status();
  EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
  return errors::MessageOf(status);
}

TEST(ChatMessages, KeepsThemAsTheyAreButForThoseThatSayNothing) {
  const auto messages = Messages(R"([{"role": "developer", "content": "Be kind."},
                     {"role": "user", "content": "first"},
                     {"role": "assistant", "content": "one"},
                     {"role": "assistant", "content": null, "tool_calls": []}])");
  ASSERT_EQ(messages.size(), 3u);
  EXPECT_EQ(messages[0].role(), common::v1::ROLE_DEVELOPER);
  EXPECT_EQ(messages[2].role(), common::v1::ROLE_ASSISTANT);
  EXPECT_EQ(messages[2].parts(0).text(), "one");
}

TEST(ChatMessages, ReadsCallsAndTheirResults) {
  const auto messages = Messages(R"([{"role": "assistant", "content": "wait", "tool_calls": [
                        {"id": "a", "type": "function",
                         "function": {"name": "find", "arguments": "{\"q\": 1}"}},
                        {"id": "b", "type": "function",
                         "function": {"name": "book", "arguments": {"seat": 2}}}]},
                     {"role": "tool", "tool_call_id": "b", "content": "Error: no seat"},
                     {"role": "tool", "tool_call_id": "a", "content": "found"},
                     {"role": "tool", "content": "no id"}])");
  ASSERT_EQ(messages.size(), 4u);
  ASSERT_EQ(messages[0].parts_size(), 3);
  EXPECT_EQ(messages[0].parts(0).text(), "wait");
  EXPECT_EQ(messages[0].parts(1).tool_call().name(), "find");
  EXPECT_EQ(messages[0].parts(1).tool_call().arguments_json(), R"({"q": 1})");
  EXPECT_EQ(messages[0].parts(2).tool_call().tool_call_id(), "b");
  EXPECT_EQ(messages[0].parts(2).tool_call().arguments_json(), R"({"seat":2})");
  const common::v1::ToolResult& failed = messages[1].parts(0).tool_result();
  EXPECT_EQ(failed.tool_call_id(), "b");
  EXPECT_EQ(failed.content(), "Error: no seat");
  ASSERT_TRUE(failed.has_success());
  EXPECT_FALSE(failed.success());
  EXPECT_FALSE(messages[2].parts(0).tool_result().has_success()) << "nobody knows";
  EXPECT_EQ(messages[3].parts(0).tool_result().content(), "no id");
}

TEST(ChatMessages, NamesPicturesAndKeepsNoneOfTheirBytes) {
  const auto messages = Messages(R"([{"role": "user", "content": [
                        {"type": "text", "text": "What is this?"},
                        {"type": "image_url", "image_url": {"url": "https://example.com/a.png"}},
                        {"type": "image_url", "image_url": {"url": "data:image/png;base64,aGk="}},
                        {"type": "input_audio", "input_audio": {"data": "aGk=", "format": "wav"}},
                        {"type": "file", "file": {"filename": "b.pdf"}},
                        {"type": "hologram"}]}])");
  ASSERT_EQ(messages.at(0).parts_size(), 6);
  const auto media = [&](int i) { return messages[0].parts(i).media(); };
  EXPECT_EQ(media(1).uri(), "https://example.com/a.png");
  EXPECT_EQ(media(2).uri(), "");
  EXPECT_EQ(media(2).mime_type(), "image/png");
  EXPECT_EQ(media(2).size_bytes(), 2);
  EXPECT_EQ(media(2).sha256(), Sha256("hi"));
  EXPECT_EQ(media(3).mime_type(), "audio/wav");
  EXPECT_EQ(media(3).sha256(), Sha256("hi"));
  EXPECT_EQ(media(4).description(), "b.pdf");
  EXPECT_EQ(media(5).description(), "[hologram]");
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

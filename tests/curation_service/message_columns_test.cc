#include "curation_service/store/message_columns.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "shared/testing/status_matchers.h"

namespace flywheel::curation {
namespace {

using ::flywheel::testing::HasReason;

TEST(MessageColumns, ReadBackWhatTheyHold) {
  Message said = TextMessage(Role::kAssistant, "\"é\"\n");
  said.name = "clerk";
  said.message_id = "m1";
  said.parts.push_back({Reasoning{"hm"}, /*incomplete=*/true});
  said.parts.push_back({ToolCall{"c1", "book", "not json {"}});
  Message given;
  given.role = Role::kTool;
  given.parts = {{ToolResult{"c1", "[]", false}}, {ToolResult{"", "", std::nullopt}}};
  Message shown;
  shown.parts = {{Media{"https://a/b", std::string(32, '\xff'), "image/png", 12, "a cat"}},
                 {Media{}}};
  const Messages messages = {TextMessage(Role::kDeveloper, ""), said, given, shown};
  EXPECT_EQ(*MessagesFromJson(MessagesToJson(messages)), messages);
  EXPECT_EQ(MessagesToJson({}), "[]");
  EXPECT_TRUE(MessagesFromJson("[]")->empty());
  const std::vector<ToolDefinition> tools = {{"book", "Books.", "{}"}, {"", "", ""}};
  EXPECT_EQ(*ToolsFromJson(ToolsToJson(tools)), tools);
  const std::vector<RetrievedContext> contexts = {{"d", "t", 0.1, absl::Milliseconds(1500)},
                                                  {"", "", std::nullopt, std::nullopt}};
  EXPECT_EQ(*ContextsFromJson(ContextsToJson(contexts)), contexts);
}

TEST(MessageColumns, RefuseADamagedColumn) {
  for (const char* text :
       {"", "{", "{}", "[1]", "[[]]", "null", R"([{"role":1}])", R"([{"role":"x","parts":[]}])",
        R"([{"role":1,"parts":[{}]}])", R"([{"role":1,"parts":[{"text":1}]}])",
        R"([{"role":1,"parts":[{"call":["a","b"]}]}])", R"([{"role":1,"name":1,"parts":[]}])",
        R"([{"role":1,"parts":[{"result":["a",1,true]}]}])", R"([{"role":1,"parts":[{"x":""}]}])",
        R"([{"role":1,"parts":[{"media":[]}]}])"}) {
    EXPECT_THAT(MessagesFromJson(text).status(), HasReason(Reason::kInternal)) << text;
  }
  for (const char* text : {"", "{}", "[1]", R"([["a","b"]])", R"([["a","b",1]])"}) {
    EXPECT_THAT(ToolsFromJson(text).status(), HasReason(Reason::kInternal)) << text;
  }
  for (const char* text : {"", "{}", "[1]", R"([["a","b"]])", R"([["a",1,null,null]])"}) {
    EXPECT_THAT(ContextsFromJson(text).status(), HasReason(Reason::kInternal)) << text;
  }
}

}  // namespace
}  // namespace flywheel::curation

#include "curation_service/domain/message.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace flywheel::curation {
namespace {

using ::testing::ElementsAre;

Message Work(Role role, std::vector<Part> parts) {
  Message message;
  message.role = role;
  message.parts = std::move(parts);
  return message;
}

TEST(Messages, SaySomethingUnlessTheyAreBlankOrThoughts) {
  EXPECT_FALSE(SaysSomething({}));
  EXPECT_FALSE(SaysSomething({TextMessage(Role::kUser, " \n\t")}));
  EXPECT_FALSE(SaysSomething({Work(Role::kAssistant, {{Reasoning{"hm"}}})}));
  EXPECT_TRUE(SaysSomething({TextMessage(Role::kUser, " a")}));
  EXPECT_TRUE(SaysSomething({Work(Role::kAssistant, {{ToolCall{"", "t", ""}}})}));
  EXPECT_TRUE(SaysSomething({Work(Role::kUser, {{Media{}}})}));
}

TEST(Messages, CallWellWithAJsonObjectOrNoArguments) {
  const auto malformed = [](const std::string& arguments) {
    return HasMalformedCall(
        {TextMessage(Role::kUser, "{"),
         Work(Role::kAssistant, {{Text{"so"}}, {ToolCall{"", "t", arguments}}})});
  };
  for (const char* arguments : {"", "{}", " \n{\"a\": [1, {\"b\": \"[{\\\"\"}]}\n"}) {
    EXPECT_FALSE(malformed(arguments)) << arguments;
  }
  for (const char* arguments : {" ", "[]", "null", "7", "\"{}\"", "{", "{}{}", "{'a': 1}",
                                "{\"a\":}", "city=Oslo", "{\"a\": \"\xff\"}"}) {
    EXPECT_TRUE(malformed(arguments)) << arguments;
  }
  const auto nested = [](size_t levels) {
    return "{\"a\":" + std::string(levels - 1, '[') + std::string(levels - 1, ']') + "}";
  };
  EXPECT_FALSE(malformed(nested(128)));
  EXPECT_TRUE(malformed(nested(129)));
  EXPECT_TRUE(malformed(nested(1'000'000))) << "on no stack";
}

TEST(Messages, HaveTheAgentsLastTextsAsTheirFinalText) {
  const Message last =
      Work(Role::kAssistant, {{Text{"a"}}, {ToolCall{"", "t", ""}}, {Text{""}}, {Text{"b"}}});
  EXPECT_EQ(FinalText({TextMessage(Role::kUser, "q"), last}), "a\nb");
  EXPECT_EQ(FinalText({last, TextMessage(Role::kUser, "q")}), "");
  EXPECT_EQ(FinalText({}), "");
}

TEST(Messages, MeanTheSameWhateverTheirIdsNamesAndThoughtsAre) {
  Message call = Work(Role::kAssistant, {{Text{"I  look"}}, {ToolCall{"1", "t", "{}"}}});
  const Message result = Work(Role::kTool, {{ToolResult{"1", "found", true}}});
  const std::string meaning = MeaningHash({call, result});
  Message same =
      Work(Role::kAssistant, {{Reasoning{"hm"}}, {Text{"i look"}}, {ToolCall{"2", "t", "{}"}}});
  same.name = "clerk";
  same.message_id = "m";
  const Message thought = Work(Role::kAssistant, {{Reasoning{"so"}}});
  EXPECT_EQ(MeaningHash({same, Work(Role::kTool, {{ToolResult{"2", "Found", {}}}}), thought}),
            meaning);
  EXPECT_NE(MeaningHash({call}), meaning);
  EXPECT_NE(MeaningHash({result, call}), meaning);
  for (const Part& other : {Part{ToolCall{"1", "u", "{}"}}, Part{ToolCall{"1", "t", "[]"}},
                            Part{Text{"t{}"}}, Part{Media{"t", "", "", {}, ""}}}) {
    Message changed = call;
    changed.parts[1] = other;
    EXPECT_NE(MeaningHash({changed, result}), meaning);
  }
  Message said_by_user = call;
  said_by_user.role = Role::kUser;
  EXPECT_NE(MeaningHash({said_by_user, result}), meaning);
}

TEST(AnsweredCalls, AreFoundByIdThenByOrder) {
  const auto call = [](const std::string& id) { return Part{ToolCall{id, "t", ""}}; };
  const auto result = [](const std::string& id) { return Part{ToolResult{id, "", {}}}; };
  const auto answered = [](std::vector<Part> calls, std::vector<Part> results) {
    return AnsweredCalls(
        {Work(Role::kAssistant, std::move(calls)), Work(Role::kTool, std::move(results))});
  };
  EXPECT_THAT(answered({call("a"), call("b")}, {result("b"), result("a")}), ElementsAre(1, 0));
  EXPECT_THAT(answered({call("a"), call("b")}, {result(""), result("")}), ElementsAre(0, 1));
  EXPECT_THAT(answered({call("a"), call("")}, {result("x")}), ElementsAre(1));
  EXPECT_THAT(answered({call("a")}, {result("x"), result("a"), result("a")}),
              ElementsAre(std::nullopt, 0, std::nullopt));
  EXPECT_THAT(
      AnsweredCalls({Work(Role::kTool, {result("a")}), Work(Role::kAssistant, {call("a")})}),
      ElementsAre(std::nullopt));
}

}  // namespace
}  // namespace flywheel::curation

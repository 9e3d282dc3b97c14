// Exported lines, held to the rules by which OpenAI's fine-tuning refuses a file.
#include "curation_service/domain/chat_jsonl.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

namespace flywheel::curation {
namespace {

using Json = nlohmann::json;
using ::testing::ElementsAre;

Message Work(Role role, std::vector<Part> parts) {
  Message message;
  message.role = role;
  message.parts = std::move(parts);
  return message;
}

Message Calls(std::vector<ToolCall> calls) {
  std::vector<Part> parts;
  for (ToolCall& call : calls) parts.push_back({std::move(call)});
  return Work(Role::kAssistant, std::move(parts));
}

Message Gives(const std::string& id, const std::string& content) {
  return Work(Role::kTool, {{ToolResult{id, content, std::nullopt}}});
}

DatasetRow Row(Messages prompt, Messages ideal) {
  DatasetRow row;
  row.interaction_id = "i1";
  row.prompt = std::move(prompt);
  row.ideal = std::move(ideal);
  row.tier = Tier::kGold;
  row.source = RowSource::kStaffApproved;
  return row;
}

// What a validator of chat files finds wrong, as OpenAI's API and its cookbook's check do.
std::vector<std::string> Faults(const Json& line) {
  std::vector<std::string> faults;
  const auto check = [&](bool holds, const std::string& rule) {
    if (!holds) faults.push_back(rule);
  };
  std::set<std::string> declared;
  for (const Json& tool : line.value("tools", Json::array())) {
    check(tool["type"] == "function", "tools are functions");
    check(tool["function"]["parameters"].value("type", "") == "object", "parameters are an object");
    declared.insert(tool["function"]["name"]);
  }
  std::vector<std::string> open;
  bool taught = false;
  for (const Json& message : line["messages"]) {
    const std::string role = message["role"];
    check(role == "system" || role == "user" || role == "assistant" || role == "tool",
          "roles are known");
    check(message.contains("content"), "there is content");
    if (role == "tool") {
      check(!open.empty() && open.front() == message["tool_call_id"], "results follow their calls");
      if (!open.empty()) open.erase(open.begin());
      continue;
    }
    check(open.empty(), "calls are answered before anybody speaks");
    check(!message["content"].empty() || message.contains("tool_calls"), "something is said");
    if (role != "assistant") continue;
    check(message.value("weight", 1) == 0 || message.value("weight", 1) == 1, "weights are 0 or 1");
    taught |= message.value("weight", 1) == 1;
    std::set<std::string> seen;
    for (const Json& call : message.value("tool_calls", Json::array())) {
      const std::string id = call["id"];
      check(!id.empty() && seen.insert(id).second, "ids are told apart");
      check(call["type"] == "function", "calls are of functions");
      check(declared.contains(call["function"]["name"]), "what is called is declared");
      check(Json::accept(call["function"]["arguments"].get<std::string>()), "arguments are JSON");
      open.push_back(id);
    }
  }
  const Json& last = line["messages"].back();
  check(last["role"] == "assistant", "the assistant speaks last");
  check(open.empty() || last.contains("tool_calls"), "only calls at the end are left open");
  check(taught, "something is taught");
  return faults;
}

// The line of a row, which keeps the rules.
Json Exported(const DatasetRow& row) {
  const std::string text = ChatJsonLine(row, /*with_metadata=*/true);
  EXPECT_EQ(text.find('\n'), text.size() - 1);
  Json line = Json::parse(text);
  EXPECT_THAT(Faults(line), ElementsAre()) << line.dump(2);
  return line;
}

TEST(ChatJsonLine, ShowsTheTurnInItsOrder) {
  DatasetRow row =
      Row({TextMessage(Role::kDeveloper, "Look it up."), TextMessage(Role::kUser, "Hi"),
           TextMessage(Role::kAssistant, "Hello?"), TextMessage(Role::kUser, "Rain in \"Oslo\"?")},
          {Calls({{"c0", "get_weather", R"({"city":"Oslo"})"}}), Gives("c0", R"({"rain":true})"),
           TextMessage(Role::kAssistant, "Yes.")});
  row.tools = {{"get_weather", "Tells the weather.", R"({"type":"object","properties":{}})"},
               {"unused", "", "not JSON"}};
  const Json line = Exported(row);
  EXPECT_EQ(line["messages"], Json::parse(R"([
    {"role": "system", "content": "Look it up."},
    {"role": "user", "content": "Hi"},
    {"role": "assistant", "content": "Hello?", "weight": 0},
    {"role": "user", "content": "Rain in \"Oslo\"?"},
    {"role": "assistant", "content": "", "tool_calls": [
      {"id": "c0", "type": "function",
       "function": {"name": "get_weather", "arguments": "{\"city\":\"Oslo\"}"}}]},
    {"role": "tool", "tool_call_id": "c0", "content": "{\"rain\":true}"},
    {"role": "assistant", "content": "Yes."}])"));
  EXPECT_EQ(line["tools"], Json::parse(R"([
    {"type": "function", "function": {"name": "get_weather", "description": "Tells the weather.",
     "parameters": {"type": "object", "properties": {}}}},
    {"type": "function", "function": {"name": "unused", "description": "",
     "parameters": {"type": "object", "properties": {}}}}])"));
  EXPECT_EQ(line["metadata"], Json::parse(R"({"interaction_id": "i1", "tier": "gold",
    "weight": 2.0, "source": "staff_approved", "provenance": "user"})"));
}

TEST(ChatJsonLine, HoldsNothingThatAStrictValidatorRefuses) {
  DatasetRow row = Row({TextMessage(Role::kUser, "q")}, {TextMessage(Role::kAssistant, "a")});
  EXPECT_EQ(ChatJsonLine(row, /*with_metadata=*/false),
            R"({"messages":[{"role":"user","content":"q"},{"role":"assistant","content":"a"}]})"
            "\n");
  row.tools = {{"look_up", "", ""}};
  const Json line = Json::parse(ChatJsonLine(row, /*with_metadata=*/false));
  ASSERT_EQ(line.size(), 2u);
  EXPECT_TRUE(line.contains("messages") && line.contains("tools"));
}

TEST(PreferenceJsonLine, IsThePromptAndBothAnswersAsChatTemplatesTakeThem) {
  const DatasetRow row = Row({TextMessage(Role::kUser, "Rain in Oslo?")},
                             {Calls({{"c0", "get_weather", R"({"city":"Oslo"})"}}),
                              Gives("c0", "rain"), TextMessage(Role::kAssistant, "Yes.")});
  const RejectedAnswer rejected = {
      "i0",
      {Calls({{"c0", "guess", "{}"}}), Gives("c0", "sun"), TextMessage(Role::kAssistant, "No.")}};
  const Json line = Json::parse(PreferenceJsonLine(row, rejected));
  EXPECT_EQ(line["prompt"], Json::parse(R"([{"role": "user", "content": "Rain in Oslo?"}])"));
  EXPECT_EQ(line["chosen"].back()["content"], "Yes.");
  EXPECT_EQ(line["chosen"][0]["tool_calls"][0]["function"]["arguments"]["city"], "Oslo");
  EXPECT_EQ(line["rejected"].back()["content"], "No.");
  EXPECT_EQ(line["rejected"][1]["name"], "guess");
  EXPECT_EQ(line["rejected"][1]["tool_call_id"], line["rejected"][0]["tool_calls"][0]["id"]);
  EXPECT_EQ(line["tools"].size(), 2u) << "what either called";
  EXPECT_EQ(line["metadata"]["interaction_id"], "i1");
  EXPECT_EQ(line["metadata"]["rejected_interaction_id"], "i0");
}

TEST(UnpairedPreferenceJsonLine, SaysWhetherThatIsWhatToAnswer) {
  DatasetRow row = Row({TextMessage(Role::kUser, "q")}, {TextMessage(Role::kAssistant, "a")});
  const Json good = Json::parse(UnpairedPreferenceJsonLine(row, true));
  EXPECT_EQ(good["prompt"].size(), 1u);
  EXPECT_EQ(good["completion"][0]["content"], "a");
  EXPECT_EQ(good["label"], true);
  row.tier = Tier::kBronze;
  const Json bad = Json::parse(UnpairedPreferenceJsonLine(row, false));
  EXPECT_EQ(bad["label"], false);
  EXPECT_EQ(bad["metadata"]["tier"], "bronze");
}

TEST(ChatJsonLine, PutsResultsBehindTheirCallsAndTellsCallsApart) {
  const Json line = Exported(
      Row({TextMessage(Role::kUser, "q"), Calls({{"", "a", ""}, {"", "b", "{}"}}), Gives("", "1"),
           Gives("", "2"), TextMessage(Role::kAssistant, "so"), TextMessage(Role::kUser, "and?")},
          {Calls({{"same", "c", "{}"}, {"same", "c", "{}"}}),
           Work(Role::kTool, {{ToolResult{"same", "3", {}}}, {ToolResult{"same", "4", {}}}}),
           TextMessage(Role::kAssistant, "done")}));
  std::vector<std::string> results;
  for (const Json& message : line["messages"]) {
    if (message["role"] == "tool") results.push_back(message["content"]);
  }
  EXPECT_THAT(results, ElementsAre("1", "2", "3", "4"));
  EXPECT_EQ(line["messages"][6]["tool_calls"][0]["id"], "same");
  EXPECT_EQ(line["messages"][1]["tool_calls"][0]["function"]["arguments"], "{}");
  EXPECT_EQ(line["tools"].size(), 3u) << "declared because they are called";
}

TEST(ChatJsonLine, LeavesOutResultsOfNoCallThoughtsAndEmptyMessages) {
  const Json line = Exported(
      Row({Gives("lost", "x"), TextMessage(Role::kUser, "q"), TextMessage(Role::kSystem, "")},
          {Work(Role::kAssistant, {{Reasoning{"hm"}}}),
           Work(Role::kAssistant, {{Reasoning{"so"}}, {Text{"yes"}}})}));
  ASSERT_EQ(line["messages"].size(), 2u);
  EXPECT_EQ(line["messages"][1]["content"], "yes");
  EXPECT_FALSE(line.contains("tools"));
}

TEST(ChatJsonLine, EndsWithCallsWhoseResultsNobodyRecorded) {
  const Json line = Exported(Row({TextMessage(Role::kUser, "q"), Calls({{"1", "a", "{}"}})},
                                 {Calls({{"2", "a", "{}"}}), TextMessage(Role::kAssistant, "!")}));
  ASSERT_EQ(line["messages"].size(), 4u);
  EXPECT_EQ(line["messages"][2], Json::parse(R"({"role":"tool","tool_call_id":"1","content":""})"));
  EXPECT_EQ(line["messages"][3]["tool_calls"][0]["id"], "2");
}

TEST(ChatJsonLine, ShowsPicturesThatCanBeFetchedAndNamesOtherMedia) {
  const Json line = Exported(
      Row({Work(Role::kUser, {{Text{"What is this?"}},
                              {Media{"https://a/b.png", "", "image/png", {}, "a cat"}},
                              {Media{"", "", "audio/wav", {}, ""}}})},
          {Work(Role::kAssistant, {{Text{"This:"}}, {Media{"", "", "", {}, "a drawing"}}})}));
  EXPECT_EQ(line["messages"][0]["content"], Json::parse(R"([
    {"type": "text", "text": "What is this?"},
    {"type": "image_url", "image_url": {"url": "https://a/b.png"}},
    {"type": "text", "text": "[audio/wav]"}])"));
  EXPECT_EQ(line["messages"][1]["content"], "This:\na drawing");
}

TEST(PromptCompletionJsonLine, IsWhatChatTemplatesTake) {
  DatasetRow row = Row(
      {TextMessage(Role::kDeveloper, "Look it up."), TextMessage(Role::kUser, "Hi"),
       Work(Role::kUser,
            {{Text{"Rain here?"}}, {Media{"https://a/b.png", "", "image/png", {}, ""}}}),
       Calls({{"c", "locate", R"({"of": "picture"})"}}), Gives("c", "Oslo")},
      {TextMessage(Role::kAssistant, "One moment."),
       Calls({{"c", "get_weather", R"({"city":"Oslo"})"}, {"d", "get_time", ""}}),
       Gives("c", R"({"rain":true})"), Gives("d", "noon"), TextMessage(Role::kAssistant, "Yes."),
       TextMessage(Role::kAssistant, "Take an umbrella.")});
  row.tools = {{"locate", "Finds a place.", ""}};
  const std::string text = PromptCompletionJsonLine(row, /*with_contexts=*/false);
  EXPECT_EQ(text.find('\n'), text.size() - 1);
  const Json line = Json::parse(text);
  EXPECT_EQ(line["tools"].size(), 3u);
  EXPECT_EQ(line["metadata"]["weight"], 2.0);
  EXPECT_FALSE(line.contains("contexts"));
  const Json& prompt = line["prompt"];
  EXPECT_EQ(prompt[0], Json::parse(R"({"role": "system", "content": "Look it up."})"));
  EXPECT_EQ(prompt[1], Json::parse(R"({"role": "user", "content": [
    {"type": "text", "text": "Hi"}, {"type": "text", "text": "Rain here?"},
    {"type": "image", "url": "https://a/b.png"}]})"));
  const Json& located = prompt[2]["tool_calls"][0];
  EXPECT_EQ(located["function"]["arguments"], Json::parse(R"({"of": "picture"})"));
  EXPECT_EQ(prompt[3], (Json{{"role", "tool"},
                             {"tool_call_id", located["id"]},
                             {"name", "locate"},
                             {"content", "Oslo"}}));
  ASSERT_EQ(prompt.size(), 4u);

  const Json& completion = line["completion"];
  ASSERT_EQ(completion.size(), 4u);
  EXPECT_EQ(completion[0]["content"], "One moment.");
  const Json& calls = completion[0]["tool_calls"];
  EXPECT_EQ(calls[0]["function"]["arguments"], Json::parse(R"({"city": "Oslo"})"));
  EXPECT_EQ(calls[1]["function"]["arguments"], Json::object()) << "none";
  EXPECT_EQ(completion[1]["tool_call_id"], calls[0]["id"]);
  EXPECT_EQ(completion[2]["tool_call_id"], calls[1]["id"]);
  EXPECT_EQ(completion[2]["name"], "get_time");
  EXPECT_EQ(completion[3], Json::parse(R"({"role": "assistant",
    "content": "Yes.\n\nTake an umbrella."})"));
  std::set<std::string> ids = {located["id"], calls[0]["id"], calls[1]["id"]};
  EXPECT_EQ(ids.size(), 3u);
  for (const std::string& id : ids) {
    EXPECT_EQ(id.size(), 9u);
    EXPECT_EQ(id.find_first_not_of("0123456789abcdef"), std::string::npos);
  }
}

TEST(PromptCompletionJsonLine, ShowsWhatWasRetrievedWhereItIsWanted) {
  DatasetRow row = Row({TextMessage(Role::kUser, "q")}, {TextMessage(Role::kAssistant, "a")});
  row.contexts = {{"d1", "It is \"here\".", 0.5, absl::Minutes(1)}, {"", "There.", {}, {}}};
  const Json line = Json::parse(PromptCompletionJsonLine(row, /*with_contexts=*/true));
  EXPECT_EQ(line["contexts"], Json::parse(R"([
    {"document_id": "d1", "text": "It is \"here\".", "score": 0.5, "age_s": 60.0},
    {"document_id": "", "text": "There.", "score": null, "age_s": null}])"));
  row.contexts.clear();
  EXPECT_EQ(Json::parse(PromptCompletionJsonLine(row, true))["contexts"], Json::array());
}

TEST(ChatJsonLine, IsUtf8) {
  const Json line = Exported(
      Row({TextMessage(Role::kUser, "\xff\u00fc")}, {TextMessage(Role::kAssistant, "ok")}));
  EXPECT_EQ(line["messages"][0]["content"], "\uFFFD\u00fc");
}

}  // namespace
}  // namespace flywheel::curation

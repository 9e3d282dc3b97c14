// Conversations become rows that teach what happened, from the door of ingest to the trainer's
// file.
#include "tests/integration/conversation_rows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace flywheel::integration {
namespace {

using ::testing::ElementsAre;
using Json = nlohmann::json;

// What is said by whom: "user: How are you?"
std::vector<std::string> Said(const Json& line) {
  std::vector<std::string> said;
  for (const Json& message : line["messages"]) {
    std::string one = message["role"].get<std::string>() + ": ";
    one += message["content"].get<std::string>();
    for (const Json& call : message.value("tool_calls", Json::array())) {
      one += call["function"]["name"].get<std::string>() + call["id"].get<std::string>();
    }
    if (message.contains("tool_call_id")) one += message["tool_call_id"].get<std::string>();
    said.push_back(std::move(one));
  }
  return said;
}

common::v1::Message Says(common::v1::Role role, const std::string& text) {
  common::v1::Message message;
  message.set_role(role);
  message.add_parts()->set_text(text);
  return message;
}

common::v1::Message Calls(const std::string& id, const std::string& tool) {
  common::v1::Message message;
  message.set_role(common::v1::ROLE_ASSISTANT);
  common::v1::ToolCall& call = *message.add_parts()->mutable_tool_call();
  call.set_tool_call_id(id);
  call.set_name(tool);
  call.set_arguments_json(R"({"city": "Oslo"})");
  return message;
}

common::v1::Message Gives(const std::string& id, const std::string& content, bool success = true) {
  common::v1::Message message;
  message.set_role(common::v1::ROLE_TOOL);
  common::v1::ToolResult& result = *message.add_parts()->mutable_tool_result();
  result.set_tool_call_id(id);
  result.set_content(content);
  result.set_success(success);
  return message;
}

// Asked about the weather, looked it up and answered.
ingest::v1::Interaction Weather(const std::string& id) {
  ingest::v1::Interaction interaction = MakeInteraction(id);
  interaction.clear_input();
  interaction.clear_output();
  *interaction.add_history() = Says(common::v1::ROLE_SYSTEM, "Always call get_weather first.");
  *interaction.add_messages() = Says(common::v1::ROLE_USER, "Rain in Oslo on day " + id + "?");
  *interaction.add_messages() = Calls("c1", "get_weather");
  *interaction.add_messages() = Gives("c1", "timeout", false);
  *interaction.add_messages() = Calls("c2", "get_weather");
  *interaction.add_messages() = Gives("c2", R"({"rain":true})");
  *interaction.add_messages() = Says(common::v1::ROLE_ASSISTANT, "Yes, it rains.");
  interaction.add_tools()->set_name("get_weather");
  return interaction;
}

TEST_F(ConversationRows, TeachToCallAndThenToAnswer) {
  Log(Weather("1"));
  Approve("1");
  const Json line = Exported()["1"];
  EXPECT_THAT(Said(line), ElementsAre("system: Always call get_weather first.",
                                      "user: Rain in Oslo on day 1?", "assistant: get_weatherc2",
                                      R"(tool: {"rain":true}c2)", "assistant: Yes, it rains."));
  EXPECT_EQ(line["tools"][0]["function"]["name"], "get_weather");
  EXPECT_EQ(line["metadata"]["source"], "staff_approved");
}

TEST_F(ConversationRows, TeachTheCallsOfACorrectionWithoutItsPersonalData) {
  Log(Weather("1"));
  React("1", [](auto& signal) {
    auto& messages = *signal.mutable_correction()->mutable_ideal_messages();
    *messages.Add() = Calls("x1", "get_forecast");
    *messages.Add() = Gives("x1", "asked ada@example.com");
    *messages.Add() = Says(common::v1::ROLE_ASSISTANT, "Perhaps. Ask ada@example.com.");
  });
  const Json line = Exported()["1"];
  EXPECT_THAT(Said(line),
              ElementsAre("system: Always call get_weather first.", "user: Rain in Oslo on day 1?",
                          "assistant: get_forecastx1", "tool: asked [EMAIL_1]x1",
                          "assistant: Perhaps. Ask [EMAIL_1]."));
  EXPECT_EQ(line["metadata"]["source"], "staff_correction");
}

TEST_F(ConversationRows, TeachAnEditedTextAsTheAnswerToWhatWasCalled) {
  Log(Weather("1"));
  React("1", [](auto& signal) {
    signal.mutable_edit()->set_edit_ratio(0.3);
    signal.mutable_edit()->set_edited_output("Yes, all day.");
  });
  const Json line = Exported()["1"];
  EXPECT_THAT(Said(line), ElementsAre("system: Always call get_weather first.",
                                      "user: Rain in Oslo on day 1?", "assistant: get_weatherc2",
                                      R"(tool: {"rain":true}c2)", "assistant: Yes, all day."));
  EXPECT_EQ(line["messages"][2]["weight"], 0) << "whether that was right nobody said";
}

TEST_F(ConversationRows, PairEachAnswerOfAnImportWithItsOwnQuestion) {
  const std::string file = dir_.path() + "/chats.jsonl";
  constexpr int kChats = 20;
  {
    std::ofstream chats(file);
    for (int i = 0; i < kChats; ++i) {
      const std::string n = std::to_string(i);
      const auto message = [](const char* role, const std::string& content) {
        return Json{{"role", role}, {"content", content}};
      };
      chats << Json{{"id", "chat-" + n},
                    {"created", 1'795'881'600 + i},
                    {"messages",
                     {message("system", "You are the help desk of a bank."),
                      message("user", "Hello, question " + n + ": my card is lost."),
                      message("assistant", "I am sorry. Shall I block it?"),
                      message("user", "Yes, and what does a new one cost?"),
                      message("assistant", "A new card costs " + n + " euros."),
                      message("user", "Thanks, bye!"), message("assistant", "Have a nice day!")}}}
                   .dump()
            << '\n';
    }
  }
  const std::vector<std::string> ids = Imported(file, "openai-chat");
  ASSERT_EQ(ids.size(), 3 * static_cast<size_t>(kChats));
  for (const std::string& id : ids) Approve(id);

  const std::map<std::string, Json> lines = Exported();
  int with_price = 0;
  for (const auto& [id, line] : lines) {
    const std::vector<std::string> said = Said(line);
    ASSERT_GE(said.size(), 3u);
    EXPECT_EQ(said[0], "system: You are the help desk of a bank.");
    const std::string& question = said[said.size() - 2];
    const std::string& answer = said.back();
    if (answer == "assistant: Have a nice day!") {
      EXPECT_EQ(question, "user: Thanks, bye!");
    } else if (answer == "assistant: I am sorry. Shall I block it?") {
      EXPECT_EQ(said.size(), 3u);
      EXPECT_NE(question.find("my card is lost"), std::string::npos);
    } else {
      EXPECT_EQ(question, "user: Yes, and what does a new one cost?");
      const std::string n = said[1].substr(22, said[1].find(':', 22) - 22);
      EXPECT_EQ(answer, "assistant: A new card costs " + n + " euros.");
      ++with_price;
    }
    for (size_t i = 0; i + 1 < said.size(); ++i) {
      EXPECT_EQ(line["messages"][i].value("weight", 1),
                line["messages"][i]["role"] == "assistant" ? 0 : 1);
    }
  }
  EXPECT_EQ(with_price, kChats) << "the same words in other conversations are no duplicates";
  EXPECT_EQ(lines.size(), 3 * static_cast<size_t>(kChats));
}

TEST_F(ConversationRows, OfExamplesThatWereImportedSayWhereTheyComeFrom) {
  for (const std::string as : {"golden", "synthetic", "imported"}) {
    const std::string file = dir_.path() + "/" + as + ".jsonl";
    std::ofstream(file) << Json{{"id", as},
                                {"messages",
                                 {{{"role", "user"}, {"content", "Question of " + as}},
                                  {{"role", "assistant"}, {"content", "Answer"}}}}}
                               .dump();
    const cli::CommandResult result =
        cli::RunFlywheel({"import", file, "--format", "openai-chat", "--agent", kAgent, "--as", as,
                          "--address", services_->at(cli::Service::kIngest).address});
    EXPECT_EQ(result.ending, "exit code 0") << result.output;
  }
  Log(Weather("1"));
  Approve("1");  // And so the feed was read up to here.
  std::map<std::string, Json> lines = Exported();
  EXPECT_EQ(lines["golden"]["metadata"]["provenance"], "golden");
  EXPECT_EQ(lines["golden"]["metadata"]["tier"], "platinum");
  EXPECT_EQ(lines["synthetic"]["metadata"]["provenance"], "synthetic");
  EXPECT_EQ(lines["synthetic"]["metadata"]["tier"], "gold");
  EXPECT_EQ(lines["1"]["metadata"]["provenance"], "staff");
  EXPECT_FALSE(lines.contains("imported")) << "nobody judged it";
}

// A message of a chat file as the export writes it.
Json Canonical(const Json& message) {
  Json shown = {{"role", message["role"]}, {"content", ""}};
  if (message.contains("content") && message["content"].is_string()) {
    shown["content"] = message["content"];
  }
  if (message.contains("tool_call_id")) shown["tool_call_id"] = message["tool_call_id"];
  if (!message.contains("tool_calls") || message["tool_calls"].is_null()) return shown;
  for (const Json& call : message["tool_calls"]) {
    shown["tool_calls"].push_back(
        {{"id", call["id"]},
         {"type", "function"},
         {"function",
          {{"name", call["function"]["name"]}, {"arguments", call["function"]["arguments"]}}}});
  }
  return shown;
}

TEST_F(ConversationRows, OfTauBenchAreTheTurnsOfItsFile) {
  const std::string path = TauBenchFile();
  if (path.empty()) GTEST_SKIP() << "FLYWHEEL_DATA_DIR has no tau-bench";
  const std::map<std::string, Json> right = RightRuns(path);
  const size_t approved = ImportApproved(path, right);
  EXPECT_GT(approved, 400u);

  const std::map<std::string, Json> lines = Exported();
  EXPECT_GT(lines.size(), 400u);
  size_t calls = 0;
  size_t repaired = 0;
  for (const auto& [id, line] : lines) {
    const size_t turn = id.find("-turn-");
    const Json& run = right.at(id.substr(0, turn));
    const Json& messages = line["messages"];
    int users = 0;
    size_t next = 0;  // In the file.
    for (size_t i = 0; i < messages.size(); ++i) {
      Json message = messages[i];
      const bool taught = message["role"] == "assistant" && message.value("weight", 1) == 1;
      message.erase("weight");
      // What is taught leaves out calls that failed and were repaired.
      while (taught && next + 1 < run.size() && message != Canonical(run[next]) &&
             run[next + 1]["role"] == "tool" &&
             run[next + 1]["content"].get<std::string>().rfind("Error", 0) == 0) {
        next += 2;
        ++repaired;
      }
      ASSERT_LT(next, run.size()) << id;
      EXPECT_EQ(message, Canonical(run[next++])) << id << ", message " << i;
      users += message["role"] == "user";
      if (taught) calls += message.value("tool_calls", Json::array()).size();
    }
    // The last word of the turn that it is named after.
    EXPECT_EQ(users, std::stoi(id.substr(turn + 6))) << id;
    EXPECT_EQ(messages.back()["role"], "assistant") << id;
    while (next < run.size() && run[next]["role"] == "tool") ++next;
    EXPECT_TRUE(next == run.size() || run[next]["role"] == "user") << id;
  }
  RecordProperty("approved_turns", static_cast<int>(approved));
  RecordProperty("lines", static_cast<int>(lines.size()));
  RecordProperty("calls", static_cast<int>(calls));
  RecordProperty("repaired", static_cast<int>(repaired));
  EXPECT_GT(calls, 300u);
}

}  // namespace
}  // namespace flywheel::integration

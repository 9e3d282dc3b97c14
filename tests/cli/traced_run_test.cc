// Exports of others: ShareGPT files, runs of LangSmith, traces of Langfuse.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "cli/conversation.h"
#include "shared/rpc/field_checks.h"
#include "shared/status/errors.h"
#include "shared/testing/status_matchers.h"

namespace flywheel::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<Conversation> ReadAs(ConversationFormat format, const std::string& text) {
  auto conversations = ReadConversations(text, "export", format, {});
  EXPECT_OK(conversations);
  return conversations.ok() ? *std::move(conversations) : std::vector<Conversation>();
}

// Each part by its role, such as "USER Rain?".
std::vector<std::string> SaidIn(
    const google::protobuf::RepeatedPtrField<common::v1::Message>& messages) {
  std::vector<std::string> said;
  for (const common::v1::Message& message : messages) {
    for (const common::v1::Part& part : message.parts()) {
      std::string one = common::v1::Role_Name(message.role()).substr(5) + " ";
      if (part.has_tool_call()) {
        one += part.tool_call().name() + part.tool_call().arguments_json();
      } else if (part.has_tool_result()) {
        one += part.tool_result().content();
      } else {
        one += part.has_text() ? part.text() : "?";
      }
      said.push_back(std::move(one));
    }
  }
  return said;
}

TEST(ShareGpt, BecomesTurnsWithCallsAndTools) {
  const auto conversations = ReadAs(ConversationFormat::kShareGpt, R"([
    {"id": "s/1", "system": "Be brief.",
     "tools": "[{\"name\": \"get_weather\", \"parameters\": {\"type\": \"object\"}}]",
     "conversations": [{"from": "human", "value": "Rain?"},
      {"from": "function_call", "value":
        "{\"name\": \"get_weather\", \"arguments\": {\"city\": \"Oslo\"}}"},
      {"from": "observation", "value": "{\"rain\": true}"}, {"from": "gpt", "value": "Yes."},
      {"from": "human", "value": "Thanks"}, {"from": "gpt", "value": "Bye"}]},
    {"conversations": [{"from": "user", "value": "x"}, {"from": "assistant", "value": "y"}]}])");
  ASSERT_EQ(conversations.size(), 2u);
  const auto& turns = conversations[0].turns;
  ASSERT_EQ(turns.size(), 2u);
  EXPECT_EQ(turns[0].interaction_id(), "s-1-turn-1");
  EXPECT_EQ(turns[0].tools(0).name(), "get_weather");
  EXPECT_THAT(SaidIn(turns[0].history()), ElementsAre("SYSTEM Be brief."));
  EXPECT_THAT(SaidIn(turns[0].messages()),
              ElementsAre("USER Rain?", "ASSISTANT get_weather{\"city\":\"Oslo\"}",
                          "TOOL {\"rain\": true}", "ASSISTANT Yes."));
  EXPECT_EQ(turns[1].history_size(), 5);
  EXPECT_EQ(conversations[1].turns[0].agent(), "sharegpt");
  EXPECT_THAT(
      errors::MessageOf(ReadConversations(R"({"conversations": [{"from": "cat", "value": "?"}]})",
                                          "export", ConversationFormat::kShareGpt, {})
                            .status()),
      HasSubstr("export, line 1: .conversations[0].from: got \"cat\", want human"));
}

TEST(LangSmith, RunsOfLangChainBecomeTheirLastTurn) {
  const auto conversations = ReadAs(ConversationFormat::kLangSmith, R"([
    {"id": "r1", "run_type": "chain", "start_time": "2026-05-01T10:00:00.250000",
     "session_id": "the-project", "error": null,
     "extra": {"metadata": {"thread_id": "t9", "user_id": "u7"}},
     "inputs": {"messages": [[
       {"lc": 1, "type": "constructor", "id": ["langchain", "schema", "messages", "SystemMessage"],
        "kwargs": {"content": "Be brief."}},
       {"lc": 1, "type": "constructor", "id": ["langchain", "schema", "messages", "HumanMessage"],
        "kwargs": {"content": "Hi"}},
       {"lc": 1, "type": "constructor", "id": ["langchain", "schema", "messages", "AIMessage"],
        "kwargs": {"content": "Hello"}},
       {"lc": 1, "type": "constructor", "id": ["langchain", "schema", "messages", "HumanMessage"],
        "kwargs": {"content": "Rain?"}}]]},
     "outputs": {"generations": [[{"type": "ChatGeneration", "text": "Yes.", "message":
       {"lc": 1, "type": "constructor", "id": ["langchain", "schema", "messages", "AIMessage"],
        "kwargs": {"content": "Yes.", "tool_calls": []}}}]]}},
    {"id": "r2", "parent_run_id": "r1", "inputs": {"x": 1}, "outputs": {}}])");
  ASSERT_EQ(conversations.size(), 1u) << "a step of a run is no conversation";
  ASSERT_EQ(conversations[0].turns.size(), 1u);
  const auto& turn = conversations[0].turns[0];
  EXPECT_EQ(turn.interaction_id(), "r1");
  EXPECT_EQ(turn.session_id(), "t9") << "session_id of a run is its project";
  EXPECT_EQ(turn.user_id(), "u7");
  EXPECT_EQ(rpc::FromProto(turn.start_time()),
            absl::FromCivil(absl::CivilSecond(2026, 5, 1, 10, 0, 0), absl::UTCTimeZone()) +
                absl::Milliseconds(250));
  EXPECT_THAT(SaidIn(turn.history()),
              ElementsAre("SYSTEM Be brief.", "USER Hi", "ASSISTANT Hello"));
  EXPECT_THAT(SaidIn(turn.messages()), ElementsAre("USER Rain?", "ASSISTANT Yes."));
}

TEST(LangSmith, AGraphRepeatsItsInputOnlyOnce) {
  const auto conversations = ReadAs(ConversationFormat::kLangSmith, R"json({
    "id": "r1", "error": "ValueError('x')",
    "inputs": {"messages": [{"type": "human", "content": "Rain?"}]},
    "outputs": {"messages": [{"type": "human", "content": "Rain?"},
      {"type": "ai", "content": "", "tool_calls": [
        {"name": "look", "args": {"city": "Oslo"}, "id": "c1", "type": "tool_call"}]},
      {"type": "tool", "tool_call_id": "c1", "content": {"rain": true}},
      {"type": "ai", "content": [{"type": "text", "text": "Yes."}]}]}})json");
  ASSERT_EQ(conversations.size(), 1u);
  const auto& turn = conversations[0].turns[0];
  EXPECT_THAT(SaidIn(turn.messages()),
              ElementsAre("USER Rain?", "ASSISTANT look{\"city\":\"Oslo\"}", "TOOL {\"rain\":true}",
                          "ASSISTANT Yes."));
  EXPECT_EQ(turn.failure().message(), "ValueError('x')");
}

TEST(LangSmith, ExamplesOfADataSetAreQuestionAndAnswer) {
  const auto conversations = ReadAs(
      ConversationFormat::kLangSmith,
      R"({"id": "e1", "created_at": "2026-05-01T10:00:00Z", "inputs": {"question": "2 + 2?"},)"
      R"( "outputs": {"answer": "4"}})"
      "\n"
      R"({"id": "e2", "inputs": {"state": {"counter": 7}}, "outputs": {"answer": "4"}})");
  ASSERT_EQ(conversations.size(), 2u);
  EXPECT_THAT(SaidIn(conversations[0].turns[0].messages()),
              ElementsAre("USER 2 + 2?", "ASSISTANT 4"));
  EXPECT_THAT(SaidIn(conversations[1].turns[0].messages()), ElementsAre("ASSISTANT 4"))
      << "a state is no text";
  EXPECT_THAT(errors::MessageOf(ReadConversations(R"({"id": "r", "inputs": {"n": 1}})", "export",
                                                  ConversationFormat::kLangSmith, {})
                                    .status()),
              HasSubstr("export: got no messages and no text in it, want messages in 'inputs'"));
}

TEST(Langfuse, TracesBecomeTurnsOfTheirSessions) {
  const auto conversations = ReadAs(ConversationFormat::kLangfuse, R"({"data": [
    {"id": "t1", "timestamp": "2026-05-01T10:00:00.000Z", "sessionId": "chat-1", "userId": "u1",
     "input": [{"role": "user", "content": "Hi"}],
     "output": {"role": "assistant", "content": "Hello"},
     "scores": [{"name": "helpful", "value": 0.5}, {"name": "helpful", "value": 1},
                {"name": "kind", "value": "good"}]},
    {"id": "t2", "sessionId": "chat-1",
     "input": {"messages": [{"role": "user", "content": "Hi"},
                            {"role": "assistant", "content": "Hello"},
                            {"role": "user", "content": "Rain?"}]},
     "output": "Yes."},
    {"id": "t3", "input": null, "output": null, "observations": [
      {"id": "o1", "type": "SPAN", "input": "x"},
      {"id": "o2", "type": "GENERATION", "startTime": "2026-05-01T10:00:01Z",
       "input": "[{\"role\": \"user\", \"content\": \"Snow?\"}]",
       "output": {"choices": [{"index": 0,
         "message": {"role": "assistant", "content": "No."}}]}}]}],
    "meta": {"page": 1}})");
  ASSERT_EQ(conversations.size(), 3u);
  const auto& first = conversations[0];
  EXPECT_EQ(first.turns[0].session_id(), "chat-1");
  EXPECT_EQ(first.turns[0].user_id(), "u1");
  ASSERT_EQ(first.signals.size(), 1u);
  EXPECT_EQ(first.signals[0].evaluation().name(), "helpful");
  EXPECT_EQ(first.signals[0].evaluation().score(), 0.5);
  const auto& second = conversations[1].turns[0];
  EXPECT_EQ(second.session_id(), "chat-1");
  EXPECT_THAT(SaidIn(second.history()), ElementsAre("USER Hi", "ASSISTANT Hello"));
  EXPECT_THAT(SaidIn(second.messages()), ElementsAre("USER Rain?", "ASSISTANT Yes."));
  EXPECT_THAT(SaidIn(conversations[2].turns[0].messages()),
              ElementsAre("USER Snow?", "ASSISTANT No."));
}

TEST(Langfuse, ObservationsOfATraceInTheSameFileAreItsParts) {
  const auto conversations = ReadAs(ConversationFormat::kLangfuse, R"([
    {"id": "t1", "input": "Hi", "output": "Hello"},
    {"id": "o1", "traceId": "t1", "type": "GENERATION", "input": "Hi", "output": "Hello"},
    {"id": "o2", "traceId": "elsewhere", "type": "GENERATION", "level": "ERROR",
     "statusMessage": "timeout", "input": [{"role": "user", "content": [
       {"type": "tool_result", "tool_use_id": "c1", "content": "rain"},
       {"type": "text", "text": "So?"}]}],
     "output": {"role": "assistant", "content": [{"type": "thinking", "thinking": "hm"},
       {"type": "tool_use", "id": "c2", "name": "a", "input": {"x": 1}},
       {"type": "tool_use", "id": "c3", "name": "b", "input": {}}]}}])");
  ASSERT_EQ(conversations.size(), 2u);
  const auto& turn = conversations[1].turns[0];
  EXPECT_EQ(turn.failure().message(), "timeout");
  EXPECT_THAT(SaidIn(turn.history()), ElementsAre("TOOL rain"));
  EXPECT_THAT(SaidIn(turn.messages()),
              ElementsAre("USER So?", "ASSISTANT a{\"x\":1}", "ASSISTANT b{}"));
}

}  // namespace
}  // namespace flywheel::cli

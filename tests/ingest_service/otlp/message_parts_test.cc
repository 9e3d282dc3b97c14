// Messages that a library recorded without some of their parts, which stand elsewhere or nowhere.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "tests/ingest_service/conversation.h"
#include "tests/ingest_service/otlp/map_request.h"

namespace flywheel::ingest {
namespace {

using nlohmann::json;

constexpr char kAsked[] =
    R"(ChatMessage(_role=<ChatRole.USER: 'user'>, _content=[TextContent(text='Rain?')]))";
constexpr char kCalled[] =
    R"(ChatMessage(_role=<ChatRole.ASSISTANT: 'assistant'>, _content=[ToolCall()"
    R"(tool_name='rain', arguments={'city': 'Oslo'}, id='c1', extra=None)], _name=None))";
constexpr char kAnswered[] =
    R"(ChatMessage(_role=<ChatRole.TOOL: 'tool'>, _content=[ToolCallResult(result='wet', )"
    R"(origin=ToolCall(tool_name='rain', arguments={'city': 'Oslo'}, id='c1', extra=None), )"
    R"(error=False)], _name=None, _meta={}))";

// OpenInference names the roles of Haystack's messages, and leaves out calls and results.
TEST(MessageParts, ARequestSaysWhatItsListOfMessagesLacks) {
  TraceBuilder trace(1, TestTime(), "backend");
  trace.Add(1, 0, "Agent.run", 0, 100).Set("openinference.span.kind", "CHAIN");
  trace.Add(2, 1, "OpenAIChatGenerator.run", 10, 20)
      .Set("openinference.span.kind", "LLM")
      .Set("llm.input_messages.0.message.role", "user")
      .Set("llm.input_messages.0.message.content", "Rain?")
      .Set("llm.output_messages.0.message.role", "assistant")
      .Set("llm.output_messages.0.message.tool_calls.0.tool_call.function.name", "rain")
      .Set("llm.output_messages.0.message.tool_calls.0.tool_call.function.arguments",
           R"({"city": "Oslo"})");
  trace.Add(3, 1, "OpenAIChatGenerator.run", 30, 40)
      .Set("openinference.span.kind", "LLM")
      .Set("input.value", json{{"messages", {kAsked, kCalled, kAnswered}}}.dump())
      .Set("llm.input_messages.0.message.role", "user")
      .Set("llm.input_messages.0.message.content", "Rain?")
      .Set("llm.input_messages.1.message.role", "assistant")
      .Set("llm.input_messages.2.message.role", "tool")
      .Set("llm.output_messages.0.message.role", "assistant")
      .Set("llm.output_messages.0.message.content", "Yes.");
  const v1::Interaction interaction = MapOne(trace);
  EXPECT_EQ(interaction.input(), "Rain?");
  EXPECT_EQ(interaction.output(), "Yes.");
  const auto uses = ToolUses(interaction);
  ASSERT_EQ(uses.size(), 1u);
  EXPECT_EQ(uses[0].name, "rain");
  EXPECT_EQ(uses[0].content, "wet");
  EXPECT_EQ(uses[0].success, true);
}

TEST(MessageParts, ARequestShowsThePictureThatItsListOfMessagesLacks) {
  const std::string haystack =
      R"(ChatMessage(_role=<ChatRole.USER: 'user'>, _content=[TextContent(text='Rain?'), )"
      R"(ImageContent(base64_image='iVBORw0KGgo...', mime_type='image/png', detail=None)]))";
  for (const json& request :
       {json{{"messages", {haystack}}},
        json::parse(R"([{"role": "user", "content": [{"type": "text", "text": "Rain?"},
            {"type": "image_url",
             "image_url": {"url": "data:image/png;base64,iVBORw0KGgoAAAANSUhEUg=="}}]}])")}) {
    SCOPED_TRACE(request.dump());
    TraceBuilder trace(1, TestTime(), "backend");
    trace.Add(1, 0, "generation", 0, 10)
        .Set("openinference.span.kind", "LLM")
        .Set("input.value", request.dump())
        .Set("llm.input_messages.0.message.role", "user")
        .Set("llm.input_messages.0.message.content", "Rain?");
    const v1::Interaction interaction = MapOne(trace);
    EXPECT_EQ(interaction.input(), "Rain?");
    ASSERT_EQ(interaction.messages_size(), 1);
    ASSERT_EQ(interaction.messages(0).parts_size(), 2) << interaction.DebugString();
    EXPECT_EQ(interaction.messages(0).parts(1).media().mime_type(), "image/png");
  }
}

// Logfire makes an event of each part of what OpenAI's Responses are asked.
TEST(MessageParts, APictureBehindWordsIsOfTheirMessage) {
  TraceBuilder trace(1, TestTime(), "backend");
  trace.Add(1, 0, "Responses API", 0, 10)
      .Set("gen_ai.operation.name", "chat")
      .Set("group_id", "null")
      .Set("events", R"([
          {"event.name": "gen_ai.system.message", "content": "Be brief.", "role": "system"},
          {"event.name": "gen_ai.user.message", "content": "Rain?", "role": "user"},
          {"event.name": "gen_ai.user.message", "role": "user",
           "content": "data:image/png;base64,iVBORw0KGgoAAAANSUhEUg=="},
          {"event.name": "gen_ai.choice", "message": {"role": "assistant", "content": "Yes."}}])");
  const v1::Interaction interaction = MapOne(trace);
  EXPECT_EQ(interaction.input(), "Rain?");
  EXPECT_EQ(interaction.history_size(), 1);
  ASSERT_EQ(interaction.messages_size(), 2);
  ASSERT_EQ(interaction.messages(0).parts_size(), 2) << interaction.DebugString();
  EXPECT_EQ(interaction.messages(0).parts(1).media().mime_type(), "image/png");
  // Nor is the JSON of no group a conversation.
  EXPECT_EQ(interaction.session_id(), interaction.interaction_id());
}

TEST(MessageParts, WhereNothingIsRecordedNoAnswerIsEmpty) {
  TraceBuilder trace(1, TestTime(), "backend");
  trace.Add(1, 0, "chat gpt-5", 0, 10)
      .Set("gen_ai.operation.name", "chat")
      .Set("gen_ai.input.messages", R"([{"role": "user", "parts": []}])")
      .Set("gen_ai.output.messages",
           R"([{"role": "assistant", "parts": [], "finish_reason": "stop"}])");
  EXPECT_FALSE(MapOne(trace).has_failure());
}

TEST(MessageParts, AToolDefinitionAmongTheMessagesIsNoMessage) {
  TraceBuilder trace(1, TestTime(), "backend");
  trace.Add(1, 0, "ChatOpenAI", 0, 10)
      .Set("langfuse.observation.type", "generation")
      .Set("langfuse.observation.input", R"([{"role": "user", "content": "Rain?"},
          {"role": "tool", "content": {"type": "function", "function": {"name": "rain",
           "description": "Tells.", "parameters": {"type": "object"}}}}])")
      .Set("langfuse.observation.output", R"({"role": "assistant", "content": "Yes."})");
  const v1::Interaction interaction = MapOne(trace);
  ASSERT_EQ(interaction.tools_size(), 1);
  EXPECT_EQ(interaction.tools(0).name(), "rain");
  EXPECT_EQ(interaction.tools(0).parameters_json_schema(), R"({"type":"object"})");
  EXPECT_EQ(interaction.messages_size(), 2) << interaction.DebugString();
}

}  // namespace
}  // namespace flywheel::ingest

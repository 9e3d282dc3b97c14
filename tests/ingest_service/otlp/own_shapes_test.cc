// Shapes that single frameworks send, as they were seen when these ran.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "tests/ingest_service/conversation.h"
#include "tests/ingest_service/otlp/map_request.h"

namespace flywheel::ingest {
namespace {

using nlohmann::json;

constexpr char kSystemShown[] =
    R"(ChatMessage(role=<MessageRole.SYSTEM: 'system'>, additional_kwargs={}, )"
    R"(blocks=[TextBlock(block_type='text', text='Be brief.')]))";
constexpr char kUserShown[] =
    R"(ChatMessage(role=<MessageRole.USER: 'user'>, additional_kwargs={}, )"
    R"(blocks=[TextBlock(block_type='text', text='Rain in Oslo?')]))";

// The outer span of a call shows its messages as Python does, the inner one says them.
TEST(OwnShapes, LlamaIndexShowsMessages) {
  TraceBuilder trace(1, TestTime(), "backend");
  const std::string asked = json{{"messages", {kSystemShown, kUserShown}}}.dump();
  trace.Add(1, 0, "FunctionAgent.run", 0, 100)
      .Set("openinference.span.kind", "CHAIN")
      .Set("input.value", R"({"init_state": {"is_running": false, "workers": 4}})")
      .Set("output.value", "StopEvent(result=AgentOutput(response=ChatMessage(role=<MessageRo...");
  trace.Add(2, 1, "OpenAILike.achat", 10, 90)
      .Set("openinference.span.kind", "LLM")
      .Set("input.value", asked)
      .Set("output.value", R"({"message": {"role": "assistant", "additional_kwargs": {},
          "blocks": [{"block_type": "text", "text": "Yes."}]}})");
  trace.Add(3, 2, "OpenAILike.achat", 11, 89)
      .Set("openinference.span.kind", "LLM")
      .Set("input.value", asked)
      .Set("output.value", "assistant: Yes.")
      .Set("llm.token_count.prompt", 50)
      .Set("llm.input_messages.0.message.role", "user")
      .Set("llm.input_messages.0.message.content", "Rain in Oslo?")
      .Set("llm.output_messages.0.message.role", "assistant")
      .Set("llm.output_messages.0.message.content", "Yes.");
  const v1::Interaction interaction = MapOne(trace);
  EXPECT_EQ(interaction.input(), "Rain in Oslo?");
  EXPECT_EQ(interaction.output(), "Yes.");
  EXPECT_FALSE(interaction.has_failure());
  EXPECT_EQ(interaction.prompt_tokens(), 50);
  EXPECT_EQ(interaction.messages_size(), 2);
  ASSERT_EQ(interaction.history_size(), 1);
  EXPECT_EQ(interaction.history(0).parts(0).text(), "Be brief.");
}

TEST(OwnShapes, LlamaIndexHasCallsBesideTheContent) {
  TraceBuilder trace(1, TestTime(), "backend");
  trace.Add(1, 0, "achat", 0, 10)
      .Set("openinference.span.kind", "LLM")
      .Set("output.value", R"({"message": {"role": "assistant", "blocks": [], "additional_kwargs":
          {"tool_calls": [{"id": "c1", "function": {"name": "rain", "arguments": "{}"}}]}}})");
  const auto uses = ToolUses(MapOne(trace));
  ASSERT_EQ(uses.size(), 1u);
  EXPECT_EQ(uses[0].name, "rain");
}

TEST(OwnShapes, HaystackShowsWhatIsNoJson) {
  TraceBuilder trace(1, TestTime(), "backend");
  const std::string user = R"(ChatMessage(_role=<ChatRole.USER: 'user'>, )"
                           R"(_content=[TextContent(text='Rain in Oslo?')], _name=None, _meta={}))";
  const std::string system = R"(ChatMessage(_role=<ChatRole.SYSTEM: 'system'>, )"
                             R"(_content=[TextContent(text='Be brief.')], _name=None, _meta={}))";
  const std::string callback =
      ", 'streaming_callback': <function answer.<locals>.<lambda> at 0x7f>}";
  trace.Add(1, 0, "haystack.agent.run", 0, 100)
      .Set("haystack.agent.input", "{'messages': [" + user + "]" + callback)
      .Set("haystack.agent.output",
           R"({"messages": [{"role": "assistant", "content": [{"text": "Yes."}]}]})");
  trace.Add(2, 1, "haystack.agent.step.llm", 10, 90)
      .Set("haystack.agent.step.llm.input",
           "{'messages': [" + system + ", " + user + "]" + callback)
      .Set("haystack.agent.step.llm.output",
           R"({"replies": [{"role": "assistant", "content": [{"text": "Yes."}]}]})");
  const v1::Interaction interaction = MapOne(trace);
  EXPECT_EQ(interaction.input(), "Rain in Oslo?");
  EXPECT_EQ(interaction.output(), "Yes.");
  ASSERT_EQ(interaction.history_size(), 1);
  EXPECT_EQ(interaction.history(0).parts(0).text(), "Be brief.");
}

TEST(OwnShapes, TheLastPieceOfAdksStreamIsTheWholeOfIt) {
  const auto piece = [](const std::string& text, const std::string& finish) {
    return R"({"role": "assistant", "parts": [{"type": "text", "content": ")" + text +
           R"("}], "finish_reason": ")" + finish + "\"}";
  };
  for (const char* last : {"Yes, it rains.", ""}) {
    TraceBuilder trace(1, TestTime(), "backend");
    trace.Add(1, 0, "generate_content", 0, 10)
        .Set("gen_ai.operation.name", "generate_content")
        .Set("gen_ai.output.messages", "[" + piece("Yes, ", "") + "," + piece("it rains.", "") +
                                           "," + piece(last, "stop") + "]");
    const v1::Interaction interaction = MapOne(trace);
    EXPECT_EQ(interaction.output(), "Yes, it rains.");
    EXPECT_EQ(interaction.messages_size(), 1);
    EXPECT_EQ(interaction.finish_reason(), "stop");
  }
}

TEST(OwnShapes, SmolagentsAnswersByACall) {
  TraceBuilder trace(1, TestTime(), "backend");
  trace.Add(1, 0, "weather_bot.run", 0, 100)
      .Set("openinference.span.kind", "AGENT")
      .Set("input.value", R"({"task": "Rain in Oslo?", "stream": true, "images": null})")
      .Set("output.value",
           "ChatMessageStreamDelta(content=None, tool_calls=None)ChatMessageStream");
  trace.Add(2, 1, "generate_stream", 10, 90)
      .Set("openinference.span.kind", "LLM")
      .Set("llm.output_messages.0.message.role", "assistant")
      .Set("llm.output_messages.0.message.tool_calls.0.tool_call.id", "c1")
      .Set("llm.output_messages.0.message.tool_calls.0.tool_call.function.name", "final_answer")
      .Set("llm.output_messages.0.message.tool_calls.0.tool_call.function.arguments",
           R"({"answer": "Yes."})");
  const v1::Interaction interaction = MapOne(trace);
  EXPECT_EQ(interaction.input(), "Rain in Oslo?");
  EXPECT_EQ(interaction.output(), "Yes.");
}

TEST(OwnShapes, TheAnswerOfAFormIsTheModelsLastWord) {
  TraceBuilder trace(1, TestTime(), "backend");
  trace.Add(1, 0, "Predict.forward", 0, 100)
      .Set("openinference.span.kind", "CHAIN")
      .Set("input.value", R"({"question": "Rain in Oslo?"})")
      .Set("output.value", R"({"answer": "Yes."})");
  trace.Add(2, 1, "LM.__call__", 10, 90)
      .Set("openinference.span.kind", "LLM")
      .Set("llm.input_messages.0.message.role", "user")
      .Set("llm.input_messages.0.message.content", "[[ ## question ## ]]\nRain in Oslo?")
      .Set("llm.output_messages.0.message.role", "assistant")
      .Set("llm.output_messages.0.message.content",
           "[[ ## answer ## ]]\nYes.\n\n[[ ## completed ## ]]");
  const v1::Interaction interaction = MapOne(trace);
  ASSERT_EQ(interaction.messages_size(), 2) << interaction.DebugString();
  EXPECT_EQ(interaction.messages(0).parts(0).text(), "Rain in Oslo?");
  EXPECT_EQ(interaction.messages(1).parts(0).text(), "Yes.");
}

TEST(OwnShapes, WhatAFailedAgentSaysOfItIsNoAnswer) {
  TraceBuilder trace(1, TestTime(), "backend");
  trace.Add(1, 0, "weather_bot.run", 0, 100)
      .Set("openinference.span.kind", "AGENT")
      .Set("input.value", "Rain in Oslo?")
      .Set("output.value", "the model refuses")
      .Fail("run status: error");
  trace.Add(2, 1, "OpenAIChat.invoke", 10, 90)
      .Set("openinference.span.kind", "LLM")
      .Fail("the model refuses");
  const v1::Interaction interaction = MapOne(trace);
  EXPECT_EQ(interaction.input(), "Rain in Oslo?");
  EXPECT_EQ(interaction.output(), "");
  EXPECT_EQ(interaction.failure().message(), "run status: error");
}

TEST(OwnShapes, AgnoHasPicturesBesideTheWords) {
  TraceBuilder trace(1, TestTime(), "backend");
  trace.Add(1, 0, "OpenAIChat.invoke", 0, 10)
      .Set("openinference.span.kind", "LLM")
      .Set("input.value", R"({"messages": [{"role": "user", "content": "What is it?",
          "images": [{"id": "1", "mime_type": "image/png",
          "content": "iVBORw0KGgoAAAANSUhEUg=="}]}]})")
      .Set("llm.input_messages.0.message.role", "user")
      .Set("llm.input_messages.0.message.content", "What is it?");
  const v1::Interaction interaction = MapOne(trace);
  EXPECT_EQ(interaction.input(), "What is it?");
  ASSERT_EQ(interaction.messages_size(), 1);
  ASSERT_EQ(interaction.messages(0).parts_size(), 2) << interaction.DebugString();
  EXPECT_EQ(interaction.messages(0).parts(1).media().mime_type(), "image/png");
}

TEST(OwnShapes, TheTypeOfAPictureMayStandInItsAddressOrAsAFormat) {
  const std::string address =
      "mlflow-attachment://bf1e?content_type=image%2Fpng&trace_id=tr-1&size=12420";
  for (const std::string& part :
       {R"({"type": "image_url", "image_url": {"url": ")" + address + "\"}}",
        std::string(R"({"image": {"format": "png", "source": {"bytes": "<replaced>"}}})"),
        // Strands' own, after the conventions' latest names.
        std::string(R"({"type": "image", "content": {"format": "png", "source": {}}})")}) {
    SCOPED_TRACE(part);
    TraceBuilder trace(1, TestTime(), "backend");
    trace.Add(1, 0, "chat", 0, 10)
        .Set("gen_ai.operation.name", "chat")
        .Set("gen_ai.input.messages",
             R"([{"role": "user", "content": [{"text": "What is it?"}, )" + part + "]}]");
    const v1::Interaction interaction = MapOne(trace);
    ASSERT_EQ(interaction.messages_size(), 1);
    ASSERT_EQ(interaction.messages(0).parts_size(), 2) << interaction.DebugString();
    EXPECT_EQ(interaction.messages(0).parts(1).media().mime_type(), "image/png");
  }
}

// LiteLLM's own span of a call names no ids; the next call is told them with the results.
TEST(OwnShapes, TheIdsOfCallsMayBeToldLater) {
  TraceBuilder trace(1, TestTime(), "backend");
  trace.Add(1, 0, "litellm_request", 0, 10)
      .Set("gen_ai.operation.name", "chat")
      .Set("gen_ai.input.messages", R"([{"role": "user", "content": "Rain?"}])")
      .Set("gen_ai.output.messages", R"([{"role": "assistant", "parts": []}])");
  for (const char* city : {"Oslo", "Rome"}) {
    const std::string prefix = std::string("gen_ai.completion.") + (city[0] == 'O' ? "0" : "1");
    trace.Set(prefix + ".function_call.name", "rain")
        .Set(prefix + ".function_call.arguments", R"({"city": ")" + std::string(city) + "\"}");
  }
  trace.Add(2, 0, "litellm_request", 20, 30)
      .Set("gen_ai.operation.name", "chat")
      .Set("gen_ai.input.messages", R"([{"role": "user", "content": "Rain?"},
          {"role": "assistant", "tool_calls": [
            {"id": "c2", "function": {"name": "rain", "arguments": "{\"city\": \"Rome\"}"}},
            {"id": "c1", "function": {"name": "rain", "arguments": "{\"city\": \"Oslo\"}"}}]},
          {"role": "tool", "content": "dry", "tool_call_id": "c2"},
          {"role": "tool", "content": "wet", "tool_call_id": "c1"}])")
      .Set("gen_ai.output.messages", R"([{"role": "assistant", "content": "In Oslo."}])");
  const auto uses = ToolUses(MapOne(trace));
  ASSERT_EQ(uses.size(), 2u);
  EXPECT_EQ(uses[0].id, "c1");
  EXPECT_EQ(uses[0].content, "wet");
  EXPECT_EQ(uses[1].id, "c2");
  EXPECT_EQ(uses[1].content, "dry");
}

// The tools of two calls at once run in any order, and name no ids.
TEST(OwnShapes, ResultsOfCallsAtOnceGoToTheCallsOfTheirArguments) {
  TraceBuilder trace(1, TestTime(), "backend");
  trace.Add(1, 0, "agent", 0, 100).Set("openinference.span.kind", "AGENT");
  trace.Add(2, 1, "llm", 10, 20)
      .Set("openinference.span.kind", "LLM")
      .Set("llm.output_messages.0.message.role", "assistant");
  for (const char* city : {"Oslo", "Rome"}) {
    const std::string call = std::string("llm.output_messages.0.message.tool_calls.") +
                             (city[0] == 'O' ? "0" : "1") + ".tool_call.";
    trace.Set(call + "id", city)
        .Set(call + "function.name", "rain")
        .Set(call + "function.arguments", R"({"city": ")" + std::string(city) + "\"}");
  }
  const auto tool = [&](uint64_t span, int64_t at, const std::string& city,
                        const std::string& said) {
    trace.Add(span, 1, "rain", at, at + 5)
        .Set("openinference.span.kind", "TOOL")
        .Set("tool.name", "rain")
        .Set("input.value", R"({"city": ")" + city + "\"}")
        .Set("output.value", said);
  };
  tool(3, 30, "Rome", "dry");
  tool(4, 31, "Oslo", "wet");
  const auto uses = ToolUses(MapOne(trace));
  ASSERT_EQ(uses.size(), 2u);
  EXPECT_EQ(uses[0].content, "wet");
  EXPECT_EQ(uses[1].content, "dry");
}

// OpenInference flattens messages of tools without the ids of their calls.
TEST(OwnShapes, AnswersThatNameNoCallAreThoseOfTheCallsBeforeThem) {
  TraceBuilder trace(1, TestTime(), "backend");
  trace.Add(1, 0, "completion", 0, 10).Set("openinference.span.kind", "LLM");
  const auto call = [&](const std::string& message, int number, const std::string& city) {
    const std::string prefix = message + ".tool_calls." + std::to_string(number) + ".tool_call.";
    trace.Set(prefix + "id", city)
        .Set(prefix + "function.name", "rain")
        .Set(prefix + "function.arguments", R"({"city": ")" + city + "\"}");
  };
  const auto calls = [&](const std::string& message) {
    trace.Set(message + ".role", "assistant");
    call(message, 0, "Oslo");
    call(message, 1, "Rome");
  };
  calls("llm.output_messages.0.message");
  trace.Add(2, 0, "completion", 20, 30)
      .Set("openinference.span.kind", "LLM")
      .Set("llm.input_messages.0.message.role", "user")
      .Set("llm.input_messages.0.message.content", "Rain?");
  calls("llm.input_messages.1.message");
  trace.Set("llm.input_messages.2.message.role", "tool")
      .Set("llm.input_messages.2.message.content", "wet")
      .Set("llm.input_messages.3.message.role", "tool")
      .Set("llm.input_messages.3.message.content", "dry")
      .Set("llm.output_messages.0.message.role", "assistant")
      .Set("llm.output_messages.0.message.content", "In Oslo.");
  const auto uses = ToolUses(MapOne(trace));
  ASSERT_EQ(uses.size(), 2u);
  EXPECT_EQ(uses[0].content, "wet");
  EXPECT_EQ(uses[1].content, "dry");
}

TEST(OwnShapes, LangWatchSaysWhatEachValueIs) {
  TraceBuilder trace(1, TestTime(), "backend");
  trace.Add(1, 0, "weather_bot", 0, 100)
      .Set("langwatch.span.type", "agent")
      .Set("langwatch.input", R"({"type": "json", "value": {"question": "Rain in Oslo?"}})")
      .Set("langwatch.output", R"({"type": "text", "value": "Yes."})")
      .Set("metadata", R"({"user_id": "ada", "thread_id": "t-1"})");
  trace.Add(2, 1, "llm", 10, 20)
      .Set("langwatch.span.type", "llm")
      .Set("langwatch.params", R"({"tools": [{"function": {"name": "rain", "parameters": {}}}]})")
      .Set("langwatch.input", R"({"type": "chat_messages", "value":
          [{"role": "system", "content": "Be brief."},
           {"role": "user", "content": "Rain in Oslo?"}]})")
      .Set("langwatch.output", R"({"type": "chat_messages", "value": [{"role": "assistant",
          "tool_calls": [{"id": "c1", "function": {"name": "rain", "arguments": "{}"}}]}]})");
  trace.Add(4, 1, "almanac", 22, 25)
      .Set("langwatch.span.type", "rag")
      .Set("langwatch.rag_contexts", R"([{"document_id": "a-7", "content": "It rains."}])");
  trace.Add(3, 1, "rain", 30, 40)
      .Set("langwatch.span.type", "tool")
      .Set("langwatch.input", R"({"type": "json", "value": {}})")
      .Set("langwatch.output", R"({"type": "text", "value": "wet"})");
  const v1::Interaction interaction = MapOne(trace);
  EXPECT_EQ(interaction.input(), "Rain in Oslo?");
  EXPECT_EQ(interaction.output(), "Yes.");
  EXPECT_EQ(interaction.session_id(), "t-1");
  EXPECT_EQ(interaction.history(0).parts(0).text(), "Be brief.");
  EXPECT_EQ(interaction.tools_size(), 1);
  ASSERT_EQ(interaction.contexts_size(), 1);
  EXPECT_EQ(interaction.contexts(0).document_id(), "a-7");
  const auto uses = ToolUses(interaction);
  ASSERT_EQ(uses.size(), 1u);
  EXPECT_EQ(uses[0].content, "wet");
}

// LlamaIndex's predict is handed a template, and the call below it the conversation.
TEST(OwnShapes, OfACallInACallTheOneThatWasToldTheConversationCounts) {
  TraceBuilder trace(1, TestTime(), "backend");
  trace.Add(1, 0, "predict", 0, 100)
      .Set("openinference.span.kind", "LLM")
      .Set("input.value", R"({"prompt_args": {"query_str": "Rain in Oslo?"}})")
      .Set("output.value", "Yes.");
  trace.Add(2, 1, "chat", 10, 90)
      .Set("openinference.span.kind", "LLM")
      .Set("llm.input_messages.0.message.role", "system")
      .Set("llm.input_messages.0.message.content", "Be brief.")
      .Set("llm.input_messages.1.message.role", "user")
      .Set("llm.input_messages.1.message.content", "Rain in Oslo?")
      .Set("llm.output_messages.0.message.role", "assistant")
      .Set("llm.output_messages.0.message.content", "Yes.")
      .Set("llm.token_count.prompt", 50);
  const v1::Interaction interaction = MapOne(trace);
  EXPECT_EQ(interaction.input(), "Rain in Oslo?");
  EXPECT_EQ(interaction.output(), "Yes.");
  EXPECT_EQ(interaction.prompt_tokens(), 50);
  ASSERT_EQ(interaction.history_size(), 1);
  EXPECT_EQ(interaction.history(0).parts(0).text(), "Be brief.");
  EXPECT_EQ(interaction.messages_size(), 2);
}

TEST(OwnShapes, LaminarHasNamesOfItsOwn) {
  TraceBuilder trace(1, TestTime(), "backend");
  trace.Add(1, 0, "weather_bot", 0, 100)
      .Set("lmnr.span.type", "DEFAULT")
      .Set("lmnr.span.input", R"({"question": "Rain in Oslo?"})")
      .Set("lmnr.span.output", R"("Yes.")")
      .Set("lmnr.association.properties.session_id", "s-1");
  trace.Add(2, 1, "rain", 30, 40)
      .Set("lmnr.span.type", "TOOL")
      .Set("lmnr.span.input", R"({"city": "Oslo"})")
      .Fail("no such city");
  const v1::Interaction interaction = MapOne(trace);
  EXPECT_EQ(interaction.input(), "Rain in Oslo?");
  EXPECT_EQ(interaction.output(), "Yes.");
  EXPECT_EQ(interaction.session_id(), "s-1");
  const auto uses = ToolUses(interaction);
  ASSERT_EQ(uses.size(), 1u);
  EXPECT_EQ(uses[0].success, false);
}

TEST(OwnShapes, AToolThatFailedInsideFailed) {
  TraceBuilder trace(1, TestTime(), "backend");
  trace.Add(1, 0, "agent", 0, 100).Set("openinference.span.kind", "AGENT");
  trace.Add(2, 1, "agent.rain", 10, 30)
      .Set("openinference.span.kind", "TOOL")
      .Set("tool.name", "rain")
      .Set("output.value", "no such city");
  trace.Add(3, 2, "execute_tool rain", 11, 29)
      .Set("gen_ai.operation.name", "execute_tool")
      .Set("gen_ai.tool.name", "rain")
      .Fail("ValueError: no such city");
  const auto uses = ToolUses(MapOne(trace));
  ASSERT_EQ(uses.size(), 1u);
  EXPECT_EQ(uses[0].content, "no such city");
  EXPECT_EQ(uses[0].success, false);
}

TEST(OwnShapes, OfAListOfWordsAndObjectsTheWordsAreRead) {
  TraceBuilder trace(1, TestTime(), "backend");
  trace.Add(1, 0, "llm", 0, 10)
      .Set("openinference.span.kind", "LLM")
      .Set("llm.input_messages.0.message.role", "user")
      .Set("llm.input_messages.0.message.content",
           R"(["What is it?", "<autogen_core._image.Image object at 0x7f82>"])");
  EXPECT_EQ(MapOne(trace).input(), "What is it?");
}

// LangChain's tools at once: one says whose answer it is, the other only the one thing it took.
TEST(OwnShapes, AToolMayBeHandedTheOneThingThatItTakes) {
  TraceBuilder trace(1, TestTime(), "backend");
  trace.Add(1, 0, "agent", 0, 100).Set("openinference.span.kind", "AGENT");
  trace.Add(2, 1, "llm", 10, 20)
      .Set("openinference.span.kind", "LLM")
      .Set("output.value", R"({"choices": [{"message": {"role": "assistant", "tool_calls": [
          {"id": "c1", "function": {"name": "rain", "arguments": "{\"city\": \"Oslo\"}"}},
          {"id": "c2", "function": {"name": "rain", "arguments": "{\"city\": \"Rome\"}"}},
          {"id": "c3", "function": {"name": "rain", "arguments": "{\"city\": \"Bern\"}"}}]}}]})");
  trace.Add(3, 1, "rain", 30, 35)
      .Set("openinference.span.kind", "TOOL")
      .Set("tool.name", "rain")
      .Set("input.value", "Rome")
      .Fail("no such city");
  trace.Add(4, 1, "rain", 31, 36)
      .Set("openinference.span.kind", "TOOL")
      .Set("tool.name", "rain")
      .Set("input.value", "whatever")
      .Set("output.value", R"({"type": "tool", "data": {"content": "dry", "tool_call_id": "c3"}})");
  trace.Add(5, 1, "rain", 32, 37)
      .Set("openinference.span.kind", "TOOL")
      .Set("tool.name", "rain")
      .Set("input.value", "Oslo")
      .Set("output.value", "wet");
  const auto uses = ToolUses(MapOne(trace));
  ASSERT_EQ(uses.size(), 3u);
  EXPECT_EQ(uses[0].content, "wet");
  EXPECT_EQ(uses[1].success, false);
  EXPECT_EQ(uses[2].content, "dry");
}

TEST(OwnShapes, AMarkInThePlaceOfAnIdNamesNobody) {
  for (const char* mark : {"[Scrubbed due to 'session']", "[REDACTED]", "[Filtered]", "***"}) {
    SCOPED_TRACE(mark);
    TraceBuilder trace(1, TestTime(), "backend");
    trace.Add(1, 0, "chat", 0, 10)
        .Set("gen_ai.operation.name", "chat")
        .Set("session.id", mark)
        .Set("user.id", mark);
    const v1::Interaction interaction = MapOne(trace);
    EXPECT_EQ(interaction.session_id(), interaction.interaction_id());
    EXPECT_EQ(interaction.user_id(), "");
  }
}

// Logfire's two spans of one streamed call, each the only one of its trace.
TEST(OwnShapes, OfAStreamThatIsToldTwiceTheWholeOneCounts) {
  RequestMapper mapper;
  const auto stream = [&](uint64_t trace_number, const char* type) {
    TraceBuilder trace(trace_number, TestTime(), "backend");
    trace.Add(1, 0, "Chat Completion", 0, 10)
        .Set("gen_ai.operation.name", "chat")
        .Set("gen_ai.input.messages", R"([{"role": "user", "content": "Rain in Oslo?"}])")
        .Set("logfire.span_type", type);
    return trace;
  };
  const auto map = [&](const TraceBuilder& trace) {
    OtlpTraces request = trace.request();
    request.mutable_resource_spans(0)->mutable_scope_spans(0)->mutable_scope()->set_name(
        "logfire.openai");
    return mapper.Map(request);
  };
  EXPECT_TRUE(map(stream(1, "span")).turns.empty());
  TraceBuilder whole = stream(2, "log");
  whole.Set("gen_ai.output.messages", R"([{"role": "assistant", "content": "Yes."}])")
      .Set("gen_ai.usage.input_tokens", 50);
  const MappedTrace mapped = map(whole);
  ASSERT_EQ(mapped.turns.size(), 1u);
  EXPECT_EQ(mapped.turns[0].interaction.prompt_tokens(), 50);
  // A call that is told once and without an answer stays.
  TraceBuilder failed = stream(3, "span");
  failed.Fail("refused");
  EXPECT_EQ(map(failed).turns.size(), 1u);
}

}  // namespace
}  // namespace flywheel::ingest

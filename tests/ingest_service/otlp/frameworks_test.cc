// What frameworks say in words of their own.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "tests/ingest_service/conversation.h"
#include "tests/ingest_service/otlp/map_request.h"

namespace flywheel::ingest {
namespace {

// Of a request with one call of a tool.
void ExpectRainInOslo(const v1::Interaction& interaction, int64_t prompt_tokens = 50) {
  SCOPED_TRACE(interaction.DebugString());
  EXPECT_EQ(interaction.input(), "Rain in Oslo?");
  EXPECT_EQ(interaction.output(), "Yes.");
  EXPECT_EQ(interaction.prompt_tokens(), prompt_tokens);
  ASSERT_GE(interaction.history_size(), 1);
  EXPECT_EQ(interaction.history(0).parts(0).text(), "Be brief.");
  const auto uses = ToolUses(interaction);
  ASSERT_EQ(uses.size(), 1u);
  EXPECT_EQ(uses[0].name, "rain");
  EXPECT_EQ(nlohmann::json::parse(uses[0].arguments_json), nlohmann::json({{"city", "Oslo"}}));
  EXPECT_EQ(uses[0].content, "wet");
  EXPECT_EQ(uses[0].success, true);
  // The question, the call, its result and the answer.
  EXPECT_EQ(interaction.messages_size(), 4);
}

constexpr char kAsked[] =
    R"([{"role":"system","content":"Be brief."},{"role":"user","content":"Rain in Oslo?"}])";
constexpr char kCalled[] = R"({"role":"assistant","content":null,"tool_calls":[{"id":"c1",
    "type":"function","function":{"name":"rain","arguments":"{\"city\":\"Oslo\"}"}}]})";

TEST(Frameworks, Langfuse) {
  TraceBuilder trace(1, TestTime(), "backend");
  const std::string observation = "langfuse.observation.";
  trace.Add(1, 0, "weather_bot", 0, 100)
      .SetTexts(observation, {{"type", "agent"},
                              {"input", R"({"args": ["Rain in Oslo?"], "kwargs": {}})"},
                              {"output", "Yes."}})
      .Set("langfuse.session.id", "s-1")
      .Set("langfuse.user.id", "ada")
      .Set("langfuse.trace.metadata", R"({"tier": "gold"})");
  trace.Add(2, 1, "generation", 10, 30)
      .SetTexts(observation,
                {{"type", "generation"},
                 {"input", R"({"tools": [], "messages": )" + std::string(kAsked) + "}"},
                 {"output", kCalled},
                 {"model.name", "m-1"},
                 {"usage_details", R"({"prompt_tokens": 20, "completion_tokens": 3})"},
                 {"cost_details", R"({"input": 0.1, "total": 0.25})"}});
  // The function is not called as the tool is.
  trace.Add(3, 1, "rain_of", 40, 50)
      .SetTexts(observation, {{"type", "tool"},
                              {"input", R"({"args": [], "kwargs": {"city": "Oslo"}})"},
                              {"output", "wet"}});
  trace.Add(4, 1, "generation", 60, 90)
      .SetTexts(observation, {{"type", "generation"},
                              {"input", kAsked},
                              {"output", R"({"role": "assistant", "content": "Yes."})"},
                              {"model.name", "m-1"},
                              {"usage_details", R"({"input": 30, "output": 4})"}});
  const v1::Interaction interaction = MapOne(trace);
  ExpectRainInOslo(interaction);
  EXPECT_EQ(interaction.agent(), "weather_bot");
  EXPECT_EQ(interaction.model_version(), "m-1");
  EXPECT_EQ(interaction.session_id(), "s-1");
  EXPECT_TRUE(interaction.user_id().starts_with("u_"));
  EXPECT_EQ(interaction.completion_tokens(), 7);
  EXPECT_DOUBLE_EQ(interaction.cost_usd(), 0.25);
  EXPECT_EQ(interaction.attributes().at("langfuse.trace.metadata.tier"), "gold");
}

TEST(Frameworks, Mlflow) {
  TraceBuilder trace(1, TestTime(), "backend");
  const auto call = [&](uint64_t span, int64_t at, const std::string& output, int tokens) {
    trace.Add(span, 1, "Completions", at, at + 10)
        .SetTexts("mlflow.", {{"spanType", R"("CHAT_MODEL")"},
                              {"spanInputs", R"({"messages": )" + std::string(kAsked) + "}"},
                              {"spanOutputs", R"({"choices": [{"message": )" + output + "}]}"},
                              {"llm.model", R"("m-1")"}})
        .Set("mlflow.chat.tokenUsage", R"({"input_tokens": )" + std::to_string(tokens) + "}");
  };
  trace.Add(1, 0, "weather_bot", 0, 100)
      .SetTexts("mlflow.", {{"spanType", R"("AGENT")"},
                            {"spanInputs", R"({"question": "Rain in Oslo?"})"},
                            {"spanOutputs", R"("Yes.")"},
                            {"trace.user", R"("ada")"}});
  call(2, 10, kCalled, 20);
  trace.Add(3, 1, "rain", 30, 40)
      .SetTexts("mlflow.", {{"spanType", R"("TOOL")"},
                            {"spanInputs", R"({"city": "Oslo"})"},
                            {"spanOutputs", R"("wet")"}});
  call(4, 50, R"({"role": "assistant", "content": "Yes."})", 30);
  const v1::Interaction interaction = MapOne(trace);
  ExpectRainInOslo(interaction);
  EXPECT_EQ(interaction.agent(), "weather_bot");
  EXPECT_EQ(interaction.model_version(), "m-1");
  EXPECT_TRUE(interaction.user_id().starts_with("u_"));
}

TEST(Frameworks, Haystack) {
  TraceBuilder trace(1, TestTime(), "weather_bot");
  const std::string asked = R"({"messages": [{"role": "system", "content": [{"text": "Be brief."}]},
      {"role": "user", "content": [{"text": "Rain in Oslo?"}]}]})";
  const auto reply = [](const std::string& content, int tokens) {
    return R"({"replies": [{"role": "assistant", "content": [)" + content +
           R"(], "meta": {"model": "m-1", "usage": {"prompt_tokens": )" + std::to_string(tokens) +
           "}}}]}";
  };
  trace.Add(1, 0, "haystack.agent.run", 0, 100)
      .Set("haystack.agent.input",
           R"({"messages": [{"role": "user", "content": [{"text": "Rain in Oslo?"}]}]})")
      .Set("haystack.agent.output",
           R"({"messages": [{"role": "assistant", "content": [{"text": "Yes."}]}], "n": 1})");
  trace.Add(2, 1, "haystack.agent.step.llm", 10, 20)
      .Set("haystack.agent.step.llm.input", asked)
      .Set("haystack.agent.step.llm.output",
           reply(R"({"tool_call": {"tool_name": "rain", "arguments": {"city": "Oslo"}}})", 20));
  trace.Add(3, 1, "haystack.agent.step.tool", 30, 40)
      .Set("haystack.tool.name", "rain")
      .Set("haystack.agent.step.tool.input", R"({"city": "Oslo"})")
      .Set("haystack.agent.step.tool.output", "wet");
  trace.Add(4, 1, "haystack.agent.step.llm", 50, 60)
      .Set("haystack.agent.step.llm.input", asked)
      .Set("haystack.agent.step.llm.output", reply(R"({"text": "Yes."})", 30));
  const v1::Interaction interaction = MapOne(trace);
  ExpectRainInOslo(interaction);
  EXPECT_EQ(interaction.agent(), "weather_bot");
  EXPECT_EQ(interaction.model_version(), "m-1");
}

TEST(Frameworks, LangSmith) {
  TraceBuilder trace(1, TestTime(), "backend");
  const std::string human = R"({"lc": 1, "type": "constructor",
      "id": ["langchain", "schema", "messages", "HumanMessage"],
      "kwargs": {"content": "Rain in Oslo?", "type": "human"}})";
  const std::string asked = R"({"messages": [[{"lc": 1, "type": "constructor",
      "id": ["langchain", "schema", "messages", "SystemMessage"],
      "kwargs": {"content": "Be brief.", "type": "system"}}, )" +
                            human + "]]}";
  const auto generation = [](const std::string& members) {
    return R"({"generations": [[{"text": "", "message": {"lc": 1, "type": "constructor",
        "id": ["langchain", "schema", "messages", "AIMessage"], "kwargs": {"type": "ai", )" +
           members + "}}}]]}";
  };
  const auto step = [&](uint64_t span, uint64_t parent, const std::string& name, int64_t at,
                        const std::string& kind, const std::string& in, const std::string& out) {
    trace.Add(span, parent, name, at, at + 10)
        .Set("langsmith.span.kind", kind)
        .Set("gen_ai.operation.name", kind == "llm"    ? "chat"
                                      : kind == "tool" ? "execute_tool"
                                                       : kind)
        .Set("gen_ai.prompt", in)
        .Set("gen_ai.completion", out)
        .Set("langsmith.metadata.user_id", "customer-4711")
        .Set("langsmith.metadata.thread_id", "t-1")
        .Set("langsmith.metadata.tier", "gold")
        .Set("langsmith.metadata.langgraph_step", "1");
  };
  step(1, 0, "weather_bot", 0, "chain", R"({"messages": [)" + human + "]}",
       R"({"messages": [)" + human + R"(, {"type": "ai", "data": {"content": "Yes."}}]})");
  trace.span().set_end_time_unix_nano(trace.Nanos(100));
  step(2, 1, "ChatOpenAI", 10, "llm", asked,
       generation(R"("content": "", "tool_calls": [{"name": "rain", "args": {"city": "Oslo"},
                  "id": "c1"}])"));
  trace.Set("gen_ai.usage.input_tokens", 20);
  step(3, 1, "rain", 30, "tool", R"({"input": "{'city': 'Oslo'}"})",
       R"({"output": {"type": "tool", "content": "wet", "tool_call_id": "c1"}})");
  step(4, 1, "ChatOpenAI", 50, "llm", asked, generation(R"("content": "Yes.")"));
  trace.Set("gen_ai.usage.input_tokens", 30);
  const v1::Interaction interaction = MapOne(trace);
  ExpectRainInOslo(interaction);
  EXPECT_EQ(interaction.session_id(), "t-1");
  EXPECT_TRUE(interaction.user_id().starts_with("u_"));
  EXPECT_EQ(interaction.attributes().at("langsmith.metadata.tier"), "gold");
  EXPECT_EQ(interaction.attributes().count("langsmith.metadata.langgraph_step"), 0u);
  EXPECT_EQ(interaction.DebugString().find("customer-4711"), std::string::npos);
}

TEST(Frameworks, AdkOfBefore) {
  TraceBuilder trace(1, TestTime(), "backend");
  trace.Add(1, 0, "invocation", 0, 100);
  trace.Add(2, 1, "agent_run [weather_bot]", 5, 95);
  const auto call = [&](uint64_t span, int64_t at, const std::string& part, int tokens) {
    trace.Add(span, 2, "call_llm", at, at + 10)
        .Set("gen_ai.request.model", "m-1")
        .Set("gcp.vertex.agent.session_id", "s-1")
        .Set("gcp.vertex.agent.llm_request",
             R"({"config": {"system_instruction": "Be brief."},
                 "contents": [{"role": "user", "parts": [{"text": "Rain in Oslo?"}]}]})")
        .Set("gcp.vertex.agent.llm_response",
             R"({"content": {"role": "model", "parts": [)" + part +
                 R"(]}, "usage_metadata": {"prompt_token_count": )" + std::to_string(tokens) +
                 "}}");
  };
  call(3, 10, R"({"function_call": {"id": "c1", "name": "rain", "args": {"city": "Oslo"}}})", 20);
  trace.Add(4, 2, "execute_tool rain", 30, 40)
      .Set("gen_ai.operation.name", "execute_tool")
      .Set("gen_ai.tool.call.id", "c1")
      .Set("gcp.vertex.agent.tool_call_args", R"({"city": "Oslo"})")
      .Set("gcp.vertex.agent.tool_response", "wet");
  trace.Add(5, 2, "execute_tool (merged tools)", 30, 40)
      .Set("gen_ai.operation.name", "execute_tool")
      .Set("gen_ai.tool.name", "(merged tools)");
  call(6, 50, R"({"text": "Yes."})", 30);
  const v1::Interaction interaction = MapOne(trace);
  ExpectRainInOslo(interaction);
  EXPECT_EQ(interaction.agent(), "weather_bot");
  EXPECT_EQ(interaction.session_id(), "s-1");
}

TEST(Frameworks, StrandsTellsOfToolsInEvents) {
  TraceBuilder trace(1, TestTime(), "backend");
  const auto begin = [&](uint64_t span, uint64_t parent, const std::string& operation, int64_t at,
                         int64_t to) {
    trace.Add(span, parent, operation, at, to).Set("gen_ai.operation.name", operation);
  };
  const auto event = [&](const std::string& name, const std::string& key, const std::string& text) {
    trace.AddEvent(name, 1).Set(key, text);
  };
  const std::string called =
      R"([{"toolUse": {"toolUseId": "c1", "name": "rain", "input": {"city": "Oslo"}}}])";
  begin(1, 0, "invoke_agent", 0, 100);
  event("gen_ai.user.message", "content", R"([{"text": "Rain in Oslo?"}])");
  event("gen_ai.choice", "message", "Yes.\n");
  begin(2, 1, "execute_event_loop_cycle", 5, 45);
  event("gen_ai.user.message", "content", R"([{"text": "Rain in Oslo?"}])");
  event("gen_ai.choice", "message", called);
  begin(3, 2, "chat", 10, 20);
  trace.Set("gen_ai.usage.input_tokens", 20);
  event("gen_ai.system.message", "content", R"([{"text": "Be brief."}])");
  event("gen_ai.user.message", "content", R"([{"text": "Rain in Oslo?"}])");
  event("gen_ai.choice", "message", called);
  begin(4, 2, "execute_tool", 30, 40);
  trace.Set("gen_ai.tool.name", "rain").Set("gen_ai.tool.call.id", "c1");
  event("gen_ai.tool.message", "content", R"({"city": "Oslo"})");
  event("gen_ai.choice", "message", R"([{"text": "wet"}])");
  begin(5, 1, "chat", 50, 60);
  trace.Set("gen_ai.usage.input_tokens", 30);
  event("gen_ai.user.message", "content", R"([{"text": "Rain in Oslo?"}])");
  event("gen_ai.assistant.message", "content", called);
  event("gen_ai.user.message", "content",
        R"([{"toolResult": {"toolUseId": "c1", "status": "success",
            "content": [{"text": "wet"}]}}])");
  event("gen_ai.choice", "message", R"([{"text": "Yes."}])");
  ExpectRainInOslo(MapOne(trace));
}

TEST(Frameworks, LogfireOfOpenAiAgents) {
  TraceBuilder trace(1, TestTime(), "backend");
  trace.Add(1, 0, "OpenAI Agents trace: {name}", 0, 100)
      .Set("group_id", "s-1")
      .Set("metadata", R"({"user_id": "ada"})")
      .Set("logfire.msg", "OpenAI Agents trace: weather");
  trace.Add(2, 1, "Agent run: {name!r}", 5, 95)
      .Set("gen_ai.system", "openai")
      .Set("logfire.msg_template", "Agent run: {name!r}")
      .Set("name", "weather_bot");
  const auto call = [&](uint64_t span, int64_t at, int tokens, const std::string& events) {
    trace.Add(span, 2, "Responses API", at, at + 10)
        .Set("gen_ai.operation.name", "chat")
        .Set("gen_ai.usage.input_tokens", tokens)
        .Set("response", R"({"id": "r"})")
        .Set("events", R"([{"event.name": "gen_ai.system.message", "content": "Be brief."},
             {"event.name": "gen_ai.user.message", "content": "Rain in Oslo?"}, )" +
                           events + "]");
  };
  const std::string called = R"({"event.name": "gen_ai.assistant.message", "tool_calls": [{"id":
      "c1", "function": {"name": "rain", "arguments": "{\"city\": \"Oslo\"}"}}]})";
  call(3, 10, 20, called);
  trace.Add(4, 2, "Function: {name}", 30, 40)
      .Set("gen_ai.system", "openai")
      .Set("logfire.msg_template", "Function: {name}")
      .SetTexts("", {{"name", "rain"}, {"input", R"({"city": "Oslo"})"}, {"output", "wet"}});
  call(5, 50, 30, called + R"(, {"event.name": "gen_ai.tool.message", "id": "c1", "content": "wet"},
       {"event.name": "gen_ai.assistant.message", "content": "Yes."})");
  const v1::Interaction interaction = MapOne(trace);
  ExpectRainInOslo(interaction);
  EXPECT_EQ(interaction.agent(), "weather_bot");
  EXPECT_EQ(interaction.session_id(), "s-1");
  EXPECT_TRUE(interaction.user_id().starts_with("u_"));
  // Its own words are nothing to filter by.
  for (const char* name : {"input", "output", "events", "response", "logfire.msg", "name"}) {
    EXPECT_EQ(interaction.attributes().count(name), 0u) << name;
  }
}

TEST(Frameworks, PydanticAiTellsTheConversationAtTheAgent) {
  TraceBuilder trace(1, TestTime(), "backend");
  trace.Add(1, 0, "invoke_agent dice", 0, 100)
      .Set("gen_ai.operation.name", "invoke_agent")
      .Set("gen_ai.agent.name", "dice")
      .Set("final_result", "You rolled a 4.")
      .Set("pydantic_ai.all_messages",
           R"([{"role":"system","parts":[{"type":"text","content":"Be brief."}]},
               {"role":"user","parts":[{"type":"text","content":"Roll."}]},
               {"role":"assistant","parts":[{"type":"tool_call","id":"p","name":"roll"}]},
               {"role":"user","parts":[{"type":"tool_call_response","id":"p","result":"4"}]},
               {"role":"assistant","parts":[{"type":"text","content":"You rolled a 4."}]}])");
  trace.Add(2, 1, "chat", 10, 20)
      .Set("gen_ai.operation.name", "chat")
      .Set("operation.cost", 0.25)
      .Set("gen_ai.request.model", "m-1");
  const v1::Interaction interaction = MapOne(trace);
  EXPECT_EQ(interaction.input(), "Roll.");
  EXPECT_EQ(interaction.output(), "You rolled a 4.");
  EXPECT_EQ(ToolUses(interaction).at(0).content, "4");
  EXPECT_EQ(interaction.messages_size(), 4) << interaction.DebugString();
  EXPECT_DOUBLE_EQ(interaction.cost_usd(), 0.25);
  EXPECT_EQ(interaction.attributes().count("pydantic_ai.all_messages"), 0u);
  EXPECT_EQ(interaction.attributes().count("final_result"), 0u);
}

TEST(Frameworks, LiteLlmFlattensCallsBesideEmptyMessages) {
  TraceBuilder trace(1, TestTime(), "backend");
  trace.Add(1, 0, "litellm_request", 0, 100)
      .Set("gen_ai.operation.name", "chat")
      .Set("gen_ai.cost.total_cost", 0.5)
      .Set("hidden_params", R"({"model_id": null})")
      .Set("gen_ai.output.messages", R"([{"role": "assistant", "parts": []}])")
      .Set("gen_ai.completion.0.function_call.name", "rain")
      .Set("gen_ai.completion.0.function_call.arguments", R"({"city": "Oslo"})");
  const v1::Interaction interaction = MapOne(trace);
  EXPECT_EQ(ToolUses(interaction).at(0).name, "rain");
  EXPECT_DOUBLE_EQ(interaction.cost_usd(), 0.5);
  EXPECT_EQ(interaction.attributes().count("hidden_params"), 0u);
}

TEST(Frameworks, TwoLibrariesBesideEachOtherWatchOneCall) {
  for (const bool with_id : {true, false}) {
    TraceBuilder trace(1, TestTime(), "backend");
    trace.Add(1, 0, "handle", 0, 100);
    trace.Add(2, 1, "anthropic.chat", 10, 30)
        .Set("gen_ai.operation.name", "chat")
        .Set("gen_ai.request.model", "m-1")
        .Set("gen_ai.usage.input_tokens", 20)
        .Set("gen_ai.output.messages", R"([{"role": "assistant", "content": "Yes."}])");
    if (with_id) trace.Set("gen_ai.response.id", "r-1");
    OtlpTraces request = trace.request();
    auto* const other = request.mutable_resource_spans(0)->add_scope_spans();
    other->mutable_scope()->set_name("com.anthropic.sdk");
    *other->add_spans() = trace.span();
    OtlpSpan& twin = *other->mutable_spans(0);
    twin.set_span_id(SpanId(3));
    twin.mutable_attributes()->RemoveLast();
    if (!with_id) twin.set_start_time_unix_nano(trace.Nanos(12));
    if (with_id) {
      twin.mutable_attributes()->RemoveLast();
      SetAttribute(twin.mutable_attributes(), "gen_ai.response.id", "r-1");
    }
    RequestMapper mapper;
    const MappedTrace mapped = mapper.Map(request);
    ASSERT_TRUE(mapped.turns.size() == 1);
    EXPECT_EQ(mapped.turns[0].interaction.prompt_tokens(), 20) << with_id;
    EXPECT_EQ(mapped.turns[0].interaction.messages_size(), 1);
  }
}

}  // namespace
}  // namespace flywheel::ingest

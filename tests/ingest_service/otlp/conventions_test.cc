#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "tests/ingest_service/conversation.h"
#include "tests/ingest_service/otlp/map_request.h"
#include "tests/ingest_service/otlp/sample_traces.h"

namespace flywheel::ingest {
namespace {

// What every convention says of the same request.
void ExpectWeatherInParis(const v1::Interaction& interaction) {
  EXPECT_EQ(interaction.interaction_id(), "otel-" + TraceHex(1));
  EXPECT_EQ(interaction.agent(), "support-bot");
  EXPECT_EQ(interaction.model_version(), "gpt-4o-2024-08-06");
  EXPECT_EQ(interaction.input(), "Weather in Paris?");
  EXPECT_EQ(interaction.output(), "12 degrees and rain.");
  EXPECT_EQ(interaction.prompt_tokens(), 220);
  EXPECT_EQ(interaction.completion_tokens(), 35);
  EXPECT_EQ(interaction.user_id().substr(0, 2), "u_");
  SCOPED_TRACE(interaction.DebugString());
  ASSERT_EQ(interaction.history_size(), 1);
  EXPECT_EQ(interaction.history(0).role(), common::v1::ROLE_SYSTEM);
  EXPECT_EQ(interaction.history(0).parts(0).text(), "Be brief.");
  // The question, the call, its result and the answer.
  ASSERT_EQ(interaction.messages_size(), 4);
  EXPECT_EQ(interaction.messages(2).role(), common::v1::ROLE_TOOL);
  const std::vector<ToolUseOf> uses = ToolUses(interaction);
  ASSERT_EQ(uses.size(), 1u);
  EXPECT_EQ(uses[0].id, "call_1");
  EXPECT_EQ(uses[0].name, "get_weather");
  EXPECT_EQ(uses[0].arguments_json, R"({"city":"Paris"})");
  EXPECT_EQ(uses[0].content, "12 degrees");
}

TEST(Conventions, GenAiOfToday) {
  const v1::Interaction interaction = MapOne(GenAiTrace(1, TestTime()));
  ExpectWeatherInParis(interaction);
  EXPECT_EQ(interaction.session_id(), "conv-7");
  EXPECT_EQ(ToolUses(interaction).at(0).success, true);
  EXPECT_EQ(interaction.start_time().seconds(), 1'800'000'000);
  EXPECT_EQ(interaction.latency().seconds(), 1);
  const auto& attributes = interaction.attributes();
  EXPECT_EQ(attributes.at("customer.tier"), "gold");
  EXPECT_EQ(attributes.at("gen_ai.provider.name"), "openai");
  EXPECT_EQ(attributes.at("otel.trace_id"), TraceHex(1));
  EXPECT_EQ(attributes.count("http.request.method"), 0u);
}

TEST(Conventions, GenAiOfBeforeWithEventsForMessages) {
  const v1::Interaction interaction = MapOne(OldGenAiEventsTrace(1, TestTime()));
  ExpectWeatherInParis(interaction);
  // No tool has a span of its own: nobody knows how it went.
  EXPECT_EQ(ToolUses(interaction).at(0).success, std::nullopt);
}

TEST(Conventions, OpenLlmetry) {
  const v1::Interaction interaction = MapOne(OpenLlmetryTrace(1, TestTime()));
  ExpectWeatherInParis(interaction);
  EXPECT_EQ(interaction.session_id(), "conv-7");
  EXPECT_EQ(ToolUses(interaction).at(0).success, true);
}

TEST(Conventions, OpenInference) {
  const v1::Interaction interaction = MapOne(OpenInferenceTrace(1, TestTime()));
  ExpectWeatherInParis(interaction);
  EXPECT_EQ(interaction.session_id(), "conv-7");
  ASSERT_EQ(interaction.contexts_size(), 2);
  EXPECT_EQ(interaction.contexts(0).document_id(), "doc-0");
  EXPECT_EQ(interaction.contexts(0).text(), "Paris is in France.");
  EXPECT_DOUBLE_EQ(interaction.contexts(0).score(), 0.91);
  EXPECT_EQ(interaction.contexts(1).document_id(), "17");
  EXPECT_EQ(interaction.attributes().at("metadata.plan"), "pro");
  EXPECT_EQ(interaction.attributes().at("tag.tags"), R"(["weather","demo"])");
}

TEST(Conventions, TraceAi) {
  const v1::Interaction interaction = MapOne(TraceAiTrace(1, TestTime()));
  ExpectWeatherInParis(interaction);
  EXPECT_EQ(interaction.session_id(), "conv-7");
  EXPECT_DOUBLE_EQ(interaction.cost_usd(), 0.75);
}

TEST(Conventions, TheAiSdkOfVercel) {
  TraceBuilder trace(1, TestTime(), "support-bot");
  trace.Add(1, 0, "ai.generateText", 0, 1'000)
      .Set("ai.operationId", "ai.generateText")
      .Set("ai.prompt", R"({"messages":[{"role":"user","content":"Weather in Paris?"}]})")
      .Set("ai.response.text", "12 degrees and rain.")
      .Set("ai.telemetry.metadata.userId", "ada")
      .Set("ai.telemetry.metadata.sessionId", "conv-7");
  trace.Add(2, 1, "ai.generateText.doGenerate", 20, 400)
      .Set("ai.operationId", "ai.generateText.doGenerate")
      .Set("ai.prompt.messages",
           R"([{"role":"system","content":"Be brief."},
               {"role":"user","content":[{"type":"text","text":"Weather in Paris?"}]}])")
      .Set("ai.response.toolCalls",
           R"([{"toolCallType":"function","toolCallId":"call_1","toolName":"get_weather",
               "args":"{\"city\":\"Paris\"}"}])")
      .Set("gen_ai.response.model", "gpt-4o-2024-08-06")
      .Set("gen_ai.usage.input_tokens", 100)
      .Set("gen_ai.usage.output_tokens", 15);
  trace.Add(3, 1, "ai.toolCall", 410, 600)
      .Set("ai.operationId", "ai.toolCall")
      .Set("ai.toolCall.id", "call_1")
      .Set("ai.toolCall.name", "get_weather")
      .Set("ai.toolCall.args", R"({"city":"Paris"})")
      .Set("ai.toolCall.result", "12 degrees");
  trace.Add(4, 1, "ai.generateText.doGenerate", 610, 980)
      .Set("ai.operationId", "ai.generateText.doGenerate")
      .Set("ai.response.text", "12 degrees and rain.")
      .Set("gen_ai.response.model", "gpt-4o-2024-08-06")
      .Set("gen_ai.usage.input_tokens", 120)
      .Set("gen_ai.usage.output_tokens", 20);
  const v1::Interaction interaction = MapOne(trace);
  ExpectWeatherInParis(interaction);
  EXPECT_EQ(interaction.session_id(), "conv-7");
}

TEST(Conventions, WhatWasSaidInEarlierTurnsIsHistory) {
  TraceBuilder trace(1, TestTime());
  trace.Add(1, 0, "chat", 1, 2)
      .Set("gen_ai.operation.name", "chat")
      .Set("gen_ai.system_instructions", R"([{"type":"text","content":"Be brief."}])")
      .Set("gen_ai.input.messages", R"([
        {"role":"user","parts":[{"type":"text","content":"I bought a laptop"}]},
        {"role":"assistant","parts":[{"type":"reasoning","content":"which one?"},
          {"type":"tool_call","id":"a","name":"orders","arguments":{"of":"me"}}]},
        {"role":"tool","parts":[{"type":"tool_call_response","id":"a","response":"8 and 9"}]},
        {"role":"assistant","parts":[{"type":"text","content":"8 or 9?"}]},
        {"role":"user","parts":[{"type":"text","content":"9"}]},
        {"role":"assistant","parts":[
          {"type":"tool_call","id":"b","name":"refund","arguments":{"order":9}}]},
        {"role":"tool","parts":[{"type":"tool_call_response","id":"b","response":"done"}]}])")
      .Set("gen_ai.output.messages",
           R"([{"role":"assistant","parts":[{"type":"text","content":"It is on its way."}]}])");
  const v1::Interaction interaction = MapOne(trace);
  SCOPED_TRACE(interaction.DebugString());
  EXPECT_EQ(interaction.input(), "9");
  EXPECT_EQ(interaction.output(), "It is on its way.");
  ASSERT_EQ(interaction.history_size(), 5);
  EXPECT_EQ(interaction.history(0).parts(0).text(), "Be brief.");
  EXPECT_EQ(interaction.history(1).role(), common::v1::ROLE_USER);
  EXPECT_EQ(interaction.history(2).parts(0).reasoning(), "which one?");
  EXPECT_EQ(interaction.history(2).parts(1).tool_call().name(), "orders");
  EXPECT_EQ(interaction.history(3).parts(0).tool_result().content(), "8 and 9");
  EXPECT_EQ(interaction.history(4).parts(0).text(), "8 or 9?");
  ASSERT_EQ(interaction.messages_size(), 4);
  const std::vector<ToolUseOf> uses = ToolUses(interaction);
  ASSERT_EQ(uses.size(), 1u) << "calls of earlier turns are no work of this one";
  EXPECT_EQ(uses[0].name, "refund");
  EXPECT_EQ(uses[0].content, "done");
}

TEST(Conventions, AnAgentThatIsOnlyCreatedHasNotWorked) {
  RequestMapper mapper;
  TraceBuilder trace(1, TestTime());
  trace.Add(1, 0, "create_agent a", 0, 10)
      .Set("gen_ai.operation.name", "create_agent")
      .Set("gen_ai.agent.name", "a");
  EXPECT_TRUE(mapper.Map(trace.request()).turns.empty());
}

TEST(Conventions, TheOrderOfSpansDoesNotMatter) {
  RequestMapper mapper;
  WaitingTrace trace;
  mapper.Wait(GenAiTrace(1, TestTime()).request(), trace);
  const v1::Interaction expected = MapTrace(trace).turns.at(0).interaction;
  std::reverse(trace.payloads.begin(), trace.payloads.end());
  EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(
      MapTrace(trace).turns.at(0).interaction, expected));
}

TEST(Conventions, StructuredValuesAreReadAsTheirJsonIs) {
  TraceBuilder trace(1, TestTime());
  trace.Add(1, 0, "chat", 0, 10).Set("gen_ai.operation.name", "chat");
  auto* const attribute = trace.span().add_attributes();
  attribute->set_key("gen_ai.input.messages");
  auto* const message =
      attribute->mutable_value()->mutable_array_value()->add_values()->mutable_kvlist_value();
  auto* const role = message->add_values();
  role->set_key("role");
  role->mutable_value()->set_string_value("user");
  auto* const parts = message->add_values();
  parts->set_key("parts");
  auto* const part =
      parts->mutable_value()->mutable_array_value()->add_values()->mutable_kvlist_value();
  SetAttribute(part->mutable_values(), "type", "text");
  SetAttribute(part->mutable_values(), "content", "hello");
  EXPECT_EQ(MapOne(trace).input(), "hello");
}

TEST(Conventions, TheDetailsEventHoldsWhatItsSpanMay) {
  TraceBuilder trace(1, TestTime());
  trace.Add(1, 0, "chat", 0, 10).Set("gen_ai.operation.name", "chat");
  trace.AddEvent("gen_ai.client.inference.operation.details", 9)
      .Set("gen_ai.usage.input_tokens", 7)
      .Set("gen_ai.input.messages", R"([{"role":"user","parts":[{"type":"text","content":"hi"}]}])")
      .Set("gen_ai.output.messages",
           R"([{"role":"assistant","parts":[{"type":"text","content":"hello"}]}])");
  const v1::Interaction interaction = MapOne(trace);
  EXPECT_EQ(interaction.input(), "hi");
  EXPECT_EQ(interaction.output(), "hello");
  EXPECT_EQ(interaction.prompt_tokens(), 7);
}

TEST(Conventions, RetrievalOfGenAiGivesContexts) {
  TraceBuilder trace(1, TestTime());
  trace.Add(1, 0, "retrieval kb", 0, 10)
      .Set("gen_ai.operation.name", "retrieval")
      .Set("gen_ai.retrieval.query.text", "cards")
      .Set("gen_ai.retrieval.documents",
           R"([{"id":"d1","score":0.5,"content":"one"},{"id":"d2","score":0.25}])");
  const v1::Interaction interaction = MapOne(trace);
  ASSERT_EQ(interaction.contexts_size(), 2);
  EXPECT_EQ(interaction.contexts(0).document_id(), "d1");
  EXPECT_EQ(interaction.contexts(0).text(), "one");
  EXPECT_DOUBLE_EQ(interaction.contexts(1).score(), 0.25);
  EXPECT_EQ(interaction.input(), "cards");
}

TEST(Conventions, AFailedToolSaysWhatItSaid) {
  TraceBuilder trace(1, TestTime());
  trace.Add(1, 0, "execute_tool refund", 0, 10)
      .Set("gen_ai.operation.name", "execute_tool")
      .Set("gen_ai.tool.name", "refund")
      .Set("error.type", "timeout")
      .Fail("the bank did not answer");
  const v1::Interaction interaction = MapOne(trace);
  const ToolUseOf use = ToolUses(interaction).at(0);
  EXPECT_EQ(use.success, false);
  EXPECT_EQ(use.content, "the bank did not answer");
  EXPECT_EQ(interaction.attributes().at("error.type"), "timeout");
}

TEST(Conventions, ACallThatTwoLibrariesWatchedCountsOnce) {
  TraceBuilder trace(1, TestTime());
  for (const uint64_t span : {1, 2}) {
    trace.Add(span, span - 1, "chat", static_cast<int64_t>(span), 10)
        .Set("gen_ai.operation.name", "chat")
        .Set("gen_ai.usage.input_tokens", 50)
        .Set("gen_ai.usage.output_tokens", 5)
        .Set("gen_ai.output.messages",
             R"([{"role":"assistant","parts":[{"type":"text","content":"hello"}]}])");
  }
  const v1::Interaction interaction = MapOne(trace);
  EXPECT_EQ(interaction.prompt_tokens(), 50);
  EXPECT_EQ(interaction.completion_tokens(), 5);
  EXPECT_EQ(interaction.messages_size(), 1);
}

TEST(Conventions, AnAgentsTotalCountsWhereNoModelSaysAny) {
  TraceBuilder trace(1, TestTime());
  trace.Add(1, 0, "invoke_agent a", 0, 10)
      .Set("gen_ai.operation.name", "invoke_agent")
      .Set("gen_ai.usage.input_tokens", 50);
  trace.Add(2, 1, "chat", 1, 9).Set("gen_ai.operation.name", "chat");
  EXPECT_EQ(MapOne(trace).prompt_tokens(), 50);
}

TEST(Conventions, SpansWithoutAgentsAreNoInteraction) {
  RequestMapper mapper;
  TraceBuilder trace(1, TestTime(), "shop");
  trace.Add(1, 0, "GET /cart", 0, 10).Set("http.request.method", "GET").Set("shop.cart", "7");
  EXPECT_TRUE(mapper.Map(trace.request()).turns.empty());
}

TEST(Conventions, FlywheelsOwnVersionsComeFirst) {
  TraceBuilder trace(1, TestTime());
  trace.Add(1, 0, "chat", 0, 10)
      .Set("gen_ai.operation.name", "chat")
      .Set("gen_ai.response.model", "gpt-4o")
      .Set("flywheel.model_version", "support-v7")
      .Set("flywheel.prompt_version", "p3")
      .Set("flywheel.assignment_token", "AbC-1234567890_4111111111111111");
  const v1::Interaction interaction = MapOne(trace);
  EXPECT_EQ(interaction.model_version(), "support-v7");
  EXPECT_EQ(interaction.prompt_version(), "p3");
  EXPECT_EQ(interaction.assignment_token(), "AbC-1234567890_4111111111111111") << "as it was sent";
  EXPECT_EQ(interaction.agent(), "unknown-agent");
}

TEST(Conventions, WhatIsNoAssignmentTokenIsLeftOut) {
  TraceBuilder trace(1, TestTime());
  trace.Add(1, 0, "chat", 0, 10)
      .Set("gen_ai.operation.name", "chat")
      .Set("flywheel.assignment_token", "ada@example.com");
  EXPECT_EQ(MapOne(trace).assignment_token(), "");
}

TEST(Conventions, AnAgentThatWorksElsewhereTellsItsTotalAlone) {
  TraceBuilder trace(1, TestTime());
  const auto add = [&](uint64_t span, uint64_t parent, const std::string& operation,
                       int64_t tokens) {
    trace.Add(span, parent, operation, static_cast<int64_t>(span), 100)
        .Set("gen_ai.operation.name", operation)
        .Set("gen_ai.usage.input_tokens", tokens);
  };
  add(1, 0, "invoke_agent", 96);
  add(2, 1, "chat", 56);
  add(3, 1, "invoke_agent", 40);
  add(4, 3, "chat", 40);
  // No model below this one, but an agent that is part of its total.
  add(5, 1, "invoke_agent", 300);
  add(6, 5, "invoke_agent", 200);
  EXPECT_EQ(MapOne(trace).prompt_tokens(), 56 + 40 + 300);
}

}  // namespace
}  // namespace flywheel::ingest

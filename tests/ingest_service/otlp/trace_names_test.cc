// Who and what a trace is about, under whatever names frameworks give it.
#include <gtest/gtest.h>

#include <string>

#include "tests/ingest_service/conversation.h"
#include "tests/ingest_service/otlp/map_request.h"

namespace flywheel::ingest {
namespace {

TEST(Names, OfPeopleAreReadUnderWhateverTheyAreCalledAndNeverStored) {
  for (const char* name :
       {"user.id", "enduser.id", "gen_ai.user", "gen_ai.request.user", "llm.user", "user_id",
        "app.userId", "langsmith.metadata.user_id", "langfuse.trace.metadata.user_id",
        "ai.settings.context.userId", "traceloop.association.properties.user_id"}) {
    TraceBuilder trace(1, TestTime(), "backend");
    trace.Add(1, 0, "chat", 0, 10).Set("gen_ai.operation.name", "chat").Set(name, "customer-4711");
    const v1::Interaction interaction = MapOne(trace);
    EXPECT_TRUE(interaction.user_id().starts_with("u_")) << name;
    EXPECT_EQ(interaction.DebugString().find("4711"), std::string::npos) << name;
    EXPECT_EQ(interaction.attributes().count(name), 0u) << name;
  }
}

TEST(Names, AConversationGoesBeforeABrowsersVisit) {
  TraceBuilder trace(1, TestTime(), "backend");
  trace.Add(1, 0, "documentFetch", 0, 100).Set("session.id", "tab-77").Set("thread.id", 12);
  trace.Add(2, 1, "chat", 10, 20)
      .Set("gen_ai.operation.name", "chat")
      .Set("metadata", R"({"thread_id": "conv-1"})");
  EXPECT_EQ(MapOne(trace).session_id(), "conv-1");
}

TEST(Names, TheClientOfAnOutgoingRequestIsNoVisitor) {
  for (const bool outgoing : {true, false}) {
    TraceBuilder trace(1, TestTime(), "backend");
    trace.Add(1, 0, "chat", 0, 100).Set("gen_ai.operation.name", "chat");
    trace.Add(2, outgoing ? 1 : 0, "POST", 10, 20).Set("user_agent.original", "acme-support-bot/1");
    trace.span().set_kind(outgoing ? OtlpSpan::SPAN_KIND_CLIENT : OtlpSpan::SPAN_KIND_SERVER);
    EXPECT_EQ(MapOne(trace).attributes().count("user_agent.original"), outgoing ? 0u : 1u);
  }
}

TEST(Names, AnAgentsSpanIsCalledAsTheAgentIs) {
  const auto agent = [](const std::string& span, const std::string& attribute) {
    TraceBuilder trace(1, TestTime(), "backend");
    trace.Add(1, 0, span, 0, 10).Set("openinference.span.kind", "AGENT");
    if (!attribute.empty()) trace.Set(attribute, "named");
    return MapOne(trace).agent();
  };
  EXPECT_EQ(agent("weather_bot.run", ""), "weather_bot");
  EXPECT_EQ(agent("invoke_agent weather_bot", ""), "weather_bot");
  EXPECT_EQ(agent("run", "metadata.lc_agent_name"), "named");
  EXPECT_EQ(agent("run", "ai.telemetry.functionId"), "named");
}

}  // namespace
}  // namespace flywheel::ingest

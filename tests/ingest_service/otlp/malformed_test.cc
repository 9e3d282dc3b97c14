#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>

#include "ingest_service/record/record_checks.h"
#include "tests/ingest_service/otlp/map_request.h"

namespace flywheel::ingest {
namespace {

using opentelemetry::proto::common::v1::AnyValue;

// Everything that mapping makes is valid, whatever comes.
void ExpectValid(const MappedTrace& mapped) {
  const absl::Time now = TestTime() + absl::Seconds(2);
  if (!mapped.turns.empty()) {
    EXPECT_OK(CheckRecord(mapped.turns[0].interaction, now, ""));
    EXPECT_LE(mapped.turns[0].interaction.ByteSizeLong(), 2u << 20);
  }
  for (const v1::Signal& signal : mapped.signals) EXPECT_OK(CheckRecord(signal, now, ""));
}

TEST(MalformedSpans, ExtremeNumbersStayWithinTheContract) {
  RequestMapper mapper;
  TraceBuilder trace(1, TestTime());
  for (const uint64_t span : {1, 2, 3}) {
    trace.Add(span, span == 1 ? 0 : 1, "chat", 0, 1)
        .Set("gen_ai.operation.name", span == 1 ? "invoke_agent" : "chat")
        .Set("gen_ai.usage.input_tokens", std::numeric_limits<int64_t>::max())
        .Set("gen_ai.usage.output_tokens", std::numeric_limits<int64_t>::min())
        .Set("gen_ai.usage.cost", std::numeric_limits<double>::max());
    trace.span().set_start_time_unix_nano(0);
    trace.span().set_end_time_unix_nano(std::numeric_limits<uint64_t>::max());
    trace.AddEvent("gen_ai.evaluation.result", 0)
        .Set("gen_ai.evaluation.name", std::string(1'000, 'n'))
        .Set("gen_ai.evaluation.score.value", std::numeric_limits<double>::infinity());
    trace.AddEvent("gen_ai.evaluation.result", 0)
        .Set("gen_ai.evaluation.name", "x")
        .Set("gen_ai.evaluation.score.value", 1e11);
    trace.span().mutable_events(1)->set_time_unix_nano(std::numeric_limits<uint64_t>::max());
  }
  const MappedTrace mapped = mapper.Map(trace.request());
  ASSERT_TRUE(mapped.turns.size() == 1);
  ExpectValid(mapped);
  EXPECT_EQ(mapped.turns[0].interaction.prompt_tokens(), std::numeric_limits<int64_t>::max());
  EXPECT_FALSE(mapped.turns[0].interaction.has_completion_tokens());
  EXPECT_EQ(mapped.signals.size(), 3u);
}

TEST(MalformedSpans, DeepNestingIsCutAndDoesNotEndTheProcess) {
  RequestMapper mapper;
  TraceBuilder trace(1, TestTime());
  trace.Add(1, 0, "chat", 0, 1).Set("gen_ai.operation.name", "chat");
  AnyValue* value = trace.span().add_attributes()->mutable_value();
  trace.span().mutable_attributes(1)->set_key("gen_ai.input.messages");
  for (int i = 0; i < 2'000; ++i) value = value->mutable_array_value()->add_values();
  value->set_string_value("deep");
  trace.Set("gen_ai.output.messages", std::string(500'000, '[') + std::string(500'000, ']'));
  trace.Set("input.value", std::string(500'000, '{'));
  std::string dots = "llm.input_messages";
  for (int i = 0; i < 400; ++i) dots += ".0";
  trace.Set(dots, "x");
  ExpectValid(mapper.Map(trace.request()));
}

TEST(MalformedSpans, RingsOfParentsAreRead) {
  RequestMapper mapper;
  TraceBuilder trace(1, TestTime());
  trace.Add(1, 2, "chat", 0, 1)
      .Set("gen_ai.operation.name", "chat")
      .Set("gen_ai.usage.input_tokens", 5);
  trace.Add(2, 3, "chat", 0, 1)
      .Set("gen_ai.operation.name", "chat")
      .Set("gen_ai.usage.input_tokens", 5);
  trace.Add(3, 1, "chat", 0, 1)
      .Set("gen_ai.operation.name", "chat")
      .Set("gen_ai.usage.input_tokens", 5);
  trace.Add(4, 4, "chat", 0, 1)
      .Set("gen_ai.operation.name", "chat")
      .Set("gen_ai.usage.input_tokens", 5);
  const MappedTrace mapped = mapper.Map(trace.request());
  ExpectValid(mapped);
  EXPECT_EQ(mapped.turns[0].interaction.prompt_tokens(), 10);
}

TEST(MalformedSpans, LargeTextsAreCutWithAMark) {
  RequestMapper mapper;
  TraceBuilder trace(1, TestTime());
  for (const uint64_t span : {1, 2, 3, 4, 5, 6}) {
    trace.Add(span, span == 1 ? 0 : 1, "execute_tool t", 0, 1)
        .Set("gen_ai.operation.name", "execute_tool")
        .Set("gen_ai.tool.name", std::string(1'000, 't'))
        .Set("gen_ai.tool.call.arguments", "[\"" + std::string(600'000, 'a') + "\"]")
        .Set("gen_ai.tool.call.result", std::string(600'000, 'b'))
        .Set("customer.note", std::string(100'000, 'c'));
  }
  const MappedTrace mapped = mapper.Map(trace.request());
  ExpectValid(mapped);
  EXPECT_EQ(mapped.turns[0].interaction.attributes().at("otel.cut"), "true");
}

TEST(MalformedSpans, NamesOfTheWrongTypeAreLeftOut) {
  RequestMapper mapper;
  TraceBuilder trace(1, TestTime());
  trace.Add(1, 0, "", 10, 0)
      .Set("gen_ai.operation.name", 7)
      .Set("gen_ai.agent.name", true)
      .Set("gen_ai.input.messages", R"({"role": 5, "parts": {"type": [], "content": {}}})")
      .Set("gen_ai.output.messages", R"([[], 1, null, {"role": null, "tool_calls": "x"}])")
      .Set("gen_ai.usage.input_tokens", "many")
      .Set("gen_ai.usage.output_tokens", 3.5)
      .Set("gen_ai.retrieval.documents", R"([1, {"id": null}, {"id": {}, "score": "high"}])")
      .Set("gen_ai.conversation.id", "")
      .Set("", "no name")
      .Set("retrieval.documents.x.document.id", "x")
      .Set("llm.input_messages", "text")
      .Set("llm.input_messages.99999999999999999999.message.role", "user");
  ExpectValid(mapper.Map(trace.request()));
}

TEST(MalformedSpans, NamesThatATerminalWouldObeyAreMended) {
  RequestMapper mapper;
  TraceBuilder trace(1, TestTime());
  trace.Add(1, 0, "chat", 0, 1)
      .Set("gen_ai.operation.name", "chat")
      .Set("gen_ai.agent.name", "rou\x1bter")
      .Set("gen_ai.request.model", "v\u202e1")
      .Set("gen_ai.output.messages",
           R"([{"role":"assistant","tool_calls":[{"name":"t\\u0007","args":{}}]}])");
  trace.AddEvent("gen_ai.evaluation.result", 0)
      .Set("gen_ai.evaluation.name", "to\nne")
      .Set("gen_ai.evaluation.score.value", 0.5);
  const MappedTrace mapped = mapper.Map(trace.request());
  ASSERT_TRUE(mapped.turns.size() == 1);
  ExpectValid(mapped);
  EXPECT_EQ(mapped.turns[0].interaction.agent(), "rou_ter");
  EXPECT_EQ(mapped.turns[0].interaction.model_version(), "v_1");
  ASSERT_EQ(mapped.signals.size(), 1u);
  EXPECT_EQ(mapped.signals[0].evaluation().name(), "to_ne");
}

TEST(MalformedSpans, ManyCallsAndMessagesAreBounded) {
  RequestMapper mapper;
  TraceBuilder trace(1, TestTime());
  std::string messages = "[";
  for (int i = 0; i < 20'000; ++i) {
    messages += R"({"role":"assistant","tool_calls":[{"name":"t"},{"name":"t"}]},)";
  }
  messages += "{}]";
  trace.Add(1, 0, "chat", 0, 1).Set("gen_ai.operation.name", "chat");
  trace.Set("gen_ai.output.messages", messages);
  ExpectValid(mapper.Map(trace.request()));
}

TEST(MalformedSpans, TenThousandSpansOfOneTraceCostWhatTheyHold) {
  RequestMapper mapper;
  TraceBuilder trace(1, TestTime());
  constexpr uint64_t kSpans = 10'000;
  for (uint64_t span = 1; span <= kSpans; ++span) {
    trace.Add(span, span - 1, "execute_tool t", static_cast<int64_t>(span), kSpans)
        .Set("gen_ai.operation.name", span % 2 == 0 ? "execute_tool" : "chat")
        .Set("gen_ai.tool.name", "t")
        .Set("gen_ai.tool.call.id", "call-" + std::to_string(span))
        .Set("gen_ai.usage.input_tokens", 1)
        .Set("gen_ai.output.messages",
             R"([{"role":"assistant","tool_calls":[{"name":"t","args":{}}]}])");
  }
  const MappedTrace mapped = mapper.Map(trace.request());
  ExpectValid(mapped);
  EXPECT_EQ(mapped.turns[0].interaction.prompt_tokens(), 1);
}

}  // namespace
}  // namespace flywheel::ingest

#include "tests/ingest_service/otlp/sample_traces.h"

namespace flywheel::ingest {

TraceBuilder GenAiTrace(uint64_t trace, absl::Time start) {
  TraceBuilder builder(trace, start, "weather-backend");
  builder.Add(1, 0, "POST /chat", 0, 1'000)
      .Set("http.request.method", "POST")
      .Set("url.path", "/chat")
      .Set("customer.tier", "gold");
  builder.Add(2, 1, "invoke_agent support-bot", 10, 990)
      .Set("gen_ai.operation.name", "invoke_agent")
      .Set("gen_ai.provider.name", "openai")
      .Set("gen_ai.agent.name", "support-bot")
      .Set("gen_ai.conversation.id", "conv-7")
      .Set("user.id", "ada")
      .Set("gen_ai.usage.input_tokens", 220)
      .Set("gen_ai.usage.output_tokens", 35);
  builder.Add(3, 2, "chat gpt-4o", 20, 400)
      .Set("gen_ai.operation.name", "chat")
      .Set("gen_ai.provider.name", "openai")
      .Set("gen_ai.request.model", "gpt-4o")
      .Set("gen_ai.response.model", "gpt-4o-2024-08-06")
      .Set("gen_ai.usage.input_tokens", 100)
      .Set("gen_ai.usage.output_tokens", 15)
      .Set("gen_ai.system_instructions", R"([{"type":"text","content":"Be brief."}])")
      .Set("gen_ai.input.messages",
           R"([{"role":"user","parts":[{"type":"text","content":"Weather in Paris?"}]}])")
      .Set("gen_ai.output.messages",
           R"([{"role":"assistant","parts":[{"type":"tool_call","id":"call_1",
              "name":"get_weather","arguments":{"city":"Paris"}}],"finish_reason":"tool_call"}])");
  builder.Add(4, 2, "execute_tool get_weather", 410, 600)
      .Set("gen_ai.operation.name", "execute_tool")
      .Set("gen_ai.tool.name", "get_weather")
      .Set("gen_ai.tool.call.id", "call_1")
      .Set("gen_ai.tool.call.arguments", R"({"city":"Paris"})")
      .Set("gen_ai.tool.call.result", "12 degrees");
  builder.Add(5, 2, "chat gpt-4o", 610, 980)
      .Set("gen_ai.operation.name", "chat")
      .Set("gen_ai.provider.name", "openai")
      .Set("gen_ai.request.model", "gpt-4o")
      .Set("gen_ai.response.model", "gpt-4o-2024-08-06")
      .Set("gen_ai.usage.input_tokens", 120)
      .Set("gen_ai.usage.output_tokens", 20)
      .Set("gen_ai.input.messages",
           R"([{"role":"user","parts":[{"type":"text","content":"Weather in Paris?"}]},
               {"role":"assistant","parts":[{"type":"tool_call","id":"call_1",
                "name":"get_weather","arguments":{"city":"Paris"}}]},
               {"role":"tool","parts":[{"type":"tool_call_response","id":"call_1",
                "result":"12 degrees"}]}])")
      .Set("gen_ai.output.messages",
           R"([{"role":"assistant","parts":[{"type":"text","content":"12 degrees and rain."}],
               "finish_reason":"stop"}])");
  return builder;
}

TraceBuilder OldGenAiEventsTrace(uint64_t trace, absl::Time start) {
  TraceBuilder builder(trace, start, "support-bot");
  builder.Add(1, 0, "chat gpt-4o", 20, 400)
      .Set("gen_ai.operation.name", "chat")
      .Set("gen_ai.system", "openai")
      .Set("gen_ai.response.model", "gpt-4o-2024-08-06")
      .Set("gen_ai.usage.prompt_tokens", 100)
      .Set("gen_ai.usage.completion_tokens", 15)
      .Set("enduser.id", "ada");
  builder.AddEvent("gen_ai.system.message", 20).Set("content", "Be brief.");
  builder.AddEvent("gen_ai.user.message", 20).Set("content", "Weather in Paris?");
  builder.AddEvent("gen_ai.choice", 390)
      .Set("index", 0)
      .Set("finish_reason", "tool_calls")
      .Set("message",
           R"({"role":"assistant","tool_calls":[{"id":"call_1","type":"function","function":
              {"name":"get_weather","arguments":"{\"city\":\"Paris\"}"}}]})");
  builder.Add(2, 1, "chat gpt-4o", 610, 980)
      .Set("gen_ai.operation.name", "chat")
      .Set("gen_ai.system", "openai")
      .Set("gen_ai.response.model", "gpt-4o-2024-08-06");
  builder.AddEvent("gen_ai.user.message", 610).Set("content", "Weather in Paris?");
  builder.AddEvent("gen_ai.tool.message", 610).Set("id", "call_1").Set("content", "12 degrees");
  builder.AddEvent("gen_ai.choice", 970)
      .Set("message", R"({"role":"assistant","content":"12 degrees and rain."})");
  // Beside the first call, and not below it.
  builder.span().clear_parent_span_id();
  builder.span().set_parent_span_id(SpanId(99));
  SetAttribute(builder.span().mutable_attributes(), "gen_ai.usage.prompt_tokens", 120);
  SetAttribute(builder.span().mutable_attributes(), "gen_ai.usage.completion_tokens", 20);
  return builder;
}

TraceBuilder OpenLlmetryTrace(uint64_t trace, absl::Time start) {
  TraceBuilder builder(trace, start, "support-bot");
  builder.Add(1, 0, "weather.workflow", 0, 1'000)
      .Set("traceloop.span.kind", "workflow")
      .Set("traceloop.entity.name", "weather")
      .Set("traceloop.entity.input", R"({"inputs":{"question":"Weather in Paris?"}})")
      .Set("traceloop.entity.output", R"({"outputs":{"answer":"12 degrees and rain."}})")
      .Set("traceloop.association.properties.user_id", "ada")
      .Set("traceloop.association.properties.session_id", "conv-7");
  builder.Add(2, 1, "openai.chat", 20, 400)
      .Set("llm.request.type", "chat")
      .Set("gen_ai.system", "OpenAI")
      .Set("gen_ai.request.model", "gpt-4o")
      .Set("gen_ai.response.model", "gpt-4o-2024-08-06")
      .SetTexts("gen_ai.prompt.0.", {{"role", "system"}, {"content", "Be brief."}})
      .SetTexts("gen_ai.prompt.1.", {{"role", "user"}, {"content", "Weather in Paris?"}})
      .SetTexts("gen_ai.completion.0.", {{"role", "assistant"}, {"finish_reason", "tool_calls"}})
      .SetTexts("gen_ai.completion.0.tool_calls.0.",
                {{"id", "call_1"}, {"name", "get_weather"}, {"arguments", R"({"city":"Paris"})"}})
      .Set("gen_ai.usage.prompt_tokens", 100)
      .Set("gen_ai.usage.completion_tokens", 15)
      .Set("llm.usage.total_tokens", 115);
  builder.Add(3, 1, "get_weather.tool", 410, 600)
      .Set("traceloop.span.kind", "tool")
      .Set("traceloop.entity.name", "get_weather")
      .Set("traceloop.entity.input", R"({"args":[],"kwargs":{"city":"Paris"}})")
      .Set("traceloop.entity.output", "12 degrees");
  builder.Add(4, 1, "openai.chat", 610, 980)
      .Set("llm.request.type", "chat")
      .Set("gen_ai.system", "OpenAI")
      .Set("gen_ai.response.model", "gpt-4o-2024-08-06")
      .SetTexts("gen_ai.prompt.0.", {{"role", "user"}, {"content", "Weather in Paris?"}})
      .SetTexts("gen_ai.completion.0.",
                {{"role", "assistant"}, {"content", "12 degrees and rain."}})
      .Set("gen_ai.usage.prompt_tokens", 120)
      .Set("gen_ai.usage.completion_tokens", 20);
  return builder;
}

TraceBuilder OpenInferenceTrace(uint64_t trace, absl::Time start) {
  TraceBuilder builder(trace, start, "backend");
  builder.Add(1, 0, "support-bot.run", 0, 1'000)
      .Set("openinference.span.kind", "AGENT")
      .Set("input.value", "Weather in Paris?")
      .Set("input.mime_type", "text/plain")
      .Set("output.value", R"({"output": "12 degrees and rain."})")
      .Set("output.mime_type", "application/json")
      .Set("session.id", "conv-7")
      .Set("user.id", "ada")
      .Set("metadata", R"({"plan": "pro"})")
      .Set("tag.tags", R"(["weather","demo"])");
  builder.Add(2, 1, "Retrieve", 5, 15)
      .Set("openinference.span.kind", "RETRIEVER")
      .Set("input.value", "Paris")
      .SetTexts("retrieval.documents.0.document.",
                {{"id", "doc-0"}, {"content", "Paris is in France."}})
      .Set("retrieval.documents.0.document.score", 0.91)
      .Set("retrieval.documents.1.document.id", 17)
      .Set("retrieval.documents.1.document.content", "Rain is wet.")
      .Set("retrieval.documents.1.document.score", 0.5);
  builder.Add(3, 1, "ChatCompletion", 20, 400)
      .Set("openinference.span.kind", "LLM")
      .Set("llm.provider", "openai")
      .Set("llm.model_name", "gpt-4o-2024-08-06")
      .SetTexts("llm.input_messages.0.message.", {{"role", "system"}, {"content", "Be brief."}})
      .Set("llm.input_messages.1.message.role", "user")
      .SetTexts("llm.input_messages.1.message.contents.0.message_content.",
                {{"type", "text"}, {"text", "Weather in Paris?"}})
      .Set("llm.output_messages.0.message.role", "assistant")
      .SetTexts("llm.output_messages.0.message.tool_calls.0.tool_call.",
                {{"id", "call_1"},
                 {"function.name", "get_weather"},
                 {"function.arguments", R"({"city":"Paris"})"}})
      .Set("llm.token_count.prompt", 100)
      .Set("llm.token_count.completion", 15)
      .Set("llm.token_count.total", 115);
  builder.Add(4, 1, "get_weather", 410, 600)
      .Set("openinference.span.kind", "TOOL")
      .Set("tool.name", "get_weather")
      .Set("tool.parameters", R"({"city":"Paris"})")
      .Set("output.value", "12 degrees");
  builder.Add(5, 1, "ChatCompletion", 610, 980)
      .Set("openinference.span.kind", "LLM")
      .Set("llm.model_name", "gpt-4o-2024-08-06")
      .SetTexts("llm.input_messages.0.message.",
                {{"role", "user"}, {"content", "Weather in Paris?"}})
      .SetTexts("llm.input_messages.1.message.",
                {{"role", "tool"}, {"content", "12 degrees"}, {"tool_call_id", "call_1"}})
      .SetTexts("llm.output_messages.0.message.",
                {{"role", "assistant"}, {"content", "12 degrees and rain."}})
      .Set("llm.token_count.prompt", 120)
      .Set("llm.token_count.completion", 20);
  return builder;
}

TraceBuilder TraceAiTrace(uint64_t trace, absl::Time start) {
  TraceBuilder builder(trace, start, "support-bot");
  builder.Add(1, 0, "Agent run", 0, 1'000)
      .Set("fi.span.kind", "AGENT")
      .Set("gen_ai.agent.name", "support-bot")
      .Set("input.value", R"({"messages": [{"role": "user", "content": "Weather in Paris?"}]})")
      .Set("output.value", "12 degrees and rain.")
      .Set("session.id", "conv-7")
      .Set("user.id", "ada");
  builder.Add(2, 1, "ChatCompletion", 20, 400)
      .Set("fi.span.kind", "LLM")
      .Set("gen_ai.provider.name", "openai")
      .Set("gen_ai.request.model", "gpt-4o-2024-08-06")
      .SetTexts("gen_ai.input.messages.0.message.", {{"role", "system"}, {"content", "Be brief."}})
      .SetTexts("gen_ai.input.messages.1.message.",
                {{"role", "user"}, {"content", "Weather in Paris?"}})
      .Set("gen_ai.output.messages.0.message.role", "assistant")
      .SetTexts("gen_ai.output.messages.0.message.tool_calls.0.tool_call.",
                {{"id", "call_1"},
                 {"function.name", "get_weather"},
                 {"function.arguments", R"({"city":"Paris"})"}})
      .Set("gen_ai.usage.input_tokens", 100)
      .Set("gen_ai.usage.output_tokens", 15)
      .Set("gen_ai.cost.total", 0.25)
      .Set("raw.input", "{}");
  builder.Add(3, 1, "get_weather", 410, 600)
      .Set("fi.span.kind", "TOOL")
      .Set("tool.name", "get_weather")
      .Set("input.value", R"({"city":"Paris"})")
      .Set("output.value", "12 degrees");
  builder.Add(4, 1, "ChatCompletion", 610, 980)
      .Set("fi.span.kind", "LLM")
      .Set("llm.model", "gpt-4o-2024-08-06")
      .SetTexts("llm.output_messages.0.message.",
                {{"role", "assistant"}, {"content", "12 degrees and rain."}})
      .Set("gen_ai.usage.input_tokens", 120)
      .Set("gen_ai.usage.output_tokens", 20)
      .Set("gen_ai.cost.total", 0.5);
  return builder;
}

}  // namespace flywheel::ingest

// What a model was told that it may call, in whichever shape it is recorded.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/ingest_service/otlp/map_request.h"

namespace flywheel::ingest {
namespace {

using nlohmann::json;

constexpr char kSchema[] =
    R"({"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]})";

std::string With(std::string shape) {
  const std::string mark = "SCHEMA";
  for (size_t at = shape.find(mark); at != std::string::npos; at = shape.find(mark)) {
    shape.replace(at, mark.size(), kSchema);
  }
  return shape;
}

struct Shape {
  std::string attribute;
  std::string value;
};

TEST(ToolDefinitions, AreReadInEveryShape) {
  const std::string openai = With(
      R"([{"type": "function", "function": {"name": "rain", "description": "Tells.",
            "parameters": SCHEMA}}])");
  const std::vector<Shape> shapes = {
      {"gen_ai.tool.definitions", openai},
      // The conventions' own, and OpenAI's Responses.
      {"gen_ai.tool.definitions",
       With(
           R"([{"type": "function", "name": "rain", "description": "Tells.",
            "parameters": SCHEMA}])")},
      // Anthropic's.
      {"gen_ai.tool.definitions", With(R"([{"name": "rain", "description": "Tells.",
            "input_schema": SCHEMA}])")},
      // Gemini's.
      {"gen_ai.tool.definitions",
       With(
           R"([{"functionDeclarations": [{"name": "rain", "description": "Tells.",
            "parameters": SCHEMA}]}])")},
      // Bedrock's.
      {"gen_ai.tool.definitions", With(
                                      R"([{"toolSpec": {"name": "rain", "description": "Tells.",
            "inputSchema": {"json": SCHEMA}}}])")},
      // Haystack's.
      {"haystack.agent.tools", With(
                                   R"([{"type": "haystack.tools.tool.Tool",
            "data": {"name": "rain", "description": "Tells.",
            "parameters": SCHEMA}}])")},
      // The AI SDK's: a list of texts.
      {"ai.prompt.tools",
       json::array({With(
                       R"({"type": "function", "name": "rain", "description": "Tells.",
            "inputSchema": SCHEMA})")})
           .dump()},
      {"mlflow.chat.tools", openai},
      {"llm.tools.0.tool.json_schema", json::parse(openai)[0].dump()},
      {"langfuse.observation.input", R"({"messages": [], "tools": )" + openai + "}"},
      {"input.value", R"({"messages": [], "tools": )" + openai + "}"},
      // Logfire's response of OpenAI's Responses, which repeats what the model was told.
      {"response", R"({"output": [], "tools": )" + openai + "}"},
      {"gcp.vertex.agent.llm_request", With(
                                           R"({"config": {"tools":
            [{"function_declarations": [{"name": "rain", "description": "Tells.",
            "parameters_json_schema": SCHEMA}]}]}})")},
  };
  for (const Shape& shape : shapes) {
    SCOPED_TRACE(shape.attribute + ": " + shape.value);
    TraceBuilder trace(1, TestTime(), "weather");
    trace.Add(1, 0, "chat", 0, 10)
        .Set("gen_ai.operation.name", "chat")
        .Set("gen_ai.input.messages", R"([{"role": "user", "content": "Rain in Oslo?"}])")
        .Set(shape.attribute, shape.value);
    const v1::Interaction interaction = MapOne(trace);
    ASSERT_EQ(interaction.tools_size(), 1);
    EXPECT_EQ(interaction.tools(0).name(), "rain");
    EXPECT_EQ(interaction.tools(0).description(), "Tells.");
    EXPECT_EQ(json::parse(interaction.tools(0).parameters_json_schema()), json::parse(kSchema));
    EXPECT_EQ(interaction.input(), "Rain in Oslo?");
  }
}

TEST(ToolDefinitions, OfAllModelsAndToolsStandOnceByTheirNames) {
  TraceBuilder trace(1, TestTime(), "weather");
  const auto list = [](const std::string& name) {
    return R"([{"name": ")" + name + R"(", "description": "Tells )" + name + R"(."}])";
  };
  trace.Add(1, 0, "agent", 0, 100).Set("gen_ai.operation.name", "invoke_agent");
  for (const uint64_t span : {2, 3}) {
    trace.Add(span, 1, "chat", static_cast<int64_t>(span) * 10, static_cast<int64_t>(span) * 10 + 5)
        .Set("gen_ai.operation.name", "chat")
        .Set("gen_ai.tool.definitions", list("rain"));
  }
  // Its own span has the schema that the model's list left out; another is known by its span alone.
  for (const char* name : {"rain", "snow"}) {
    trace.Add(name[0] == 'r' ? 4 : 5, 1, std::string("execute_tool ") + name, 40, 50)
        .Set("gen_ai.operation.name", "execute_tool")
        .Set("gen_ai.tool.name", name)
        .Set("gen_ai.tool.json_schema", kSchema);
  }
  // What a tool tells a model of its own is for that model.
  trace.Add(6, 5, "chat", 42, 48)
      .Set("gen_ai.operation.name", "chat")
      .Set("gen_ai.tool.definitions", list("inner"));
  const v1::Interaction interaction = MapOne(trace);
  ASSERT_EQ(interaction.tools_size(), 2);
  EXPECT_EQ(interaction.tools(0).name(), "rain");
  EXPECT_EQ(interaction.tools(0).description(), "Tells rain.");
  EXPECT_EQ(json::parse(interaction.tools(0).parameters_json_schema()), json::parse(kSchema));
  EXPECT_EQ(interaction.tools(1).name(), "snow");
}

// ADK's list says no schema; OpenInference's, beside it, does.
TEST(ToolDefinitions, ASecondListMayHaveTheSchema) {
  TraceBuilder trace(1, TestTime(), "weather");
  trace.Add(1, 0, "generate_content", 0, 10)
      .Set("gen_ai.operation.name", "generate_content")
      .Set("gen_ai.tool.definitions",
           R"([{"name": "rain", "description": "Tells.", "parameters": null}])")
      .Set("llm.tools.0.tool.json_schema",
           With(R"({"name": "rain", "description": "", "parameters_json_schema": SCHEMA})"));
  const v1::Interaction interaction = MapOne(trace);
  ASSERT_EQ(interaction.tools_size(), 1);
  EXPECT_EQ(interaction.tools(0).description(), "Tells.");
  EXPECT_EQ(json::parse(interaction.tools(0).parameters_json_schema()), json::parse(kSchema));
}

TEST(ToolDefinitions, WhatIsNoneIsLeftOut) {
  for (const char* value : {"", "[]", "{}", "null", "[1, null, \"x\"]", R"([{"name": ""}])",
                            R"([{"description": "nameless"}])",
                            R"([{"function": {"function": {"function": {"function": {}}}}}])"}) {
    SCOPED_TRACE(value);
    TraceBuilder trace(1, TestTime(), "weather");
    trace.Add(1, 0, "chat", 0, 10)
        .Set("gen_ai.operation.name", "chat")
        .Set("gen_ai.tool.definitions", value);
    EXPECT_EQ(MapOne(trace).tools_size(), 0);
  }
}

}  // namespace
}  // namespace flywheel::ingest

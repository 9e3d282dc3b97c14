#include "ingest_service/otlp/tool_definition_reader.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ingest_service/otlp/any_value.h"
#include "ingest_service/otlp/json_members.h"
#include "ingest_service/otlp/python_repr.h"
#include "ingest_service/record/message_checks.h"

namespace flywheel::ingest {
namespace {

using common::v1::ToolDefinition;
using nlohmann::json;

constexpr int kMaxDefinitionDepth = 8;

// Lists of definitions by themselves.
constexpr std::string_view kLists[] = {"gen_ai.tool.definitions", "mlflow.chat.tools",
                                       "haystack.agent.tools", "ai.prompt.tools"};
// Requests, of which they are a member.
constexpr std::string_view kRequests[] = {"langfuse.observation.input",
                                          "langwatch.params",
                                          "mlflow.spanInputs",
                                          "haystack.agent.step.llm.input",
                                          "gcp.vertex.agent.llm_request",
                                          "input.value",
                                          "response"};

std::optional<json> ParseAny(const std::string& text) {
  std::optional<json> parsed = ParseJson(text);
  return parsed ? parsed : ParsePythonRepr(text);
}

// The schema of the arguments; null where there is none.
json SchemaOf(const json& definition) {
  const json& found =
      AnyMember(definition, {"parameters", "input_schema", "inputSchema", "json_schema",
                             "parameters_json_schema", "parametersJsonSchema"});
  json schema = found;
  if (found.is_string()) schema = ParseJson(ToText(found)).value_or(json());
  // Bedrock and the AI SDK put something around it.
  const json& inner = AnyMember(schema, {"json", "jsonSchema"});
  if (inner.is_object()) schema = json(inner);
  return schema.is_object() ? schema : json();
}

void Add(std::string name, std::string description, const json& schema, TraceSpan& span) {
  if (!IsToolName(name)) return;
  if (description.empty() && schema.is_null()) return;
  if (span.tool_definitions.size() == kMaxToolDefinitions) return;
  ToolDefinition& definition = span.tool_definitions.emplace_back();
  definition.set_name(std::move(name));
  definition.set_description(std::move(description));
  if (!schema.is_null()) definition.set_parameters_json_schema(ToText(schema));
}

// One definition, or a list of them, out of what is put around it.
void ReadDefinitions(const json& value, int depth, TraceSpan& span) {
  if (depth == kMaxDefinitionDepth) return;
  if (value.is_string()) {
    const std::optional<json> parsed = ParseAny(ToText(value));
    if (parsed && parsed->is_structured()) ReadDefinitions(*parsed, depth + 1, span);
    return;
  }
  const std::vector<const json*> items = Items(value);
  for (const json* item : items) ReadDefinitions(*item, depth + 1, span);
  if (!items.empty() || !value.is_object()) return;
  const json& wrapped = AnyMember(value, {"function", "data", "toolSpec", "tool_spec", "tool",
                                          "functionDeclarations", "function_declarations"});
  if (wrapped.is_structured()) return ReadDefinitions(wrapped, depth + 1, span);
  // OpenInference has the whole of it as one text.
  const json& whole = Member(value, "json_schema");
  if (whole.is_string() && !value.contains("name")) return ReadDefinitions(whole, depth + 1, span);
  Add(ToText(Member(value, "name")), ToText(Member(value, "description")), SchemaOf(value), span);
}

// Langfuse has them as messages of tools, behind those that the model was told.
void ReadToldDefinitions(const json& messages, TraceSpan& span) {
  for (const json* message : Items(messages)) {
    const json& content = Member(*message, "content");
    if (Member(content, "function").is_object()) ReadDefinitions(content, 0, span);
  }
}

// Whether one of them says what it takes: a list may leave that out that another has.
bool HasSchema(const TraceSpan& span) {
  return std::any_of(span.tool_definitions.begin(), span.tool_definitions.end(),
                     [](const ToolDefinition& definition) {
                       return !definition.parameters_json_schema().empty();
                     });
}

// What a tool's own span says of it.
void ReadOwnDefinition(const AttributeView& attributes, TraceSpan& span) {
  json schema;
  for (const std::string_view name :
       {"gen_ai.tool.json_schema", "tool.json_schema", "tool.parameters"}) {
    const std::optional<json> said = attributes.Json({name});
    if (!said || !said->is_object()) continue;
    // Arguments stand under the last of these names, too.
    const bool is_schema = said->contains("properties") || said->contains("$schema");
    if (is_schema) schema = *said;
    if (is_schema) break;
  }
  if (schema.is_null()) return;
  Add(span.tool.name,
      attributes.Text({"gen_ai.tool.description", "tool.description", "haystack.tool.description"}),
      schema, span);
}

}  // namespace

void ReadToolDefinitions(const AttributeView& attributes, TraceSpan& span) {
  if (span.kind == SpanKind::kTool) return ReadOwnDefinition(attributes, span);
  if (span.kind != SpanKind::kModel && span.kind != SpanKind::kAgent) return;
  // 1. A list by itself, as a value or flattened.
  for (const std::string_view name : kLists) {
    if (HasSchema(span)) return;
    ReadDefinitions(json(attributes.Text({name})), 0, span);
  }
  for (const std::string_view name : {"llm.tools", "llm.request.functions"}) {
    if (HasSchema(span)) return;
    if (const std::optional<json> tree = attributes.Tree(name)) ReadDefinitions(*tree, 0, span);
  }
  // 2. A member of the request.
  for (const std::string_view name : kRequests) {
    if (HasSchema(span) || span.kind != SpanKind::kModel) return;
    const std::string text = attributes.Text({name});
    if (text.find("tool") == std::string::npos) continue;
    const std::optional<json> request = ParseAny(text);
    if (!request) continue;
    ReadToldDefinitions(*request, span);
    const json& tools = Member(*request, "tools");
    ReadDefinitions(tools.is_null() ? Member(Member(*request, "config"), "tools") : tools, 0, span);
  }
}

}  // namespace flywheel::ingest

#include "ingest_service/otlp/tool_reader.h"

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "ingest_service/otlp/any_value.h"
#include "ingest_service/otlp/json_members.h"
#include "ingest_service/otlp/part_reader.h"
#include "ingest_service/otlp/text_reader.h"

namespace flywheel::ingest {
namespace {

using nlohmann::json;

// Some name the tool in the span's name alone: "execute_tool NAME", "NAME.tool".
std::string NameOf(const AttributeView& attributes, const TraceSpan& span) {
  std::string name =
      attributes.Text({"gen_ai.tool.name", "tool.name", "haystack.tool.name",
                       "traceloop.entity.name", "ai.toolCall.name", "langsmith.trace.name"});
  if (name.empty() && attributes.Text({"logfire.msg_template"}) == "Function: {name}") {
    name = attributes.Text({"name"});
  }
  if (!name.empty()) return name;
  constexpr std::string_view kOperation = "execute_tool ";
  return span.name.starts_with(kOperation) ? span.name.substr(kOperation.size()) : span.name;
}

// The id of the call that a message of a tool answers; empty for what is no such message.
std::string ReadAnsweredCall(const std::string& result) {
  if (result.find("tool_call_id") == std::string::npos) return "";
  const std::optional<json> message = ParseJson(result);
  if (!message) return "";
  const json& inner = AnyMember(*message, {"data", "kwargs"});
  return ToText(Member(inner.is_object() ? inner : *message, "tool_call_id"));
}

// A tool that runs beside its model may be told of as one, for several calls at once.
bool IsMerged(std::string_view name) { return name == "(merged)" || name == "(merged tools)"; }

}  // namespace

std::string UnwrapArguments(const std::string& text) {
  const std::optional<json> value = ParseJson(text);
  if (!value || !value->is_object()) return ReadArguments(text);
  if (const json& inputs = Member(*value, "inputs"); inputs.is_object()) return ToText(inputs);
  // LangChain's single input, in Python's words.
  const json& input = AnyMember(*value, {"input_str", "input"});
  const bool alone = value->size() == 1 || value->contains("input_str");
  if (alone && input.is_string() && ToText(input).starts_with("{")) {
    return ReadArguments(ToText(input));
  }
  const json& args = Member(*value, "args");
  const json& kwargs = Member(*value, "kwargs");
  return args.empty() && kwargs.is_object() ? ToText(kwargs) : text;
}

void ReadTool(const AttributeView& attributes, TraceSpan& span) {
  span.tool.id = attributes.Text(
      {"gen_ai.tool.call.id", "tool_call.id", "tool.call.id", "tool.id", "ai.toolCall.id"});
  span.tool.name = NameOf(attributes, span);
  if (IsMerged(span.tool.name)) span.kind = SpanKind::kOther;
  std::string arguments =
      attributes.Text({"gen_ai.tool.call.arguments", "gen_ai.tool.args", "ai.toolCall.args",
                       "gcp.vertex.agent.tool_call_args", "haystack.agent.step.tool.input",
                       "tool_arguments", "tool.parameters"});
  // OpenInference has the schema of the parameters there, too.
  if (arguments.empty() || attributes.Find("input.value") != nullptr) {
    if (!span.input.empty()) arguments = span.input;
  }
  const bool logfire = attributes.Text({"logfire.msg_template"}) == "Function: {name}";
  if (arguments.empty() && logfire) arguments = attributes.Text({"input"});
  span.tool.arguments_json = UnwrapArguments(arguments);
  std::string result = attributes.Text({"gen_ai.tool.call.result", "gen_ai.tool.result",
                                        "ai.toolCall.result", "gcp.vertex.agent.tool_response",
                                        "haystack.agent.step.tool.output", "tool_response"});
  if (result.empty()) result = span.output;
  if (result.empty() && logfire) result = attributes.Text({"output"});
  // LangChain's message says whose answer it is.
  if (span.tool.id.empty()) span.tool.id = ReadAnsweredCall(result);
  span.output = ReadToolText(result);
}

}  // namespace flywheel::ingest

#include "cli/gate_run/question_line.h"

#include <fmt/format.h>

#include <deque>
#include <utility>

namespace flywheel::cli {
namespace {

using common::v1::Message;
using common::v1::Part;
using Json = nlohmann::ordered_json;

const char* RoleText(const Message& message) {
  switch (message.role()) {
    case common::v1::ROLE_USER:
      return "user";
    case common::v1::ROLE_ASSISTANT:
      return "assistant";
    default:
      // Of ROLE_TOOL only what is no result comes here. A developer's word is a system's to models.
      return "system";
  }
}

bool IsShownPicture(const Message& message, const common::v1::Media& media) {
  return message.role() == common::v1::ROLE_USER && media.mime_type().starts_with("image/") &&
         media.uri().starts_with("http");
}

std::string InWords(const common::v1::Media& media) {
  if (!media.description().empty()) return media.description();
  return fmt::format("[{}]", media.mime_type().empty() ? "media" : media.mime_type());
}

// One text, or parts where the user shows pictures.
Json ContentOf(const Message& message) {
  Json parts = Json::array();
  std::string lines;
  const auto end_text = [&] {
    if (!lines.empty()) parts.push_back({{"type", "text"}, {"text", std::exchange(lines, {})}});
  };
  for (const Part& part : message.parts()) {
    if (part.has_media() && IsShownPicture(message, part.media())) {
      end_text();
      parts.push_back({{"type", "image_url"}, {"image_url", {{"url", part.media().uri()}}}});
      continue;
    }
    const std::string text = part.has_media() ? InWords(part.media()) : part.text();
    if (!text.empty()) lines += (lines.empty() ? "" : "\n") + text;
  }
  if (parts.empty()) return lines;
  end_text();
  return parts;
}

// Writes messages so that each result names the call that it answers.
class ChatMessageWriter {
 public:
  void Write(const Message& message) {
    if (message.role() == common::v1::ROLE_TOOL) return WriteResults(message);
    Json written = {{"role", RoleText(message)}, {"content", ContentOf(message)}};
    if (!message.name().empty()) written["name"] = message.name();
    Json calls = Json::array();
    for (const Part& part : message.parts()) {
      if (part.has_tool_call()) calls.push_back(Call(part.tool_call()));
    }
    if (!calls.empty()) {
      Json& content = written["content"];
      if (content.is_string() && content.get_ref<const std::string&>().empty()) content = nullptr;
      written["tool_calls"] = std::move(calls);
    }
    messages_.push_back(std::move(written));
  }

  Json Take() { return std::move(messages_); }

 private:
  Json Call(const common::v1::ToolCall& call) {
    std::string id = call.tool_call_id();
    if (id.empty()) id = fmt::format("call_{}", ++made_);
    open_.push_back(id);
    return {{"id", id},
            {"type", "function"},
            {"function",
             {{"name", call.name()},
              {"arguments", call.arguments_json().empty() ? "{}" : call.arguments_json()}}}};
  }

  void WriteResults(const Message& message) {
    for (const Part& part : message.parts()) {
      if (!part.has_tool_result()) continue;
      const common::v1::ToolResult& result = part.tool_result();
      std::string id = result.tool_call_id();
      if (id.empty() && !open_.empty()) id = open_.front();
      std::erase(open_, id);
      messages_.push_back({{"role", "tool"}, {"tool_call_id", id}, {"content", result.content()}});
    }
  }

  Json messages_ = Json::array();
  // Calls that have no result yet.
  std::deque<std::string> open_;
  int made_ = 0;
};

Json ContextsOf(const evalgate::v1::SuiteCase& one) {
  Json contexts = Json::array();
  for (const common::v1::RetrievedContext& context : one.contexts()) {
    Json written = {{"document_id", context.document_id()}, {"text", context.text()}};
    written["score"] = context.has_score() ? Json(context.score()) : Json(nullptr);
    written["age_s"] = context.has_age() ? Json(context.age().seconds()) : Json(nullptr);
    contexts.push_back(std::move(written));
  }
  return contexts;
}

}  // namespace

Json ChatMessagesOf(const evalgate::v1::SuiteCase& one) {
  if (one.prompt().empty()) {
    return Json::array({Json{{"role", "user"}, {"content", one.input()}}});
  }
  ChatMessageWriter writer;
  for (const Message& message : one.prompt()) writer.Write(message);
  return writer.Take();
}

Json ChatToolsOf(const evalgate::v1::SuiteCase& one) {
  Json tools = Json::array();
  for (const common::v1::ToolDefinition& tool : one.tools()) {
    Json parameters = Json::parse(tool.parameters_json_schema(), nullptr, false);
    if (!parameters.is_object()) parameters = {{"type", "object"}, {"properties", Json::object()}};
    Json function = {{"name", tool.name()}};
    if (!tool.description().empty()) function["description"] = tool.description();
    function["parameters"] = std::move(parameters);
    tools.push_back({{"type", "function"}, {"function", std::move(function)}});
  }
  return tools;
}

std::string QuestionLine(const evalgate::v1::SuiteCase& one, int attempt) {
  const Json line = {{"case_id", one.case_id()},  {"attempt", attempt},
                     {"input", one.input()},      {"messages", ChatMessagesOf(one)},
                     {"tools", ChatToolsOf(one)}, {"contexts", ContextsOf(one)}};
  return line.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace flywheel::cli

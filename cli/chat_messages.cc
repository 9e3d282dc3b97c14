#include "cli/chat_messages.h"

#include <fmt/format.h>

#include <map>
#include <string>
#include <utility>

#include "shared/status/status_macros.h"

namespace flywheel::cli {
namespace {

namespace v1 = ingest::v1;

constexpr char kErrorPrefix[] = "Error: ";

// The calls that wait for their result, by id.
using OpenCalls = std::map<std::string, v1::ToolCall*>;

absl::StatusOr<v1::Role> ReadRole(const JsonView& role) {
  ASSIGN_OR_RETURN(const std::string name, role.Text());
  if (name == "system" || name == "developer") return v1::ROLE_SYSTEM;
  if (name == "user") return v1::ROLE_USER;
  if (name == "assistant") return v1::ROLE_ASSISTANT;
  if (name == "tool") return v1::ROLE_TOOL;
  return role.Wrong("system, developer, user, assistant or tool");
}

// A content is a text, null, or parts; a part that is no text leaves its type as a trace.
absl::StatusOr<std::string> ReadContent(const JsonView& message) {
  const std::optional<JsonView> content = message.OptionalField("content");
  if (!content) return std::string();
  if (!content->value().is_array()) return content->Text();
  ASSIGN_OR_RETURN(const std::vector<JsonView> parts, content->Items());
  std::string text;
  for (const JsonView& part : parts) {
    ASSIGN_OR_RETURN(const JsonView type_field, part.Field("type"));
    ASSIGN_OR_RETURN(const std::string type, type_field.Text());
    if (!text.empty()) text += "\n";
    if (type == "text") {
      ASSIGN_OR_RETURN(const JsonView text_field, part.Field("text"));
      ASSIGN_OR_RETURN(const std::string words, text_field.Text());
      text += words;
    } else {
      text += fmt::format("[{}]", type);
    }
  }
  return text;
}

absl::Status ReadToolCall(const JsonView& call, v1::Step& step, OpenCalls& open_calls) {
  ASSIGN_OR_RETURN(const JsonView function, call.Field("function"));
  ASSIGN_OR_RETURN(const JsonView name_field, function.Field("name"));
  ASSIGN_OR_RETURN(const std::string name, name_field.Text());
  std::string arguments;
  if (const auto field = function.OptionalField("arguments")) {
    // The format says text; some recorders write the object itself.
    if (field->value().is_object()) {
      arguments = field->value().dump();
    } else {
      ASSIGN_OR_RETURN(arguments, field->Text());
    }
  }
  v1::ToolCall* const tool_call = step.add_tool_calls();
  tool_call->set_name(name);
  tool_call->set_arguments_json(arguments);
  if (const auto id = call.OptionalField("id")) {
    ASSIGN_OR_RETURN(*tool_call->mutable_tool_call_id(), id->Text());
    open_calls[tool_call->tool_call_id()] = tool_call;
  }
  return absl::OkStatus();
}

// True where the message answers a call that was waiting.
absl::StatusOr<bool> CloseToolCall(const JsonView& message, const std::string& text,
                                   OpenCalls& open_calls) {
  const std::optional<JsonView> id_field = message.OptionalField("tool_call_id");
  if (!id_field) return false;
  ASSIGN_OR_RETURN(const std::string id, id_field->Text());
  const auto call = open_calls.find(id);
  if (call == open_calls.end()) return false;
  call->second->set_result(text);
  if (text.rfind(kErrorPrefix, 0) == 0) call->second->set_success(false);
  open_calls.erase(call);
  return true;
}

absl::Status ReadMessage(const JsonView& message, v1::Interaction& interaction,
                         OpenCalls& open_calls) {
  ASSIGN_OR_RETURN(const JsonView role_field, message.Field("role"));
  ASSIGN_OR_RETURN(const v1::Role role, ReadRole(role_field));
  ASSIGN_OR_RETURN(const std::string text, ReadContent(message));
  if (role == v1::ROLE_TOOL) {
    ASSIGN_OR_RETURN(const bool closed, CloseToolCall(message, text, open_calls));
    if (closed) return absl::OkStatus();
  }
  v1::Step* const step = interaction.add_steps();
  step->set_role(role);
  step->set_text(text);
  if (role == v1::ROLE_USER && interaction.input().empty()) interaction.set_input(text);
  if (role == v1::ROLE_ASSISTANT && !text.empty()) interaction.set_output(text);
  if (const auto calls = message.OptionalField("tool_calls")) {
    ASSIGN_OR_RETURN(const std::vector<JsonView> items, calls->Items());
    for (const JsonView& call : items) RETURN_IF_ERROR(ReadToolCall(call, *step, open_calls));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status ReadChatMessages(const JsonView& messages, v1::Interaction& interaction) {
  ASSIGN_OR_RETURN(const std::vector<JsonView> items, messages.Items());
  if (items.empty()) return messages.Wrong("at least one message");
  OpenCalls open_calls;
  for (const JsonView& message : items) {
    RETURN_IF_ERROR(ReadMessage(message, interaction, open_calls));
  }
  return absl::OkStatus();
}

}  // namespace flywheel::cli

#include "cli/chat_messages.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/escaping.h"
#include "shared/hashing/sha256.h"
#include "shared/status/status_macros.h"

namespace flywheel::cli {
namespace {

using common::v1::Message;
using common::v1::Part;
using common::v1::Role;

constexpr char kErrorPrefix[] = "Error: ";

absl::StatusOr<Role> ReadRole(const JsonView& role) {
  ASSIGN_OR_RETURN(const std::string name, role.Text());
  if (name == "system") return common::v1::ROLE_SYSTEM;
  if (name == "developer") return common::v1::ROLE_DEVELOPER;
  if (name == "user") return common::v1::ROLE_USER;
  if (name == "assistant") return common::v1::ROLE_ASSISTANT;
  // "function" is what OpenAI's format called it until 2023.
  if (name == "tool" || name == "function") return common::v1::ROLE_TOOL;
  return role.Wrong("system, developer, user, assistant or tool");
}

// The bytes themselves, in base64: what is kept is their digest.
void SetBytes(std::string_view base64, common::v1::Media& media) {
  std::string bytes;
  if (!absl::Base64Unescape({base64.data(), base64.size()}, &bytes)) return;
  media.set_sha256(Sha256(bytes));
  media.set_size_bytes(static_cast<int64_t>(bytes.size()));
}

// "data:image/png;base64,..." or an address.
void SetUri(const std::string& uri, common::v1::Media& media) {
  constexpr std::string_view kData = "data:";
  if (uri.compare(0, kData.size(), kData) != 0) return media.set_uri(uri);
  const std::string_view rest = std::string_view(uri).substr(kData.size());
  const size_t comma = std::min(rest.find(','), rest.size());
  const std::string_view type = rest.substr(0, std::min(rest.find(';'), comma));
  // "data:,text" says none.
  if (type.find('/') != std::string_view::npos) media.set_mime_type(std::string(type));
  if (comma < rest.size()) SetBytes(rest.substr(comma + 1), media);
}

std::string TextOr(const nlohmann::json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

// Part types of others are many; what none of the known fields names is kept by its type.
void ReadMedia(const nlohmann::json& part, const std::string& type, common::v1::Media& media) {
  const auto inner = part.find(type);
  const nlohmann::json& object = inner != part.end() && inner->is_object() ? *inner : part;
  std::string uri = TextOr(object, "url");
  if (uri.empty()) uri = TextOr(part, type.c_str());
  if (!uri.empty()) SetUri(uri, media);
  const std::string format = TextOr(object, "format");
  if (type == "input_audio" && !format.empty()) media.set_mime_type("audio/" + format);
  const std::string bytes = TextOr(object, "data");
  if (!bytes.empty()) SetBytes(bytes, media);
  const std::string file = TextOr(object, "file_data");
  if (!file.empty()) SetUri(file, media);
  media.set_description(TextOr(object, "filename"));
  const bool named =
      !media.uri().empty() || !media.sha256().empty() || !media.description().empty();
  if (!named) media.set_description(fmt::format("[{}]", type));
}

absl::Status ReadPart(const JsonView& view, Message& message) {
  ASSIGN_OR_RETURN(const JsonView type_field, view.Field("type"));
  ASSIGN_OR_RETURN(const std::string type, type_field.Text());
  if (type != "text" && type != "refusal") {
    ReadMedia(view.value(), type, *message.add_parts()->mutable_media());
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const JsonView text, view.Field(type.c_str()));
  ASSIGN_OR_RETURN(*message.add_parts()->mutable_text(), text.Text());
  return absl::OkStatus();
}

// A content is a text, null, or parts.
absl::Status ReadContent(const JsonView& view, Message& message) {
  const std::optional<JsonView> content = view.OptionalField("content");
  if (!content) return absl::OkStatus();
  if (content->value().is_array()) {
    ASSIGN_OR_RETURN(const std::vector<JsonView> parts, content->Items());
    for (const JsonView& part : parts) RETURN_IF_ERROR(ReadPart(part, message));
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const std::string text, content->Text());
  if (!text.empty()) message.add_parts()->set_text(text);
  return absl::OkStatus();
}

absl::Status ReadFunction(const JsonView& function, common::v1::ToolCall& call) {
  ASSIGN_OR_RETURN(const JsonView name, function.Field("name"));
  ASSIGN_OR_RETURN(*call.mutable_name(), name.Text());
  if (const auto arguments = function.OptionalField("arguments")) {
    // The format says text; some recorders write the object itself.
    if (arguments->value().is_object()) {
      call.set_arguments_json(arguments->value().dump());
    } else {
      ASSIGN_OR_RETURN(*call.mutable_arguments_json(), arguments->Text());
    }
  }
  return absl::OkStatus();
}

absl::Status ReadToolCall(const JsonView& view, common::v1::ToolCall& call) {
  ASSIGN_OR_RETURN(const JsonView function, view.Field("function"));
  RETURN_IF_ERROR(ReadFunction(function, call));
  if (const auto id = view.OptionalField("id")) {
    ASSIGN_OR_RETURN(*call.mutable_tool_call_id(), id->Text());
  }
  return absl::OkStatus();
}

// What was said by a tool is its result; media stay parts of their own.
absl::Status MakeResult(const JsonView& view, Message& message) {
  common::v1::ToolResult result;
  google::protobuf::RepeatedPtrField<Part> others;
  for (Part& part : *message.mutable_parts()) {
    if (!part.has_text()) {
      *others.Add() = std::move(part);
      continue;
    }
    if (!result.content().empty()) *result.mutable_content() += '\n';
    *result.mutable_content() += part.text();
  }
  if (const auto id = view.OptionalField("tool_call_id")) {
    ASSIGN_OR_RETURN(*result.mutable_tool_call_id(), id->Text());
  }
  if (result.content().rfind(kErrorPrefix, 0) == 0) result.set_success(false);
  message.clear_parts();
  *message.add_parts()->mutable_tool_result() = std::move(result);
  message.mutable_parts()->MergeFrom(others);
  return absl::OkStatus();
}

absl::StatusOr<Message> ReadMessage(const JsonView& view) {
  Message message;
  ASSIGN_OR_RETURN(const JsonView role_field, view.Field("role"));
  ASSIGN_OR_RETURN(const Role role, ReadRole(role_field));
  message.set_role(role);
  RETURN_IF_ERROR(ReadContent(view, message));
  if (role == common::v1::ROLE_TOOL) RETURN_IF_ERROR(MakeResult(view, message));
  if (const auto calls = view.OptionalField("tool_calls")) {
    ASSIGN_OR_RETURN(const std::vector<JsonView> items, calls->Items());
    for (const JsonView& call : items) {
      RETURN_IF_ERROR(ReadToolCall(call, *message.add_parts()->mutable_tool_call()));
    }
  }
  if (const auto call = view.OptionalField("function_call")) {
    RETURN_IF_ERROR(ReadFunction(*call, *message.add_parts()->mutable_tool_call()));
  }
  return message;
}

bool Instructs(const Message& message) {
  return message.role() == common::v1::ROLE_SYSTEM || message.role() == common::v1::ROLE_DEVELOPER;
}

}  // namespace

absl::StatusOr<std::vector<Message>> ReadChatMessages(const JsonView& messages) {
  ASSIGN_OR_RETURN(const std::vector<JsonView> items, messages.Items());
  if (items.empty()) return messages.Wrong("at least one message");
  std::vector<Message> read;
  for (const JsonView& item : items) {
    ASSIGN_OR_RETURN(Message message, ReadMessage(item));
    // One that says nothing, as recorders write where a model gave no text, is no message.
    if (!message.parts().empty()) read.push_back(std::move(message));
  }
  return read;
}

absl::Status ReadTools(
    const JsonView& tools,
    google::protobuf::RepeatedPtrField<common::v1::ToolDefinition>& definitions) {
  ASSIGN_OR_RETURN(const std::vector<JsonView> items, tools.Items());
  for (const JsonView& item : items) {
    ASSIGN_OR_RETURN(const JsonView function, item.Field("function"));
    ASSIGN_OR_RETURN(const JsonView name, function.Field("name"));
    common::v1::ToolDefinition& definition = *definitions.Add();
    ASSIGN_OR_RETURN(*definition.mutable_name(), name.Text());
    definition.set_description(TextOr(function.value(), "description"));
    if (const auto parameters = function.OptionalField("parameters")) {
      definition.set_parameters_json_schema(parameters->value().dump());
    }
  }
  return absl::OkStatus();
}

std::vector<Turn> SplitIntoTurns(const std::vector<Message>& messages) {
  const auto is_user = [](const Message& message) {
    return message.role() == common::v1::ROLE_USER;
  };
  auto begin = std::find_if(messages.begin(), messages.end(), is_user);
  if (begin == messages.end()) {
    begin = std::find_if_not(messages.begin(), messages.end(), Instructs);
  }
  std::vector<Turn> turns;
  while (begin != messages.end()) {
    // The user may say several things before the agent answers.
    const auto answer = std::find_if_not(begin, messages.end(), is_user);
    const auto end = std::find_if(answer, messages.end(), is_user);
    turns.push_back({{messages.begin(), begin}, {begin, end}});
    begin = end;
  }
  return turns;
}

}  // namespace flywheel::cli

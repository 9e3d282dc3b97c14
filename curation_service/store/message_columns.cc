#include "curation_service/store/message_columns.h"

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "absl/strings/escaping.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::curation {
namespace {

using Json = nlohmann::ordered_json;

std::string Write(const Json& json) {
  return json.dump(-1, ' ', /*ensure_ascii=*/false, Json::error_handler_t::replace);
}

absl::Status Damaged() {
  return errors::Internal("a column of messages, tools or contexts holds something else");
}

// An array of texts, in which the last ones may be something else.
bool IsTuple(const Json& json, size_t size, size_t texts) {
  if (!json.is_array() || json.size() != size) return false;
  for (size_t i = 0; i < texts; ++i) {
    if (!json[i].is_string()) return false;
  }
  return true;
}

std::string TextAt(const Json& json, size_t i) { return json[i].get<std::string>(); }

template <typename T>
Json ToJson(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json ToJson(const Part& part) {
  Json json;
  if (const auto* text = std::get_if<Text>(&part.kind)) {
    json["text"] = text->text;
  } else if (const auto* thought = std::get_if<Reasoning>(&part.kind)) {
    json["thought"] = thought->text;
  } else if (const auto* call = std::get_if<ToolCall>(&part.kind)) {
    json["call"] = Json::array({call->tool_call_id, call->name, call->arguments_json});
  } else if (const auto* result = std::get_if<ToolResult>(&part.kind)) {
    json["result"] = Json::array({result->tool_call_id, result->content, ToJson(result->success)});
  } else if (const auto* media = std::get_if<Media>(&part.kind)) {
    json["media"] = Json::array({media->uri, absl::BytesToHexString(media->sha256),
                                 media->mime_type, media->description, ToJson(media->size_bytes)});
  }
  if (part.incomplete) json["cut"] = true;
  return json;
}

absl::StatusOr<Part> PartFromJson(const Json& json) {
  if (!json.is_object() || json.empty()) return Damaged();
  Part part;
  part.incomplete = json.contains("cut");
  const std::string& kind = json.begin().key();
  const Json& value = json.begin().value();
  if (kind == "text" && value.is_string()) {
    part.kind = Text{value.get<std::string>()};
  } else if (kind == "thought" && value.is_string()) {
    part.kind = Reasoning{value.get<std::string>()};
  } else if (kind == "call" && IsTuple(value, 3, 3)) {
    part.kind = ToolCall{TextAt(value, 0), TextAt(value, 1), TextAt(value, 2)};
  } else if (kind == "result" && IsTuple(value, 3, 2)) {
    ToolResult result{TextAt(value, 0), TextAt(value, 1), std::nullopt};
    if (value[2].is_boolean()) result.success = value[2].get<bool>();
    part.kind = std::move(result);
  } else if (kind == "media" && IsTuple(value, 5, 4)) {
    Media media{TextAt(value, 0), absl::HexStringToBytes(TextAt(value, 1)), TextAt(value, 2),
                std::nullopt, TextAt(value, 3)};
    if (value[4].is_number_integer()) media.size_bytes = value[4].get<int64_t>();
    part.kind = std::move(media);
  } else {
    return Damaged();
  }
  return part;
}

absl::StatusOr<Message> MessageFromJson(const Json& json) {
  if (!json.is_object() || !json.contains("role") || !json["role"].is_number_integer() ||
      !json.contains("parts") || !json["parts"].is_array()) {
    return Damaged();
  }
  Message message;
  message.role = static_cast<Role>(json["role"].get<int>());
  for (const auto& [key, field] :
       {std::pair("name", &message.name), std::pair("id", &message.message_id)}) {
    if (!json.contains(key)) continue;
    if (!json[key].is_string()) return Damaged();
    *field = json[key].get<std::string>();
  }
  for (const Json& one : json["parts"]) {
    ASSIGN_OR_RETURN(Part part, PartFromJson(one));
    message.parts.push_back(std::move(part));
  }
  return message;
}

// Hands each element of a list to `on_element`.
template <typename OnElement>
absl::Status ForEach(std::string_view text, OnElement on_element) {
  if (text == "[]") return absl::OkStatus();  // Most of them.
  const Json json = Json::parse(text.begin(), text.end(), nullptr, /*allow_exceptions=*/false);
  if (!json.is_array()) return Damaged();
  for (const Json& element : json) RETURN_IF_ERROR(on_element(element));
  return absl::OkStatus();
}

}  // namespace

std::string MessagesToJson(const Messages& messages) {
  Json json = Json::array();
  for (const Message& message : messages) {
    Json one = {{"role", static_cast<int>(message.role)}};
    if (!message.name.empty()) one["name"] = message.name;
    if (!message.message_id.empty()) one["id"] = message.message_id;
    Json parts = Json::array();
    for (const Part& part : message.parts) parts.push_back(ToJson(part));
    one["parts"] = std::move(parts);
    json.push_back(std::move(one));
  }
  return Write(json);
}

absl::StatusOr<Messages> MessagesFromJson(std::string_view text) {
  Messages messages;
  RETURN_IF_ERROR(ForEach(text, [&](const Json& one) -> absl::Status {
    ASSIGN_OR_RETURN(Message message, MessageFromJson(one));
    messages.push_back(std::move(message));
    return absl::OkStatus();
  }));
  return messages;
}

std::string ToolsToJson(const std::vector<ToolDefinition>& tools) {
  Json json = Json::array();
  for (const ToolDefinition& tool : tools) {
    json.push_back(Json::array({tool.name, tool.description, tool.parameters_json_schema}));
  }
  return Write(json);
}

absl::StatusOr<std::vector<ToolDefinition>> ToolsFromJson(std::string_view text) {
  std::vector<ToolDefinition> tools;
  RETURN_IF_ERROR(ForEach(text, [&](const Json& one) -> absl::Status {
    if (!IsTuple(one, 3, 3)) return Damaged();
    tools.push_back({TextAt(one, 0), TextAt(one, 1), TextAt(one, 2)});
    return absl::OkStatus();
  }));
  return tools;
}

std::string ContextsToJson(const std::vector<RetrievedContext>& contexts) {
  Json json = Json::array();
  for (const RetrievedContext& context : contexts) {
    std::optional<double> age_s;
    if (context.age) age_s = absl::ToDoubleSeconds(*context.age);
    json.push_back(
        Json::array({context.document_id, context.text, ToJson(context.score), ToJson(age_s)}));
  }
  return Write(json);
}

absl::StatusOr<std::vector<RetrievedContext>> ContextsFromJson(std::string_view text) {
  std::vector<RetrievedContext> contexts;
  RETURN_IF_ERROR(ForEach(text, [&](const Json& one) -> absl::Status {
    if (!IsTuple(one, 4, 2)) return Damaged();
    RetrievedContext& context = contexts.emplace_back();
    context.document_id = TextAt(one, 0);
    context.text = TextAt(one, 1);
    if (one[2].is_number()) context.score = one[2].get<double>();
    if (one[3].is_number()) context.age = absl::Seconds(one[3].get<double>());
    return absl::OkStatus();
  }));
  return contexts;
}

}  // namespace flywheel::curation

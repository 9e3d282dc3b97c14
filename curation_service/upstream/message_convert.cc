#include "curation_service/upstream/message_convert.h"

#include <optional>
#include <utility>

namespace flywheel::curation {
namespace {

// Where a cast leads from one to the other, the numbers are the same.
static_assert(static_cast<int>(Role::kSystem) == common::v1::ROLE_SYSTEM);
static_assert(static_cast<int>(Role::kUser) == common::v1::ROLE_USER);
static_assert(static_cast<int>(Role::kAssistant) == common::v1::ROLE_ASSISTANT);
static_assert(static_cast<int>(Role::kTool) == common::v1::ROLE_TOOL);
static_assert(static_cast<int>(Role::kDeveloper) == common::v1::ROLE_DEVELOPER);

Media MediaFromProto(const common::v1::Media& proto) {
  Media media{proto.uri(), proto.sha256(), proto.mime_type(), std::nullopt, proto.description()};
  if (proto.has_size_bytes()) media.size_bytes = proto.size_bytes();
  return media;
}

std::optional<Part> PartFromProto(const common::v1::Part& proto) {
  Part part;
  part.incomplete = proto.incomplete();
  switch (proto.kind_case()) {
    case common::v1::Part::kText:
      part.kind = Text{proto.text()};
      return part;
    case common::v1::Part::kReasoning:
      part.kind = Reasoning{proto.reasoning()};
      return part;
    case common::v1::Part::kToolCall:
      part.kind = ToolCall{proto.tool_call().tool_call_id(), proto.tool_call().name(),
                           proto.tool_call().arguments_json()};
      return part;
    case common::v1::Part::kToolResult: {
      const common::v1::ToolResult& given = proto.tool_result();
      ToolResult result{given.tool_call_id(), given.content(), std::nullopt};
      if (given.has_success()) result.success = given.success();
      part.kind = std::move(result);
      return part;
    }
    case common::v1::Part::kMedia:
      part.kind = MediaFromProto(proto.media());
      return part;
    case common::v1::Part::KIND_NOT_SET:
      break;
  }
  return std::nullopt;
}

}  // namespace

Messages MessagesFromProto(const google::protobuf::RepeatedPtrField<common::v1::Message>& protos) {
  Messages messages;
  messages.reserve(static_cast<size_t>(protos.size()));
  for (const common::v1::Message& proto : protos) {
    Message& message = messages.emplace_back();
    message.role = static_cast<Role>(proto.role());
    message.name = proto.name();
    message.message_id = proto.message_id();
    for (const common::v1::Part& one : proto.parts()) {
      std::optional<Part> part = PartFromProto(one);
      if (part) message.parts.push_back(*std::move(part));
    }
  }
  return messages;
}

std::vector<ToolDefinition> ToolsFromProto(
    const google::protobuf::RepeatedPtrField<common::v1::ToolDefinition>& protos) {
  std::vector<ToolDefinition> tools;
  for (const common::v1::ToolDefinition& proto : protos) {
    tools.push_back({proto.name(), proto.description(), proto.parameters_json_schema()});
  }
  return tools;
}

std::vector<RetrievedContext> ContextsFromProto(
    const google::protobuf::RepeatedPtrField<common::v1::RetrievedContext>& protos) {
  std::vector<RetrievedContext> contexts;
  for (const common::v1::RetrievedContext& proto : protos) {
    RetrievedContext& context = contexts.emplace_back();
    context.document_id = proto.document_id();
    context.text = proto.text();
    if (proto.has_score()) context.score = proto.score();
    if (proto.has_age()) {
      context.age = absl::Seconds(proto.age().seconds()) + absl::Nanoseconds(proto.age().nanos());
    }
  }
  return contexts;
}

}  // namespace flywheel::curation

#include "curation_service/rpc/message_convert.h"

#include "shared/rpc/field_checks.h"

namespace flywheel::curation {
namespace {

void ToProto(const Part& part, common::v1::Part* proto) {
  proto->set_incomplete(part.incomplete);
  if (const auto* text = std::get_if<Text>(&part.kind)) {
    proto->set_text(text->text);
  } else if (const auto* thought = std::get_if<Reasoning>(&part.kind)) {
    proto->set_reasoning(thought->text);
  } else if (const auto* call = std::get_if<ToolCall>(&part.kind)) {
    proto->mutable_tool_call()->set_tool_call_id(call->tool_call_id);
    proto->mutable_tool_call()->set_name(call->name);
    proto->mutable_tool_call()->set_arguments_json(call->arguments_json);
  } else if (const auto* result = std::get_if<ToolResult>(&part.kind)) {
    proto->mutable_tool_result()->set_tool_call_id(result->tool_call_id);
    proto->mutable_tool_result()->set_content(result->content);
    if (result->success) proto->mutable_tool_result()->set_success(*result->success);
  } else if (const auto* media = std::get_if<Media>(&part.kind)) {
    common::v1::Media& shown = *proto->mutable_media();
    shown.set_uri(media->uri);
    shown.set_sha256(media->sha256);
    shown.set_mime_type(media->mime_type);
    if (media->size_bytes) shown.set_size_bytes(*media->size_bytes);
    shown.set_description(media->description);
  }
}

}  // namespace

void ToProto(const Messages& messages,
             google::protobuf::RepeatedPtrField<common::v1::Message>* protos) {
  for (const Message& message : messages) {
    common::v1::Message* const proto = protos->Add();
    proto->set_role(static_cast<common::v1::Role>(message.role));
    proto->set_name(message.name);
    proto->set_message_id(message.message_id);
    for (const Part& part : message.parts) ToProto(part, proto->add_parts());
  }
}

void ToProto(const std::vector<ToolDefinition>& tools,
             google::protobuf::RepeatedPtrField<common::v1::ToolDefinition>* protos) {
  for (const ToolDefinition& tool : tools) {
    common::v1::ToolDefinition* const proto = protos->Add();
    proto->set_name(tool.name);
    proto->set_description(tool.description);
    proto->set_parameters_json_schema(tool.parameters_json_schema);
  }
}

void ToProto(const std::vector<RetrievedContext>& contexts,
             google::protobuf::RepeatedPtrField<common::v1::RetrievedContext>* protos) {
  for (const RetrievedContext& context : contexts) {
    common::v1::RetrievedContext* const proto = protos->Add();
    proto->set_document_id(context.document_id);
    proto->set_text(context.text);
    if (context.score) proto->set_score(*context.score);
    if (context.age) *proto->mutable_age() = rpc::ToProto(*context.age);
  }
}

}  // namespace flywheel::curation

#include "curation_service/domain/row_size.h"

#include <string>
#include <vector>

#include "curation_service/domain/chat_jsonl.h"

namespace flywheel::curation {
namespace {

// What the encoding adds to the texts: tags and lengths of up to 6 bytes each, numbers of up to 11.
constexpr size_t kRowBytes = 256;
constexpr size_t kMessageBytes = 32;
constexpr size_t kPartBytes = 64;
constexpr size_t kEntryBytes = 64;
// A line of JSON is longer than the message at most by so much: an escape has 6 characters, and the
// keys of a call some 300.
constexpr size_t kMaxGrowth = 16;

size_t BytesOf(const Part& part) {
  size_t bytes = kPartBytes;
  if (const auto* text = std::get_if<Text>(&part.kind)) {
    bytes += text->text.size();
  } else if (const auto* thought = std::get_if<Reasoning>(&part.kind)) {
    bytes += thought->text.size();
  } else if (const auto* call = std::get_if<ToolCall>(&part.kind)) {
    bytes += call->tool_call_id.size() + call->name.size() + call->arguments_json.size();
  } else if (const auto* result = std::get_if<ToolResult>(&part.kind)) {
    bytes += result->tool_call_id.size() + result->content.size();
  } else if (const auto* media = std::get_if<Media>(&part.kind)) {
    bytes += media->uri.size() + media->sha256.size() + media->mime_type.size() +
             media->description.size();
  }
  return bytes;
}

size_t BytesOf(const Messages& messages) {
  size_t bytes = 0;
  for (const Message& message : messages) {
    bytes += kMessageBytes + message.name.size() + message.message_id.size();
    for (const Part& part : message.parts) bytes += BytesOf(part);
  }
  return bytes;
}

}  // namespace

size_t MessageBytes(const DatasetRow& row) {
  size_t bytes = kRowBytes + BytesOf(row.prompt) + BytesOf(row.ideal);
  for (const std::string* text :
       {&row.interaction_id, &row.session_id, &row.input, &row.ideal_output, &row.cohort,
        &row.reported_output, &row.model_version, &row.prompt_version, &row.failure_mode}) {
    bytes += text->size();
  }
  for (const ToolDefinition& tool : row.tools) {
    bytes += kEntryBytes + tool.name.size() + tool.description.size() +
             tool.parameters_json_schema.size();
  }
  for (const RetrievedContext& context : row.contexts) {
    bytes += kEntryBytes + context.document_id.size() + context.text.size();
  }
  for (const auto& [name, value] : row.labels) bytes += kEntryBytes + name.size() + value.size();
  for (const std::string& signal_id : row.signal_ids) bytes += kEntryBytes + signal_id.size();
  return bytes;
}

bool IsTooLarge(const DatasetRow& row) {
  const size_t bytes = MessageBytes(row);
  if (bytes > kMaxRowBytes) return true;
  // Few are so long that their lines are to be written.
  if (!row.positive() || bytes <= kMaxRowBytes / kMaxGrowth) return false;
  return ChatJsonLine(row, /*with_metadata=*/true).size() > kMaxRowBytes ||
         PromptCompletionJsonLine(row, /*with_contexts=*/true).size() > kMaxRowBytes;
}

}  // namespace flywheel::curation

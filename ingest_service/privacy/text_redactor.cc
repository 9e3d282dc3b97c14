#include "ingest_service/privacy/text_redactor.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "shared/status/status_macros.h"
#include "shared/text/clean.h"

namespace flywheel::ingest {
namespace {

// Goes over the texts of one message in an order that is always the same, because placeholders are
// numbered in it. Cleaning comes first: a control character must not hide what is personal.
class Walk {
 public:
  explicit Walk(const std::optional<redaction::PiiDetector>& detector,
                redaction::PlaceholderNumber number = nullptr) {
    if (detector.has_value()) redactor_.emplace(*detector, std::move(number));
  }

  absl::Status Text(std::string* text) {
    if (text->empty()) return absl::OkStatus();
    changed_ = CleanText(*text) || changed_;
    if (!redactor_.has_value()) return absl::OkStatus();
    ASSIGN_OR_RETURN(const bool redacted, redactor_->Redact(*text));
    changed_ = changed_ || redacted;
    return absl::OkStatus();
  }

  absl::Status Json(std::string* json) {
    if (json->empty()) return absl::OkStatus();
    changed_ = CleanJson(*json) || changed_;
    if (!redactor_.has_value()) return absl::OkStatus();
    ASSIGN_OR_RETURN(const bool redacted, redactor_->RedactJson(*json));
    changed_ = changed_ || redacted;
    return absl::OkStatus();
  }

  absl::Status Attributes(google::protobuf::Map<std::string, std::string>* attributes) {
    std::vector<std::string> names;
    // A map has no order of its own.
    for (const auto& [name, value] : *attributes) names.push_back(name);
    std::sort(names.begin(), names.end());
    for (const std::string& name : names) RETURN_IF_ERROR(Text(&attributes->at(name)));
    return absl::OkStatus();
  }

  bool changed() const { return changed_; }
  // Empty where nothing is redacted.
  const std::optional<redaction::Redactor>& redactor() const { return redactor_; }

 private:
  std::optional<redaction::Redactor> redactor_;
  bool changed_ = false;
};

using common::v1::Part;

absl::Status RedactPart(Part& part, Walk& walk) {
  switch (part.kind_case()) {
    case Part::kText:
      return walk.Text(part.mutable_text());
    case Part::kReasoning:
      return walk.Text(part.mutable_reasoning());
    case Part::kToolCall:
      return walk.Json(part.mutable_tool_call()->mutable_arguments_json());
    case Part::kToolResult:
      return walk.Json(part.mutable_tool_result()->mutable_content());
    case Part::kMedia:
      RETURN_IF_ERROR(walk.Text(part.mutable_media()->mutable_uri()));
      return walk.Text(part.mutable_media()->mutable_description());
    case Part::KIND_NOT_SET:
      break;
  }
  return absl::OkStatus();
}

absl::Status RedactMessages(google::protobuf::RepeatedPtrField<common::v1::Message>& messages,
                            Walk& walk) {
  for (common::v1::Message& message : messages) {
    RETURN_IF_ERROR(walk.Text(message.mutable_name()));
    for (Part& part : *message.mutable_parts()) RETURN_IF_ERROR(RedactPart(part, walk));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<bool> TextRedactor::Redact(v1::Interaction& interaction) const {
  Walk walk(detector_);
  // All that people and agents wrote. Always in this order, in which placeholders are numbered:
  // from the conversation's beginning, so that a turn's history reads as it did in the turn before.
  RETURN_IF_ERROR(RedactMessages(*interaction.mutable_history(), walk));
  RETURN_IF_ERROR(RedactMessages(*interaction.mutable_messages(), walk));
  RETURN_IF_ERROR(walk.Text(interaction.mutable_input()));
  RETURN_IF_ERROR(walk.Text(interaction.mutable_output()));
  for (common::v1::RetrievedContext& context : *interaction.mutable_contexts()) {
    RETURN_IF_ERROR(walk.Text(context.mutable_document_id()));
    RETURN_IF_ERROR(walk.Text(context.mutable_text()));
  }
  for (common::v1::ToolDefinition& tool : *interaction.mutable_tools()) {
    RETURN_IF_ERROR(walk.Text(tool.mutable_description()));
    RETURN_IF_ERROR(walk.Json(tool.mutable_parameters_json_schema()));
  }
  if (interaction.has_failure()) {
    RETURN_IF_ERROR(walk.Text(interaction.mutable_failure()->mutable_message()));
  }
  RETURN_IF_ERROR(walk.Text(interaction.mutable_intent()));
  RETURN_IF_ERROR(walk.Attributes(interaction.mutable_attributes()));
  Count(walk.redactor());
  return walk.changed();
}

absl::StatusOr<bool> TextRedactor::Redact(v1::Signal& signal) const {
  Walk walk(detector_);
  // Of the kinds only these hold texts.
  switch (signal.kind_case()) {
    case v1::Signal::kCorrection:
      RETURN_IF_ERROR(RedactMessages(*signal.mutable_correction()->mutable_ideal_messages(), walk));
      RETURN_IF_ERROR(walk.Text(signal.mutable_correction()->mutable_ideal_output()));
      break;
    case v1::Signal::kEdit:
      RETURN_IF_ERROR(walk.Text(signal.mutable_edit()->mutable_edited_output()));
      break;
    case v1::Signal::kEscalation:
      RETURN_IF_ERROR(walk.Text(signal.mutable_escalation()->mutable_reason()));
      break;
    case v1::Signal::kErrorReported:
      RETURN_IF_ERROR(walk.Text(signal.mutable_error_reported()->mutable_description()));
      break;
    case v1::Signal::kEvaluation:
      RETURN_IF_ERROR(walk.Text(signal.mutable_evaluation()->mutable_label()));
      RETURN_IF_ERROR(walk.Text(signal.mutable_evaluation()->mutable_explanation()));
      break;
    default:
      break;
  }
  RETURN_IF_ERROR(walk.Text(signal.mutable_comment()));
  if (signal.has_document_id()) RETURN_IF_ERROR(walk.Text(signal.mutable_document_id()));
  RETURN_IF_ERROR(walk.Attributes(signal.mutable_attributes()));
  Count(walk.redactor());
  return walk.changed();
}

absl::Status TextRedactor::RedactPiece(std::string& text,
                                       redaction::PlaceholderNumber number) const {
  Walk walk(detector_, std::move(number));
  // JSON is walked as JSON, so that it stays valid.
  const size_t first = text.find_first_not_of(" \t\r\n");
  const bool may_be_json = first != std::string::npos && (text[first] == '{' || text[first] == '[');
  RETURN_IF_ERROR(may_be_json ? walk.Json(&text) : walk.Text(&text));
  Count(walk.redactor());
  return absl::OkStatus();
}

void TextRedactor::Count(const std::optional<redaction::Redactor>& redactor) const {
  if (!redactor.has_value()) return;
  // By type, and without a word of what was found.
  for (size_t type = 0; type < redaction::kDataTypes; ++type) {
    const int64_t found = redactor->counts()[type];
    if (found == 0) continue;
    const auto name = redaction::DataTypeName(static_cast<redaction::DataType>(type));
    metrics_->CountRedactions(std::string(name), static_cast<double>(found));
  }
}

}  // namespace flywheel::ingest

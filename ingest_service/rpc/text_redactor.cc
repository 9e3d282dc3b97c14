#include "ingest_service/rpc/text_redactor.h"

#include <algorithm>
#include <string>
#include <vector>

#include "shared/status/status_macros.h"

namespace flywheel::ingest {
namespace {

// Goes over the texts of one message in an order that is always the same, because placeholders are
// numbered in it.
class Walk {
 public:
  explicit Walk(redaction::RedactionScope& scope) : scope_(scope) {}

  absl::Status Text(std::string* text) {
    if (text->empty()) return absl::OkStatus();
    ASSIGN_OR_RETURN(const bool changed, scope_.Redact(*text));
    changed_ = changed_ || changed;
    return absl::OkStatus();
  }

  absl::Status Json(std::string* json) {
    if (json->empty()) return absl::OkStatus();
    ASSIGN_OR_RETURN(const bool changed, scope_.RedactJson(*json));
    changed_ = changed_ || changed;
    return absl::OkStatus();
  }

  absl::Status Attributes(google::protobuf::Map<std::string, std::string>* attributes) {
    std::vector<std::string> names;
    for (const auto& [name, value] : *attributes) names.push_back(name);
    std::sort(names.begin(), names.end());
    for (const std::string& name : names) RETURN_IF_ERROR(Text(&attributes->at(name)));
    return absl::OkStatus();
  }

  bool changed() const { return changed_; }

 private:
  redaction::RedactionScope& scope_;
  bool changed_ = false;
};

absl::Status RedactStep(v1::Step& step, Walk& walk) {
  RETURN_IF_ERROR(walk.Text(step.mutable_text()));
  for (v1::ToolCall& call : *step.mutable_tool_calls()) {
    RETURN_IF_ERROR(walk.Json(call.mutable_arguments_json()));
    RETURN_IF_ERROR(walk.Json(call.mutable_result()));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<bool> TextRedactor::Redact(v1::Interaction& interaction) const {
  if (!redactor_.has_value()) return false;
  redaction::RedactionScope scope(*redactor_);
  Walk walk(scope);
  RETURN_IF_ERROR(walk.Text(interaction.mutable_input()));
  RETURN_IF_ERROR(walk.Text(interaction.mutable_output()));
  for (v1::RetrievedContext& context : *interaction.mutable_contexts()) {
    RETURN_IF_ERROR(walk.Text(context.mutable_document_id()));
    RETURN_IF_ERROR(walk.Text(context.mutable_text()));
  }
  for (v1::Step& step : *interaction.mutable_steps()) RETURN_IF_ERROR(RedactStep(step, walk));
  RETURN_IF_ERROR(walk.Text(interaction.mutable_intent()));
  RETURN_IF_ERROR(walk.Attributes(interaction.mutable_attributes()));
  Count(scope);
  return walk.changed();
}

absl::StatusOr<bool> TextRedactor::Redact(v1::Signal& signal) const {
  if (!redactor_.has_value()) return false;
  redaction::RedactionScope scope(*redactor_);
  Walk walk(scope);
  switch (signal.kind_case()) {
    case v1::Signal::kCorrection:
      RETURN_IF_ERROR(walk.Text(signal.mutable_correction()->mutable_ideal_output()));
      RETURN_IF_ERROR(walk.Text(signal.mutable_correction()->mutable_comment()));
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
    default:
      break;
  }
  Count(scope);
  return walk.changed();
}

void TextRedactor::Count(const redaction::RedactionScope& scope) const {
  for (size_t type = 0; type < redaction::kDataTypes; ++type) {
    const int64_t found = scope.counts()[type];
    if (found == 0) continue;
    const auto name = redaction::DataTypeName(static_cast<redaction::DataType>(type));
    metrics_->CountRedactions(std::string(name), static_cast<double>(found));
  }
}

}  // namespace flywheel::ingest

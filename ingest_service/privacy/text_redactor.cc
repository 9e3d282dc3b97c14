#include "ingest_service/privacy/text_redactor.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "redaction/conversation/conversation_redactor.h"
#include "shared/privacy/message_texts.h"
#include "shared/privacy/redaction_counts.h"
#include "shared/status/status_macros.h"
#include "shared/text/clean.h"
#include "shared/text/json_strings.h"

namespace flywheel::ingest {
namespace {

using redaction::DataType;
using redaction::Speaker;

// Goes over the texts of one message in an order that is always the same, because placeholders are
// numbered in it. Cleaning comes first: a control character must not hide what is personal. Texts
// are replaced in Finish(), when all of them are known.
class Walk {
 public:
  Walk(const std::optional<redaction::PiiDetector>& detector, TextCheck* check)
      : collects_(check != nullptr && check->collects() ? check : nullptr) {
    if (!detector.has_value() || collects_ != nullptr) return;
    redactor_.emplace(*detector, check == nullptr ? nullptr : &check->found());
  }

  // What is personal though it is no text: the id of the person.
  void Know(std::string_view id) {
    if (redactor_.has_value() && !id.empty()) redactor_->Know(DataType::kUserId, id);
  }

  void Text(std::string* text, Speaker speaker = Speaker::kOther) {
    if (text->empty()) return;
    changed_ = CleanText(*text) || changed_;
    Add(speaker, text);
  }

  void Json(std::string* json) {
    if (json->empty()) return;
    changed_ = CleanJson(*json) || changed_;
    Add(Speaker::kOther, json);
  }

  void Attributes(google::protobuf::Map<std::string, std::string>* attributes) {
    std::vector<std::pair<std::string_view, std::string*>> texts;
    for (auto& [name, value] : *attributes) texts.emplace_back(name, &value);
    // A map has no order of its own.
    std::sort(texts.begin(), texts.end());
    for (const auto& [name, value] : texts) changed_ = CleanText(*value) || changed_;
    if (redactor_.has_value()) redactor_->AddNamed(texts);
    if (collects_ == nullptr) return;
    for (const auto& [name, value] : texts) collects_->Collect(Speaker::kOther, *value);
  }

  // True where a text changed. An error means that the message must not be stored.
  absl::StatusOr<bool> Finish() {
    if (!redactor_.has_value()) return changed_;
    ASSIGN_OR_RETURN(const bool redacted, redactor_->Finish());
    return changed_ || redacted;
  }

  // Nothing where nothing is redacted.
  std::array<int64_t, redaction::kDataTypes> counts() const {
    return redactor_.has_value() ? redactor_->counts()
                                 : std::array<int64_t, redaction::kDataTypes>{};
  }

 private:
  void Add(Speaker speaker, std::string* text) {
    if (redactor_.has_value()) redactor_->Add(speaker, text);
    if (collects_ != nullptr) collects_->Collect(speaker, *text);
  }

  TextCheck* const collects_;
  std::optional<redaction::ConversationRedactor> redactor_;
  bool changed_ = false;
};

void AddMessages(google::protobuf::RepeatedPtrField<common::v1::Message>& messages, Walk& walk) {
  VisitTexts(messages, [&](std::string* text, Speaker speaker, TextForm form) {
    form == TextForm::kJson ? walk.Json(text) : walk.Text(text, speaker);
  });
}

// All that people and agents wrote. Always in this order, in which placeholders are numbered: from
// the conversation's beginning, so that a turn's history reads as it did in the turn before.
void AddTexts(v1::Interaction& interaction, Walk& walk) {
  AddMessages(*interaction.mutable_history(), walk);
  AddMessages(*interaction.mutable_messages(), walk);
  walk.Text(interaction.mutable_input(), Speaker::kUser);
  walk.Text(interaction.mutable_output(), Speaker::kAgent);
  for (common::v1::RetrievedContext& context : *interaction.mutable_contexts()) {
    walk.Text(context.mutable_document_id());
    walk.Text(context.mutable_text());
  }
  for (common::v1::ToolDefinition& tool : *interaction.mutable_tools()) {
    walk.Text(tool.mutable_description());
    walk.Json(tool.mutable_parameters_json_schema());
  }
  if (interaction.has_failure()) {
    walk.Text(interaction.mutable_failure()->mutable_message());
  }
  walk.Text(interaction.mutable_intent());
  walk.Attributes(interaction.mutable_attributes());
}

void AddTexts(v1::Signal& signal, Walk& walk) {
  // Of the kinds only these hold texts.
  switch (signal.kind_case()) {
    case v1::Signal::kCorrection:
      AddMessages(*signal.mutable_correction()->mutable_ideal_messages(), walk);
      walk.Text(signal.mutable_correction()->mutable_ideal_output());
      break;
    case v1::Signal::kEdit:
      walk.Text(signal.mutable_edit()->mutable_edited_output());
      break;
    case v1::Signal::kEscalation:
      walk.Text(signal.mutable_escalation()->mutable_reason());
      break;
    case v1::Signal::kErrorReported:
      walk.Text(signal.mutable_error_reported()->mutable_description());
      break;
    case v1::Signal::kEvaluation:
      walk.Text(signal.mutable_evaluation()->mutable_label());
      walk.Text(signal.mutable_evaluation()->mutable_explanation());
      break;
    default:
      break;
  }
  walk.Text(signal.mutable_comment());
  if (signal.has_document_id()) walk.Text(signal.mutable_document_id());
  walk.Attributes(signal.mutable_attributes());
}

template <typename Message>
absl::StatusOr<TextRedactor::Recheck> RedactTexts(
    const std::optional<redaction::PiiDetector>& detector, Message& message,
    const std::vector<std::string_view>& ids, TextCheck* check) {
  Walk walk(detector, check);
  for (const std::string_view id : ids) walk.Know(id);
  AddTexts(message, walk);
  TextRedactor::Recheck recheck;
  ASSIGN_OR_RETURN(recheck.changed, walk.Finish());
  recheck.counts = walk.counts();
  return recheck;
}

}  // namespace

absl::StatusOr<bool> TextRedactor::Redact(v1::Interaction& interaction,
                                          const std::vector<std::string_view>& ids,
                                          TextCheck* check) const {
  ASSIGN_OR_RETURN(const Recheck redacted, RedactTexts(detector_, interaction, ids, check));
  CountRedactions(redacted.counts, *metrics_);
  return redacted.changed;
}

absl::StatusOr<bool> TextRedactor::Redact(v1::Signal& signal,
                                          const std::vector<std::string_view>& ids,
                                          TextCheck* check) const {
  ASSIGN_OR_RETURN(const Recheck redacted, RedactTexts(detector_, signal, ids, check));
  CountRedactions(redacted.counts, *metrics_);
  return redacted.changed;
}

absl::StatusOr<TextRedactor::Recheck> TextRedactor::RecheckStored(v1::Interaction& interaction,
                                                                  TextCheck* check) const {
  return RedactTexts(detector_, interaction, {}, check);
}

absl::StatusOr<TextRedactor::Recheck> TextRedactor::RecheckStored(v1::Signal& signal,
                                                                  TextCheck* check) const {
  return RedactTexts(detector_, signal, {}, check);
}

absl::Status TextRedactor::RedactPiece(std::string& text, redaction::PlaceholderNumber number,
                                       TextCheck* check) const {
  // JSON is walked as JSON, so that it stays valid.
  const bool may_be_json = MayBeJson(text);
  may_be_json ? CleanJson(text) : CleanText(text);
  if (!detector_.has_value() || text.empty()) return absl::OkStatus();
  if (check != nullptr && check->collects()) {
    check->Collect(Speaker::kOther, text);
    return absl::OkStatus();
  }
  redaction::Redactor redactor(*detector_, std::move(number),
                               check == nullptr ? nullptr : &check->found());
  // What was asked about a single string of JSON is of its meaning.
  const bool as_json = may_be_json || (check != nullptr && redaction::StartsLikeJson(text));
  RETURN_IF_ERROR((as_json ? redactor.RedactJson(text) : redactor.Redact(text)).status());
  CountRedactions(redactor.counts(), *metrics_);
  return absl::OkStatus();
}

absl::StatusOr<std::vector<redaction::ScannedText>> TextRedactor::Scan(
    std::vector<redaction::Turn> turns, TextCheck* check) const {
  if (detector_.has_value()) {
    return redaction::ScanConversation(*detector_, std::move(turns),
                                       check == nullptr ? nullptr : &check->found());
  }
  return redaction::CleanedOnly(std::move(turns));
}

}  // namespace flywheel::ingest

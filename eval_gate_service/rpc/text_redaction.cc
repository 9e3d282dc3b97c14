#include "eval_gate_service/rpc/text_redaction.h"

#include <string>

#include "redaction/conversation/speaker.h"
#include "shared/privacy/message_texts.h"
#include "shared/status/status_macros.h"

namespace flywheel::evalgate {
namespace {

using redaction::Speaker;

void AddTextsOfMessages(google::protobuf::RepeatedPtrField<common::v1::Message>& messages,
                        TextFilter::Together& together) {
  VisitTexts(messages, [&](std::string* text, Speaker speaker, TextForm /*form*/) {
    together.Add(text, speaker);
  });
}

void AddTextsOfContexts(google::protobuf::RepeatedPtrField<common::v1::RetrievedContext>& contexts,
                        TextFilter::Together& together) {
  for (common::v1::RetrievedContext& context : contexts) {
    together.Add(context.mutable_document_id());
    together.Add(context.mutable_text());
  }
}

}  // namespace

absl::Status RedactTexts(const TextFilter& texts, v1::CreateSuiteRequest& request) {
  return texts.RedactValues(*request.mutable_labels());
}

absl::Status RedactTexts(const TextFilter& texts, v1::SuiteHeader& header) {
  return texts.RedactValues(*header.mutable_labels());
}

absl::Status RedactTexts(const TextFilter& texts, v1::JudgeVersionRequest& request) {
  return texts.RedactValues(*request.mutable_labels());
}

absl::Status RedactTexts(const TextFilter& texts, v1::StartRunRequest& request) {
  return texts.RedactValues(*request.mutable_labels());
}

absl::StatusOr<bool> RedactTexts(const TextFilter& texts, v1::CaseOutput& output) {
  output.DiscardUnknownFields();
  TextFilter::Together together(texts);
  AddTextsOfMessages(*output.mutable_messages(), together);
  together.Add(output.mutable_output(), Speaker::kAgent);
  for (v1::OutputToolCall& call : *output.mutable_tool_calls()) {
    together.Add(call.mutable_arguments_json());
  }
  together.Add(output.mutable_error());
  together.Add(output.mutable_infrastructure_error());
  AddTextsOfContexts(*output.mutable_contexts(), together);
  for (v1::ExternalGrade& grade : *output.mutable_external_grades()) {
    together.Add(grade.mutable_explanation());
  }
  RETURN_IF_ERROR(together.Redact());
  return together.changed();
}

absl::Status RedactTexts(const TextFilter& texts, v1::AbortRunRequest& request) {
  return texts.Redact({request.mutable_reason()});
}

absl::Status RedactTexts(const TextFilter& texts, v1::SetReleasePolicyRequest& request) {
  v1::ReleasePolicy& policy = *request.mutable_policy();
  RETURN_IF_ERROR(texts.Redact({policy.mutable_reason()}));
  return texts.RedactValues(*policy.mutable_labels());
}

absl::Status RedactTexts(const TextFilter& texts, v1::ApproveBaselineRequest& request) {
  v1::BaselineApproval& approval = *request.mutable_approval();
  RETURN_IF_ERROR(texts.Redact({approval.mutable_reason()}));
  return texts.RedactValues(*approval.mutable_labels());
}

absl::Status RedactTexts(const TextFilter& texts, v1::WaiveVerdictsRequest& request) {
  v1::VerdictWaiver& waiver = *request.mutable_waiver();
  RETURN_IF_ERROR(texts.Redact({waiver.mutable_reason()}));
  return texts.RedactValues(*waiver.mutable_labels());
}

absl::Status RedactTexts(const TextFilter& texts, v1::ListSuitesRequest& request) {
  return texts.RedactValues(*request.mutable_labels());
}

absl::Status RedactTexts(const TextFilter& texts, v1::ListVerdictsRequest& request) {
  return texts.RedactValues(*request.mutable_labels());
}

absl::Status RedactTexts(const TextFilter& texts, v1::ListRunsRequest& request) {
  return texts.RedactValues(*request.mutable_labels());
}

absl::Status RedactTexts(const TextFilter& texts, v1::ListReleasePoliciesRequest& request) {
  return texts.RedactValues(*request.mutable_labels());
}

absl::Status RedactTexts(const TextFilter& texts, v1::ListBaselineApprovalsRequest& request) {
  return texts.RedactValues(*request.mutable_labels());
}

absl::Status RedactTexts(const TextFilter& texts, v1::ListVerdictWaiversRequest& request) {
  return texts.RedactValues(*request.mutable_labels());
}

}  // namespace flywheel::evalgate

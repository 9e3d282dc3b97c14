#include "eval_gate_service/rpc/text_redaction.h"

#include <map>
#include <string>
#include <utility>

#include "redaction/conversation/conversation_redactor.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::evalgate {
namespace {

using common::v1::Part;
using redaction::Speaker;
using Specs = google::protobuf::RepeatedPtrField<v1::EvaluatorSpec>;

Speaker WhoSpeaks(common::v1::Role role) {
  switch (role) {
    case common::v1::ROLE_USER:
      return Speaker::kUser;
    case common::v1::ROLE_ASSISTANT:
      return Speaker::kAgent;
    default:
      return Speaker::kOther;
  }
}

void AddTextsOfPart(Part& part, Speaker speaker, TextFilter::Together& together) {
  switch (part.kind_case()) {
    case Part::kText:
      return together.Add(part.mutable_text(), speaker);
    case Part::kReasoning:
      return together.Add(part.mutable_reasoning());
    case Part::kToolCall:
      return together.Add(part.mutable_tool_call()->mutable_arguments_json());
    case Part::kToolResult:
      return together.Add(part.mutable_tool_result()->mutable_content());
    case Part::kMedia:
      together.Add(part.mutable_media()->mutable_uri());
      return together.Add(part.mutable_media()->mutable_description());
    case Part::KIND_NOT_SET:
      return;
  }
}

void AddTextsOfMessages(google::protobuf::RepeatedPtrField<common::v1::Message>& messages,
                        TextFilter::Together& together) {
  for (common::v1::Message& message : messages) {
    together.Add(message.mutable_name());
    const Speaker speaker = WhoSpeaks(message.role());
    for (Part& part : *message.mutable_parts()) AddTextsOfPart(part, speaker, together);
  }
}

void AddTextsOfContexts(google::protobuf::RepeatedPtrField<common::v1::RetrievedContext>& contexts,
                        TextFilter::Together& together) {
  for (common::v1::RetrievedContext& context : contexts) {
    together.Add(context.mutable_document_id());
    together.Add(context.mutable_text());
  }
}

absl::Status RedactParameters(const TextFilter& texts, Specs& evaluators) {
  for (v1::EvaluatorSpec& one : evaluators) {
    ASSIGN_OR_RETURN(const bool changed, texts.RedactStrings(*one.mutable_parameters_json()));
    if (!changed || one.kind() != "regex") continue;
    return errors::InvalidArgument(
        "evaluators.parameters_json", "personal data in a regular expression",
        "a pattern of what is stored, in which \\[[A-Z_]+_[0-9]+\\] stands for it");
  }
  return absl::OkStatus();
}

absl::Status RedactBar(const TextFilter& texts, v1::Bar& bar) {
  RETURN_IF_ERROR(RedactParameters(texts, *bar.mutable_evaluators()));
  // Cohorts are called by what cases are labelled with, and are then called alike.
  std::map<std::string, double> floors;
  for (const auto& [cohort, floor] : bar.cohort_floors()) {
    std::string name = cohort;
    RETURN_IF_ERROR(texts.RedactAlone(name));
    floors.emplace(std::move(name), floor);
  }
  bar.mutable_cohort_floors()->clear();
  for (const auto& [cohort, floor] : floors) (*bar.mutable_cohort_floors())[cohort] = floor;
  return absl::OkStatus();
}

}  // namespace

absl::Status RedactTexts(const TextFilter& texts, v1::CreateSuiteRequest& request) {
  RETURN_IF_ERROR(RedactParameters(texts, *request.mutable_evaluators()));
  return texts.RedactValues(*request.mutable_labels());
}

absl::Status RedactTexts(const TextFilter& texts, v1::SuiteHeader& header) {
  RETURN_IF_ERROR(RedactParameters(texts, *header.mutable_evaluators()));
  return texts.RedactValues(*header.mutable_labels());
}

absl::Status RedactTexts(const TextFilter& texts, v1::UploadedCase& one) {
  // What this version does not know would be stored as it came.
  one.DiscardUnknownFields();
  // As one conversation: what the question says is known in what would be right.
  TextFilter::Together together(texts);
  AddTextsOfMessages(*one.mutable_prompt(), together);
  together.Add(one.mutable_input(), Speaker::kUser);
  for (std::string& ideal : *one.mutable_ideal_outputs()) together.Add(&ideal, Speaker::kAgent);
  if (one.has_expected_tool_calls()) {
    for (v1::ExpectedToolCall& call : *one.mutable_expected_tool_calls()->mutable_calls()) {
      together.Add(call.mutable_arguments_json());
    }
  }
  AddTextsOfContexts(*one.mutable_contexts(), together);
  for (common::v1::ToolDefinition& tool : *one.mutable_tools()) {
    together.Add(tool.mutable_description());
    together.Add(tool.mutable_parameters_json_schema());
  }
  RETURN_IF_ERROR(together.Redact());
  RETURN_IF_ERROR(RedactParameters(texts, *one.mutable_checks()));
  RETURN_IF_ERROR(texts.RedactAlone(*one.mutable_cohort()));
  return texts.RedactValues(*one.mutable_labels());
}

absl::Status RedactTexts(const TextFilter& texts, v1::JudgeVersionRequest& request) {
  if (request.has_bar()) RETURN_IF_ERROR(RedactBar(texts, *request.mutable_bar()));
  return texts.RedactValues(*request.mutable_labels());
}

absl::Status RedactTexts(const TextFilter& texts, v1::StartRunRequest& request) {
  return texts.RedactValues(*request.mutable_labels());
}

absl::Status RedactTexts(const TextFilter& texts, v1::CaseOutput& output) {
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
  return together.Redact();
}

absl::Status RedactTexts(const TextFilter& texts, v1::AbortRunRequest& request) {
  return texts.Redact({request.mutable_reason()});
}

absl::Status RedactTexts(const TextFilter& texts, v1::SetReleasePolicyRequest& request) {
  v1::ReleasePolicy& policy = *request.mutable_policy();
  for (v1::SuiteRequirement& suite : *policy.mutable_suites()) {
    if (suite.has_bar()) RETURN_IF_ERROR(RedactBar(texts, *suite.mutable_bar()));
  }
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

absl::Status RedactTexts(const TextFilter& texts, v1::ListCaseResultsRequest& request) {
  RETURN_IF_ERROR(texts.RedactAlone(*request.mutable_cohort()));
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

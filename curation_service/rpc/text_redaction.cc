#include "curation_service/rpc/text_redaction.h"

namespace flywheel::curation {

namespace {

// Attributes are compared as they are stored.
absl::Status RedactOptions(const TextFilter& texts, v1::DatasetOptions& options) {
  // Only where there is one: naming it would set it.
  if (!options.selection().has_filter()) return absl::OkStatus();
  return texts.RedactValues(*options.mutable_selection()->mutable_filter()->mutable_labels());
}

}  // namespace

absl::Status RedactTexts(const TextFilter& texts, v1::BuildDatasetVersionRequest& request) {
  if (request.has_options()) RETURN_IF_ERROR(RedactOptions(texts, *request.mutable_options()));
  return texts.RedactValues(*request.mutable_labels());
}

absl::Status RedactTexts(const TextFilter& texts, v1::ListTrainingCandidatesRequest& request) {
  return RedactOptions(texts, *request.mutable_options());
}

absl::Status RedactTexts(const TextFilter& texts, v1::CancelDatasetBuildRequest& request) {
  return texts.Redact({request.mutable_reason()});
}

absl::Status RedactTexts(const TextFilter& texts, v1::OpenTrainingRunRequest& request) {
  RETURN_IF_ERROR(texts.Redact({request.mutable_force_reason()}));
  return texts.RedactValues(*request.mutable_labels());
}

absl::Status RedactTexts(const TextFilter& texts, v1::CompleteTrainingRunRequest& request) {
  // Only of the one that is set: naming the other would make it so.
  if (request.has_failure()) return texts.Redact({request.mutable_failure()->mutable_message()});
  if (!request.has_success()) return absl::OkStatus();
  v1::TrainingSuccess& success = *request.mutable_success();
  RETURN_IF_ERROR(texts.Redact({success.mutable_description()}));
  return texts.RedactValues(*success.mutable_labels());
}

absl::Status RedactTexts(const TextFilter& texts, v1::CancelTrainingRunRequest& request) {
  return texts.Redact({request.mutable_reason()});
}

absl::Status RedactTexts(const TextFilter& texts, v1::RegisterVersionRequest& request) {
  RETURN_IF_ERROR(texts.Redact({request.mutable_description()}));
  return texts.RedactValues(*request.mutable_labels());
}

absl::Status RedactTexts(const TextFilter& texts, v1::ListDatasetVersionsRequest& request) {
  return texts.RedactValues(*request.mutable_labels());
}

absl::Status RedactTexts(const TextFilter& texts, v1::ListTrainingRunsRequest& request) {
  return texts.RedactValues(*request.mutable_labels());
}

absl::Status RedactTexts(const TextFilter& texts, v1::ListVersionsRequest& request) {
  return texts.RedactValues(*request.mutable_labels());
}

}  // namespace flywheel::curation

#include "experiment_service/rpc/text_redaction.h"

namespace flywheel::experiment {

absl::Status RedactTexts(const TextFilter& texts, v1::CreateExperimentRequest& request) {
  // Naming a waiver that is not there would make it one.
  if (request.has_waiver()) {
    RETURN_IF_ERROR(texts.Redact({request.mutable_waiver()->mutable_reason()}));
  }
  return texts.RedactValues(*request.mutable_labels());
}

absl::Status RedactTexts(const TextFilter& texts, v1::StopExperimentRequest& request) {
  return texts.Redact({request.mutable_reason()});
}

absl::Status RedactTexts(const TextFilter& texts, v1::PromoteVersionRequest& request) {
  if (request.has_waiver()) {
    RETURN_IF_ERROR(texts.Redact({request.mutable_waiver()->mutable_reason()}));
  }
  return texts.RedactValues(*request.mutable_labels());
}

absl::Status RedactTexts(const TextFilter& texts, v1::RollbackVersionRequest& request) {
  return texts.Redact({request.mutable_reason()});
}

absl::Status RedactTexts(const TextFilter& texts, v1::PauseRampRequest& request) {
  return texts.Redact({request.mutable_reason()});
}

absl::Status RedactTexts(const TextFilter& texts, v1::ResumeRampRequest& request) {
  return texts.Redact({request.mutable_reason()});
}

absl::Status RedactTexts(const TextFilter& texts, v1::AdvanceRampRequest& request) {
  return texts.Redact({request.mutable_reason()});
}

absl::Status RedactTexts(const TextFilter& texts, v1::ListExperimentsRequest& request) {
  return texts.RedactValues(*request.mutable_labels());
}

absl::Status RedactTexts(const TextFilter& texts, v1::ListPromotionsRequest& request) {
  return texts.RedactValues(*request.mutable_labels());
}

}  // namespace flywheel::experiment

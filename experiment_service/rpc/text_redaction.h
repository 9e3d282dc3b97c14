// Which texts of the experiment service's requests are redacted before anything is stored.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_RPC_TEXT_REDACTION_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_RPC_TEXT_REDACTION_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "flywheel/experiment/v1/experiment_service.pb.h"
#include "flywheel/experiment/v1/ramp_service.pb.h"
#include "shared/privacy/text_filter.h"
#include "shared/status/status_macros.h"

namespace flywheel::experiment {

// Of requests that passed validation: reasons and values of labels. Ids, agents, arms, versions,
// metrics and segments are names, whoever owns a waiver or a step says who did it, and units are
// hashed: they keep their bytes. INVALID_ARGUMENT where the texts do not settle.
absl::Status RedactTexts(const TextFilter& texts, v1::CreateExperimentRequest& request);
absl::Status RedactTexts(const TextFilter& texts, v1::StopExperimentRequest& request);
absl::Status RedactTexts(const TextFilter& texts, v1::PromoteVersionRequest& request);
absl::Status RedactTexts(const TextFilter& texts, v1::RollbackVersionRequest& request);
absl::Status RedactTexts(const TextFilter& texts, v1::PauseRampRequest& request);
absl::Status RedactTexts(const TextFilter& texts, v1::ResumeRampRequest& request);
absl::Status RedactTexts(const TextFilter& texts, v1::AdvanceRampRequest& request);

// What lists are filtered by: values of labels.
absl::Status RedactTexts(const TextFilter& texts, v1::ListExperimentsRequest& request);
absl::Status RedactTexts(const TextFilter& texts, v1::ListPromotionsRequest& request);

// A copy with its texts redacted.
template <typename Request>
absl::StatusOr<Request> Redacted(const TextFilter& texts, const Request& request) {
  Request redacted = request;
  RETURN_IF_ERROR(RedactTexts(texts, redacted));
  return redacted;
}

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_RPC_TEXT_REDACTION_H_

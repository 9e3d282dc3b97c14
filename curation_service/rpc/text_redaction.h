// Which texts of curation's requests are redacted before anything is stored.
#ifndef FLYWHEEL_CURATION_SERVICE_RPC_TEXT_REDACTION_H_
#define FLYWHEEL_CURATION_SERVICE_RPC_TEXT_REDACTION_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "flywheel/curation/v1/curation_service.pb.h"
#include "flywheel/curation/v1/model_version.pb.h"
#include "shared/privacy/text_filter.h"
#include "shared/status/status_macros.h"

namespace flywheel::curation {

// Of requests that passed validation: reasons, failures, descriptions and values of labels. Ids,
// versions, agents, trainers, names of metrics and of attributes, and the place of an artefact,
// which programs follow, keep their bytes. What comes from ingest is redacted there.
// INVALID_ARGUMENT where the texts do not settle.
absl::Status RedactTexts(const TextFilter& texts, v1::BuildDatasetVersionRequest& request);
absl::Status RedactTexts(const TextFilter& texts, v1::ListTrainingCandidatesRequest& request);
absl::Status RedactTexts(const TextFilter& texts, v1::CancelDatasetBuildRequest& request);
absl::Status RedactTexts(const TextFilter& texts, v1::OpenTrainingRunRequest& request);
absl::Status RedactTexts(const TextFilter& texts, v1::CompleteTrainingRunRequest& request);
absl::Status RedactTexts(const TextFilter& texts, v1::CancelTrainingRunRequest& request);
absl::Status RedactTexts(const TextFilter& texts, v1::RegisterVersionRequest& request);

// What lists are filtered by: values of labels.
absl::Status RedactTexts(const TextFilter& texts, v1::ListDatasetVersionsRequest& request);
absl::Status RedactTexts(const TextFilter& texts, v1::ListTrainingRunsRequest& request);
absl::Status RedactTexts(const TextFilter& texts, v1::ListVersionsRequest& request);

// A copy with its texts redacted.
template <typename Request>
absl::StatusOr<Request> Redacted(const TextFilter& texts, const Request& request) {
  Request redacted = request;
  RETURN_IF_ERROR(RedactTexts(texts, redacted));
  return redacted;
}

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_RPC_TEXT_REDACTION_H_

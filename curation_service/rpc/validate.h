// Request validation of curation, field by field as curation_service.proto says.
#ifndef FLYWHEEL_CURATION_SERVICE_RPC_VALIDATE_H_
#define FLYWHEEL_CURATION_SERVICE_RPC_VALIDATE_H_

#include "absl/status/status.h"
#include "flywheel/curation/v1/curation_service.pb.h"

namespace flywheel::curation {

// OK, or INVALID_ARGUMENT that names every field that is wrong. Page sizes and tokens are checked
// where they are read.
absl::Status Validate(const v1::GetScoreRequest& request);
absl::Status Validate(const v1::BatchGetScoresRequest& request);
absl::Status Validate(const v1::BuildDatasetVersionRequest& request);
absl::Status Validate(const v1::CancelDatasetBuildRequest& request);
absl::Status Validate(const v1::GetDatasetVersionRequest& request);
absl::Status Validate(const v1::WatchDatasetVersionRequest& request);
absl::Status Validate(const v1::ListDatasetVersionsRequest& request);
absl::Status Validate(const v1::ListTrainingCandidatesRequest& request);
absl::Status Validate(const v1::ReadDatasetRowsRequest& request);
absl::Status Validate(const v1::ListRemovedRowsRequest& request);
absl::Status Validate(const v1::ExportDatasetRequest& request);
absl::Status Validate(const v1::FindTaughtQuestionsRequest& request);
absl::Status Validate(const v1::ListErasuresRequest& request);
absl::Status Validate(const v1::ReportErasureRequest& request);
absl::Status Validate(const v1::CheckTrainingTriggerRequest& request);
absl::Status Validate(const v1::OpenTrainingRunRequest& request);
absl::Status Validate(const v1::LeaseTrainingRunRequest& request);
absl::Status Validate(const v1::CompleteTrainingRunRequest& request);
absl::Status Validate(const v1::CancelTrainingRunRequest& request);
absl::Status Validate(const v1::GetTrainingRunRequest& request);
absl::Status Validate(const v1::ListTrainingRunsRequest& request);
absl::Status Validate(const v1::RegisterVersionRequest& request);
absl::Status Validate(const v1::GetVersionRequest& request);
absl::Status Validate(const v1::ListVersionsRequest& request);
absl::Status Validate(const v1::GetLineageRequest& request);

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_RPC_VALIDATE_H_

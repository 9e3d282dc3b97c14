// Request validation of the experiment service, field by field as the contract says.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_RPC_VALIDATE_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_RPC_VALIDATE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "flywheel/experiment/v1/experiment_service.pb.h"

namespace flywheel::experiment {

// INVALID_ARGUMENT with every violation.
absl::Status Validate(const v1::CreateExperimentRequest& request);
absl::Status Validate(const v1::GetExperimentRequest& request);
absl::Status Validate(const v1::ListExperimentsRequest& request);
absl::Status Validate(const v1::StopExperimentRequest& request);
// `prefix` is its place in a batch, such as "requests[3].".
absl::Status Validate(const v1::AssignRequest& request, std::string prefix = "");
absl::Status Validate(const v1::AnalyzeRequest& request);
absl::Status Validate(const v1::WatchAnalysisRequest& request);
absl::Status Validate(const v1::ListDecisionsRequest& request);
absl::Status Validate(const v1::ReplayDecisionRequest& request);
absl::Status Validate(const v1::AnalyzeSummariesRequest& request);
absl::Status Validate(const v1::PlanExperimentRequest& request);
absl::Status Validate(const v1::PromoteVersionRequest& request);
absl::Status Validate(const v1::GetActiveVersionRequest& request);
absl::Status Validate(const v1::WatchActiveVersionsRequest& request);
absl::Status Validate(const v1::ListPromotionsRequest& request);

// The batch as such: EMPTY_BATCH below 1 item, TOO_LARGE above 10,000.
absl::Status Validate(const v1::RecordOutcomesRequest& request);
// One item; `prefix` is its place, such as "outcomes[3].".
absl::Status Validate(const v1::UnitOutcome& outcome, absl::Time now, std::string prefix);

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_RPC_VALIDATE_H_

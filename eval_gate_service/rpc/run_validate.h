// Validation of the requests of flywheel.evalgate.v1.RunService.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_RPC_RUN_VALIDATE_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_RPC_RUN_VALIDATE_H_

#include "absl/status/status.h"
#include "flywheel/evalgate/v1/run_service.pb.h"

namespace flywheel::evalgate {

// INVALID_ARGUMENT with every field that is missing or out of range; EMPTY_BATCH and TOO_LARGE for
// the number of outputs.
absl::Status Validate(const v1::StartRunRequest& request);
absl::Status Validate(const v1::SubmitOutputsRequest& request);
absl::Status Validate(const v1::FinishRunRequest& request);
absl::Status Validate(const v1::AbortRunRequest& request);
absl::Status Validate(const v1::GetRunRequest& request);
absl::Status Validate(const v1::WatchRunRequest& request);
absl::Status Validate(const v1::ListRunsRequest& request);

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_RPC_RUN_VALIDATE_H_

// Validation of ramps and of what is done to them, and of rollbacks.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_RPC_VALIDATE_RAMP_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_RPC_VALIDATE_RAMP_H_

#include "absl/status/status.h"
#include "flywheel/experiment/v1/experiment_service.pb.h"
#include "flywheel/experiment/v1/ramp.pb.h"
#include "flywheel/experiment/v1/ramp_service.pb.h"
#include "shared/rpc/field_checks.h"

namespace flywheel::experiment {

// Of a request's field `ramp`.
void CheckRamp(const v1::Ramp& ramp, rpc::FieldChecks& checks);

// INVALID_ARGUMENT with every violation.
absl::Status Validate(const v1::PauseRampRequest& request);
absl::Status Validate(const v1::ResumeRampRequest& request);
absl::Status Validate(const v1::AdvanceRampRequest& request);
absl::Status Validate(const v1::ListRampEventsRequest& request);
absl::Status Validate(const v1::RollbackVersionRequest& request);

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_RPC_VALIDATE_RAMP_H_

// Validation of what assignment is asked in batches and streams (assignment.proto).
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_RPC_VALIDATE_ASSIGNMENT_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_RPC_VALIDATE_ASSIGNMENT_H_

#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "flywheel/experiment/v1/assignment.pb.h"

namespace flywheel::experiment {

// INVALID_ARGUMENT with every violation, of a batch those of its first request that has any;
// EMPTY_BATCH; TOO_LARGE above 1,000 requests or agents.
absl::Status Validate(const v1::AssignBatchRequest& request);
absl::Status Validate(const v1::WatchExperimentsRequest& request);

// The batch as such: EMPTY_BATCH below 1 item, TOO_LARGE above 10,000.
absl::Status Validate(const v1::RecordExposuresRequest& request);
// One item; `prefix` is its place, such as "exposures[3].".
absl::Status Validate(const v1::UnitExposure& exposure, absl::Time now, std::string prefix);

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_RPC_VALIDATE_ASSIGNMENT_H_

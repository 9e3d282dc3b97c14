// Input validation of the requests about the release log.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_RPC_RELEASE_LOG_VALIDATE_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_RPC_RELEASE_LOG_VALIDATE_H_

#include "absl/status/status.h"
#include "flywheel/evalgate/v1/release_log_service.pb.h"

namespace flywheel::evalgate {

// All violations at once: whoever asks mends the request once.
absl::Status Validate(const v1::VerifyReleaseLogRequest& request);
absl::Status Validate(const v1::ListReleaseLogRequest& request);

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_RPC_RELEASE_LOG_VALIDATE_H_

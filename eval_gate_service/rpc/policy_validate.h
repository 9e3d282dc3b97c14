// Input validation of the requests about release policies, baselines and waivers.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_RPC_POLICY_VALIDATE_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_RPC_POLICY_VALIDATE_H_

#include <string>

#include "absl/status/status.h"
#include "flywheel/evalgate/v1/release_policy_service.pb.h"
#include "shared/rpc/field_checks.h"

namespace flywheel::evalgate {

// All violations at once: whoever asks mends the request once.
absl::Status Validate(const v1::SetReleasePolicyRequest& request);
absl::Status Validate(const v1::GetReleasePolicyRequest& request);
absl::Status Validate(const v1::ListReleasePoliciesRequest& request);
absl::Status Validate(const v1::ApproveBaselineRequest& request);
absl::Status Validate(const v1::ListBaselineApprovalsRequest& request);
absl::Status Validate(const v1::WaiveVerdictsRequest& request);
absl::Status Validate(const v1::ListVerdictWaiversRequest& request);

// A bar at `field`, such as "bar".
void CheckBar(const std::string& field, const v1::Bar& bar, rpc::FieldChecks& checks);

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_RPC_POLICY_VALIDATE_H_

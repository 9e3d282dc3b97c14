// Request validation: what the contract says about every field of every request.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_RPC_VALIDATE_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_RPC_VALIDATE_H_

#include <string>

#include "absl/status/status.h"
#include "flywheel/evalgate/v1/eval_gate_service.pb.h"
#include "shared/rpc/field_checks.h"

namespace flywheel::evalgate {

// INVALID_ARGUMENT naming every field that is wrong; EMPTY_BATCH and TOO_LARGE for the number of
// outputs.
absl::Status Validate(const v1::CreateSuiteRequest& request);
absl::Status Validate(const v1::GetSuiteRequest& request);
absl::Status Validate(const v1::ListSuitesRequest& request);
absl::Status Validate(const v1::ReadSuiteCasesRequest& request);
absl::Status Validate(const v1::CompareSuitesRequest& request);
absl::Status Validate(const v1::JudgeVersionRequest& request);
absl::Status Validate(const v1::ListCaseResultsRequest& request);
absl::Status Validate(const v1::GetVerdictRequest& request);
absl::Status Validate(const v1::ExplainVerdictRequest& request);
absl::Status Validate(const v1::ReplayVerdictRequest& request);
absl::Status Validate(const v1::ListVerdictsRequest& request);
absl::Status Validate(const v1::GetShipDecisionRequest& request);

// What outputs are to be judged by, at `field`, such as "evaluators".
void CheckEvaluators(const std::string& field,
                     const google::protobuf::RepeatedPtrField<v1::EvaluatorSpec>& evaluators,
                     rpc::FieldChecks& checks);
void CheckEvaluator(const std::string& field, const v1::EvaluatorSpec& one,
                    rpc::FieldChecks& checks);

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_RPC_VALIDATE_H_

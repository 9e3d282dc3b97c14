// Input validation of uploaded suites.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_RPC_UPLOAD_VALIDATE_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_RPC_UPLOAD_VALIDATE_H_

#include "absl/status/status.h"
#include "flywheel/evalgate/v1/suite_upload.pb.h"
#include "shared/rpc/field_checks.h"

namespace flywheel::evalgate {

absl::Status Validate(const v1::SuiteHeader& header);

// Adds what is wrong with the case to the checks, whose prefix names it.
void CheckUploadedCase(const v1::UploadedCase& one, rpc::FieldChecks& checks);

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_RPC_UPLOAD_VALIDATE_H_

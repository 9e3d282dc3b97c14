// Conversion of uploaded suites into the gate's values.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_RPC_UPLOAD_CONVERT_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_RPC_UPLOAD_CONVERT_H_

#include "eval_gate_service/domain/suite.h"
#include "eval_gate_service/suite_uploads.h"
#include "flywheel/evalgate/v1/suite_upload.pb.h"

namespace flywheel::evalgate {

// Both must have passed validation. Fills in the name of the suite.
SuiteUpload FromProto(const v1::SuiteHeader& header);

// Takes the case apart.
SuiteCase TakeCase(v1::UploadedCase& proto);

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_RPC_UPLOAD_CONVERT_H_

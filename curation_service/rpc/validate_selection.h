// Validation of selections, field by field as dataset.proto says.
#ifndef FLYWHEEL_CURATION_SERVICE_RPC_VALIDATE_SELECTION_H_
#define FLYWHEEL_CURATION_SERVICE_RPC_VALIDATE_SELECTION_H_

#include "flywheel/curation/v1/dataset.pb.h"
#include "shared/rpc/field_checks.h"

namespace flywheel::curation {

// Adds a violation for every field of options.selection that is wrong.
void CheckSelection(const v1::DatasetOptions& options, rpc::FieldChecks& checks);

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_RPC_VALIDATE_SELECTION_H_

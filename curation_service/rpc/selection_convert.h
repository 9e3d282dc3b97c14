// Conversion of selections between the contract and the domain.
#ifndef FLYWHEEL_CURATION_SERVICE_RPC_SELECTION_CONVERT_H_
#define FLYWHEEL_CURATION_SERVICE_RPC_SELECTION_CONVERT_H_

#include "curation_service/domain/selection.h"
#include "flywheel/curation/v1/dataset.pb.h"

namespace flywheel::curation {

// Of one that was validated, with every default filled in; lists sorted, each value once.
Selection FromProto(const v1::Selection& proto);

void ToProto(const Selection& selection, v1::Selection* proto);

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_RPC_SELECTION_CONVERT_H_

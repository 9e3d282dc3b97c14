// Conversions between the source of a metric's outcomes and its message.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_RPC_CONVERT_SOURCE_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_RPC_CONVERT_SOURCE_H_

#include "experiment_service/domain/outcome_source.h"
#include "flywheel/experiment/v1/outcome_source.pb.h"

namespace flywheel::experiment {

// REQUIRES: CheckSource took it.
OutcomeSource FromProto(const v1::OutcomeSource& proto);

void ToProto(const OutcomeSource& source, v1::OutcomeSource* proto);

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_RPC_CONVERT_SOURCE_H_

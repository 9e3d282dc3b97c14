// Conversions of PlanExperiment.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_RPC_CONVERT_SIZE_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_RPC_CONVERT_SIZE_H_

#include "experiment_service/domain/experiment_size.h"
#include "flywheel/experiment/v1/experiment_service.pb.h"

namespace flywheel::experiment {

// Of a message each field of which is valid (see validate.h); defaults are filled in.
SizeQuestion FromProto(const v1::PlanExperimentRequest& request);

// The answer to a valid request.
void ToProto(const ExperimentSize& size, const v1::PlanExperimentRequest& request,
             v1::PlanExperimentResponse* response);

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_RPC_CONVERT_SIZE_H_

// Conversions of ramps between the messages of flywheel.experiment.v1 and the service's values.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_RPC_CONVERT_RAMP_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_RPC_CONVERT_RAMP_H_

#include "experiment_service/domain/experiment.h"
#include "experiment_service/domain/ramp.h"
#include "flywheel/experiment/v1/ramp.pb.h"

namespace flywheel::experiment {

// Of a valid message (see validate_ramp.h); its state is still to begin.
Ramp FromProto(const v1::Ramp& proto);

void ToProto(const Ramp& ramp, v1::Ramp* proto);
// REQUIRES: the experiment has a ramp.
void ToProto(const Experiment& experiment, v1::RampState* proto);
void ToProto(const RampEvent& event, v1::RampEvent* proto);

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_RPC_CONVERT_RAMP_H_

// Conversions between the messages of the release log and the gate's values.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_RPC_RELEASE_LOG_CONVERT_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_RPC_RELEASE_LOG_CONVERT_H_

#include "eval_gate_service/domain/release_chain.h"
#include "eval_gate_service/domain/release_log.h"
#include "flywheel/evalgate/v1/release_log_service.pb.h"

namespace flywheel::evalgate {

// A request that passed validation.
ReleaseLogFilter FromProto(const v1::ListReleaseLogRequest& request);

void ToProto(const ReleaseLogEntry& entry, v1::ReleaseLogEntry* proto);
void ToProto(const ReleaseLogState& state, v1::ReleaseLogState* proto);

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_RPC_RELEASE_LOG_CONVERT_H_

// Proto-domain conversion of release policies, baselines and waivers.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_RPC_POLICY_CONVERT_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_RPC_POLICY_CONVERT_H_

#include "eval_gate_service/domain/release_policy.h"
#include "flywheel/evalgate/v1/release_policy.pb.h"

namespace flywheel::evalgate {

// Of valid messages. What only answers have is not read.
Bar FromProto(const v1::Bar& proto);
ReleasePolicy FromProto(const v1::ReleasePolicy& proto);
BaselineApproval FromProto(const v1::BaselineApproval& proto);
VerdictWaiver FromProto(const v1::VerdictWaiver& proto);

void ToProto(const Bar& bar, v1::Bar* proto);
void ToProto(const ReleasePolicy& policy, v1::ReleasePolicy* proto);
void ToProto(const BaselineApproval& approval, v1::BaselineApproval* proto);
void ToProto(const VerdictWaiver& waiver, v1::VerdictWaiver* proto);

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_RPC_POLICY_CONVERT_H_

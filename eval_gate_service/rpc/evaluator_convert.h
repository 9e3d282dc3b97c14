// Evaluators between the contract and the domain.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_RPC_EVALUATOR_CONVERT_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_RPC_EVALUATOR_CONVERT_H_

#include <vector>

#include "eval_gate_service/domain/suite.h"
#include "flywheel/evalgate/v1/evaluator.pb.h"

namespace flywheel::evalgate {

// Of a request, which must have passed validation; no version, which the service says.
std::vector<EvaluatorSpec> FromProto(
    const google::protobuf::RepeatedPtrField<v1::EvaluatorSpec>& protos);

void ToProto(const std::vector<EvaluatorSpec>& evaluators,
             google::protobuf::RepeatedPtrField<v1::EvaluatorSpec>* protos);

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_RPC_EVALUATOR_CONVERT_H_

#include "eval_gate_service/rpc/evaluator_convert.h"

namespace flywheel::evalgate {

std::vector<EvaluatorSpec> FromProto(
    const google::protobuf::RepeatedPtrField<v1::EvaluatorSpec>& protos) {
  std::vector<EvaluatorSpec> specs;
  for (const v1::EvaluatorSpec& one : protos) {
    // 0 is no threshold: the kind's own.
    specs.push_back({one.evaluator_id(), one.kind(), one.version(), one.parameters_json(),
                     one.threshold(), one.informative()});
  }
  return specs;
}

void ToProto(const std::vector<EvaluatorSpec>& evaluators,
             google::protobuf::RepeatedPtrField<v1::EvaluatorSpec>* protos) {
  for (const EvaluatorSpec& one : evaluators) {
    v1::EvaluatorSpec* const proto = protos->Add();
    proto->set_evaluator_id(one.evaluator_id);
    proto->set_kind(one.kind);
    proto->set_version(one.version);
    proto->set_parameters_json(one.parameters_json);
    proto->set_threshold(one.threshold);
    proto->set_informative(one.informative);
  }
}

}  // namespace flywheel::evalgate

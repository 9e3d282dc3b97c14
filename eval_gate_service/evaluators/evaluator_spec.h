// Value of an evaluation: which evaluator measures, and what must be reached.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_EVALUATOR_SPEC_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_EVALUATOR_SPEC_H_

#include <optional>
#include <string>

namespace flywheel::evalgate::evaluators {

struct EvaluatorSpec {
  // One of EvaluatorKinds.
  std::string kind;
  // A JSON object with what the kind's header names; empty: every default.
  std::string parameters_json;
  // Above 0, at most 1: what nobody can miss is no bar. Not set: 1 for kinds that say right or
  // wrong; the others must have one.
  std::optional<double> threshold;
};

}  // namespace flywheel::evalgate::evaluators

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_EVALUATOR_SPEC_H_

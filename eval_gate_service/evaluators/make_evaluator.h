// Factory of evaluators: from kind, parameters and threshold, all of which it checks.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_MAKE_EVALUATOR_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_MAKE_EVALUATOR_H_

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "eval_gate_service/evaluators/evaluator.h"
#include "eval_gate_service/evaluators/evaluator_spec.h"

namespace flywheel::evalgate::evaluators {

// What an evaluator reads.
enum class Reads {
  kText = 1,
  kCalls = 2,
  // Latency, tokens, cost.
  kFigures = 4,
  // Of the case: its input, tools or contexts.
  kCase = 8,
};

struct EvaluatorKind {
  std::string_view name;
  int version = 1;
  // Not set: a spec must name its threshold.
  std::optional<double> default_threshold;
  // Values of Reads, together. A case comes without what no evaluator of its suite reads.
  int reads = 0;
  // What a passing output has, in words that say nothing of what would be right, because its
  // explanations may. Empty: they never do.
  std::string_view wants = {};

  bool Needs(Reads what) const { return (reads & static_cast<int>(what)) != 0; }
};

// In the order of their names.
const std::vector<EvaluatorKind>& EvaluatorKinds();

// Null for a name that is none.
const EvaluatorKind* FindEvaluatorKind(std::string_view name);

// INVALID_ARGUMENT with everything that is wrong with `spec`: an unknown kind, unknown or wrong
// parameters, a threshold that is absent or out of its range.
absl::StatusOr<std::unique_ptr<const Evaluator>> MakeEvaluator(const EvaluatorSpec& spec);

}  // namespace flywheel::evalgate::evaluators

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_MAKE_EVALUATOR_H_

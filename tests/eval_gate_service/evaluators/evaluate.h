// Makes an evaluator and evaluates one text, for tests.
#ifndef FLYWHEEL_TESTS_EVAL_GATE_SERVICE_EVALUATORS_EVALUATE_H_
#define FLYWHEEL_TESTS_EVAL_GATE_SERVICE_EVALUATORS_EVALUATE_H_

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "eval_gate_service/evaluators/make_evaluator.h"
#include "shared/status/errors.h"

namespace flywheel::evalgate::evaluators {

// Where it cannot be made, the test fails, and the result is null.
inline std::unique_ptr<const Evaluator> Make(const std::string& kind,
                                             const std::string& parameters = "",
                                             std::optional<double> threshold = std::nullopt) {
  auto made = MakeEvaluator({kind, parameters, threshold});
  if (!made.ok()) {
    ADD_FAILURE() << kind << " " << parameters << ": " << errors::MessageOf(made.status());
    return nullptr;
  }
  return *std::move(made);
}

// What is wrong with a spec; empty where nothing is.
inline std::string WhyNot(const std::string& kind, const std::string& parameters,
                          std::optional<double> threshold = std::nullopt) {
  const auto made = MakeEvaluator({kind, parameters, threshold});
  return made.ok() ? "" : errors::MessageOf(made.status());
}

inline Case Ideal(const std::string& ideal) {
  Case one;
  one.ideal_outputs = {ideal};
  return one;
}

inline Output Said(const std::string& text) {
  Output output;
  output.text = text;
  return output;
}

inline double ScoreOf(const Evaluator& evaluator, const std::string& ideal,
                      const std::string& text) {
  const Evaluation evaluation = evaluator.Evaluate(Ideal(ideal), Said(text));
  EXPECT_EQ(evaluation.state, State::kMeasured) << evaluation.explanation;
  EXPECT_FALSE(evaluation.explanation.empty());
  return evaluation.score;
}

}  // namespace flywheel::evalgate::evaluators

#endif  // FLYWHEEL_TESTS_EVAL_GATE_SERVICE_EVALUATORS_EVALUATE_H_

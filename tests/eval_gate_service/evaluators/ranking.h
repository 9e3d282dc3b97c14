// How well a score ranks supported answers above others, and the measure that it has to beat.
#ifndef FLYWHEEL_TESTS_EVAL_GATE_SERVICE_EVALUATORS_RANKING_H_
#define FLYWHEEL_TESTS_EVAL_GATE_SERVICE_EVALUATORS_RANKING_H_

#include <algorithm>
#include <string>
#include <vector>

#include "eval_gate_service/evaluators/unicode_text.h"

namespace flywheel::evalgate::evaluators {

// The chance that a supported answer scores above one that is not, ties counting half.
inline double Auroc(const std::vector<double>& supported, const std::vector<double>& others) {
  double wins = 0;
  for (const double good : supported) {
    for (const double bad : others) wins += good > bad ? 1 : (good == bad ? 0.5 : 0);
  }
  return wins / (static_cast<double>(supported.size()) * static_cast<double>(others.size()));
}

// The share of the answer's words that the context has; 0 for an answer without words.
inline double UnigramPrecision(const std::string& context_text, const std::string& answer_text) {
  const std::vector<std::string> context = Words(context_text);
  const std::vector<std::string> answer = Words(answer_text);
  if (answer.empty()) return 0;
  const auto found = std::count_if(answer.begin(), answer.end(), [&](const std::string& word) {
    return std::find(context.begin(), context.end(), word) != context.end();
  });
  return static_cast<double>(found) / static_cast<double>(answer.size());
}

}  // namespace flywheel::evalgate::evaluators

#endif  // FLYWHEEL_TESTS_EVAL_GATE_SERVICE_EVALUATORS_RANKING_H_

#include "eval_gate_service/domain/case_difference.h"

#include <algorithm>

#include "eval_gate_service/domain/content_hash.h"

namespace flywheel::evalgate {
namespace {

bool SameCalls(const SuiteCase& first, const SuiteCase& second) {
  if (first.expected_tool_calls.has_value() != second.expected_tool_calls.has_value()) return false;
  return !first.expected_tool_calls ||
         CallsHash(*first.expected_tool_calls) == CallsHash(*second.expected_tool_calls);
}

bool SameChecks(const std::vector<EvaluatorSpec>& first, const std::vector<EvaluatorSpec>& second) {
  return std::equal(first.begin(), first.end(), second.begin(), second.end(),
                    [](const EvaluatorSpec& a, const EvaluatorSpec& b) {
                      return a.kind == b.kind && a.version == b.version &&
                             a.parameters_json == b.parameters_json && a.threshold == b.threshold;
                    });
}

}  // namespace

std::vector<std::string> ChangedParts(const SuiteCase& first, const SuiteCase& second) {
  std::vector<std::string> parts;
  const auto compare = [&](const char* name, bool same) {
    if (!same) parts.emplace_back(name);
  };
  compare("question", first.input == second.input && first.question == second.question);
  compare("ideal",
          first.ideal_output == second.ideal_output && first.other_ideals == second.other_ideals);
  compare("calls", SameCalls(first, second));
  compare("checks", SameChecks(first.checks, second.checks));
  compare("cohort", first.cohort == second.cohort);
  compare("group", first.group == second.group);
  compare("critical", first.critical == second.critical);
  compare("labels", first.labels == second.labels);
  return parts;
}

}  // namespace flywheel::evalgate

// The ideal outputs of a case that say something, and how a text is quoted beside them.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_IDEALS_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_IDEALS_H_

#include <string>
#include <string_view>
#include <vector>

#include "eval_gate_service/evaluators/evaluator.h"

namespace flywheel::evalgate::evaluators {

inline constexpr const char* kNoIdeal = "the case has no ideal output";

// Those that are not blank: against a blank one silence would be right. Views into `one`.
std::vector<std::string_view> SpokenIdeals(const Case& one);

// The beginning of `text` in quotes, at most some 80 bytes, on one line.
std::string QuotedBriefly(std::string_view text);

}  // namespace flywheel::evalgate::evaluators

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_IDEALS_H_

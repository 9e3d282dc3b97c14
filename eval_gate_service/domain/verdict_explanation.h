// Explanation of a verdict: which rule decided, and what would have changed it.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_VERDICT_EXPLANATION_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_VERDICT_EXPLANATION_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "eval_gate_service/domain/finding_explanation.h"
#include "eval_gate_service/domain/verdict.h"
#include "eval_gate_service/domain/verdict_figures.h"

namespace flywheel::evalgate {

// A verdict in words.
struct VerdictExplanation {
  // Who asked what of it: policy, look, alpha, what it was compared with.
  std::string question;
  // The decision, why, and what would have changed it.
  std::string summary;
  std::optional<VerdictChange> change = {};
  // Those that decide, the gravest first; at most ten.
  std::vector<FindingExplanation> findings = {};
  // How many others decide as well.
  int64_t left_out = 0;
};

// What would have changed it is computed by the rules from its figures (verdict_figures.h), and
// left out where there are none.
absl::StatusOr<VerdictExplanation> ExplainVerdict(const Verdict& verdict,
                                                  const std::optional<VerdictFigures>& figures);

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_VERDICT_EXPLANATION_H_

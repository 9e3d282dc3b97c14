// Comparison of a stored verdict with what the rules decide on its evidence today.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_VERDICT_DIFFERENCE_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_VERDICT_DIFFERENCE_H_

#include <optional>
#include <string>

#include "eval_gate_service/domain/verdict.h"

namespace flywheel::evalgate {

// A field that is not the same, with both values as texts.
struct VerdictDifference {
  // Such as "decision" or "findings[2].p_value".
  std::string field;
  std::string stored;
  std::string replayed;
};

// The first field that differs, of what was asked, of the evidence, of the decision, of the
// findings in their order, of the rates; nothing where all are equal. Numbers are equal bit for
// bit, but for the sign of zero, which no store keeps. An evidence_hash that was not stored is not
// compared, nor are words that another version of the code wrote.
std::optional<VerdictDifference> FirstDifference(const Verdict& stored, const Verdict& replayed);

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_VERDICT_DIFFERENCE_H_

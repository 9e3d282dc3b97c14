// Hash of what a verdict is decided on.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_EVIDENCE_HASH_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_EVIDENCE_HASH_H_

#include <string>
#include <vector>

#include "eval_gate_service/domain/judged_case.h"
#include "eval_gate_service/domain/run.h"

namespace flywheel::evalgate {

// SHA-256 in 32 bytes over all that the rules look at: the cases of each version in their order,
// the candidate's first, and what it may have been trained on. Stored: what goes in, and in which
// order, never changes; a field that comes later is added only where it is not its default.
std::string EvidenceHash(const std::vector<const std::vector<JudgedCase>*>& versions,
                         const Contamination& contamination);

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_EVIDENCE_HASH_H_

// Hash of what a verdict is decided on.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_EVIDENCE_HASH_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_EVIDENCE_HASH_H_

#include <string>
#include <vector>

#include "eval_gate_service/domain/judged_case.h"
#include "eval_gate_service/domain/run.h"

namespace flywheel::evalgate {

// SHA-256 in 32 bytes over all that the rules look at in the cases of one run, in their order.
// Stored, as part of the next: what goes in, and in which order, never changes; a field that comes
// later is added only where it is not its default.
std::string OutcomesHash(const std::vector<JudgedCase>& cases);

// The same over the OutcomesHash of each version, the candidate's first, and what that one may have
// been trained on.
std::string EvidenceHash(const std::vector<std::string>& outcomes_hashes,
                         const Contamination& contamination);

// What verdicts have that were given before a run had a hash of its own: the same over the cases of
// all versions at once.
std::string EvidenceHashOfBefore(const std::vector<const std::vector<JudgedCase>*>& versions,
                                 const Contamination& contamination);

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_EVIDENCE_HASH_H_

// Rules about a run: what may not count, and what may have been remembered.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_RUN_FINDINGS_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_RUN_FINDINGS_H_

#include "eval_gate_service/domain/run.h"
#include "eval_gate_service/domain/verdict_decision.h"

namespace flywheel::evalgate {

// Whoever asks until the answers please has begun runs that did not finish, or says of each answer
// that does not please that the infrastructure failed.
void AddUnfinishedRuns(const UnfinishedRuns& unfinished, VerdictDecision& decided);

// What it passes may be what it remembers.
void AddContamination(const Contamination& contamination, VerdictDecision& decided);

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_RUN_FINDINGS_H_

// Values of what became of a case.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_CASE_OUTCOME_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_CASE_OUTCOME_H_

namespace flywheel::evalgate {

// Everything but kPassed counts as failed: a case that could not be judged is never left out of a
// rate. The numbers are those of the wire.
enum class CaseOutcome {
  kPassed = 1,
  kFailed = 2,       // an evaluator says so
  kErrored = 3,      // the candidate reported an error of its own
  kUnavailable = 4,  // what it runs on failed
  kMissing = 5,      // no answer
};

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_CASE_OUTCOME_H_
